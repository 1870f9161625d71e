"""The limits there are, and how much of one everybody has used in the interval running now."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

import msgspec

_SECOND: Final = 1_000_000
_LENGTHS: Final = {"SECOND": _SECOND, "MINUTE": 60 * _SECOND, "HOUR": 3600 * _SECOND, "DAY": 86_400 * _SECOND}
"""Microseconds."""


class Limit(msgspec.Struct, frozen=True, rename="camel"):
    """So much in each interval of the clock; its JSON is an entry of the exchange information's list."""

    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int

    @property
    def length(self) -> int:
        """Microseconds of an interval."""
        return self.interval_num * _LENGTHS[self.interval]

    @property
    def in_words(self) -> str:
        """The interval as messages name it: ``10 SECOND``."""
        return f"{self.interval_num} {self.interval}"

    @property
    def in_letters(self) -> str:
        """The interval as headers name it: ``10S``."""
        return f"{self.interval_num}{self.interval[0]}"

    def used(self, count: int) -> LimitUse:
        """This limit, with how much of it is used."""
        return LimitUse(self.rate_limit_type, self.interval, self.interval_num, self.limit, count)


class LimitUse(Limit, frozen=True):
    """How far a limit is used; its JSON is an entry of ``rateLimits`` in answers."""

    count: int


REQUEST_WEIGHT: Final = Limit("REQUEST_WEIGHT", "MINUTE", 1, 6000)
RAW_REQUESTS: Final = Limit("RAW_REQUESTS", "MINUTE", 5, 300_000)
ORDERS_10S: Final = Limit("ORDERS", "SECOND", 10, 50)
"""As in the samples of Binance's REST and WebSocket API documents; its FAQ has 100 as an example."""
ORDERS_1D: Final = Limit("ORDERS", "DAY", 1, 160_000)
CONNECTIONS: Final = Limit("CONNECTIONS", "MINUTE", 5, 300)

EXCHANGE_LIMITS: Final = (REQUEST_WEIGHT, ORDERS_10S, ORDERS_1D, RAW_REQUESTS)
"""What the exchange information lists."""

Sender = TypeVar("Sender", str, int)


class Tally(Generic[Sender]):
    """
    What each sender has used of a limit since the running interval began.

    Intervals are those of the clock, the same for all: when one is over, all that was counted is dropped.
    """

    __slots__ = ("begins", "ends", "limit", "most", "used")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.most = limit.limit
        self.begins = self.ends = 0
        self.used: dict[Sender, int] = {}
        """What was used between the two."""

    def at(self, now: int) -> dict[Sender, int]:
        """What is used in the interval of this time."""
        if not self.begins <= now < self.ends:
            length = self.limit.length
            self.begins = now - now % length
            self.ends = self.begins + length
            self.used = {}
        return self.used
