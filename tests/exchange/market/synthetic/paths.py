"""Paths of the built-in symbols for the tests, made once for each seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from veighna_ext.exchange.market.synthetic import Candles, PricePath, SyntheticMarket
from veighna_ext.exchange.statistics.intervals import DAY, HOUR

ORIGIN = 18_262 * DAY
"""2020-01-01."""
NOON = 20_775 * DAY + 12 * HOUR
"""2026-11-18 12:00."""
COUNTED = ("volume", "quote_volume", "trades", "taker_volume", "taker_quote_volume")


@lru_cache(maxsize=4)
def market(seed: int = 1) -> SyntheticMarket:
    """A market nobody changes."""
    return SyntheticMarket(seed)


def path(symbol: str, seed: int = 1) -> PricePath:
    """The path of a built-in symbol."""
    return market(seed).path(symbol)


def same(one: Candles, other: Candles) -> bool:
    """Whether two pages of candles are equal to the last unit."""
    return one.rows() == other.rows()


def assert_adds_up(whole: Candles, parts: Candles) -> None:
    """Assert that each candle is what the shorter ones in its time make together."""
    at = np.searchsorted(parts.open_time, whole.open_time)
    ends = np.append(at[1:], len(parts))
    assert (parts.open[at] == whole.open).all()
    assert (parts.close[ends - 1] == whole.close).all()
    assert (np.maximum.reduceat(parts.high, at) == whole.high).all()
    assert (np.minimum.reduceat(parts.low, at) == whole.low).all()
    for name in COUNTED:
        assert (np.add.reduceat(getattr(parts, name), at) == getattr(whole, name)).all(), name
