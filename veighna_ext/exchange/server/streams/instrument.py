"""One symbol as its streams see it: its book, its trades and what follows from them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from veighna_ext.exchange.statistics import Ticker
from veighna_ext.exchange.statistics.intervals import SECOND

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.book import BookSide
    from veighna_ext.exchange.exchange import Exchange

Rows = list[tuple[int, int]]


class Instrument:
    """A symbol's market and public record."""

    def __init__(self, exchange: Exchange, symbol: str, number: int) -> None:
        self.symbol = symbol
        self.number = number
        """Its place among all symbols, by which their turns differ."""
        self.depth = exchange.depths[symbol]
        self.record = exchange.records[symbol]
        self.trades = self.record.trades
        self._book = exchange.venue.markets[symbol].book
        self._day: Ticker | None = None
        self._day_of = (0, 0)

    def best(self) -> tuple[int, int, int, int]:
        """Best bid and ask, each with what the market sees there; 0 where a side is empty."""
        bid, ask = self._book.bids.best, self._book.asks.best
        return (
            bid.price if bid else 0,
            bid.quantity - bid.hidden if bid else 0,
            ask.price if ask else 0,
            ask.quantity - ask.hidden if ask else 0,
        )

    def top(self, levels: int) -> tuple[Rows, Rows]:
        """The best levels of both sides."""
        return _rows(self._book.bids, levels), _rows(self._book.asks, levels)

    def last_day(self, now: int) -> Ticker:
        """The last 24 hours, worked out once a second for all who ask."""
        moment = now // SECOND, self.trades.next_id
        if self._day is None or self._day_of != moment:
            self._day, self._day_of = self.record.tickers.last_day(now), moment
        return self._day


def _rows(side: BookSide, levels: int) -> Rows:
    return [(level.price, level.quantity - level.hidden) for level in islice(side, levels)]
