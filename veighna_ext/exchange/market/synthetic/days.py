"""The days of a history: a walk that remembers its volatility, goes with BTC and returns to its base."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from veighna_ext.exchange.market.synthetic import bridge
from veighna_ext.exchange.market.synthetic.chance import (
    FIELD,
    Floats,
    Ints,
    Spread,
    bell,
    bits,
    field,
    key_of,
    wait,
)
from veighna_ext.exchange.market.synthetic.flow import first_trades, first_volume
from veighna_ext.exchange.market.synthetic.intraday import weekday_activity
from veighna_ext.exchange.market.synthetic.parameters import COMMON_VOLATILITY, MarketParameters
from veighna_ext.exchange.market.synthetic.spans import DAY, END_DAY, ORIGIN_DAY, Prices

DAYS: Final = np.arange(ORIGIN_DAY, END_DAY, dtype=np.int64)

_LARGEST_DEVIATION: Final = 1.55
"""Farthest log distance from the base price, a little under a factor of five."""
_RETURN_PER_DAY: Final = 1 / 160
_WALL: Final = 0.012
_REGIMES: Final = np.array([0.65, 0.9, 0.9, 1.7])
_REGIME_DAYS: Final = 45
_TRENDS: Final = np.array([-0.06, 0.0, 0.0, 0.06])
_TREND_DAYS: Final = 40
_VOLATILITY_MEMORY: Final = 0.92
_VOLATILITY_SHOCK: Final = 0.13
_JUMP_CHANCE: Final = 0.012
_VOLUME_NOISE: Final = Spread(0.25)
_LARGEST_ACTIVITY: Final = 8.0


class Factor(NamedTuple):
    """A driver of prices: its path in logs and each day's volatility."""

    path: Floats
    volatility: Floats


class Days(NamedTuple):
    """Every day of a symbol's history."""

    prices: Prices
    volume: Ints
    """Of buyers and of sellers, in steps."""
    trades: Ints


@lru_cache(maxsize=8)
def common_factor(seed: int) -> Factor:
    """What all symbols of a market follow."""
    return _factor(key_of(seed, "common", "days"), COMMON_VOLATILITY)


def own_share(parameters: MarketParameters) -> tuple[float, float]:
    """How much of a symbol's daily volatility comes from BTC's factor and how much is its own."""
    shared = parameters.beta * COMMON_VOLATILITY
    return shared, math.sqrt(max(parameters.daily_volatility**2 - shared**2, 0.0))


def days_of(parameters: MarketParameters, seed: int) -> Days:
    """The days of a symbol."""
    _shared, own = own_share(parameters)
    common = common_factor(seed)
    single = _factor(key_of(seed, parameters.symbol, "days"), own)
    deviation = parameters.beta * common.path + single.path
    np.clip(deviation, -_LARGEST_DEVIATION, _LARGEST_DEVIATION, out=deviation)
    base = parameters.base_price / parameters.tick
    closes = np.rint(np.array([base * math.exp(place) for place in deviation.tolist()])).astype(np.int64)
    opens = np.concatenate(([round(base)], closes[:-1]))
    volatility = np.sqrt((parameters.beta * common.volatility) ** 2 + single.volatility**2)

    draw = bits(key_of(seed, parameters.symbol, "days", "range"), DAYS)
    middle = (opens + closes) * 0.5
    move = (closes - opens).astype(np.float64)
    deviations = volatility * middle
    high = np.rint(middle + bridge.reach(move, deviations, wait(field(draw, 0)))).astype(np.int64)
    low = np.rint(middle - bridge.reach(move, deviations, wait(field(draw, 1)))).astype(np.int64)
    prices = Prices(
        opens,
        high,
        np.maximum(low, np.minimum((opens + 1) // 2, closes)),
        closes,
    )
    activity = _activity(parameters, volatility, move / deviations)
    return Days(prices, *_traded(parameters, seed, middle, activity, move / deviations))


def _factor(key: int, daily: float) -> Factor:
    draw = bits(key, DAYS)
    jumps = bits(key_of(key, "jumps"), DAYS)
    memory = accumulate(
        (bell(field(draw, 1)) * _VOLATILITY_SHOCK).tolist(),
        lambda last, shock: last * _VOLATILITY_MEMORY + shock,
    )
    excess = _VOLATILITY_SHOCK**2 / (1 - _VOLATILITY_MEMORY**2)
    typical = math.sqrt(float((_REGIMES**2).mean())) * math.exp(excess)
    volatility = (
        _lasting(field(draw, 2), _REGIMES, _REGIME_DAYS)
        * np.array([math.exp(log) for log in memory])
        / typical
    )
    jumped = field(jumps, 0) < _JUMP_CHANCE * FIELD
    jump = np.where(jumped, np.copysign(2.0 + wait(field(jumps, 1)), bell(field(jumps, 2))), 0.0)
    trend = _lasting(field(draw, 3), _TRENDS, _TREND_DAYS)
    moves = (bell(field(draw, 0)) * volatility + jump + trend) * daily
    return Factor(np.array(list(accumulate(moves.tolist(), _homing))), volatility * daily)


def _homing(last: float, move: float) -> float:
    return last * (1 - _RETURN_PER_DAY - _WALL * last * last) + move


def _lasting(fields: Ints, values: Floats, days: int) -> Floats:
    """A value that stays for so many days on average and is then drawn anew."""
    place = np.arange(len(fields))
    change = fields < FIELD // days
    change[0] = True
    since = np.maximum.accumulate(np.where(change, place, 0))
    # the fields of change days are all small: their lowest bits choose the value
    return values[fields[since] % len(values)]


def _activity(parameters: MarketParameters, volatility: Floats, surprise: Floats) -> Floats:
    """How busy each day is, 1 on average."""
    mood = volatility / parameters.daily_volatility
    busy = (0.35 + 0.65 * mood) * (0.75 + 0.32 * np.abs(surprise))
    return busy * weekday_activity(DAYS)


def _traded(
    parameters: MarketParameters, seed: int, price: Floats, activity: Floats, surprise: Floats
) -> tuple[Ints, Ints]:
    draw = bits(key_of(seed, parameters.symbol, "days", "flow"), DAYS)
    activity = np.minimum(activity * _VOLUME_NOISE(field(draw, 0)), _LARGEST_ACTIVITY)
    total = parameters.daily_quote_volume / parameters.quote_unit * activity / price
    buys = 0.5 + 0.012 * bell(field(draw, 1)) + 0.02 * np.clip(surprise, -2.0, 2.0)
    return first_volume(DAY, total, buys), first_trades(DAY, activity, parameters.steps_per_second)
