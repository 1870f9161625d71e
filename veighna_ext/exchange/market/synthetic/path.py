"""The price of one symbol at any time, and the candles of its history."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from veighna_ext.exchange.market.synthetic.candles import Candles, candles_of, cuts_of, edges_of, no_candles
from veighna_ext.exchange.market.synthetic.chance import Floats, Ints
from veighna_ext.exchange.market.synthetic.cross import CrossTree
from veighna_ext.exchange.market.synthetic.departure import DepartedTree, Departure, Shock
from veighna_ext.exchange.market.synthetic.guided import Ends
from veighna_ext.exchange.market.synthetic.parameters import BadMarketParameters, MarketParameters
from veighna_ext.exchange.market.synthetic.spans import (
    END_DAY,
    HOUR,
    LENGTH,
    ORIGIN_DAY,
    QUARTER,
    SECOND,
    Mask,
    Spans,
    joined,
)
from veighna_ext.exchange.market.synthetic.tree import FreeTree, Tree

_SECOND_US = 1_000_000
_QUARTER_US = LENGTH[QUARTER] * _SECOND_US
_BEGIN = ORIGIN_DAY * LENGTH[0]
_END = END_DAY * LENGTH[0]
_QUARTERS_KEPT = 3
_FADED = 20
"""Half-lives after which a shock is forgotten."""


class OutsideHistory(ValueError):
    """A time the synthetic market has no prices for."""

    def __init__(self, time: int) -> None:
        super().__init__(
            f"{time} µs since 1970: the synthetic market has prices from 2020-01-01 to 2039-12-31 (UTC)"
        )


@dataclass(frozen=True)
class MarketSetting:
    """How a market shall behave from a time on; earlier shocks stay, or go on fading."""

    time: int
    """Microseconds since the epoch; in force from the next whole second on."""
    volatility: float = 1.0
    """Moves are so many times as large."""
    trend: float = 0.0
    """Drift of the log price per day."""
    shock: float = 0.0
    """Jump of the log price."""
    half_life: float | None = None
    """Seconds until half of the shock is gone; None when it stays."""

    def __post_init__(self) -> None:
        if not 0 <= self.volatility <= 100:
            raise BadMarketParameters(f"a volatility of {self.volatility:g}: it must be between 0 and 100")
        if not (abs(self.trend) <= 10 and abs(self.shock) <= 10):
            raise BadMarketParameters("trend and shock are logarithms: each must be between -10 and 10")
        if self.half_life is not None and not self.half_life > 0:
            raise BadMarketParameters(f"a half-life of {self.half_life:g} seconds: it must be above 0")


class Seconds(NamedTuple):
    """A quarter of an hour, second by second, in ticks and steps."""

    opens: list[int]
    closes: list[int]
    volumes: list[int]


class _Stretch(NamedTuple):
    """From a second on, the history is that of a tree."""

    begin: int
    tree: Tree


class PricePath:
    """
    A symbol's prices as a pure function of parameters, seed and time.

    A cross needs the paths of its legs. Paths never change; `under` and `following` give new ones with the
    same past.
    """

    def __init__(
        self, parameters: MarketParameters, seed: int, legs: tuple[PricePath, PricePath] | None = None
    ) -> None:
        if (legs is None) != (parameters.legs is None):
            raise BadMarketParameters(
                f"{parameters.symbol}: a cross, and nothing else, needs the paths of its legs"
            )
        self.parameters = parameters
        self.seed = seed
        tree = FreeTree(parameters, seed) if legs is None else CrossTree(parameters, seed, legs)
        self._set((_Stretch(_BEGIN, tree),), None)

    def _set(
        self, stretches: tuple[_Stretch, ...], unset: PricePath | None, known: Seconds | None = None
    ) -> None:
        self._stretches = stretches
        self._unset = unset
        self._known = known
        """The quarter in which the last stretch begins: right up to there, as what came before stays."""
        self._kept: dict[int, Seconds] = {}

    def _with(self, begin: int, tree: Tree, unset: PricePath | None) -> PricePath:
        if not _BEGIN < begin < _END:
            raise OutsideHistory(begin * _SECOND_US)
        path = copy(self)
        stretches = (*(old for old in self._stretches if old.begin < begin), _Stretch(begin, tree))
        path._set(stretches, unset, self._known_of(begin // LENGTH[QUARTER]))
        return path

    def _known_of(self, quarter: int) -> Seconds | None:
        """A quarter's seconds, unless all of them would have to be worked out first."""
        if self._known is not None and quarter == self._stretches[-1].begin // LENGTH[QUARTER]:
            return self.seconds(quarter)
        return self._kept.get(quarter)

    def under(self, setting: MarketSetting) -> PricePath:
        """The same past, and a setting in force from its time on."""
        second = -(-setting.time // _SECOND_US)
        shocks = self._shocks_left(second)
        if setting.shock:
            shocks.append(Shock(second, setting.shock, setting.half_life))
        return self._departed(second, self._unset or self, setting.volatility, setting.trend, tuple(shocks))

    def _onwards(self) -> PricePath:
        """The path as if it had always been what it is now."""
        path = copy(self)
        path._set((_Stretch(_BEGIN, self._stretches[-1].tree),), None)
        return path

    def following(self, legs: tuple[PricePath, PricePath], time: int) -> PricePath:
        """A cross with the same past whose legs are these from a time on."""
        second = -(-time // _SECOND_US)
        unset = self._unset or self
        numerator, denominator = (leg._onwards() for leg in legs)
        renewed = unset._with(second, CrossTree(self.parameters, self.seed, (numerator, denominator)), None)
        tree = self._stretches[-1].tree
        if not isinstance(tree, DepartedTree):
            return renewed
        return self._departed(
            second, renewed, tree.departure.volatility, tree.departure.trend, tree.departure.shocks
        )

    def _departed(
        self, second: int, unset: PricePath, volatility: float, trend: float, shocks: tuple[Shock, ...]
    ) -> PricePath:
        before = np.array([second - 1], dtype=np.int64)
        departure = Departure(
            second,
            float(self.ends(SECOND, before).close[0]),
            float(unset.ends(SECOND, before).close[0]),
            volatility,
            trend,
            shocks,
        )
        return self._with(
            second, DepartedTree(self.parameters, self.seed, unset._onwards(), departure), unset
        )

    def _shocks_left(self, second: int) -> list[Shock]:
        """The shocks the price before a second does not wholly contain, or will lose again."""
        tree = self._stretches[-1].tree
        if not isinstance(tree, DepartedTree):
            return []
        return [
            shock
            for shock in tree.departure.shocks
            if shock.time == second
            or (shock.half_life is not None and shock.time > second - _FADED * shock.half_life)
        ]

    def seconds(self, quarter: int) -> Seconds:
        """A quarter of an hour, second by second."""
        found = self._kept.get(quarter)
        if found is None:
            if len(self._kept) == _QUARTERS_KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[quarter] = self._seconds(quarter)
        return found

    def price_at(self, time: int) -> int:
        """The price at a microsecond, between seconds on a straight line."""
        seconds = self.seconds(time // _QUARTER_US)
        second, rest = divmod(time % _QUARTER_US, _SECOND_US)
        begin = seconds.opens[second]
        return (begin + (seconds.closes[second] - begin) * rest // _SECOND_US) * self.parameters.tick

    def candles(
        self,
        interval: str,
        start: int | None,
        end: int | None,
        limit: int | None = None,
        shift_minutes: int = 0,
    ) -> Candles:
        """
        Candles that open from `start` to `end`, or the last ones up to `end` where `start` is None.

        Times are microseconds; `shift_minutes` is how far the reader's time zone is ahead of UTC.
        """
        edges = edges_of(interval, start, _END * _SECOND_US if end is None else end, limit, shift_minutes)
        if len(edges) < 2:
            return no_candles(self.parameters)
        cuts = cuts_of(edges)
        return candles_of(self.parameters, edges, cuts, self._spans(cuts))

    def _seconds(self, quarter: int) -> Seconds:
        begin = quarter * LENGTH[QUARTER]
        if not _BEGIN <= begin < _END:
            raise OutsideHistory(begin * _SECOND_US)
        last = self._stretches[-1].begin
        if self._known is None or not begin < last < begin + LENGTH[QUARTER]:
            return self._seconds_from(begin, begin)
        known, rest = self._known, self._seconds_from(last, begin)
        part = last - begin
        return Seconds(
            known.opens[:part] + rest.opens,
            known.closes[:part] + rest.closes,
            known.volumes[:part] + rest.volumes,
        )

    def _seconds_from(self, first: int, begin: int) -> Seconds:
        """The seconds from one on, until the end of the quarter that begins at another."""
        cuts = np.arange(first, begin + LENGTH[QUARTER] + 1, dtype=np.int64)
        _start, prices, flow = self._spans(cuts)
        return Seconds(prices.open.tolist(), prices.close.tolist(), flow.volume.sum(axis=0).tolist())

    def _spans(self, cuts: Ints) -> Spans:
        pieces: list[Spans] = []
        first, last = int(cuts[0]), int(cuts[-1])
        ends = [later.begin for later in self._stretches[1:]] + [_END]
        for (begin, tree), end in zip(self._stretches, ends, strict=True):
            start, stop = max(begin, first), min(end, last)
            if start < stop:
                inner = cuts[(cuts > start) & (cuts < stop)]
                pieces.extend(tree.spans(np.concatenate(([start], inner, [stop])), start, stop))
        return joined(pieces)

    def ends(self, level: int, index: Ints) -> Ends:
        """Prices at the beginning and the end of spans of a level."""
        opens = np.empty(len(index))
        closes = np.empty(len(index))
        starts = index * LENGTH[level]
        for tree, begins, finishes in self._parted(starts, starts + LENGTH[level]):
            some = begins | finishes
            prices = tree.prices(level, index[some])
            opens[begins] = prices.open[begins[some]]
            closes[finishes] = prices.close[finishes[some]]
        return Ends(opens, closes)

    def height(self, hours: Ints) -> Floats:
        """Distance of high and low in hours, as a part of the price."""
        heights = np.empty(len(hours))
        starts = hours * LENGTH[HOUR]
        for tree, _begins, finishes in self._parted(starts, starts + LENGTH[HOUR]):
            prices = tree.prices(HOUR, hours[finishes])
            heights[finishes] = (prices.high - prices.low) / prices.open
        return heights

    def _parted(self, starts: Ints, stops: Ints) -> list[tuple[Tree, Mask, Mask]]:
        """For each tree, which spans begin and end in its time, its first moment not included."""
        parted = []
        ends = [later.begin for later in self._stretches[1:]] + [_END]
        for number, ((begin, tree), end) in enumerate(zip(self._stretches, ends, strict=True)):
            after = begin if number else begin - 1
            begins = (starts > after) & (starts <= end)
            finishes = (stops > after) & (stops <= end)
            if begins.any() or finishes.any():
                parted.append((tree, begins, finishes))
        return parted
