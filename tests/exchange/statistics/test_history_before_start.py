"""Candles and tickers across the moment the exchange started."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.markets import BEGIN, PastTrades, intervals, record_of, shifts, trades
from tests.exchange.statistics.reference import DAY, HOUR, MINUTE, SECOND, Made, moment
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics import Candle, PublicRecord

ALL_SECONDS = 60 * 24 * 365 * 10
short_gaps = st.one_of(st.integers(0, 5 * SECOND), st.integers(0, 20 * MINUTE), st.integers(0, 30 * HOUR))


def split(made: list[Made], place: int) -> tuple[list[Made], list[Made], int]:
    """The trades before a start, those since, and the start: a whole second."""
    started = made[place % len(made)].time // SECOND * SECOND if made else BEGIN
    past = [trade for trade in made if trade.time < started]
    return past, made[len(past) :], started


def recorded(past: list[Made], since: list[Made], started: int) -> PublicRecord:
    """A record that starts with such a past."""
    history = PastTrades(past, started)
    return record_of(since, started + 3, history, seconds_kept_minutes=ALL_SECONDS)


@settings(max_examples=120)
@given(
    trades(gaps=short_gaps),
    st.integers(0, 39),
    intervals,
    st.none() | st.integers(-2 * DAY, 10 * DAY),
    st.none() | st.integers(-2 * DAY, 10 * DAY),
    st.integers(1, 20),
    shifts,
)
def test_a_page_over_the_start_is_that_of_one_uninterrupted_market(
    made: list[Made], place: int, interval: str, start: int | None, end: int | None, limit: int, shift: int
) -> None:
    past, since, started = split(made, place)
    now = since[-1].time if since else started
    start = None if start is None else BEGIN + start
    end = None if end is None else BEGIN + end
    page = recorded(past, since, started).candles.query(interval, now, start, end, limit, shift)
    assert page == reference.candles(made, interval, now, start, end, limit, shift)


@settings(max_examples=100)
@given(trades(gaps=short_gaps), st.integers(0, 39), st.sampled_from([1, 59, 60, 240, 1440, 7 * 1440]))
def test_tickers_over_the_start_count_the_history(made: list[Made], place: int, minutes: int) -> None:
    past, since, started = split(made, place)
    if not since:
        return
    now = since[-1].time
    tickers = recorded(past, since, started).tickers
    tickers.last_day(now)
    ticker = tickers.rolling(minutes * MINUTE, now)
    inside = [trade for trade in made if trade.time >= ticker.open_time]
    before = [trade for trade in made if trade.time < ticker.open_time]
    assert ticker.trades == len(inside)
    assert ticker.volume == sum(trade.quantity for trade in inside)
    assert (ticker.open, ticker.last_price) == (inside[0].price, inside[-1].price)
    assert ticker.high == max(trade.price for trade in inside)
    assert ticker.previous_close == (before[-1].price if before else 0)
    assert (ticker.first_id, ticker.last_id) == (inside[0].trade_id, inside[-1].trade_id)


def past_of(start: str, end: str) -> list[Made]:
    """A trade a minute, a cent dearer each time."""
    times = range(moment(start), moment(end), MINUTE)
    return [
        Made(trade_id, time, UNIT + trade_id * 1_000_000, UNIT, False, None)
        for trade_id, time in enumerate(times)
    ]


def test_the_minute_of_the_start_has_both_parts() -> None:
    past = [
        Made(0, moment("2024-05-01 10:00:05"), 7 * UNIT, UNIT, False, None),
        Made(1, moment("2024-05-01 10:00:20"), 4 * UNIT, UNIT, True, None),
    ]
    started = moment("2024-05-01 10:00:40")
    record = record_of([], started, PastTrades(past, started))
    record.record(0, moment("2024-05-01 10:00:50"), 5 * UNIT, UNIT, False)
    (minute,) = record.candles.query("1m", moment("2024-05-01 10:00:59"))
    assert (minute.open, minute.high, minute.low, minute.close) == (7 * UNIT, 7 * UNIT, 4 * UNIT, 5 * UNIT)
    assert (minute.trades, minute.volume, minute.taker_volume) == (3, 3 * UNIT, 2 * UNIT)


def test_a_page_over_the_start_has_no_more_rows_than_asked_for() -> None:
    started = moment("2024-05-01 10:00")
    past = past_of("2024-05-01 09:30", "2024-05-01 10:00")
    record = record_of([], started, PastTrades(past, started))
    page = record.candles.query("1m", started + HOUR, start=started - 3 * MINUTE, limit=5)
    assert [candle.open_time - started for candle in page] == [step * MINUTE for step in (-3, -2, -1, 0, 1)]


def test_before_the_first_trade_candles_go_on_flat_from_the_history() -> None:
    started = moment("2024-05-01 10:00")
    past = past_of("2024-05-01 09:30", "2024-05-01 10:00")
    record = record_of([], started, PastTrades(past, started))
    page = record.candles.query("1m", started + 90 * SECOND, limit=3)
    assert [candle.trades for candle in page] == [1, 0, 0]
    assert page[1].open == page[2].close == past[-1].price
    assert record.candles.query("1m", started + 90 * SECOND, limit=1) == page[2:]
    streamed = record.candles.streamed("1h", started + 90 * SECOND)
    assert streamed is not None
    assert (streamed.candle.open, streamed.last_id) == (past[-1].price, -1)
    assert record.candles.streamed("1m", started - 1) is None


def test_a_ticker_before_the_first_trade_is_that_of_the_history() -> None:
    started = moment("2024-05-01 10:00")
    past = past_of("2024-04-28", "2024-05-01 10:00")
    ticker = record_of([], started, PastTrades(past, started)).tickers.last_day(started)
    assert (ticker.trades, ticker.last_price) == (24 * 60, past[-1].price)
    assert ticker.previous_close == past[-1441].price
    assert (ticker.first_id, ticker.last_id, ticker.last_quantity) == (-1, -1, 0)


def test_a_wider_window_reaches_further_back_than_the_one_before() -> None:
    started = moment("2024-05-10 10:00")
    past = [Made(hour, started - (150 - hour) * HOUR, UNIT + hour, UNIT, False, None) for hour in range(150)]
    tickers = record_of([], started, PastTrades(past, started)).tickers
    assert [tickers.rolling(days * DAY, started).trades for days in (1, 3, 7)] == [24, 72, 150]


def test_the_first_id_of_a_ticker_is_never_below_zero() -> None:
    started = moment("2024-05-01 10:00")
    past = past_of("2024-05-01 09:30", "2024-05-01 10:00")
    record = record_of([], started, PastTrades(past, started))
    record.record(0, started + SECOND, UNIT, UNIT, False)
    ticker = record.tickers.last_day(started + SECOND)
    assert (ticker.trades, ticker.first_id, ticker.last_id) == (31, 0, 0)


class CountedHistory(PastTrades):
    """Counts how often it is asked."""

    asked = 0

    def candles(
        self, interval: str, start: int | None, end: int | None, limit: int, shift: int
    ) -> Sequence[Candle]:
        """A page, and one more on the counter."""
        self.asked += 1
        return super().candles(interval, start, end, limit, shift)


class MinutesOnly(PastTrades):
    """Knows no seconds, as a file of minutes."""

    def candles(
        self, interval: str, start: int | None, end: int | None, limit: int, shift: int
    ) -> Sequence[Candle]:
        """A page, empty for seconds."""
        return [] if interval == "1s" else super().candles(interval, start, end, limit, shift)


def test_a_ticker_every_second_seldom_asks_the_history() -> None:
    started = moment("2024-05-01 10:20:30")
    past = past_of("2024-04-30 08:00", "2024-05-01 10:20")
    history = CountedHistory(past, started)
    record = record_of([], started, history)
    for second in range(0, 10 * 60, 10):
        record.tickers.last_day(started + second * SECOND)
        record.tickers.rolling(HOUR, started + second * SECOND)
    # the hours, the minutes of three hours and one second page; closes are found among those minutes
    assert history.asked <= 8


def test_the_close_before_a_window_is_that_of_the_minute_before_it() -> None:
    started = moment("2024-05-01 10:20:30")
    past = past_of("2024-04-30 08:00", "2024-05-01 10:20")
    tickers = record_of([], started, PastTrades(past, started)).tickers
    first = past[0].time
    for minutes in range(3 * 60):
        now = started + minutes * MINUTE
        window_opens = (now - DAY) // MINUTE
        before = past[window_opens - first // MINUTE - 1]
        assert tickers.last_day(now).previous_close == before.price


def test_the_close_before_a_window_can_be_hours_older() -> None:
    started = moment("2024-05-01 10:20:30")
    late = [moment("2024-04-30 03:05:10"), moment("2024-04-30 11:30:30"), moment("2024-05-01 10:20:10")]
    past = [Made(number, time, UNIT + number, UNIT, False, None) for number, time in enumerate(late)]
    tickers = record_of([], started, PastTrades(past, started)).tickers
    for minutes, place in ((0, 0), (60, 0), (70, 0), (71, 1), (72, 1), (200, 1)):
        assert tickers.last_day(started + minutes * MINUTE).previous_close == past[place].price


def test_a_source_without_seconds_still_gives_the_last_price() -> None:
    started = moment("2024-05-01 10:00:30")
    past = past_of("2024-05-01 09:30", "2024-05-01 10:00")
    record = record_of([], started, MinutesOnly(past, started))
    assert record.candles.query("1s", started, limit=1)[0].close == past[-1].price
