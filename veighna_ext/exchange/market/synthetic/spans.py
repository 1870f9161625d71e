"""The units of time a history is made of, and what is known of each: its prices and what traded in it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from veighna_ext.exchange.market.synthetic.chance import Ints

DAY: Final = 0
HOUR: Final = 1
QUARTER: Final = 2
MINUTE: Final = 3
BEAT: Final = 4
SECOND: Final = 5

LENGTH: Final = (86_400, 3_600, 900, 60, 15, 1)
"""Seconds of one span of each level."""
PARTS: Final = (24, 4, 15, 4, 15)
"""Into how many spans of the next level one falls."""

ORIGIN_DAY: Final = 18_262
"""2020-01-01, where history begins; days, hours and so on are counted from the epoch."""
END_DAY: Final = 25_567
"""2040-01-01, where it ends."""


Mask = npt.NDArray[np.bool_]
Which = Ints | Mask | slice
"""Positions, a mask or a slice."""


class Prices(NamedTuple):
    """Prices of spans, in ticks."""

    open: Ints
    high: Ints
    low: Ints
    close: Ints

    def pick(self, which: Which) -> Prices:
        """Those of some spans."""
        return Prices(self.open[which], self.high[which], self.low[which], self.close[which])


class Flow(NamedTuple):
    """What traded in spans: row 0 what takers bought, row 1 what they sold."""

    volume: Ints
    """In steps."""
    quote: Ints
    """In ticks times steps."""
    trades: Ints
    """Of both sides together."""

    def pick(self, which: Which) -> Flow:
        """Those of some spans."""
        return Flow(self.volume[:, which], self.quote[:, which], self.trades[which])


class Spans(NamedTuple):
    """Spans of one level, ascending."""

    start: Ints
    """Seconds since the epoch."""
    prices: Prices
    flow: Flow

    def pick(self, which: Which) -> Spans:
        """Some of them."""
        return Spans(self.start[which], self.prices.pick(which), self.flow.pick(which))


def joined(pieces: list[Spans]) -> Spans:
    """Spans of several levels in order of time."""
    if len(pieces) == 1:
        return pieces[0]
    start = np.concatenate([piece.start for piece in pieces])
    order = np.argsort(start, kind="stable")
    prices = Prices(
        *(np.concatenate(columns)[order] for columns in zip(*(piece.prices for piece in pieces), strict=True))
    )
    flow = Flow(
        *(
            np.concatenate(columns, axis=-1)[..., order]
            for columns in zip(*(piece.flow for piece in pieces), strict=True)
        )
    )
    return Spans(start[order], prices, flow)


def merged(spans: Spans, at: Ints) -> Spans:
    """Longer spans, one from each of these positions to the next."""
    prices, flow = spans.prices, spans.flow
    last = np.append(at[1:], len(spans.start)) - 1
    return Spans(
        spans.start[at],
        Prices(
            prices.open[at],
            np.maximum.reduceat(prices.high, at),
            np.minimum.reduceat(prices.low, at),
            prices.close[last],
        ),
        Flow(
            np.add.reduceat(flow.volume, at, axis=1),
            np.add.reduceat(flow.quote, at, axis=1),
            np.add.reduceat(flow.trades, at),
        ),
    )


def broken_by(cuts: Ints, level: int, index: Ints) -> Mask:
    """Which of some ascending spans a cut goes through."""
    length = LENGTH[level]
    hit = cuts[cuts % length != 0] // length
    place = np.minimum(np.searchsorted(index, hit), len(index) - 1)
    broken = np.zeros(len(index), dtype=np.bool_)
    broken[place[index[place] == hit]] = True
    return broken


def parts_of(level: int, index: Ints) -> Ints:
    """The spans of the next level that make up each span, one row for each."""
    return index[:, None] * PARTS[level] + np.arange(PARTS[level], dtype=np.int64)
