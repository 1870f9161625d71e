"""Inside a minute there is one price for each second, and what traded can have traded at these prices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.market.synthetic.paths import NOON, ORIGIN, path
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.synthetic import LISTING, Candles
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, MINUTE, SECOND

SYMBOLS = ("BTCUSDT", "DOGEUSDT", "SHIBUSDT", "BNBBTC")


@given(st.sampled_from(SYMBOLS), st.integers(ORIGIN // MINUTE, NOON // MINUTE))
@settings(max_examples=40, deadline=None)
def test_prices_of_a_minute_begin_end_and_turn_where_its_candle_does(symbol: str, minute: int) -> None:
    (candle,) = path(symbol).candles("1m", minute * MINUTE, minute * MINUTE).rows()
    prices = [path(symbol).price_at(minute * MINUTE + second * SECOND) for second in range(61)]
    assert prices[0] == candle.open
    assert prices[60] == candle.close
    assert max(prices) == candle.high
    assert min(prices) == candle.low
    assert all(price % LISTING[symbol].tick == 0 for price in prices)


@given(st.sampled_from(SYMBOLS), st.integers(ORIGIN, NOON))
@settings(max_examples=40, deadline=None)
def test_between_two_seconds_the_price_is_between_theirs(symbol: str, time: int) -> None:
    before, after = (
        path(symbol).price_at(second * SECOND) for second in (time // SECOND, time // SECOND + 1)
    )
    assert min(before, after) <= path(symbol).price_at(time) <= max(before, after)


def assert_could_have_traded(candles: Candles) -> None:
    """Assert that prices enclose what each side paid, and that there are trades where there is volume."""
    assert (candles.high >= np.maximum(candles.open, candles.close)).all()
    assert (candles.low <= np.minimum(candles.open, candles.close)).all()
    assert (candles.low > 0).all()
    sold = candles.volume - candles.taker_volume, candles.quote_volume - candles.taker_quote_volume
    for volume, quote in (sold, (candles.taker_volume, candles.taker_quote_volume)):
        assert (volume >= 0).all()
        assert (quote >= candles.low * volume).all()
        assert (quote <= candles.high * volume).all()
    assert ((candles.trades > 0) == (candles.volume > 0)).all()
    assert (candles.trades <= candles.volume).all()
    moved = candles.open != candles.close
    assert (candles.trades[moved] >= 2).all()


@pytest.mark.parametrize("symbol", LISTING)
def test_what_traded_fits_the_prices(symbol: str) -> None:
    assert_could_have_traded(path(symbol).candles("1s", NOON - HOUR, NOON))
    assert_could_have_traded(path(symbol).candles("1m", NOON - 2 * DAY, NOON))
    assert_could_have_traded(path(symbol).candles("1d", None, None))


def test_amounts_are_whole_ticks_and_steps() -> None:
    for symbol, parameters in LISTING.items():
        for row in path(symbol).candles("1m", NOON - 10 * MINUTE, NOON).rows():
            for price in (row.open, row.high, row.low, row.close):
                assert price % parameters.tick == 0
            assert row.volume % parameters.step == 0
            assert row.quote_volume % (parameters.tick * parameters.step // UNIT) == 0


def test_amounts_beyond_64_bits_are_exact() -> None:
    candles = path("SHIBUSDT").candles("1M", None, NOON, 12)
    parameters = LISTING["SHIBUSDT"]
    rows = candles.rows()
    assert max(row.volume for row in rows) > 2**63
    assert [row.volume for row in rows] == [steps * parameters.step for steps in candles.volume.tolist()]
