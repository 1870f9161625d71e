"""Histories that follow other ones."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Final, NamedTuple, Protocol

import numpy as np

from veighna_ext.exchange.market.synthetic import bridge
from veighna_ext.exchange.market.synthetic.chance import Floats, Ints, Spread, bell, bits, field, key_of, wait
from veighna_ext.exchange.market.synthetic.flow import first_quote, first_trades, first_volume, usual_average
from veighna_ext.exchange.market.synthetic.intraday import HOURS, Intraday, weekday_activity
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters
from veighna_ext.exchange.market.synthetic.spans import (
    DAY,
    END_DAY,
    HOUR,
    LENGTH,
    MINUTE,
    ORIGIN_DAY,
    PARTS,
    QUARTER,
    Flow,
    Prices,
    Spans,
    broken_by,
    joined,
    merged,
    parts_of,
)
from veighna_ext.exchange.market.synthetic.tree import Tree

_VOLUME_NOISE: Final = Spread(0.5)
_LARGEST_ACTIVITY: Final = 8.0
_DAYS_AT_ONCE: Final = 128
_RANGE_OF_QUARTER: Final = 3.33
"""How many times the standard deviation of its quarters' moves the range of an hour is."""
_MARGIN: Final = 1.4
"""Rather a short spike too many than minutes cut off at a high that was drawn too low."""
LEAST_TICKS: Final = 20.0
"""No price that follows another goes lower."""


class Ends(NamedTuple):
    """Prices at the beginning and the end of spans, in ticks but not rounded to them."""

    open: Floats
    close: Floats


class Followed(Protocol):
    """A history that another one follows."""

    parameters: MarketParameters

    def ends(self, level: int, index: Ints) -> Ends:
        """Prices at the ends of spans."""

    def height(self, hours: Ints) -> Floats:
        """Distance of high and low in hours, as a part of the price."""


class GuidedTree(Tree):
    """
    A history whose prices at the ends of all spans are given; how far it goes between them is its own.

    Its days are made of hours, not the other way round; those once asked for are kept.
    """

    root = HOUR

    def __init__(self, parameters: MarketParameters, seed: int) -> None:
        super().__init__(Intraday(seed, parameters.symbol, 0.0))
        self._parameters = parameters
        self._range_key = key_of(seed, parameters.symbol, "hours", "range")
        self._flow_key = key_of(seed, parameters.symbol, "hours", "flow")
        self._days: dict[int, Spans] = {}

    @abstractmethod
    def ends(self, level: int, index: Ints) -> Ends:
        """Prices at the ends of spans."""

    @abstractmethod
    def height(self, hours: Ints) -> Floats:
        """About how far high and low are apart in hours, as a part of the price."""

    def guide(self, level: int, parts: Ints) -> bridge.Guide:
        """Where the parts of spans go."""
        if level != HOUR:
            return bridge.Guide(self.ends(level + 1, parts.ravel()).close.reshape(parts.shape))
        minutes = self.ends(MINUTE, parts_of(QUARTER, parts.ravel()).ravel()).close.reshape(*parts.shape, -1)
        return bridge.Guide(minutes[:, :, -1], minutes.max(axis=2), minutes.min(axis=2), minutes.mean(axis=2))

    def averages(self, level: int, index: Ints, prices: Prices) -> Floats:
        """What each side pays in spans on average; to ask those who are followed would take long."""
        return usual_average(prices)[None, :]

    def spans(self, cuts: Ints, start: int, end: int) -> list[Spans]:
        """The largest spans between two seconds that no cut goes through; both are cuts themselves."""
        days = np.arange(start // LENGTH[DAY], -(-end // LENGTH[DAY]), dtype=np.int64)
        broken = broken_by(cuts, DAY, days)
        found = []
        if broken.any():
            hours = parts_of(DAY, days[broken]).ravel()
            found = self.descend(HOUR, hours, *self.root_spans(hours), cuts)
        if not broken.all():
            found.append(self._whole_days(days[~broken]))
        return found

    def _whole_days(self, days: Ints) -> Spans:
        groups = sorted(set((days // _DAYS_AT_ONCE).tolist()))
        for group in groups:
            if group not in self._days:
                first = group * _DAYS_AT_ONCE
                self._days[group] = self._days_of(max(first, ORIGIN_DAY), min(first + _DAYS_AT_ONCE, END_DAY))
        kept = joined([self._days[group] for group in groups])
        return kept.pick(np.searchsorted(kept.start, days * LENGTH[DAY]))

    def _days_of(self, first: int, end: int) -> Spans:
        days = np.arange(first, end, dtype=np.int64)
        hours = parts_of(DAY, days).ravel()
        spans = Spans(hours * LENGTH[HOUR], *self.root_spans(hours))
        return merged(spans, np.arange(len(days), dtype=np.int64) * PARTS[DAY])

    def root_prices(self, index: Ints) -> Prices:
        """Prices of hours."""
        return self._hours(index)[0]

    def root_spans(self, index: Ints) -> tuple[Prices, Flow]:
        """Prices of hours, and what traded in them."""
        prices, averages = self._hours(index)
        return prices, self._traded(index, prices, averages)

    def _hours(self, index: Ints) -> tuple[Prices, Floats]:
        """Prices and average prices of hours, with the turns that the ends of their quarters show."""
        quarters = parts_of(HOUR, index)
        ends = self.ends(QUARTER, quarters.ravel())
        begins, finishes = ends.open.reshape(quarters.shape), ends.close.reshape(quarters.shape)
        draw = bits(self._range_key, quarters)
        deviation = (self.height(index) * begins[:, 0] * (_MARGIN / _RANGE_OF_QUARTER))[:, None]
        middle = (begins + finishes) * 0.5
        move = finishes - begins
        high = (middle + bridge.reach(move, deviation, wait(field(draw, 0)))).max(axis=1)
        low = (middle - bridge.reach(move, deviation, wait(field(draw, 1)))).min(axis=1)
        opens = np.rint(begins[:, 0]).astype(np.int64)
        closes = np.rint(finishes[:, -1]).astype(np.int64)
        bottom = np.minimum(opens, closes)
        prices = Prices(
            opens,
            np.maximum(np.rint(high).astype(np.int64), np.maximum(opens, closes)),
            np.maximum(np.minimum(np.rint(low).astype(np.int64), bottom), (bottom + 1) // 2),
            closes,
        )
        return prices, middle.mean(axis=1)

    def _traded(self, index: Ints, prices: Prices, averages: Floats) -> Flow:
        parameters = self._parameters
        draw = bits(self._flow_key, index)
        middle = (prices.open + prices.close) * 0.5
        usual = middle * (parameters.daily_volatility / math.sqrt(PARTS[DAY]) * 1.6)
        activity = HOURS[index % PARTS[DAY]] * weekday_activity(index // PARTS[DAY])
        activity *= (0.4 + 0.6 * (prices.high - prices.low) / usual) * _VOLUME_NOISE(field(draw, 0))
        np.minimum(activity, _LARGEST_ACTIVITY, out=activity)
        total = parameters.daily_quote_volume / parameters.quote_unit / PARTS[DAY] * activity / middle
        volume = first_volume(HOUR, total, 0.5 + 0.03 * bell(field(draw, 1)))
        quote = first_quote(HOUR, prices, volume, averages)
        return Flow(volume, quote, first_trades(HOUR, activity, parameters.steps_per_second))
