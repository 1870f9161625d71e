"""The volume-weighted average price of the last minutes, which filters ask for with every order."""

from __future__ import annotations

from typing import Final

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics.candles import Candles
from veighna_ext.exchange.statistics.intervals import MINUTE, SECOND
from veighna_ext.exchange.statistics.tickers import average_price
from veighna_ext.exchange.statistics.trades import Trades

_MANY_TRADES: Final = 300


class AveragePrice:
    """
    A rolling average over whole seconds: each trade is added once and each second taken away once.

    All of it follows from trades and candles, so a snapshot need not hold it.
    """

    def __init__(self, trades: Trades, candles: Candles, minutes: int) -> None:
        if minutes > candles.seconds_kept_minutes:
            raise ValueError(f"an average over {minutes} minutes needs as many minutes of one-second candles")
        self._trades = trades
        self._candles = candles
        self._span = minutes * MINUTE
        self._next_id = -1
        self._second = -1
        self._oldest = 0
        """The first second counted, as a row since the beginning."""
        self._volume = 0
        self._quote = 0
        self._price = 0

    def at(self, now: int) -> int:
        """The average at a moment, else the last price; 0 where nothing was ever traded."""
        second = now // SECOND
        if second != self._second or self._next_id != self._trades.next_id:
            # what was not asked for long is quicker added up from seconds than from trades
            if self._next_id < max(self._trades.first_id, self._trades.next_id - _MANY_TRADES):
                self._recount(second * SECOND - self._span)
            else:
                self._count_new()
                if second != self._second:
                    self._leave_out(second * SECOND - self._span)
            self._second = second
            self._price = average_price(self._quote, self._volume) or self._trades.last_price
        return self._price

    def _leave_out(self, start: int) -> None:
        self._candles.catch_up()
        seconds = self._candles.seconds
        row = self._oldest - seconds.dropped
        if row < 0:
            self._recount(start)
            return
        while row < len(seconds) and seconds.time_of(row) < start:
            gone = seconds[row]
            self._volume -= gone.volume
            self._quote -= gone.quote_volume
            row += 1
        self._oldest = row + seconds.dropped

    def _count_new(self) -> None:
        trades = self._trades
        prices, quantities = trades.prices, trades.quantities
        for row in range(self._next_id - trades.first_id, len(prices)):
            quantity = quantities[row]
            self._volume += quantity
            self._quote += prices[row] * quantity // UNIT
        self._next_id = trades.next_id

    def _recount(self, start: int) -> None:
        self._candles.catch_up()
        seconds = self._candles.seconds
        part = seconds.between(start, self._trades.last_time + 1)
        self._volume = part.volume if part else 0
        self._quote = part.quote_volume if part else 0
        self._oldest = seconds.dropped + seconds.row_from(start)
        self._next_id = self._trades.next_id
