"""The chance inside days: how walks turn and volume falls, alike for every symbol but for its own numbers."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from veighna_ext.exchange.market.synthetic.bridge import Turns
from veighna_ext.exchange.market.synthetic.chance import (
    FIELD,
    Bits,
    Floats,
    Ints,
    Spread,
    bell,
    bits,
    field,
    key_of,
    wait,
)
from veighna_ext.exchange.market.synthetic.spans import BEAT, DAY, HOUR, MINUTE, PARTS, QUARTER, Prices

HOURS: Final = np.array(
    [
        *(0.95, 0.86, 0.80, 0.75, 0.70, 0.70, 0.76, 0.86, 0.96, 0.95, 0.93, 0.96),
        *(1.08, 1.40, 1.62, 1.55, 1.35, 1.20, 1.10, 1.04, 1.00, 0.96, 0.92, 0.98),
    ]
)
"""How busy the hours of a day are (UTC)."""

_SEASON: Final = {
    DAY: HOURS,
    HOUR: np.array((1.15, 0.95, 0.97, 0.93)),
    QUARTER: np.array((1.45, 1.1) + (0.965,) * 13),
    MINUTE: np.ones(PARTS[MINUTE]),
    BEAT: np.ones(PARTS[BEAT]),
}
_COMMON_VARIANCE: Final = tuple(map(Spread, (0.6, 0.45, 0.6, 0.3, 0.3)))
_OWN_VARIANCE: Final = tuple(map(Spread, (0.2, 0.2, 0.25, 0.2, 0.2)))
_TOGETHER: Final = 0.5
"""Each symbol turns at its own highs and lows, so moves inside days are shared more than whole days are."""
_VOLUME: Final = tuple(map(Spread, (0.2, 0.2, 0.35, 0.4, 0.8)))
_SIDE: Final = Spread(0.25)


def weekday_activity(days: Ints) -> Floats:
    """How busy days are for their place in the week."""
    return np.where((days + 3) % 7 >= 5, 0.7, 1.12)


class Intraday:
    """One symbol's chance; `shared` is the part of each move that every symbol makes."""

    def __init__(self, seed: int, symbol: str, shared: float) -> None:
        self._shared = math.copysign(abs(shared) ** _TOGETHER, shared)
        self._own = math.sqrt(max(1.0 - self._shared**2, 0.0))
        self._common_keys = {level: key_of(seed, "common", str(level)) for level in _SEASON}
        self._price_keys = {level: key_of(seed, symbol, "prices", str(level)) for level in _SEASON}
        self._flow_keys = {level: key_of(seed, symbol, "flow", str(level)) for level in _SEASON}

    def turns(self, level: int, parts: Ints) -> Turns:
        """How the walk goes through the parts of spans of a level."""
        common = bits(self._common_keys[level], parts)
        own = bits(self._price_keys[level], parts)
        weights = (
            _SEASON[level] * _COMMON_VARIANCE[level](field(common, 1)) * _OWN_VARIANCE[level](field(own, 1))
        )
        return Turns(self._moves(common, own), weights, wait(field(own, 2)), wait(field(own, 3)))

    def _moves(self, common: Bits, own: Bits) -> Floats:
        moves = bell(field(common, 0)) * self._shared
        moves += bell(field(own, 0)) * self._own
        return moves

    def flow_weights(self, level: int, parts: Ints, prices: Prices, height: Ints) -> tuple[Floats, Floats]:
        """How volume falls to the sides of the parts, and how many trades it wants to be made of."""
        draw = bits(self._flow_keys[level], parts)
        room = prices.high - prices.low
        usual = (0.4 / math.sqrt(PARTS[level])) * height + 0.5
        busy = _SEASON[level] * _VOLUME[level](field(draw, 0)) * (room + usual[:, None])
        pressure = (prices.close - prices.open) / (room + 1.0) * 0.3
        weights: Floats = np.stack(
            (
                busy * _SIDE(field(draw, 1)) * (1.0 + pressure),
                busy * _SIDE(field(draw, 2)) * (1.0 - pressure),
            )
        )
        return weights, field(draw, 3).astype(np.float64) * (0.75 / FIELD) + 0.25
