"""Aggregate trades: what one taker's order traded at one price, as a view of the trades."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from veighna_ext.exchange.statistics.trades import Trades


class AggregateTrade(NamedTuple):
    """Consecutive trades of one taker's order at one price."""

    aggregate_id: int
    price: int
    quantity: int
    first_id: int
    last_id: int
    time: int
    buyer_is_maker: bool


class AggregateTrades:
    """Aggregates of the trades still kept; ids count from 0."""

    def __init__(self, trades: Trades) -> None:
        self._trades = trades

    @property
    def next_id(self) -> int:
        """The id the next aggregate will get."""
        return self._trades.first_aggregate + len(self._trades.aggregate_starts)

    def query(
        self, from_id: int | None = None, start: int | None = None, end: int | None = None, limit: int = 500
    ) -> list[AggregateTrade]:
        """Oldest first from an id or a time on, else the newest; until an end, both times inclusive."""
        trades = self._trades
        starts = trades.aggregate_starts
        # the trades before are forgotten, perhaps some of an aggregate's
        first = bisect_left(starts, trades.oldest_id)
        stop = len(starts)
        if from_id is not None:
            first = max(first, from_id - trades.first_aggregate)
        if start is not None:
            first = max(first, bisect_left(starts, trades.id_at(start)))
        if end is not None:
            stop = bisect_left(starts, trades.id_after(end))
        if from_id is None and start is None:
            first = max(first, stop - limit)
        return [self._row(row) for row in range(first, min(stop, first + limit))]

    def _row(self, row: int) -> AggregateTrade:
        trades = self._trades
        starts = trades.aggregate_starts
        first = starts[row]
        after = starts[row + 1] if row + 1 < len(starts) else trades.next_id
        begin = first - trades.first_id
        return AggregateTrade(
            trades.first_aggregate + row,
            trades.prices[begin],
            sum(trades.quantities[begin : after - trades.first_id]),
            first,
            after - 1,
            trades.times[begin],
            bool(trades.maker_flags[begin]),
        )
