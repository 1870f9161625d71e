"""A history as a tree: days fall into hours, those into quarters, into minutes, into seconds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

import numpy as np

from veighna_ext.exchange.market.synthetic import bridge, flow
from veighna_ext.exchange.market.synthetic.chance import Floats, Ints
from veighna_ext.exchange.market.synthetic.days import days_of, own_share
from veighna_ext.exchange.market.synthetic.intraday import Intraday
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters
from veighna_ext.exchange.market.synthetic.spans import (
    BEAT,
    DAY,
    LENGTH,
    ORIGIN_DAY,
    PARTS,
    Flow,
    Prices,
    Spans,
    broken_by,
    parts_of,
)

_PARTS_AT_ONCE: Final = 1 << 13
"""Spans are split in batches that stay in the processor's cache."""


class Tree(ABC):
    """Spans of any level at any place; only what is asked for is computed, and nothing is kept."""

    root: int
    """The level that does not come from a level above."""

    def __init__(self, intraday: Intraday) -> None:
        self._intraday = intraday

    @abstractmethod
    def root_prices(self, index: Ints) -> Prices:
        """Prices of root spans."""

    @abstractmethod
    def root_spans(self, index: Ints) -> tuple[Prices, Flow]:
        """Prices of root spans, and what traded in them."""

    def guide(self, level: int, parts: Ints) -> bridge.Guide | None:
        """Where the parts of spans go, if something else decides that."""
        return None

    def prices(self, level: int, index: Ints) -> Prices:
        """Prices of some spans, ascending."""
        if level == self.root:
            return self.root_prices(index)
        parents = index // PARTS[level - 1]
        fresh = np.diff(parents, prepend=-1) != 0
        above, row = parents[fresh], np.cumsum(fresh) - 1
        spans = self.prices(level - 1, above)
        size = max(_PARTS_AT_ONCE // PARTS[level - 1], 1)
        batches = [
            self._split_prices(
                level - 1, parts_of(level - 1, above[at : at + size]), spans.pick(slice(at, at + size))
            )
            for at in range(0, len(above), size)
        ]
        place = row * PARTS[level - 1] + index % PARTS[level - 1]
        return Prices(
            *(
                np.concatenate([part.ravel() for part in column])[place]
                for column in zip(*batches, strict=True)
            )
        )

    def spans(self, cuts: Ints, start: int, end: int) -> list[Spans]:
        """The largest spans between two seconds that no cut goes through; both are cuts themselves."""
        index = np.arange(start // LENGTH[self.root], -(-end // LENGTH[self.root]), dtype=np.int64)
        return self.descend(self.root, index, *self.root_spans(index), cuts)

    def descend(self, level: int, index: Ints, prices: Prices, traded: Flow, cuts: Ints) -> list[Spans]:
        """Spans between the first and the last cut, with their parts instead of those a cut goes through."""
        found = []
        while True:
            length = LENGTH[level]
            broken = broken_by(cuts, level, index)
            whole = (index * length >= cuts[0]) & ((index + 1) * length <= cuts[-1]) & ~broken
            if whole.all():
                found.append(Spans(index * length, prices, traded))
            elif whole.any():
                found.append(Spans(index[whole] * length, prices.pick(whole), traded.pick(whole)))
            if not broken.any():
                return found
            index, prices, traded = self._split(
                level, index[broken], prices.pick(broken), traded.pick(broken)
            )
            level += 1

    def _split(self, level: int, index: Ints, prices: Prices, traded: Flow) -> tuple[Ints, Prices, Flow]:
        size = max(_PARTS_AT_ONCE // PARTS[level], 1)
        batches = [
            self._split_batch(
                level,
                index[at : at + size],
                prices.pick(slice(at, at + size)),
                traded.pick(slice(at, at + size)),
            )
            for at in range(0, len(index), size)
        ]
        if len(batches) == 1:
            return batches[0]
        parts, all_prices, all_traded = zip(*batches, strict=True)
        return (
            np.concatenate(parts),
            Prices(*(np.concatenate(column) for column in zip(*all_prices, strict=True))),
            Flow(*(np.concatenate(column, axis=-1) for column in zip(*all_traded, strict=True))),
        )

    def _split_batch(
        self, level: int, index: Ints, prices: Prices, traded: Flow
    ) -> tuple[Ints, Prices, Flow]:
        parts = parts_of(level, index)
        guide = self.guide(level, parts)
        split = self._walk(level, parts, prices, guide)
        weights, counts = self._intraday.flow_weights(level, parts, split, prices.high - prices.low)
        if guide is None or guide.averages is None:
            averages = self.averages(level + 1, parts.ravel(), Prices(*(column.ravel() for column in split)))
            averages = averages.reshape(-1, *parts.shape)
        else:
            averages = guide.averages[None]
        known = flow.Parts(split, averages, weights, counts)
        fallen = flow.split(level, traded, known)
        return (
            parts.ravel(),
            Prices(*(column.ravel() for column in split)),
            Flow(fallen.volume.reshape(2, -1), fallen.quote.reshape(2, -1), fallen.trades.ravel()),
        )

    def averages(self, level: int, index: Ints, prices: Prices) -> Floats:
        """What each side pays in spans on average, as far as the prices of their parts tell."""
        if level >= BEAT:
            return flow.usual_average(prices)[None, :]
        parts = parts_of(level, index)
        split = self._split_prices(level, parts, prices)
        weights, _counts = self._intraday.flow_weights(level, parts, split, prices.high - prices.low)
        return flow.average(split, weights)

    def _split_prices(self, level: int, parts: Ints, prices: Prices) -> Prices:
        return self._walk(level, parts, prices, self.guide(level, parts))

    def _walk(self, level: int, parts: Ints, prices: Prices, guide: bridge.Guide | None) -> Prices:
        how = bridge.split_to_points if level == BEAT else bridge.split
        return how(prices, self._intraday.turns(level, parts), guide)


class FreeTree(Tree):
    """The history of a symbol that goes its own way."""

    root = DAY

    def __init__(self, parameters: MarketParameters, seed: int) -> None:
        shared, _own = own_share(parameters)
        super().__init__(Intraday(seed, parameters.symbol, shared / parameters.daily_volatility))
        self._days = days_of(parameters, seed)

    def root_prices(self, index: Ints) -> Prices:
        """Prices of days."""
        return self._days.prices.pick(index - ORIGIN_DAY)

    def root_spans(self, index: Ints) -> tuple[Prices, Flow]:
        """Prices of days, and what traded in them."""
        prices = self.root_prices(index)
        place = index - ORIGIN_DAY
        volume = self._days.volume[:, place]
        paid = flow.first_quote(DAY, prices, volume, self.averages(DAY, index, prices))
        return prices, Flow(volume, paid, self._days.trades[place])
