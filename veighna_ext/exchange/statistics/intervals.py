"""Binance's candle intervals: when each candle opens and ends, in any time zone; times in microseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_FIRST_MONDAY = 4 * DAY  # the epoch was a Thursday
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class BadTimeZone(ValueError):
    """A time zone that is neither hours nor hours and minutes between -12:00 and +14:00."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no time zone: write hours or hours:minutes between -12:00 and +14:00")


class Interval:
    """Candles of one fixed length; ``shift`` is how far local time is ahead of UTC."""

    __slots__ = ("_origin", "_span", "name")

    def __init__(self, name: str, span: int, origin: int = 0) -> None:
        self.name = name
        self._span = span
        self._origin = origin

    def open_of(self, time: int, shift: int = 0) -> int:
        """When the candle of a moment opened."""
        return time - (time + shift - self._origin) % self._span

    def after(self, open_time: int, count: int = 1, shift: int = 0) -> int:
        """The open of the candle so many candles later; earlier where the count is negative."""
        return open_time + count * self._span

    def first_from(self, time: int, shift: int = 0) -> int:
        """The first open at or after a moment."""
        open_time = self.open_of(time, shift)
        return open_time if open_time == time else self.after(open_time, 1, shift)

    def close_of(self, open_time: int, shift: int = 0) -> int:
        """The last moment of a candle."""
        return self.after(open_time, 1, shift) - 1


class CalendarMonths(Interval):
    """Candles as long as their month."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, 0)

    def open_of(self, time: int, shift: int = 0) -> int:
        """When the month of a moment began."""
        return _first_of(_month_at(time + shift)) - shift

    def after(self, open_time: int, count: int = 1, shift: int = 0) -> int:
        """The beginning of the month so many months later."""
        return _first_of(_month_at(open_time + shift) + count) - shift


def _month_at(local: int) -> int:
    day = date.fromordinal(_EPOCH_ORDINAL + local // DAY)
    return day.year * 12 + day.month - 1


def _first_of(month: int) -> int:
    return (date(month // 12, month % 12 + 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY


INTERVALS: Final[Mapping[str, Interval]] = MappingProxyType(
    {
        interval.name: interval
        for interval in (
            Interval("1s", SECOND),
            Interval("1m", MINUTE),
            Interval("3m", 3 * MINUTE),
            Interval("5m", 5 * MINUTE),
            Interval("15m", 15 * MINUTE),
            Interval("30m", 30 * MINUTE),
            Interval("1h", HOUR),
            Interval("2h", 2 * HOUR),
            Interval("4h", 4 * HOUR),
            Interval("6h", 6 * HOUR),
            Interval("8h", 8 * HOUR),
            Interval("12h", 12 * HOUR),
            Interval("1d", DAY),
            Interval("3d", 3 * DAY),
            Interval("1w", 7 * DAY, _FIRST_MONDAY),
            CalendarMonths("1M"),
        )
    }
)
"""Every interval by Binance's name for it."""


def parse_time_zone(text: str) -> int:
    """How far a time zone such as ``8``, ``-1:00`` or ``+05:45`` is ahead of UTC."""
    match = re.fullmatch(r"([+-]?)([0-9]{1,2})(?::([0-5][0-9]))?", text)
    if match is None:
        raise BadTimeZone(text)
    sign, hours, minutes = match.groups()
    shift = int(hours) * HOUR + int(minutes or 0) * MINUTE
    if sign == "-":
        shift = -shift
    if not -12 * HOUR <= shift <= 14 * HOUR:
        raise BadTimeZone(text)
    return shift
