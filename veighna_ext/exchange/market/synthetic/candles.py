"""Candles of any interval out of spans that fit between their edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veighna_ext.exchange.collecting import no_garbage_collection
from veighna_ext.exchange.market.synthetic.chance import Ints
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters
from veighna_ext.exchange.market.synthetic.spans import END_DAY, LENGTH, ORIGIN_DAY, Spans, merged
from veighna_ext.exchange.statistics.history import Candle
from veighna_ext.exchange.statistics.intervals import INTERVALS, MINUTE, SECOND, CalendarMonths

_BEGIN = ORIGIN_DAY * LENGTH[0] * SECOND
_END = END_DAY * LENGTH[0] * SECOND


@dataclass(frozen=True)
class Candles:
    """Candles in columns; `rows` has them as exact amounts."""

    parameters: MarketParameters
    open_time: Ints
    """Microseconds since the epoch."""
    open: Ints
    """In ticks, like high, low and close."""
    high: Ints
    low: Ints
    close: Ints
    volume: Ints
    """In steps."""
    close_time: Ints
    """The last microsecond inside."""
    quote_volume: Ints
    """In ticks times steps."""
    trades: Ints
    taker_volume: Ints
    taker_quote_volume: Ints

    def __len__(self) -> int:
        return len(self.open_time)

    def rows(self) -> list[Candle]:
        """The candles one by one, in units of 1e-8."""
        parameters = self.parameters
        columns = zip(
            self.open_time.tolist(),
            _amounts(self.open, parameters.tick),
            _amounts(self.high, parameters.tick),
            _amounts(self.low, parameters.tick),
            _amounts(self.close, parameters.tick),
            _amounts(self.volume, parameters.step),
            self.close_time.tolist(),
            _amounts(self.quote_volume, parameters.quote_unit),
            self.trades.tolist(),
            _amounts(self.taker_volume, parameters.step),
            _amounts(self.taker_quote_volume, parameters.quote_unit),
            strict=True,
        )
        with no_garbage_collection():
            return list(map(Candle._make, columns))


def _amounts(counts: Ints, unit: int) -> list[int]:
    """Counts of a unit as amounts, which can be larger than 64 bits."""
    if len(counts) and int(counts.max()) > np.iinfo(np.int64).max // unit:
        return [count * unit for count in counts.tolist()]
    amounts: list[int] = (counts * unit).tolist()
    return amounts


class UnknownInterval(ValueError):
    """An interval that is none of Binance's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no candle interval; one of {', '.join(INTERVALS)}")


def edges_of(
    interval: str, start: int | None, end: int, limit: int | None, shift_minutes: int
) -> npt.NDArray[np.int64]:
    """
    The open times of candles, and the end of the last one.

    They open from `start` on, or are the last ones where that is None, and do not open after `end`.
    """
    kind = INTERVALS.get(interval)
    if kind is None:
        raise UnknownInterval(interval)
    shift = shift_minutes * MINUTE
    end = min(end, _END - 1)
    if end < _BEGIN or (start is not None and start > end):
        return np.empty(0, dtype=np.int64)
    last = kind.open_of(end, shift)
    first = kind.open_of(_BEGIN, shift)
    if start is not None and start > first:
        first = kind.first_from(start, shift)
    elif start is None and limit is not None:
        first = max(first, kind.after(last, 1 - limit, shift))
    if first > last:
        return np.empty(0, dtype=np.int64)
    if isinstance(kind, CalendarMonths):
        opens = [first]
        while opens[-1] <= last and (limit is None or len(opens) <= limit):
            opens.append(kind.after(opens[-1], 1, shift))
        return np.array(opens, dtype=np.int64)
    length = kind.after(first, 1, shift) - first
    count = (last - first) // length + 1
    if limit is not None:
        count = min(count, limit)
    return first + length * np.arange(count + 1, dtype=np.int64)


def cuts_of(edges: Ints) -> Ints:
    """The seconds between which candles with such edges lie; history may begin or end inside one."""
    return np.clip(edges, _BEGIN, _END) // SECOND


def candles_of(parameters: MarketParameters, edges: Ints, cuts: Ints, spans: Spans) -> Candles:
    """Candles between cuts, out of spans that none of them goes through."""
    _start, prices, flow = merged(spans, np.searchsorted(spans.start, cuts[:-1]))
    count = len(flow.trades)
    return Candles(
        parameters,
        edges[:count],
        *prices,
        flow.volume.sum(axis=0),
        edges[1 : count + 1] - 1,
        flow.quote.sum(axis=0),
        flow.trades,
        flow.volume[0],
        flow.quote[0],
    )


def no_candles(parameters: MarketParameters) -> Candles:
    """None at all."""
    none = np.empty(0, dtype=np.int64)
    return Candles(parameters, *(none,) * 11)
