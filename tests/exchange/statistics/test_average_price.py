"""The average price that filters measure against."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.markets import BEGIN, record_of, trades
from tests.exchange.statistics.reference import HOUR, MINUTE, SECOND, Made
from veighna_ext.exchange.amounts import UNIT

gaps = st.one_of(st.just(0), st.integers(0, SECOND), st.integers(0, 3 * MINUTE), st.integers(0, 5 * HOUR))


def expected(made: list[Made], minutes: int, now: int) -> int:
    """The average over whole seconds, else the last price."""
    begin = now // SECOND * SECOND - minutes * MINUTE
    inside = [trade for trade in made if trade.time >= begin]
    if inside:
        return reference.average_price(inside)
    return made[-1].price if made else 0


@settings(max_examples=80)
@given(
    trades(gaps=gaps),
    st.sampled_from([1, 5, 60]),
    st.lists(st.integers(0, 90 * SECOND), min_size=40, max_size=40),
)
def test_the_average_is_that_of_the_trades_in_the_window_whenever_asked(
    made: list[Made], minutes: int, delays: list[int]
) -> None:
    record = record_of([], seconds_kept_minutes=60)
    for place, (trade, delay) in enumerate(zip(made, delays, strict=False)):
        record.record(*trade)
        following = made[place + 1].time if place + 1 < len(made) else trade.time + delay
        for now in (trade.time, min(trade.time + delay, following)):
            assert record.average_price(minutes, now) == expected(made[: place + 1], minutes, now)


@given(trades(gaps=gaps), st.integers(0, HOUR))
def test_an_average_first_asked_late_is_the_same(made: list[Made], delay: int) -> None:
    now = (made[-1].time if made else BEGIN) + delay
    assert record_of(made).average_price(5, now) == expected(made, 5, now)


def test_larger_trades_weigh_more() -> None:
    record = record_of([])
    record.record(0, BEGIN, 10 * UNIT, 3 * UNIT, False)
    record.record(1, BEGIN, 20 * UNIT, UNIT, False)
    assert record.average_price(5, BEGIN) == 12_50000000


@pytest.mark.parametrize("minutes_kept", [10, 120])
def test_a_busy_market_that_nobody_asked_about_for_hours(minutes_kept: int) -> None:
    record = record_of([], trades_kept=100, seconds_kept_minutes=minutes_kept)
    made = [
        Made(trade_id, BEGIN + trade_id * 2 * SECOND, UNIT + trade_id, UNIT, False, None)
        for trade_id in range(3000)
    ]
    for trade in made:
        record.record(*trade)
        if trade.trade_id in {0, 5, 2990, 2999}:
            told = made[: trade.trade_id + 1]
            assert record.average_price(5, trade.time) == expected(told, 5, trade.time)


def test_an_average_longer_than_the_seconds_kept_is_refused() -> None:
    with pytest.raises(ValueError, match="61 minutes"):
        record_of([], seconds_kept_minutes=60).average_price(61, BEGIN)
