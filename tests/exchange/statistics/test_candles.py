"""Candles of what traded."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.markets import BEGIN, intervals, record_of, shifts, trades
from tests.exchange.statistics.reference import DAY, HOUR, MINUTE, SECOND, Made, moment
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics import Candle

ALL_SECONDS = 60 * 24 * 365 * 10
bounds = st.none() | st.floats(-0.2, 1.2)


def between(made: list[Made], place: float | None) -> int | None:
    """A moment somewhere along the trades."""
    if place is None:
        return None
    return BEGIN + int(place * ((made[-1].time if made else BEGIN) - BEGIN + HOUR))


@settings(max_examples=200)
@given(trades(), intervals, bounds, bounds, st.integers(1, 25), shifts, st.integers(0, 3 * HOUR))
def test_any_page_is_what_the_trades_add_up_to(
    made: list[Made],
    interval: str,
    start: float | None,
    end: float | None,
    limit: int,
    shift: int,
    later: int,
) -> None:
    now = (made[-1].time if made else BEGIN) + later
    query = (now, between(made, start), between(made, end), limit, shift)
    record = record_of(made, seconds_kept_minutes=ALL_SECONDS)
    assert record.candles.query(interval, *query) == reference.candles(made, interval, *query)


@given(trades(), intervals, shifts)
def test_asking_after_every_trade_changes_nothing(made: list[Made], interval: str, shift: int) -> None:
    record = record_of([])
    for trade in made:
        record.record(*trade)
        newest = record.candles.query(interval, trade.time, limit=1, shift=shift)
        told = [earlier for earlier in made if earlier.trade_id <= trade.trade_id]
        assert newest == reference.candles(told, interval, trade.time, None, None, 1, shift)
    assert record.state() == record_of(made).state()


def hundred_at(*times: str) -> list[Made]:
    """Trades of one coin each at 100, 101, … from buyers who take."""
    return [
        Made(trade_id, moment(time), (100 + trade_id) * UNIT, UNIT, False, None)
        for trade_id, time in enumerate(times)
    ]


def test_a_candle_has_the_fields_of_a_kline() -> None:
    made = [
        Made(0, moment("2024-05-01 10:00:01"), 50 * UNIT, 2 * UNIT, False, 7),
        Made(1, moment("2024-05-01 10:00:30"), 52 * UNIT, 1 * UNIT, True, 8),
        Made(2, moment("2024-05-01 10:00:59.999999"), 49 * UNIT, UNIT // 2, True, 9),
        Made(3, moment("2024-05-01 10:01:00"), 51 * UNIT, UNIT, True, 9),
    ]
    first, second = record_of(made).candles.query("1m", moment("2024-05-01 10:01:30"))
    assert first == Candle(
        open_time=moment("2024-05-01 10:00"),
        open=50 * UNIT,
        high=52 * UNIT,
        low=49 * UNIT,
        close=49 * UNIT,
        volume=350_000_000,
        close_time=moment("2024-05-01 10:01") - 1,
        quote_volume=176_50000000,
        trades=3,
        taker_volume=2 * UNIT,
        taker_quote_volume=100 * UNIT,
    )
    assert (second.open_time, second.trades) == (moment("2024-05-01 10:01"), 1)


def test_quiet_minutes_are_flat_at_the_last_price_until_now() -> None:
    record = record_of(hundred_at("2024-05-01 10:00:10", "2024-05-01 10:03:10"))
    page = record.candles.query("1m", moment("2024-05-01 10:05:59"))
    assert [(candle.close // UNIT, candle.trades) for candle in page] == [
        (100, 1), (100, 0), (100, 0), (101, 1), (101, 0), (101, 0),
    ]  # fmt: skip
    assert page[1].open == page[1].high == page[1].low == 100 * UNIT
    assert page[1].volume == page[1].quote_volume == 0


def test_pages_follow_binances_rule_of_start_end_and_limit() -> None:
    record = record_of(hundred_at(*(f"2024-05-01 10:{minute:02}" for minute in range(10))))
    now = moment("2024-05-01 10:09:30")

    def minutes(start: str | None, end: str | None, limit: int) -> list[int]:
        first = None if start is None else moment(start)
        last = None if end is None else moment(end)
        page = record.candles.query("1m", now, first, last, limit)
        return [(candle.open_time - moment("2024-05-01 10:00")) // MINUTE for candle in page]

    assert minutes(None, None, 3) == [7, 8, 9]
    assert minutes("2024-05-01 10:02", None, 3) == [2, 3, 4]
    assert minutes("2024-05-01 10:02:00.000001", None, 3) == [3, 4, 5]
    assert minutes(None, "2024-05-01 10:05:59", 3) == [3, 4, 5]
    assert minutes("2024-05-01 10:02", "2024-05-01 10:03", 3) == [2, 3]
    assert minutes("2024-05-01 10:05", "2024-05-01 10:03", 3) == []
    assert minutes("2024-05-02 10:05", None, 3) == []


def test_before_the_first_trade_there_is_no_candle() -> None:
    record = record_of([])
    assert record.candles.query("1m", BEGIN) == []
    assert record.candles.streamed("1m", BEGIN) is None


def test_a_month_is_the_sum_of_its_days_in_every_time_zone() -> None:
    quarter_hours = [moment("2024-01-15") + step * 15 * MINUTE for step in range(96 * 60)]
    made = [
        Made(trade_id, time, UNIT + trade_id % 7, UNIT + trade_id, trade_id % 3 == 0, None)
        for trade_id, time in enumerate(quarter_hours)
    ]
    record = record_of(made)
    now = quarter_hours[-1]
    for shift in (0, 8 * HOUR, -(3 * HOUR + 30 * MINUTE)):
        february = record.candles.query("1M", now, limit=2, shift=shift)[0]
        days = record.candles.query("1d", now, february.open_time, february.close_time, 31, shift)
        assert len(days) == 29
        assert sum(day.volume for day in days) == february.volume
        assert sum(day.trades for day in days) == february.trades == 29 * 96
        assert days[-1].close == february.close


def test_an_hour_whose_only_minute_is_still_open_is_known() -> None:
    record = record_of(hundred_at("2024-05-01 00:00:05"))
    for interval in ("1m", "1h", "1d", "1M"):
        (candle,) = record.candles.query(interval, moment("2024-05-01 00:00:20"))
        assert (candle.open_time, candle.trades) == (moment("2024-05-01"), 1)


def test_the_oldest_page_begins_with_the_first_trade() -> None:
    made = hundred_at("2024-05-01 10:00:30", "2024-05-01 10:00:59")
    page = record_of(made).candles.query("1s", made[-1].time, start=0, limit=10)
    assert page == reference.candles(made, "1s", made[-1].time, made[0].time, None, 10, 0)


def test_one_second_candles_are_kept_for_a_bounded_time() -> None:
    begin = moment("2024-05-01 10:00")
    made = [Made(second, begin + second * SECOND, UNIT, UNIT, False, None) for second in range(10 * 60)]
    record = record_of(made, seconds_kept_minutes=5)
    now = made[-1].time
    page = record.candles.query("1s", now, start=begin, limit=1000)
    assert page[0].open_time == moment("2024-05-01 10:04")
    assert len(page) == 6 * 60 == len(record.candles.seconds)
    assert page == reference.candles(made, "1s", now, page[0].open_time, None, 1000, 0)
    assert len(record.candles.query("1m", now, start=begin)) == 10


def test_a_flat_second_after_the_forgotten_ones_has_the_price_before_it() -> None:
    made = hundred_at("2024-05-01 10:00:30", "2024-05-01 10:01:40", "2024-05-01 10:06:30")
    record = record_of(made, seconds_kept_minutes=5)
    now = moment("2024-05-01 10:07")
    for start in (0, moment("2024-05-01 10:01:30")):
        (oldest,) = record.candles.query("1s", now, start=start, limit=1)
        assert oldest.open_time == max(start, moment("2024-05-01 10:01"))
        assert oldest.close == 100 * UNIT


@given(trades(), intervals, shifts, st.integers(0, 39))
def test_a_streamed_candle_names_its_first_and_last_trade(
    made: list[Made], interval: str, shift: int, place: int
) -> None:
    if not made:
        return
    time = made[place % len(made)].time
    record = record_of(made, seconds_kept_minutes=ALL_SECONDS)
    streamed = record.candles.streamed(interval, time, shift)
    assert streamed is not None
    inside = [
        trade.trade_id
        for trade in made
        if streamed.candle.open_time <= trade.time <= streamed.candle.close_time
    ]
    assert streamed.candle == reference.candle(
        made, interval, reference.open_of(interval, time, shift), shift
    )
    assert (streamed.first_id, streamed.last_id) == (inside[0], inside[-1])


def test_a_streamed_candle_without_trades_has_no_trade_ids() -> None:
    record = record_of(hundred_at("2024-05-01 10:00:10"))
    streamed = record.candles.streamed("1m", moment("2024-05-01 10:04:10"))
    assert streamed is not None
    assert (streamed.candle.close, streamed.first_id, streamed.last_id) == (100 * UNIT, -1, -1)


def test_volumes_beyond_sixty_four_bits_stay_exact() -> None:
    begin = moment("2024-05-01 10:00")
    huge = 2**62
    made = [
        Made(step, begin + step * 20 * SECOND, 3 * UNIT, huge + step, step % 2 == 0, None)
        for step in range(600)
    ]
    record = record_of(made, seconds_kept_minutes=100)
    again = record_of([])
    again.restore(record.state())
    now = made[-1].time
    for interval in ("1s", "1m", "1h", "1d"):
        expected = reference.candles(made, interval, now, None, None, 100, 0)
        assert record.candles.query(interval, now, limit=100) == expected
        assert again.candles.query(interval, now, limit=100) == expected
    assert all(place >= 0 for place, _ in record.candles.seconds.state().large)
    record.record(600, now + DAY, UNIT, UNIT, False)
    assert record.candles.query("1d", now, limit=1)[0].volume == sum(trade.quantity for trade in made)


def test_a_time_before_the_last_trade_counts_as_the_last_trades() -> None:
    begin = moment("2024-05-01 10:00:30")
    record = record_of([])
    for trade_id, time in enumerate(accumulate([begin, 40 * SECOND, -20 * SECOND])):
        record.record(trade_id, time, UNIT, UNIT, False)
    assert [candle.trades for candle in record.candles.query("1m", begin + MINUTE)] == [1, 2]
    assert [trade.time for trade in record.trades.recent(3)] == [
        begin,
        begin + 40 * SECOND,
        begin + 40 * SECOND,
    ]
