"""Amounts go in and out as Binance prints them, and lose nothing on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veighna_ext.exchange.amounts import UNIT, NotAnAmount, format_amount, parse_amount, quote_amount


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("0", 0),
        ("0.00000001", 1),
        ("1", UNIT),
        ("007.5", 750_000_000),
        ("12345678901.12345678", 1_234_567_890_112_345_678),
        ("0.100000000000", UNIT // 10),
    ],
)
def test_a_plain_decimal_number_is_read_exactly(text: str, units: int) -> None:
    assert parse_amount(text) == units


@pytest.mark.parametrize(
    "text", ["", ".", "1.", ".5", "-1", "+1", "1e-5", "1,000", " 1", "1 ", "0x1", "٣", "nan", "1.2.3"]
)
def test_anything_else_is_named_and_refused(text: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parse_amount(text)
    assert repr(text) in str(refusal.value)
    assert not refusal.value.too_precise


def test_a_ninth_decimal_is_too_precise_unless_it_is_zero() -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parse_amount("0.000000001")
    assert refusal.value.too_precise
    assert parse_amount("0.000000010") == 1


@given(st.integers(-(10**26), 10**26))
def test_every_amount_is_printed_with_eight_decimals(units: int) -> None:
    text = format_amount(units)
    assert Decimal(text) == Decimal(units).scaleb(-8)
    assert len(text.partition(".")[2]) == 8
    if units >= 0:
        assert parse_amount(text) == units


def test_zero_is_printed_as_depth_caches_compare_it() -> None:
    assert format_amount(0) == "0.00000000"


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_price_times_quantity_is_exact_where_tick_times_step_is(ticks: int, steps: int) -> None:
    price, quantity = ticks * UNIT // 100, steps * UNIT // 100_000
    assert Decimal(quote_amount(price, quantity)) == Decimal(price) * Decimal(quantity) / UNIT
