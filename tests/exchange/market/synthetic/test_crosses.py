"""The price of a cross is the ratio of its legs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.exchange.market.synthetic.paths import NOON, market, path
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.synthetic import (
    LISTING,
    BadMarketParameters,
    MarketParameters,
    PricePath,
    SyntheticMarket,
)
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, SECOND

CROSSES = [symbol for symbol, parameters in LISTING.items() if parameters.legs]


@pytest.mark.parametrize("symbol", CROSSES)
def test_nobody_gets_rich_between_a_cross_and_its_legs(symbol: str) -> None:
    numerator, denominator = LISTING[symbol].legs or ("", "")
    for seed in (1, 2, 3):
        times = range(NOON, NOON + 2 * HOUR, 7 * SECOND)
        apart = []
        for time in times:
            ratio = path(numerator, seed).price_at(time) / path(denominator, seed).price_at(time)
            apart.append(abs(path(symbol, seed).price_at(time) / (ratio * UNIT) - 1))
        tick = LISTING[symbol].tick / path(symbol, seed).price_at(NOON)
        assert np.mean(apart) < 0.0004 + tick
        assert max(apart) < 0.01


@pytest.mark.parametrize("symbol", CROSSES)
def test_days_of_a_cross_close_at_the_ratio(symbol: str) -> None:
    numerator, denominator = LISTING[symbol].legs or ("", "")
    above, below, cross = (
        np.array([row.close for row in path(each).candles("1d", None, NOON - DAY, 500).rows()])
        for each in (numerator, denominator, symbol)
    )
    assert np.abs(cross - above / below * UNIT).max() <= LISTING[symbol].tick * 0.51


def test_a_cross_exists_where_its_legs_are_not_traded() -> None:
    alone = SyntheticMarket(1, [LISTING["ETHBTC"]])
    assert set(alone.parameters) == {"ETHBTC"}
    assert alone.path("ETHBTC").price_at(NOON) == market().path("ETHBTC").price_at(NOON)


def test_a_cross_needs_legs_that_exist_and_are_no_crosses() -> None:
    with pytest.raises(BadMarketParameters, match="needs the paths of its legs"):
        PricePath(LISTING["ETHBTC"], 1)
    with pytest.raises(BadMarketParameters, match="cannot be crosses"):
        SyntheticMarket(1, [cross_of("ETHBTC", "BTCUSDT")])
    with pytest.raises(BadMarketParameters, match="NONEUSDT"):
        SyntheticMarket(1, [cross_of("NONEUSDT", "BTCUSDT")])


def cross_of(numerator: str, denominator: str) -> MarketParameters:
    """A cross of any two symbols."""
    return MarketParameters("CROSS", 1000, UNIT // 1000, UNIT, 100 * UNIT, legs=(numerator, denominator))
