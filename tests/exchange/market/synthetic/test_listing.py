"""The built-in symbols, and what a symbol's parameters must be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.synthetic import LISTING, BadMarketParameters


def test_there_are_two_dozen_pairs_and_a_few_crosses_of_them() -> None:
    crosses = [each for each in LISTING.values() if each.legs]
    assert len(LISTING) - len(crosses) >= 20
    assert len(crosses) >= 3
    for cross in crosses:
        numerator, denominator = cross.legs or ("", "")
        assert cross.symbol == numerator.removesuffix("USDT") + denominator.removesuffix("USDT")
        base = LISTING[numerator].base_price / LISTING[denominator].base_price * UNIT
        assert cross.base_price == pytest.approx(base, rel=0.02)


def test_every_trade_has_an_exact_quote_amount() -> None:
    for parameters in LISTING.values():
        assert parameters.tick * parameters.step % UNIT == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tick": 1, "step": 1}, "8 decimals"),
        ({"step": 0}, "above zero"),
        ({"base_price": 499 * 10**6}, "500"),
        ({"base_price": 10**9 * 10**6 + 10**6}, "1,000,000,000"),
        ({"daily_quote_volume": 2**62}, "too large"),
        ({"daily_volatility": 0.5}, "daily volatility"),
        ({"beta": 5.0}, "beta"),
        ({"steps_per_second": 0.0}, "steps per second"),
        ({"spread_bps": 0.0}, "spread"),
    ],
)
def test_parameters_no_market_can_honour_are_refused_by_name(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadMarketParameters, match=f"BTCUSDT.*{said}"):
        replace(LISTING["BTCUSDT"], **wrong)
