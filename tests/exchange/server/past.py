"""Exchanges whose markets have a past, and who reads it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.exchange.exchanges import START
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.synthetic import LISTING, SyntheticMarket
from veighna_ext.exchange.statistics import Candle
from veighna_ext.exchange.statistics.history import History
from veighna_ext.exchange.symbols import Symbol

SYMBOLS = ["BTCUSDT", "BNBUSDT", "BNBBTC"]


class ReadHistory:
    """A history that knows what was read of it."""

    def __init__(self, history: History) -> None:
        self._history = history
        self.reads: list[tuple[str, int, list[int]]] = []
        """Interval, limit and the open times of what was found."""

    def candles(
        self, interval: str, start: int | None, end: int | None, limit: int, shift: int
    ) -> Sequence[Candle]:
        """The history's candles."""
        found = self._history.candles(interval, start, end, limit, shift)
        self.reads.append((interval, limit, [candle.open_time for candle in found]))
        return found


class Past:
    """A synthetic market that has not moved since it was started."""

    def __init__(self) -> None:
        self.market = SyntheticMarket(7, [LISTING[name] for name in SYMBOLS])
        self.histories: dict[str, ReadHistory] = {}
        self.exchange = Exchange.in_memory(Setup(listed(SYMBOLS), 7, "synthetic"), START, self._history)

    def _history(self, symbol: Symbol) -> ReadHistory:
        found = self.histories[symbol.name] = ReadHistory(self.market.history(symbol.name))
        return found

    @property
    def reads(self) -> int:
        """How often any of the histories was read."""
        return sum(len(each.reads) for each in self.histories.values())
