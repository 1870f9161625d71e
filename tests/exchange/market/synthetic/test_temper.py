"""Prices and volumes behave like those of a real market, and stay sane for years."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from tests.exchange.market.synthetic.paths import NOON, path
from veighna_ext.exchange.market.synthetic import LISTING, Candles
from veighna_ext.exchange.market.synthetic.parameters import COMMON_VOLATILITY
from veighna_ext.exchange.statistics.intervals import DAY

PAIRS = [symbol for symbol, parameters in LISTING.items() if parameters.legs is None]


def returns(candles: Candles) -> npt.NDArray[np.float64]:
    """Log returns from close to close."""
    return np.diff(np.log(candles.close))


def kurtosis(values: npt.NDArray[np.float64]) -> float:
    """3 for a normal distribution, more for fat tails."""
    centred = values - values.mean()
    return float((centred**4).mean() / (centred**2).mean() ** 2)


def correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Between -1 and 1."""
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_prices_stay_within_about_a_fifth_and_five_times_their_base(seed: int) -> None:
    for symbol in (*PAIRS, "ETHBTC"):
        parameters = LISTING[symbol]
        candles = path(symbol, seed).candles("1d", None, None)
        base = parameters.base_price / parameters.tick
        assert candles.low.min() > base / 6, symbol
        assert candles.high.max() < base * 6, symbol


def test_no_two_years_run_away() -> None:
    for symbol in PAIRS:
        closes = path(symbol).candles("1d", None, None).close
        change = closes[730:] / closes[:-730]
        assert np.quantile(change, 0.05) > 1 / 6
        assert np.quantile(change, 0.95) < 6
        assert 0.5 < np.median(change) < 2


@pytest.mark.parametrize("symbol", PAIRS)
def test_daily_returns_are_as_wide_as_stated_and_have_fat_tails(symbol: str) -> None:
    daily = returns(path(symbol).candles("1d", None, None))
    assert daily.std() == pytest.approx(LISTING[symbol].daily_volatility, rel=0.25)
    assert kurtosis(daily) > 3.8


@pytest.mark.parametrize("symbol", ["BTCUSDT", "SOLUSDT", "DOTUSDT", "PEPEUSDT"])
def test_short_returns_add_up_to_the_daily_ones(symbol: str) -> None:
    start = NOON - 90 * DAY
    minutes = returns(path(symbol).candles("1m", start, NOON))
    daily = returns(path(symbol).candles("1d", start, NOON))
    assert 0.6 < np.sqrt((minutes**2).sum() / (daily**2).sum()) < 1.7
    assert kurtosis(minutes) > 8


def test_volatility_comes_in_clusters() -> None:
    daily = np.abs(returns(path("BTCUSDT").candles("1d", None, None)))
    minutes = np.abs(returns(path("BTCUSDT").candles("1m", NOON - 20 * DAY, NOON)))
    assert correlation(daily[:-1], daily[1:]) > 0.08
    assert correlation(minutes[:-1], minutes[1:]) > 0.2


def test_other_symbols_go_with_bitcoin_as_their_beta_says() -> None:
    bitcoin = {
        interval: returns(path("BTCUSDT").candles(interval, NOON - days * DAY, NOON))
        for interval, days in (("1d", 2000), ("1h", 200), ("1m", 20))
    }
    for symbol in PAIRS[1:]:
        stated = LISTING[symbol].beta * COMMON_VOLATILITY / LISTING[symbol].daily_volatility
        daily = returns(path(symbol).candles("1d", NOON - 2000 * DAY, NOON))
        assert correlation(daily, bitcoin["1d"]) == pytest.approx(stated, abs=0.15), symbol
    for symbol in ("ETHUSDT", "LTCUSDT", "PEPEUSDT"):
        hourly = returns(path(symbol).candles("1h", NOON - 200 * DAY, NOON))
        minutes = returns(path(symbol).candles("1m", NOON - 20 * DAY, NOON))
        assert correlation(hourly, bitcoin["1h"]) > 0.4
        assert correlation(minutes, bitcoin["1m"]) > 0.25


def test_volume_is_typical_uneven_and_larger_when_prices_move() -> None:
    for symbol in ("BTCUSDT", "ATOMUSDT", "PEPEUSDT"):
        parameters = LISTING[symbol]
        days = path(symbol).candles("1d", None, None)
        typical = parameters.daily_quote_volume / parameters.quote_unit
        assert days.quote_volume.mean() == pytest.approx(typical, rel=0.25)
        minutes = path(symbol).candles("1m", NOON - 30 * DAY, NOON)
        assert kurtosis(minutes.volume.astype(np.float64)) > 6
        room = (minutes.high - minutes.low).astype(np.float64)
        assert correlation(minutes.volume.astype(np.float64), room) > 0.3
        assert 0.45 < minutes.taker_volume.sum() / minutes.volume.sum() < 0.55


def test_american_hours_are_busier_than_the_night_before() -> None:
    hours = path("BTCUSDT").candles("1h", NOON - 300 * DAY - DAY // 2, NOON - DAY // 2 - 1)
    by_hour = hours.volume.reshape(-1, 24).sum(axis=0)
    assert by_hour[14] > 1.4 * by_hour[4]
