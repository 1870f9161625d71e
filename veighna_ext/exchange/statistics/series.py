"""Candles of one length: nine whole numbers each, and only where something traded."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from functools import reduce
from typing import Final, NamedTuple

import msgspec

_LARGE: Final = -1


class Traded(NamedTuple):
    """What traded in a stretch of time; the taker's part is what incoming buyers bought."""

    open: int
    high: int
    low: int
    close: int
    volume: int
    quote_volume: int
    trades: int
    taker_volume: int
    taker_quote_volume: int


_WIDTH: Final = len(Traded._fields)


def followed_by(earlier: Traded, later: Traded) -> Traded:
    """What traded in two stretches, one after the other."""
    opened, high, low, _, volume, quote, trades, taker_volume, taker_quote = earlier
    _, later_high, later_low, close, more_volume, more_quote, more_trades, more_taken, more_paid = later
    return Traded(
        opened,
        max(high, later_high),
        min(low, later_low),
        close,
        volume + more_volume,
        quote + more_quote,
        trades + more_trades,
        taker_volume + more_taken,
        taker_quote + more_paid,
    )


def joined(earlier: Traded | None, later: Traded | None) -> Traded | None:
    """What traded in two stretches, one after the other, where perhaps nothing did."""
    if earlier is None:
        return later
    return earlier if later is None else followed_by(earlier, later)


class SeriesState(msgspec.Struct, frozen=True, array_like=True):
    """Candles as a snapshot keeps them; numbers that may be large as text."""

    times: bytes
    numbers: bytes
    large: list[tuple[int, str]]
    open_time: int
    open_candle: list[str]


class CandleSeries:
    """
    Candles keyed by their open time, oldest first; the last one is open, the others finished.

    Finished ones take 80 bytes. A minute of a coin worth a thousandth of a cent can trade more units than fit
    in eight of them; such numbers are kept beside.
    """

    __slots__ = ("_large", "_numbers", "_open", "_times", "dropped", "open_time")

    def __init__(self) -> None:
        self._times = array("q")
        self._numbers = array("q")
        self._large: dict[int, int] = {}
        self._open: Traded | None = None
        self.open_time = 0
        self.dropped = 0
        """How many candles were forgotten."""

    def __len__(self) -> int:
        return len(self._times) + (self._open is not None)

    def __getitem__(self, row: int) -> Traded:
        if row == len(self._times) and self._open is not None:
            return self._open
        numbers = self._numbers[row * _WIDTH : row * _WIDTH + _WIDTH]
        if not self._large:
            return Traded._make(numbers)
        offset = (self.dropped + row) * _WIDTH
        return Traded._make(
            self._large[offset + field] if number == _LARGE else number
            for field, number in enumerate(numbers)
        )

    def time_of(self, row: int) -> int:
        """When a candle opened."""
        return self.open_time if row == len(self._times) else self._times[row]

    def row_from(self, time: int) -> int:
        """The row of the first candle that opens at a moment or later."""
        row = bisect_left(self._times, time)
        return row + (row == len(self._times) and self._open is not None and self.open_time < time)

    def add(self, time: int, part: Traded) -> bool:
        """Add what traded, to the open candle or as a newer one; whether it is a newer one."""
        if self._open is not None:
            if time == self.open_time:
                self._open = followed_by(self._open, part)
                return False
            self._finish(self._open)
        self.open_time = time
        self._open = part
        return True

    def _finish(self, candle: Traded) -> None:
        self._times.append(self.open_time)
        numbers = self._numbers
        size = len(numbers)
        try:
            numbers.extend(candle)
        except OverflowError:
            del numbers[size:]
            offset = self.dropped * _WIDTH
            for number in candle:
                if number.bit_length() > 63:
                    self._large[offset + len(numbers)] = number
                    numbers.append(_LARGE)
                else:
                    numbers.append(number)

    def between(self, start: int, stop: int) -> Traded | None:
        """What traded in the candles that open from a moment until before another."""
        first = bisect_left(self._times, start)
        end = bisect_left(self._times, stop, first)
        part = self._total(first, end) if first < end else None
        if self._open is not None and start <= self.open_time < stop:
            return joined(part, self._open)
        return part

    def _total(self, first: int, end: int) -> Traded:
        if end - first == 1:
            return self[first]
        if self._large:
            return reduce(followed_by, map(self.__getitem__, range(first, end)))
        numbers = self._numbers[first * _WIDTH : end * _WIDTH]
        return Traded(
            numbers[0],
            max(numbers[1::_WIDTH]),
            min(numbers[2::_WIDTH]),
            numbers[3 - _WIDTH],
            sum(numbers[4::_WIDTH]),
            sum(numbers[5::_WIDTH]),
            sum(numbers[6::_WIDTH]),
            sum(numbers[7::_WIDTH]),
            sum(numbers[8::_WIDTH]),
        )

    def close_before(self, time: int) -> int | None:
        """The close of the last candle that opened before a moment."""
        row = self.row_from(time)
        return self[row - 1].close if row else None

    def drop_before(self, time: int) -> None:
        """Forget the finished candles that opened before a moment."""
        count = bisect_left(self._times, time)
        if count:
            self.dropped += count
            del self._times[:count]
            del self._numbers[: count * _WIDTH]
            offset = self.dropped * _WIDTH
            self._large = {place: number for place, number in self._large.items() if place >= offset}

    def state(self) -> SeriesState:
        """The candles as a snapshot keeps them."""
        offset = self.dropped * _WIDTH
        return SeriesState(
            self._times.tobytes(),
            self._numbers.tobytes(),
            [(place - offset, str(number)) for place, number in self._large.items()],
            self.open_time,
            [str(number) for number in self._open or ()],
        )

    def restore(self, state: SeriesState) -> None:
        """Become the candles of a snapshot."""
        self._times = array("q", state.times)
        self._numbers = array("q", state.numbers)
        self._large = {place: int(number) for place, number in state.large}
        self._open = Traded._make(map(int, state.open_candle)) if state.open_candle else None
        self.open_time = state.open_time
        self.dropped = 0
