"""The history of a market under settings, which departs from the same market without them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from veighna_ext.exchange.market.synthetic.chance import Floats, Ints
from veighna_ext.exchange.market.synthetic.guided import LEAST_TICKS, Ends, Followed, GuidedTree
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters
from veighna_ext.exchange.market.synthetic.spans import DAY, LENGTH

_LARGEST_MOVE: Final = 1.6
"""Farthest log distance volatility and trend can take a price from where it was."""
_MOST_TICKS: Final = 5e9


class Shock(NamedTuple):
    """A jump of the log price, for good or fading with a half-life in seconds."""

    time: int
    size: float
    half_life: float | None

    def left(self, times: Floats) -> Floats:
        """What is left of it at some seconds."""
        if self.half_life is None:
            return np.full_like(times, self.size)
        return self.size * np.exp2(-np.maximum(times - self.time, 0.0) / self.half_life)


class Departure(NamedTuple):
    """How a market moves away from the one without settings, from a second on."""

    time: int
    price: float
    """Its price then, before any shock of that moment, in ticks."""
    base_price: float
    """The price of the market without settings, in ticks."""
    volatility: float
    trend: float
    """Drift of the log price per day."""
    shocks: tuple[Shock, ...]

    def price_of(self, times: Ints, base: Floats) -> Floats:
        """The market's prices where the one without settings has these."""
        moments = times.astype(np.float64)
        moved = np.log(base / self.base_price) * self.volatility
        moved += np.maximum(moments - self.time, 0.0) * (self.trend / LENGTH[DAY])
        if self.volatility != 1.0 or self.trend:
            moved = np.tanh(moved / _LARGEST_MOVE) * _LARGEST_MOVE
        for shock in self.shocks:
            moved += shock.left(moments)
            if shock.time < self.time:
                moved -= shock.left(np.array([float(self.time)]))
        return np.clip(np.exp(moved) * self.price, LEAST_TICKS, _MOST_TICKS)


class DepartedTree(GuidedTree):
    """The history of a market under settings."""

    def __init__(self, parameters: MarketParameters, seed: int, base: Followed, departure: Departure) -> None:
        super().__init__(parameters, seed)
        self._base = base
        self.departure = departure

    def ends(self, level: int, index: Ints) -> Ends:
        """Prices under the settings at the ends of spans."""
        base = self._base.ends(level, index)
        length = LENGTH[level]
        return Ends(
            self.departure.price_of(index * length, base.open),
            self.departure.price_of((index + 1) * length, base.close),
        )

    def height(self, hours: Ints) -> Floats:
        """The range without settings, as much larger as the moves are."""
        return self._base.height(hours) * self.departure.volatility
