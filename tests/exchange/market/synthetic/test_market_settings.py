"""Settings change the future of a market and never its past."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.market.synthetic.paths import NOON, assert_adds_up, path, same
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.synthetic import (
    LISTING,
    BadMarketParameters,
    MarketSetting,
    OutsideHistory,
    PricePath,
    SyntheticMarket,
)
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, MINUTE, SECOND

CHANGE = NOON + 17 * MINUTE + 23 * SECOND
SYMBOLS = ("BTCUSDT", "ETHUSDT", "ETHBTC", "BNBBTC")


def changed(*changes: MarketSetting, symbol: str = "BTCUSDT") -> SyntheticMarket:
    """A market with settings for one symbol."""
    market = SyntheticMarket(1, [LISTING[name] for name in (*SYMBOLS, "BNBUSDT")])
    for change in changes:
        market.set(symbol, change)
    return market


def ratio(market: SyntheticMarket, symbol: str, time: int) -> float:
    """How far a market is from the one nobody changed."""
    return market.path(symbol).price_at(time) / path(symbol).price_at(time)


def test_the_past_stays_as_it_was_for_the_symbol_and_its_crosses() -> None:
    market = changed(MarketSetting(CHANGE, volatility=3.0, trend=-0.2, shock=0.3))
    for symbol in SYMBOLS:
        for interval, start in (
            ("1s", CHANGE - 10 * MINUTE),
            ("1m", CHANGE - HOUR),
            ("1h", CHANGE - 3 * DAY),
        ):
            before = path(symbol).candles(interval, start, CHANGE).rows()
            after = market.path(symbol).candles(interval, start, CHANGE).rows()
            ended = [row for row in before if row.close_time < CHANGE]
            assert after[: len(ended)] == ended
    assert same(
        market.path("ETHUSDT").candles("1m", CHANGE, CHANGE + DAY),
        path("ETHUSDT").candles("1m", CHANGE, CHANGE + DAY),
    )


def test_a_shock_moves_the_price_at_once_and_stays() -> None:
    market = changed(MarketSetting(CHANGE, shock=-0.2))
    assert ratio(market, "BTCUSDT", CHANGE - SECOND) == 1
    for later in (SECOND, HOUR, DAY, 100 * DAY):
        assert ratio(market, "BTCUSDT", CHANGE + later) == pytest.approx(math.exp(-0.2), rel=0.005)


def test_a_shock_with_a_half_life_fades() -> None:
    market = changed(MarketSetting(CHANGE, shock=0.4, half_life=3600))
    for hours, left in ((0, 0.4), (1, 0.2), (2, 0.1), (20, 0.0)):
        later = CHANGE + hours * HOUR + SECOND
        assert ratio(market, "BTCUSDT", later) == pytest.approx(math.exp(left), rel=0.01)


def test_a_fading_shock_goes_on_fading_under_the_next_setting() -> None:
    market = changed(
        MarketSetting(CHANGE, shock=0.4, half_life=3600), MarketSetting(CHANGE + HOUR, shock=0.1)
    )
    assert ratio(market, "BTCUSDT", CHANGE + HOUR + SECOND) == pytest.approx(math.exp(0.3), rel=0.01)
    assert ratio(market, "BTCUSDT", CHANGE + 30 * HOUR) == pytest.approx(math.exp(0.1), rel=0.01)


def test_two_changes_in_one_second_both_count() -> None:
    market = changed(MarketSetting(CHANGE + 100, shock=0.2), MarketSetting(CHANGE + 200, shock=0.1))
    assert ratio(market, "BTCUSDT", CHANGE + 2 * SECOND) == pytest.approx(math.exp(0.3), rel=0.005)


def test_a_market_can_be_brought_to_a_price() -> None:
    market = changed()
    shock = market.shock_to("BTCUSDT", 50_000 * UNIT, CHANGE)
    market.set("BTCUSDT", MarketSetting(CHANGE, shock=shock))
    assert market.path("BTCUSDT").price_at(CHANGE + SECOND) == pytest.approx(50_000 * UNIT, rel=0.002)


def test_a_trend_carries_the_price_away_but_not_to_infinity() -> None:
    market = changed(MarketSetting(CHANGE, trend=0.1))
    assert ratio(market, "BTCUSDT", CHANGE + 3 * DAY) == pytest.approx(math.exp(0.3), rel=0.03)
    assert 3 < ratio(market, "BTCUSDT", CHANGE + 3000 * DAY) < 30


def test_volatility_makes_moves_larger_and_candles_longer() -> None:
    wild = changed(MarketSetting(CHANGE, volatility=3.0)).path("BTCUSDT")
    end = CHANGE + 3 * DAY
    moves = [np.diff(np.log(each.candles("1m", CHANGE, end).close)).std() for each in (wild, path("BTCUSDT"))]
    assert moves[0] == pytest.approx(3 * moves[1], rel=0.25)
    ranges = [
        np.mean(each.candles("1h", CHANGE, end).high - each.candles("1h", CHANGE, end).low)
        for each in (wild, path("BTCUSDT"))
    ]
    assert ranges[0] == pytest.approx(3 * ranges[1], rel=0.35)


def test_a_calm_market_again_goes_on_from_where_the_wild_one_was() -> None:
    end = CHANGE + 2 * DAY
    market = changed(MarketSetting(CHANGE, volatility=3.0), MarketSetting(end))
    wild = changed(MarketSetting(CHANGE, volatility=3.0))
    assert market.path("BTCUSDT").price_at(end - SECOND) == wild.path("BTCUSDT").price_at(end - SECOND)
    left = ratio(market, "BTCUSDT", end + SECOND)
    assert ratio(market, "BTCUSDT", end + 50 * DAY) == pytest.approx(left, rel=0.005)


def test_crosses_follow_a_shock_of_a_leg() -> None:
    market = changed(MarketSetting(CHANGE, shock=-0.2))
    for symbol in ("ETHBTC", "BNBBTC"):
        for later in (SECOND, 10 * MINUTE, DAY):
            assert ratio(market, symbol, CHANGE + later) == pytest.approx(math.exp(0.2), rel=0.01)
    assert ratio(market, "ETHUSDT", CHANGE + DAY) == 1


def test_crosses_follow_a_shock_while_it_fades() -> None:
    market = changed(MarketSetting(CHANGE, shock=-0.3, half_life=600))
    for minutes, left in ((0, 0.3), (5, 0.212), (10, 0.15), (30, 0.0375)):
        later = CHANGE + minutes * MINUTE + SECOND
        assert ratio(market, "ETHBTC", later) == pytest.approx(math.exp(left), rel=0.01)


def test_a_cross_with_a_setting_of_its_own_follows_its_legs_too() -> None:
    market = changed(MarketSetting(CHANGE, shock=0.1), symbol="ETHBTC")
    market.set("BTCUSDT", MarketSetting(CHANGE + HOUR, shock=-0.2))
    assert ratio(market, "ETHBTC", CHANGE + MINUTE) == pytest.approx(math.exp(0.1), rel=0.01)
    assert ratio(market, "ETHBTC", CHANGE + 2 * HOUR) == pytest.approx(math.exp(0.3), rel=0.01)


@given(
    st.sampled_from(("BTCUSDT", "ETHBTC")),
    st.sampled_from(("15m", "1h", "4h", "1d")),
    st.integers(0, 3 * 86_400),
    st.floats(0.5, 4),
    st.floats(-0.5, 0.5),
)
@settings(max_examples=15, deadline=None)
def test_intervals_agree_across_a_change(
    symbol: str, interval: str, second: int, volatility: float, shock: float
) -> None:
    time = NOON + second * SECOND
    market = changed(MarketSetting(time, volatility, 0.0, shock), MarketSetting(time + 5 * HOUR, shock=0.1))
    whole = market.path(symbol).candles(interval, time - 2 * DAY, time + 2 * DAY)
    parts = market.path(symbol).candles("1m", int(whole.open_time[0]), int(whole.close_time[-1]))
    assert_adds_up(whole, parts)
    minutes = market.path(symbol).candles("1m", time - 3 * MINUTE, time + 3 * MINUTE)
    assert_adds_up(
        minutes,
        market.path(symbol).candles("1s", int(minutes.open_time[0]), int(minutes.close_time[-1])),
    )


@pytest.mark.parametrize(
    "wrong", [{"volatility": -1.0}, {"shock": 11.0}, {"trend": float("nan")}, {"half_life": 0.0}]
)
def test_settings_no_market_can_follow_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadMarketParameters):
        MarketSetting(CHANGE, **wrong)


def test_a_setting_before_history_is_refused() -> None:
    bitcoin = PricePath(LISTING["BTCUSDT"], 1)
    with pytest.raises(OutsideHistory):
        bitcoin.under(MarketSetting(0, shock=0.1))


@pytest.mark.parametrize("looks", [(0, 1, 2, 3), (0,), (1, 2), (3,)])
def test_it_makes_no_difference_whether_anybody_looked_between_two_settings(looks: tuple[int, ...]) -> None:
    watched, unwatched = changed(), changed()
    quarter = NOON // (15 * MINUTE)
    for number, (second, symbol) in enumerate(
        [(0, "BTCUSDT"), (100, "BTCUSDT"), (300, "ETHBTC"), (300, "BTCUSDT")]
    ):
        if number in looks:
            for name in ("BTCUSDT", "ETHBTC"):
                watched.path(name).seconds(quarter)
        setting = MarketSetting(NOON + second * SECOND, volatility=2.0, shock=0.05, half_life=60)
        watched.set(symbol, setting)
        unwatched.set(symbol, setting)
    for name in ("BTCUSDT", "ETHBTC"):
        for each in (quarter, quarter + 1):
            assert watched.path(name).seconds(each) == unwatched.path(name).seconds(each)
