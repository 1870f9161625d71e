"""What a market did before the exchange started, from a source that answers for any past candle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from veighna_ext.exchange.statistics.intervals import DAY, HOUR, INTERVALS, MINUTE
from veighna_ext.exchange.statistics.series import CandleSeries, Traded, joined

_PAGE: Final = 1000
_HOURS_AT_LEAST: Final = 2 * DAY
_HOURS_OF_MINUTES_KEPT: Final = 24
_CLOSES_KEPT: Final = 32


class Candle(NamedTuple):
    """One candle, fields in the order of Binance's kline; the close time is the last moment inside."""

    open_time: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    close_time: int
    quote_volume: int
    trades: int
    taker_volume: int
    taker_quote_volume: int


class History(Protocol):
    """A source of past candles."""

    def candles(
        self, interval: str, start: int | None, end: int | None, limit: int, shift: int
    ) -> Sequence[Candle]:
        """Candles that open from start to end inclusive: from a start on the oldest, else the newest."""


class BeforeStart:
    """A history, cut off at the second the exchange started."""

    def __init__(self, history: History, started: int) -> None:
        self._history = history
        self.started = started
        self._last_hour = started // HOUR * HOUR
        self._last_minute = started // MINUTE * MINUTE
        self._hours = CandleSeries()
        self._hours_from = self._last_hour
        self._minutes: dict[int, CandleSeries] = {}
        self._closes: dict[int, int | None] = {}

    def candles(self, interval: str, start: int | None, end: int, limit: int, shift: int) -> list[Candle]:
        """Whole candles that ended before the start."""
        last = min(end, INTERVALS[interval].open_of(self.started, shift) - 1)
        if limit <= 0 or (start is not None and start > last):
            return []
        return list(self._history.candles(interval, start, last, limit, shift))

    def close_before(self, time: int) -> int | None:
        """The price at the end of the second or minute that ended at a moment."""
        time = min(time, self.started)
        if time % MINUTE == 0:
            # each minute all windows ask for the close before a new one, of minutes they have read already
            minutes = self._minutes.get((time - MINUTE) // HOUR * HOUR)
            close = minutes.close_before(time) if minutes is not None else None
            if close is not None:
                return close
        if time not in self._closes:
            if len(self._closes) >= _CLOSES_KEPT:
                del self._closes[next(iter(self._closes))]
            newest = self._history.candles("1s", None, time - 1, 1, 0) if time % MINUTE else None
            # a source may know no seconds
            newest = newest or self._history.candles("1m", None, time // MINUTE * MINUTE - 1, 1, 0)
            self._closes[time] = newest[-1].close if newest else None
        return self._closes[time]

    def from_minute(self, start: int) -> Traded | None:
        """What traded from a whole minute until the exchange started."""
        if start >= self._last_hour:
            return self._minutes_of(self._last_hour).between(start, self.started)
        first_hour = -(-start // HOUR) * HOUR
        first = self._minutes_of(first_hour - HOUR).between(start, first_hour) if start < first_hour else None
        self._load_hours(first_hour)
        hours = self._hours.between(first_hour, self._last_hour)
        last = self._minutes_of(self._last_hour).between(self._last_hour, self.started)
        return joined(joined(first, hours), last)

    def _minutes_of(self, hour: int) -> CandleSeries:
        minutes = self._minutes.get(hour)
        if minutes is None:
            # the far ends of the rolling windows only move on, so the oldest hour is done with first
            if len(self._minutes) >= _HOURS_OF_MINUTES_KEPT:
                del self._minutes[min(self._minutes)]
            minutes = self._minutes[hour] = CandleSeries()
            end = self._last_minute if hour == self._last_hour else hour + HOUR
            self._load(minutes, "1m", hour, end)
            if hour == self._last_hour:
                seconds = CandleSeries()
                self._load(seconds, "1s", self._last_minute, self.started)
                part = seconds.between(self._last_minute, self.started)
                if part is not None:
                    minutes.add(self._last_minute, part)
        return minutes

    def _load_hours(self, start: int) -> None:
        if start >= self._hours_from:
            return
        self._hours_from = min(start, self._last_hour - _HOURS_AT_LEAST)
        self._hours = CandleSeries()
        self._load(self._hours, "1h", self._hours_from, self._last_hour)

    def _load(self, series: CandleSeries, interval: str, start: int, end: int) -> None:
        while start < end:
            page = self._history.candles(interval, start, end - 1, _PAGE, 0)
            for candle in page:
                if candle.trades:
                    series.add(candle.open_time, _traded(candle))
            if len(page) < _PAGE:
                return
            start = page[-1].close_time + 1


def _traded(candle: Candle) -> Traded:
    return Traded(
        candle.open,
        candle.high,
        candle.low,
        candle.close,
        candle.volume,
        candle.quote_volume,
        candle.trades,
        candle.taker_volume,
        candle.taker_quote_volume,
    )
