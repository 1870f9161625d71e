"""One symbol's public record: its trades and everything that follows from them."""

from __future__ import annotations

import msgspec

from veighna_ext.exchange.statistics.aggregates import AggregateTrades
from veighna_ext.exchange.statistics.average import AveragePrice
from veighna_ext.exchange.statistics.candles import SECONDS_KEPT_MINUTES, Candles, CandlesState
from veighna_ext.exchange.statistics.history import History
from veighna_ext.exchange.statistics.tickers import Tickers
from veighna_ext.exchange.statistics.trades import TRADES_KEPT, Trades, TradesState


class RecordState(msgspec.Struct, frozen=True, array_like=True):
    """A public record as a snapshot keeps it."""

    trades: TradesState
    candles: CandlesState


class PublicRecord:
    """Takes each trade once; candles, tickers and averages are worked out when their time comes."""

    def __init__(
        self,
        started: int,
        history: History | None = None,
        *,
        trades_kept: int = TRADES_KEPT,
        seconds_kept_minutes: int = SECONDS_KEPT_MINUTES,
    ) -> None:
        self.trades = Trades(trades_kept)
        self.aggregates = AggregateTrades(self.trades)
        self.candles = Candles(self.trades, started, history, seconds_kept_minutes)
        self.tickers = Tickers(self.candles, self.trades)
        self.record = self.trades.record
        self._averages: dict[int, AveragePrice] = {}

    def average_price(self, minutes: int, now: int) -> int:
        """The volume-weighted price of the last minutes, else the last price; 0 where nothing ever traded."""
        average = self._averages.get(minutes)
        if average is None:
            average = self._averages[minutes] = AveragePrice(self.trades, self.candles, minutes)
        return average.at(now)

    def restart(self, now: int) -> None:
        """Forget everything: the market goes on from an earlier time."""
        fresh = PublicRecord(now, trades_kept=1)
        self.restore(fresh.state())

    def state(self) -> RecordState:
        """What a snapshot must hold: the same for the same trades, whatever was asked in between."""
        return RecordState(self.trades.state(), self.candles.state())

    def restore(self, state: RecordState) -> None:
        """Become the record of a snapshot."""
        self.trades.restore(state.trades)
        self.candles.restore(state.candles)
        self._averages.clear()
