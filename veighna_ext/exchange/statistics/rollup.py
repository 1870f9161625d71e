"""What traded between any two minutes, without reading every minute."""

from __future__ import annotations

from typing import Final

from veighna_ext.exchange.statistics.intervals import DAY, HOUR
from veighna_ext.exchange.statistics.series import CandleSeries, SeriesState, Traded, joined

_COARSER: Final = (HOUR, DAY)


class Rollup:
    """
    Every minute since the start, with the finished ones added up to hours and days.

    Only the open minute is touched while it lasts; hours and days learn of it when the next one opens.
    """

    def __init__(self) -> None:
        self.minutes = CandleSeries()
        self._hours = CandleSeries()
        self._days = CandleSeries()
        self._levels = (self.minutes, self._hours, self._days)

    def add(self, minute: int, part: Traded) -> bool:
        """Add what traded in a minute not older than the newest; whether it is a new minute."""
        minutes = self.minutes
        opens = minutes.add(minute, part)
        if opens and len(minutes) > 1:
            self._add_up(minutes.time_of(len(minutes) - 2), minutes[len(minutes) - 2])
        return opens

    def _add_up(self, minute: int, part: Traded) -> None:
        self._hours.add(minute // HOUR * HOUR, part)
        self._days.add(minute // DAY * DAY, part)

    def between(self, start: int, stop: int) -> Traded | None:
        """What traded in the minutes that open from a moment until before another."""
        newest = self.minutes.open_time
        if not start <= newest < stop:
            return self._finished(0, start, stop)
        return joined(self._finished(0, start, newest), self.minutes.between(newest, stop))

    def _finished(self, level: int, start: int, stop: int) -> Traded | None:
        candles = self._levels[level]
        if level < len(_COARSER):
            span = _COARSER[level]
            first = -(-start // span) * span
            last = stop // span * span
            if first < last:
                whole = self._finished(level + 1, first, last)
                return joined(joined(candles.between(start, first), whole), candles.between(last, stop))
        return candles.between(start, stop)

    def state(self) -> SeriesState:
        """The minutes as a snapshot keeps them."""
        return self.minutes.state()

    def restore(self, state: SeriesState) -> None:
        """Become the minutes of a snapshot."""
        minutes = self.minutes
        minutes.restore(state)
        self._hours = CandleSeries()
        self._days = CandleSeries()
        self._levels = (minutes, self._hours, self._days)
        finished = len(minutes) - 1
        row = 0
        while row < finished:
            hour = minutes.time_of(row) // HOUR * HOUR
            following = min(minutes.row_from(hour + HOUR), finished)
            part = minutes.between(hour, minutes.time_of(following))
            if part is not None:
                self._add_up(hour, part)
            row = following
