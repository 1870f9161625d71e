"""A symbol's candles of every interval, from what traded and from the history before."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, NamedTuple

import msgspec

from veighna_ext.exchange.statistics.history import BeforeStart, Candle, History
from veighna_ext.exchange.statistics.intervals import INTERVALS, MINUTE, SECOND, Interval
from veighna_ext.exchange.statistics.rollup import Rollup
from veighna_ext.exchange.statistics.series import CandleSeries, SeriesState, Traded, joined
from veighna_ext.exchange.statistics.trades import Trades

SECONDS_KEPT_MINUTES: Final = 120
"""
For how long one-second candles are kept.

Two hours of a symbol that trades every second are 0.6 MB; a day would be 7 MB, with 25 symbols 170 MB in each
snapshot, and nothing but a chart of seconds reads them.
"""
_NO_TRADE: Final = -1


class StreamedCandle(NamedTuple):
    """A candle with the ids of the first and last trade in it, -1 where there is none."""

    candle: Candle
    first_id: int
    last_id: int


class CandlesState(msgspec.Struct, frozen=True, array_like=True):
    """Candles as a snapshot keeps them."""

    started: int
    seconds: SeriesState
    minutes: SeriesState


class Candles:
    """
    Every candle since the exchange started, and before it those of a history where one is given.

    The candle of the start is made of both. Trades are added up when their second is over or somebody asks.
    """

    def __init__(
        self,
        trades: Trades,
        started: int,
        history: History | None = None,
        seconds_kept_minutes: int = SECONDS_KEPT_MINUTES,
    ) -> None:
        self._trades = trades
        self._history = history
        self.seconds_kept_minutes = seconds_kept_minutes
        self._seconds_kept = seconds_kept_minutes * MINUTE
        self.seconds = CandleSeries()
        self._rollup = Rollup()
        self._counted = 0
        self._started = 0
        self._before: BeforeStart | None = None
        self._start(started)
        trades.follow(self.catch_up)

    def _start(self, started: int) -> None:
        self._started = started // SECOND * SECOND
        self._before = None if self._history is None else BeforeStart(self._history, self._started)

    def catch_up(self) -> None:
        """Add up the trades no candle counts yet."""
        trades = self._trades
        if self._counted == trades.next_id:
            return
        times = trades.times
        end = len(times)
        row = max(self._counted - trades.first_id, 0)
        while row < end:
            second = times[row] // SECOND * SECOND
            following = second + SECOND
            stop = end if times[-1] < following else bisect_left(times, following, row)
            self._add(second, trades.traded(row, stop))
            row = stop
        self._counted = trades.next_id

    def _add(self, second: int, part: Traded) -> None:
        minute = second // MINUTE * MINUTE
        if self._rollup.add(minute, part):
            self.seconds.drop_before(minute - self._seconds_kept)
        self.seconds.add(second, part)

    def query(
        self,
        interval: str,
        now: int,
        start: int | None = None,
        end: int | None = None,
        limit: int = 500,
        shift: int = 0,
    ) -> list[Candle]:
        """
        Candles that open from start to end inclusive and not later than now, oldest first.

        With a start the oldest from there on, else the newest, as many as the limit allows.
        """
        self.catch_up()
        kind = INTERVALS[interval]
        oldest = self._oldest_open(kind, shift)
        until = now if end is None else min(end, now)
        if oldest is None or limit <= 0:
            return []
        newest = kind.open_of(until, shift)
        if start is None:
            own = self._own(kind, max(kind.after(newest, 1 - limit, shift), oldest), newest, shift)
            return self._earlier(interval, None, until, limit - len(own), shift) + own
        if start > until:
            return []
        earlier = self._earlier(interval, start, until, limit, shift)
        if len(earlier) == limit:
            return earlier
        first = max(kind.first_from(max(start, 0), shift), oldest)
        last = min(newest, kind.after(first, limit - len(earlier) - 1, shift))
        return earlier + self._own(kind, first, last, shift)

    def _earlier(self, interval: str, start: int | None, end: int, limit: int, shift: int) -> list[Candle]:
        return [] if self._before is None else self._before.candles(interval, start, end, limit, shift)

    def streamed(self, interval: str, time: int, shift: int = 0) -> StreamedCandle | None:
        """The candle of a moment since the start; none where the market has no price yet."""
        self.catch_up()
        kind = INTERVALS[interval]
        open_time = kind.open_of(time, shift)
        oldest = self._oldest_open(kind, shift)
        if oldest is None or open_time < oldest:
            return None
        following = kind.after(open_time, 1, shift)
        series = self.seconds if kind.name == "1s" else self._rollup
        traded = series.between(open_time, following)
        candle = self._candle(open_time, following, traded, self.close_before(open_time))
        if candle is None:
            return None
        if traded is None:
            return StreamedCandle(candle, _NO_TRADE, _NO_TRADE)
        last_id = self._trades.next_id - 1
        if self._trades.last_time >= following:
            later = series.between(following, self._trades.last_time + 1)
            last_id -= later.trades if later else 0
        return StreamedCandle(candle, last_id - traded.trades + 1, last_id)

    def between(self, start: int, stop: int) -> Traded | None:
        """What traded in the minutes that open from a whole minute until before another, history included."""
        self.catch_up()
        traded = self._rollup.between(start, stop)
        if self._before is None or start >= self._started:
            return traded
        return joined(self._before.from_minute(start), traded)

    def close_before(self, time: int) -> int | None:
        """The last price before a whole second, or none where the market had none."""
        close = self.seconds.close_before(time)
        if close is None:
            # the open minute of the moment holds only what came later, or the seconds would know
            close = self._rollup.minutes.close_before(time // MINUTE * MINUTE)
        if close is None and self._before is not None:
            return self._before.close_before(time)
        return close

    def _oldest_open(self, kind: Interval, shift: int) -> int | None:
        minutes = self._rollup.minutes
        first = self._started
        if self._before is None:
            if not minutes:
                return None
            first = minutes.time_of(0)
        if kind.name != "1s" or not minutes:
            return kind.open_of(first, shift)
        forgotten_before = minutes.open_time - self._seconds_kept
        if first >= forgotten_before and self._before is None:
            first = self.seconds.time_of(0)
        return max(first, forgotten_before)

    def _own(self, kind: Interval, first: int, last: int, shift: int) -> list[Candle]:
        if first > last:
            return []
        series = self.seconds if kind.name == "1s" else self._rollup
        close = self.close_before(first)
        candles: list[Candle] = []
        open_time = first
        while open_time <= last:
            following = kind.after(open_time, 1, shift)
            candle = self._candle(open_time, following, series.between(open_time, following), close)
            if candle is not None:
                candles.append(candle)
                close = candle.close
            open_time = following
        return candles

    def _candle(
        self, open_time: int, following: int, traded: Traded | None, close: int | None
    ) -> Candle | None:
        if self._before is not None and open_time < self._started:
            traded = joined(self._before.from_minute(open_time), traded)
        if traded is not None:
            return Candle(open_time, *traded[:5], following - 1, *traded[5:])
        if close is None:
            return None
        return Candle(open_time, close, close, close, close, 0, following - 1, 0, 0, 0, 0)

    def state(self) -> CandlesState:
        """The candles as a snapshot keeps them."""
        self.catch_up()
        return CandlesState(self._started, self.seconds.state(), self._rollup.state())

    def restore(self, state: CandlesState) -> None:
        """Become the candles of a snapshot whose trades are restored already."""
        self._start(state.started)
        self.seconds.restore(state.seconds)
        self._rollup.restore(state.minutes)
        self._counted = self._trades.next_id
