"""Addresses that are shut out, for longer each time."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

_MINUTE: Final = 60 * 1_000_000
_DAY: Final = 24 * 60 * _MINUTE

SHORTEST: Final = 2 * _MINUTE
LONGEST: Final = 3 * _DAY
REMEMBERED: Final = 7 * _DAY
"""A ban counts against its address this long from its beginning."""


class Ban(NamedTuple):
    """One ban of an address."""

    begins: int
    until: int
    earlier: int
    """How many bans the address had before."""


class Bans:
    """
    The first ban of an address takes 2 minutes, each further one twice as long, up to 3 days.

    Requests during a ban do not make it longer. An address without a new ban for a week is as good as new.
    """

    def __init__(self) -> None:
        self.remembered: OrderedDict[str, Ban] = OrderedDict()
        """The latest ban of each address, in force or over; the latest last."""

    def until(self, ip: str, now: int) -> int | None:
        """When the address's ban ends, if it has one."""
        ban = self.remembered.get(ip)
        in_force = ban.until if ban is not None and now < ban.until else None
        self._forget_one(now)
        return in_force

    def begin(self, ip: str, now: int) -> int:
        """Ban an address; gives when that ends."""
        previous = self.remembered.pop(ip, None)
        is_repeated = previous is not None and now - previous.begins < REMEMBERED
        earlier = previous.earlier + 1 if previous is not None and is_repeated else 0
        until = now + min(SHORTEST << earlier, LONGEST)
        self.remembered[ip] = Ban(now, until, earlier)
        return until

    def _forget_one(self, now: int) -> None:
        """Called with every request: bans are far rarer, and all at once would hold everybody up."""
        if self.remembered:
            ip, ban = next(iter(self.remembered.items()))
            if now - ban.begins >= REMEMBERED:
                del self.remembered[ip]
