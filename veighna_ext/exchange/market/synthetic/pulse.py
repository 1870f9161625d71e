"""A market at a moment: where the price is, how much trades, how far it just swung."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from veighna_ext.exchange.market.synthetic.chance import key_of
from veighna_ext.exchange.market.synthetic.path import PricePath, Seconds
from veighna_ext.exchange.market.synthetic.spans import DAY, LENGTH, QUARTER

_SECOND_US: Final = 1_000_000
_QUARTER_US: Final = LENGTH[QUARTER] * _SECOND_US
_RECENT: Final = 10
"""Seconds whose range tells how stirred the market is."""
_RANGE_OF_WALK: Final = 1.6
_EARLY: Final = 300
"""Seconds of a quarter before which no symbol prepares the next one."""


class Pulse(NamedTuple):
    """A market at one step of its market maker; prices in ticks, volumes in steps."""

    price: float
    volume: float
    """What shall trade in this step."""
    usual_volume: float
    """What trades in a step of this quarter of an hour on average."""
    stir: float
    """The range of the last seconds, as a multiple of the usual one."""


class PulseOf:
    """The pulse of one path."""

    def __init__(self, path: PricePath) -> None:
        self._path = path
        parameters = path.parameters
        self._rate = parameters.steps_per_second
        self._usual_range = parameters.daily_volatility * math.sqrt(_RECENT / LENGTH[DAY]) * _RANGE_OF_WALK
        self._prepares_at = _EARLY + key_of(path.seed, parameters.symbol, "prepares") % (
            LENGTH[QUARTER] - _EARLY
        )
        self._quarter = -1
        self._seconds = Seconds([], [], [])
        self._usual_volume = 0.0

    def at(self, time: int) -> Pulse:
        """The pulse at a microsecond."""
        quarter, rest = divmod(time, _QUARTER_US)
        second, part = divmod(rest, _SECOND_US)
        if quarter != self._quarter:
            self._quarter = quarter
            self._seconds = self._path.seconds(quarter)
            self._usual_volume = sum(self._seconds.volumes) / LENGTH[QUARTER] / self._rate
        elif second == self._prepares_at:
            # so that not all symbols prepare in the first second of a quarter
            self._path.seconds(quarter + 1)
        opens, closes, volumes = self._seconds
        begin = opens[second]
        price = begin + (closes[second] - begin) * (part / _SECOND_US)
        recent = opens[max(second - _RECENT, 0) : second + 1]
        return Pulse(
            price,
            volumes[second] / self._rate,
            self._usual_volume,
            (max(recent) - min(recent)) / (self._usual_range * price),
        )
