"""A symbol's public trades: the newest ones, in columns."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import compress, repeat
from operator import floordiv, mul
from typing import Final, NamedTuple

import msgspec

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics.intervals import SECOND
from veighna_ext.exchange.statistics.series import Traded

TRADES_KEPT: Final = 100_000


class TradeOutOfOrder(ValueError):
    """A trade whose id does not follow the one before."""

    def __init__(self, trade_id: int, expected: int) -> None:
        super().__init__(f"trade {trade_id} was recorded where trade {expected} must follow")


class Trade(NamedTuple):
    """One public trade."""

    trade_id: int
    price: int
    quantity: int
    time: int
    buyer_is_maker: bool


class TradesState(msgspec.Struct, frozen=True, array_like=True):
    """The newest trades as a snapshot keeps them."""

    next_id: int
    times: bytes
    prices: bytes
    quantities: bytes
    maker_flags: bytes
    aggregate_starts: bytes
    next_aggregate: int
    last_taker: int | None


class Trades:
    """
    The newest trades with consecutive ids, and where in them each taker's order and price begin.

    Old rows leave many at a time: more than promised may be held for a while, but are not shown.
    """

    __slots__ = (
        "_follow",
        "_held",
        "_kept",
        "_second_end",
        "_taker",
        "aggregate_starts",
        "first_aggregate",
        "first_id",
        "last_price",
        "last_time",
        "maker_flags",
        "next_id",
        "prices",
        "quantities",
        "times",
    )

    def __init__(self, kept: int = TRADES_KEPT) -> None:
        self._kept = kept
        self._held = kept + kept // 4 + 1
        self._follow: Callable[[], None] | None = None
        self._second_end = 0
        self._taker: int | None = None
        self.first_id = 0
        """The id of the first row held."""
        self.next_id = 0
        self.last_price = 0
        self.last_time = 0
        self.times = array("q")
        self.prices = array("q")
        self.quantities = array("q")
        self.maker_flags = array("b")
        self.aggregate_starts = array("q")
        """The id of the first trade of each aggregate."""
        self.first_aggregate = 0
        """The id of the first aggregate held."""

    def follow(self, second_ends: Callable[[], None]) -> None:
        """Call before the first trade of each new second, while all trades before it are still held."""
        self._follow = second_ends

    def record(
        self,
        trade_id: int,
        time: int,
        price: int,
        quantity: int,
        buyer_is_maker: bool,
        taker_id: int | None = None,
    ) -> None:
        """A trade was made; a time before the last one's counts as the last one's."""
        if time >= self._second_end:
            self._begin_second(trade_id, time)
        elif time < self.last_time:
            time = self.last_time
        if trade_id != self.next_id:
            raise TradeOutOfOrder(trade_id, self.next_id)
        self.next_id = trade_id + 1
        if price != self.last_price or taker_id != self._taker or time != self.last_time or taker_id is None:
            self.aggregate_starts.append(trade_id)
            self.last_price = price
            self._taker = taker_id
            self.last_time = time
        self.times.append(time)
        self.prices.append(price)
        self.quantities.append(quantity)
        self.maker_flags.append(buyer_is_maker)

    def _begin_second(self, trade_id: int, time: int) -> None:
        self._second_end = (time // SECOND + 1) * SECOND
        if not self.times:
            self.first_id = self.next_id = trade_id
        if self._follow is not None:
            self._follow()
        excess = len(self.times) - self._kept
        if len(self.times) >= self._held:
            for column in (self.times, self.prices, self.quantities, self.maker_flags):
                del column[:excess]
            self.first_id += excess
            forgotten = bisect_left(self.aggregate_starts, self.first_id)
            del self.aggregate_starts[:forgotten]
            self.first_aggregate += forgotten

    @property
    def oldest_id(self) -> int:
        """The id of the oldest trade that is shown."""
        return max(self.first_id, self.next_id - self._kept)

    @property
    def last_quantity(self) -> int:
        """How much the last trade moved; 0 before the first."""
        return self.quantities[-1] if self.quantities else 0

    def recent(self, limit: int) -> list[Trade]:
        """The newest trades, oldest of them first."""
        return self._between(self.next_id - limit, self.next_id)

    def from_id(self, trade_id: int, limit: int) -> list[Trade]:
        """The oldest trades from an id on."""
        start = max(trade_id, self.oldest_id)
        return self._between(start, start + limit)

    def id_at(self, time: int) -> int:
        """The id of the first trade held that was made at a moment or later."""
        return self.first_id + bisect_left(self.times, time)

    def id_after(self, time: int) -> int:
        """The id of the first trade held that was made later than a moment."""
        return self.first_id + bisect_right(self.times, time)

    def traded(self, first: int, end: int) -> Traded:
        """What traded in some rows, at least one."""
        if end - first == 1:
            price, quantity = self.prices[first], self.quantities[first]
            quote = price * quantity // UNIT
            taken, paid = (0, 0) if self.maker_flags[first] else (quantity, quote)
            return Traded(price, price, price, price, quantity, quote, 1, taken, paid)
        prices = self.prices[first:end]
        quantities = self.quantities[first:end]
        maker_flags = self.maker_flags[first:end]
        quotes = list(map(floordiv, map(mul, prices, quantities), repeat(UNIT)))
        volume = sum(quantities)
        quote = sum(quotes)
        return Traded(
            prices[0],
            max(prices),
            min(prices),
            prices[-1],
            volume,
            quote,
            end - first,
            volume - sum(compress(quantities, maker_flags)),
            quote - sum(compress(quotes, maker_flags)),
        )

    def _between(self, start: int, stop: int) -> list[Trade]:
        first = max(start, self.oldest_id)
        begin = first - self.first_id
        end = max(min(stop, self.next_id), first) - self.first_id
        return [
            Trade(*row)
            for row in zip(
                range(first, first + end - begin),
                self.prices[begin:end],
                self.quantities[begin:end],
                self.times[begin:end],
                map(bool, self.maker_flags[begin:end]),
                strict=True,
            )
        ]

    def state(self) -> TradesState:
        """The trades that are shown, as a snapshot keeps them."""
        oldest = self.oldest_id
        begin = oldest - self.first_id
        return TradesState(
            self.next_id,
            self.times[begin:].tobytes(),
            self.prices[begin:].tobytes(),
            self.quantities[begin:].tobytes(),
            self.maker_flags[begin:].tobytes(),
            self.aggregate_starts[bisect_left(self.aggregate_starts, oldest) :].tobytes(),
            self.first_aggregate + len(self.aggregate_starts),
            self._taker,
        )

    def restore(self, state: TradesState) -> None:
        """Become the trades of a snapshot."""
        self.times = array("q", state.times)
        self.prices = array("q", state.prices)
        self.quantities = array("q", state.quantities)
        self.maker_flags = array("b", state.maker_flags)
        self.aggregate_starts = array("q", state.aggregate_starts)
        self.next_id = state.next_id
        self.first_id = state.next_id - len(self.times)
        self.first_aggregate = state.next_aggregate - len(self.aggregate_starts)
        self._taker = state.last_taker
        self.last_time = self.times[-1] if self.times else 0
        self.last_price = self.prices[-1] if self.prices else 0
        self._second_end = (self.last_time // SECOND + 1) * SECOND if self.times else 0
