"""Where candles open and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.markets import intervals, shifts
from tests.exchange.statistics.reference import HOUR, MINUTE, moment
from veighna_ext.exchange.statistics.intervals import INTERVALS, BadTimeZone, parse_time_zone

any_time = st.integers(0, moment("2100-01-01"))


def test_all_intervals_of_binance_are_known() -> None:
    assert " ".join(INTERVALS) == "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M"


@given(intervals, any_time, shifts)
def test_a_candle_opens_where_the_calendar_says(interval: str, time: int, shift: int) -> None:
    assert INTERVALS[interval].open_of(time, shift) == reference.open_of(interval, time, shift)


@given(intervals, any_time, shifts)
def test_candles_follow_each_other_without_a_gap(interval: str, time: int, shift: int) -> None:
    kind = INTERVALS[interval]
    open_time = kind.open_of(time, shift)
    following = kind.after(open_time, 1, shift)
    assert open_time <= time <= kind.close_of(open_time, shift) == following - 1
    assert kind.open_of(following - 1, shift) == open_time
    assert kind.open_of(following, shift) == following
    assert kind.after(following, -1, shift) == open_time


@given(intervals, any_time, st.integers(0, 1200), shifts)
def test_steps_of_many_candles_are_as_many_single_steps(
    interval: str, time: int, count: int, shift: int
) -> None:
    kind = INTERVALS[interval]
    first = kind.open_of(time, shift)
    last = first
    for _ in range(count % 40):
        last = kind.after(last, 1, shift)
    assert kind.after(first, count % 40, shift) == last
    assert kind.after(kind.after(first, count, shift), -count, shift) == first


@given(intervals, any_time, shifts)
def test_the_first_open_from_a_moment_is_not_before_it(interval: str, time: int, shift: int) -> None:
    kind = INTERVALS[interval]
    first = kind.first_from(time, shift)
    assert first >= time
    assert kind.after(first, -1, shift) < time


@pytest.mark.parametrize(
    ("interval", "time", "opens"),
    [
        ("1s", "2024-02-29 12:34:56.789", "2024-02-29 12:34:56"),
        ("3m", "2024-02-29 12:34:56", "2024-02-29 12:33"),
        ("8h", "2024-02-29 15:59:59", "2024-02-29 08:00"),
        ("3d", "2024-02-28 12:34", "2024-02-26"),
        ("1w", "2024-03-03 23:59", "2024-02-26"),
        ("1w", "2024-03-04 00:00", "2024-03-04"),
        ("1M", "2024-02-29 23:59:59", "2024-02-01"),
    ],
)
def test_opens_in_utc(interval: str, time: str, opens: str) -> None:
    assert INTERVALS[interval].open_of(moment(time)) == moment(opens)


def test_a_day_in_shanghai_opens_at_four_in_the_afternoon_of_utc() -> None:
    assert INTERVALS["1d"].open_of(moment("2024-03-01 15:59"), 8 * HOUR) == moment("2024-02-29 16:00")
    assert INTERVALS["1d"].open_of(moment("2024-03-01 16:00"), 8 * HOUR) == moment("2024-03-01 16:00")


def test_months_differ_in_length_also_in_kathmandu() -> None:
    shift = 5 * HOUR + 45 * MINUTE
    month = INTERVALS["1M"]
    february = month.open_of(moment("2024-02-10"), shift)
    assert february == moment("2024-01-31 18:15")
    assert month.close_of(february, shift) == moment("2024-02-29 18:15") - 1
    assert month.after(february, 12, shift) == moment("2025-01-31 18:15")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("0", 0),
        ("8", 8),
        ("-1:00", -1),
        ("05:45", 5.75),
        ("+08:00", 8),
        ("-0:30", -0.5),
        ("-12:00", -12),
        ("14", 14),
    ],
)
def test_time_zones_as_binance_takes_them(text: str, hours: float) -> None:
    assert parse_time_zone(text) == hours * HOUR


@pytest.mark.parametrize(
    "text", ["", "14:01", "-12:01", "15", "8:60", "8:5", "UTC", "1.5", "--8", "8:00:00", " 8", "٨"]
)
def test_other_time_zones_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadTimeZone, match="-12:00 and \\+14:00"):
        parse_time_zone(text)
