"""How the prices of a span fall into its parts: walks that begin, end and turn where the span does."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from veighna_ext.exchange.market.synthetic.chance import Floats, Ints
from veighna_ext.exchange.market.synthetic.spans import Prices

_RANGE_OF_WALK: Final = 1.665
"""Root mean square of the range of a random walk with standard deviation 1."""
_LARGEST_STRETCH: Final = 3.0


class Turns(NamedTuple):
    """The chance in a walk, a row for each span and a column for each part."""

    moves: Floats
    """Standard normal."""
    weights: Floats
    """How much of the span's variance each part has."""
    up: Floats
    """Exponential: how far above its ends a part reaches."""
    down: Floats


class Guide(NamedTuple):
    """Where walks are known to go."""

    ends: Floats
    """Prices at the ends of the parts."""
    highest: Floats | None = None
    """Prices the parts get to at least, where that is known."""
    lowest: Floats | None = None
    averages: Floats | None = None
    """Average prices of the parts, where they are known."""


def reach(move: Floats, deviation: Floats, wait: Floats) -> Floats:
    """How far beyond the middle of its ends a Brownian bridge gets, for an exponential `wait`."""
    return np.sqrt(move * move + 2.0 * deviation * deviation * wait) * 0.5


def split(spans: Prices, turns: Turns, guide: Guide | None = None) -> Prices:
    """The parts' prices; each opens at the close before, together they reach the highs and lows."""
    walk = _Walk(spans, turns, guide)
    middle = (walk.begins + walk.ends) * 0.5
    move = walk.ends - walk.begins
    high = middle + reach(move, walk.deviation, turns.up)
    low = middle - reach(move, walk.deviation, turns.down)
    if guide is not None and guide.highest is not None and guide.lowest is not None:
        high = np.maximum(high, guide.highest - spans.open[:, None])
        low = np.minimum(low, guide.lowest - spans.open[:, None])
    rows = np.arange(len(high))
    highest = high.argmax(axis=1)
    lowest = low.argmin(axis=1)
    walk.fit(high[rows, highest], low[rows, lowest])
    opens, closes = walk.opens_and_closes(spans)
    highs = walk.fitted(high) + spans.open[:, None]
    lows = walk.fitted(low) + spans.open[:, None]
    highs[rows, highest] = spans.high
    lows[rows, lowest] = spans.low
    np.clip(highs, np.maximum(opens, closes), spans.high[:, None], out=highs)
    np.clip(lows, spans.low[:, None], np.minimum(opens, closes), out=lows)
    return Prices(opens, highs, lows, closes)


def split_to_points(spans: Prices, turns: Turns, guide: Guide | None = None) -> Prices:
    """The parts' prices where parts have no inside: the walk's own points reach the highs and lows."""
    walk = _Walk(spans, turns, guide)
    walk.fit(np.maximum(walk.ends.max(axis=1), 0.0), np.minimum(walk.ends.min(axis=1), 0.0))
    opens, closes = walk.opens_and_closes(spans)
    inner = closes[:, :-1]
    _touch(inner, inner.argmax(axis=1), spans.high, np.maximum(closes.max(axis=1), spans.open))
    _touch(inner, inner.argmin(axis=1), spans.low, np.minimum(closes.min(axis=1), spans.open))
    opens[:, 1:] = inner
    return Prices(opens, np.maximum(opens, closes), np.minimum(opens, closes), closes)


def _touch(points: Ints, place: Ints, extreme: Ints, reached: Ints) -> None:
    short = np.flatnonzero(reached != extreme)
    points[short, place[short]] = extreme[short]


class _Walk:
    """Walks through spans, measured from their opens; a guide gives the prices at the ends of the parts."""

    def __init__(self, spans: Prices, turns: Turns, guide: Guide | None) -> None:
        self._top = (spans.high - spans.open).astype(np.float64)
        self._bottom = (spans.low - spans.open).astype(np.float64)
        final = (spans.close - spans.open).astype(np.float64)
        clock = np.cumsum(turns.weights, axis=1)
        clock /= clock[:, -1:].copy()
        parts = np.diff(clock, axis=1, prepend=0.0)
        self.deviation = np.sqrt(parts) * ((self._top - self._bottom) / _RANGE_OF_WALK)[:, None]
        ends = (
            np.cumsum(self.deviation * turns.moves, axis=1)
            if guide is None
            else guide.ends - spans.open[:, None]
        )
        clock *= final[:, None] - ends[:, -1:]
        ends += clock
        ends[:, -1] = final
        self.ends = ends
        self.begins = np.empty_like(ends)
        self.begins[:, 0] = 0.0
        self.begins[:, 1:] = ends[:, :-1]
        self._upper = np.maximum(final, 0.0)
        self._lower = np.minimum(final, 0.0)
        # a guided walk is where its guide is, cut off where the span turned
        self._guided = guide is not None
        self._up = self._down = np.zeros_like(final)

    def fit(self, highest: Floats, lowest: Floats) -> None:
        """Stretch what lies above and below the span's ends so that the walk turns where the span does."""
        if self._guided:
            return
        self._up = _stretch(self._top - self._upper, highest - self._upper)
        self._down = _stretch(self._bottom - self._lower, lowest - self._lower)

    def fitted(self, points: Floats) -> Ints:
        """Points of the walk as whole ticks above the spans' opens."""
        above = points - self._upper[:, None]
        np.maximum(above, 0.0, out=above)
        above *= self._up[:, None]
        below = points - self._lower[:, None]
        np.minimum(below, 0.0, out=below)
        below *= self._down[:, None]
        above += below
        above += points
        return np.rint(above, out=above).astype(np.int64)

    def opens_and_closes(self, spans: Prices) -> tuple[Ints, Ints]:
        """The ends of the parts, in ticks."""
        closes = self.fitted(self.ends)
        closes += spans.open[:, None]
        np.clip(closes, spans.low[:, None], spans.high[:, None], out=closes)
        opens = np.empty_like(closes)
        opens[:, 0] = spans.open
        opens[:, 1:] = closes[:, :-1]
        return opens, closes


def _stretch(room: Floats, raw: Floats) -> Floats:
    """By how much of itself an excursion grows to fill its room."""
    factor = np.divide(room, raw, out=np.zeros_like(room), where=raw != 0.0)
    return np.minimum(factor, _LARGEST_STRETCH) - 1.0
