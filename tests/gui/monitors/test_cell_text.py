"""Values as a trader wants to read them."""

from __future__ import annotations

import math
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gui.monitors.samples import position
from veighna_ext.widgets.monitors.cell_text import (
    NO_VALUE,
    clock,
    fixed_number,
    money,
    one_line,
    plain_number,
    rank_of,
    text_of,
)
from veighna_ext.widgets.monitors.columns import Column, Kind


@pytest.mark.parametrize(("value", "text"), [
    (0.1 + 0.2, "0.3"), (5.0, "5"), (7, "7"), (0.0, "0"), (0.00001234, "0.00001234"),
    (1e15, "1000000000000000"), (-1.5, "-1.5"), (None, ""), (math.nan, NO_VALUE),
    (1.7976931348623157e308, NO_VALUE), ("n/a", "n/a"),
])
def test_a_number_has_no_float_noise(value: object, text: str) -> None:
    assert plain_number(value) == text


@pytest.mark.parametrize(("value", "digits", "text"), [
    (10.0, 2, "10.00"), (3300, 0, "3300"), (0.1 + 0.2, 1, "0.3"), (10.005, 2, "10.005"), (10.5, None, "10.5"),
    (None, 2, ""), (math.inf, 2, NO_VALUE),
])
def test_a_price_has_the_decimals_of_its_contract_unless_they_hide_something(
    value: float, digits: int | None, text: str
) -> None:
    assert fixed_number(value, digits) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 8))
def test_a_shown_price_is_the_price(value: float, digits: int) -> None:
    assert float(fixed_number(value, digits)) == pytest.approx(value, rel=1e-8, abs=1e-11)


def test_an_average_price_has_two_more_decimals_than_a_price() -> None:
    held = position()
    held.price = 10.123456
    assert text_of(Column("price", "", Kind.AVERAGE_PRICE, 8), lambda _symbol: 2)(held) == "10.1235"


@pytest.mark.parametrize(
    ("value", "text"), [(12.345, "12.35"), (0.0, "0.00"), (0.004, "0.004"), (-3, "-3.00")]
)
def test_a_profit_has_two_decimals_or_those_it_needs(value: float, text: str) -> None:
    assert money(value) == text


def test_a_time_shows_its_milliseconds_with_leading_zeros() -> None:
    local = datetime(2026, 1, 5, 9, 30, 1, 5000)  # noqa: DTZ001 - vnpy's log times are naive
    assert clock(local) == "09:30:01.005"
    assert clock(local.astimezone(timezone.utc)) == "09:30:01.005"
    assert clock(None) == ""


def test_a_message_of_several_lines_is_shown_on_one() -> None:
    assert one_line("Traceback:\n  File x\r\n    boom\n") == "Traceback: ⏎ File x ⏎ boom"


def test_what_is_no_number_sorts_before_all_numbers() -> None:
    rank = rank_of(Column("pnl", "", Kind.PROFIT, 8))
    ranks = [rank(position(pnl=value)) for value in (math.nan, -5.0, 3.0)]
    assert ranks == sorted(ranks)
