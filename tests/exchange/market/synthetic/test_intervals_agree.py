"""Candles of different intervals tell the same story, to the last unit."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.market.synthetic.paths import NOON, ORIGIN, assert_adds_up, path
from veighna_ext.exchange.market.synthetic import LISTING, UnknownInterval
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, INTERVALS, MINUTE, SECOND

SYMBOLS = ("BTCUSDT", "TRXUSDT", "PEPEUSDT", "ETHBTC", "SOLBTC")
ALL = tuple(INTERVALS)


@pytest.mark.parametrize("symbol", LISTING)
def test_minutes_are_what_their_seconds_make(symbol: str) -> None:
    start = NOON - 3 * HOUR - 20 * MINUTE
    minutes = path(symbol).candles("1m", start, start + 40 * MINUTE)
    seconds = path(symbol).candles("1s", start, int(minutes.close_time[-1]))
    assert_adds_up(minutes, seconds)


@pytest.mark.parametrize("interval", ALL[2:])
@given(
    symbol=st.sampled_from(SYMBOLS),
    start=st.integers(ORIGIN, NOON - 60 * DAY),
    shift=st.one_of(st.just(0), st.sampled_from((480, -300, 345)), st.integers(-12 * 60, 14 * 60)),
)
@settings(max_examples=6, deadline=None)
def test_every_interval_is_what_its_minutes_make(interval: str, symbol: str, start: int, shift: int) -> None:
    candles = path(symbol).candles(interval, start, NOON, 3, shift)
    minutes = path(symbol).candles("1m", int(candles.open_time[0]), int(candles.close_time[-1]))
    assert_adds_up(candles, minutes)


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize(("longer", "shorter"), [("1M", "1d"), ("1w", "1d"), ("3d", "1d"), ("1d", "1h")])
def test_years_agree_too(symbol: str, longer: str, shorter: str) -> None:
    candles = path(symbol).candles(longer, ORIGIN + 10 * DAY, NOON)
    parts = path(symbol).candles(shorter, int(candles.open_time[0]), int(candles.close_time[-1]))
    assert_adds_up(candles, parts)


def test_weeks_begin_on_mondays_and_months_on_the_first_where_the_reader_is() -> None:
    for shift in (0, 480, -210):
        zone = timezone(timedelta(minutes=shift))
        for row in path("ETHUSDT").candles("1w", None, NOON, 50, shift).rows():
            opened = datetime.fromtimestamp(row.open_time / SECOND, zone)
            assert (opened.weekday(), opened.hour, opened.minute) == (0, 0, 0)
        for row in path("ETHUSDT").candles("1M", None, NOON, 50, shift).rows():
            opened = datetime.fromtimestamp(row.open_time / SECOND, zone)
            closed = datetime.fromtimestamp((row.close_time + 1) / SECOND, zone)
            assert (opened.day, opened.hour, opened.minute) == (1, 0, 0)
            assert (closed.day, closed.month % 12) == (1, (opened.month + 1) % 12)


def test_a_first_week_that_began_before_history_has_its_days_in_history() -> None:
    week = path("BTCUSDT").candles("1w", None, ORIGIN + DAY, 1)
    days = path("BTCUSDT").candles("1d", ORIGIN, int(week.close_time[0]))
    assert len(days) == 5
    assert_adds_up(week, days)


def test_an_unknown_interval_is_named() -> None:
    with pytest.raises(UnknownInterval, match="7m"):
        path("BTCUSDT").candles("7m", None, NOON, 1)
