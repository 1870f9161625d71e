"""How many orders each account may place that do not trade."""

from __future__ import annotations

from typing import Final

from veighna_ext.exchange.server.limits import refusing
from veighna_ext.exchange.server.limits.intervals import ORDERS_1D, ORDERS_10S, Limit, LimitUse, Tally

TAKER_FILL: Final = 1
MAKER_FILL: Final = 5
"""How many orders the first fill of an order takes off its account's count."""


class OrderCounts:
    """
    The unfilled order count of each account, in 10 seconds and in a day of UTC.

    Orders add to it, whatever becomes of them. The first fill of one takes off the counts of the intervals
    running then, whenever the order was placed, but never makes them negative.

    Times are microseconds since the epoch.
    """

    def __init__(self, *, enabled: bool = True, short: Limit = ORDERS_10S, long: Limit = ORDERS_1D) -> None:
        self._enabled = enabled
        self._short: Tally[int] = Tally(short)
        self._long: Tally[int] = Tally(long)
        self._short_header = f"X-MBX-ORDER-COUNT-{short.in_letters}"
        self._long_header = f"X-MBX-ORDER-COUNT-{long.in_letters}"

    def check(self, account: int, orders: int, now: int) -> None:
        """Raises OverLimit where an account may not place so many more orders; counts nothing."""
        if not self._enabled:
            return
        # of two limits the one that takes longer to be free again
        if self._long.at(now).get(account, 0) + orders > self._long.most:
            raise refusing.too_many_orders(self._long.limit, now, self._long.ends)
        if self._short.at(now).get(account, 0) + orders > self._short.most:
            raise refusing.too_many_orders(self._short.limit, now, self._short.ends)

    def add(self, account: int, orders: int, now: int) -> None:
        """An account placed orders."""
        short, long = self._short.at(now), self._long.at(now)
        short[account] = short.get(account, 0) + orders
        long[account] = long.get(account, 0) + orders

    def first_fill(self, account: int, now: int, *, is_maker: bool) -> None:
        """An order of an account trades for the first time."""
        fewer = MAKER_FILL if is_maker else TAKER_FILL
        for counts in (self._short.at(now), self._long.at(now)):
            if account in counts:
                counts[account] = max(counts[account] - fewer, 0)

    def counts(self, account: int, now: int) -> tuple[int, int]:
        """An account's count in 10 seconds and in the day."""
        return self._short.at(now).get(account, 0), self._long.at(now).get(account, 0)

    def uses(self, account: int, now: int) -> list[LimitUse]:
        """An account's counts as the order count query and answers of the WebSocket API tell them."""
        short, long = self.counts(account, now)
        return [self._short.limit.used(short), self._long.limit.used(long)]

    def headers(self, account: int, now: int) -> dict[str, str]:
        """An account's counts as REST tells them with an order that was placed."""
        short, long = self.counts(account, now)
        return {self._short_header: str(short), self._long_header: str(long)}
