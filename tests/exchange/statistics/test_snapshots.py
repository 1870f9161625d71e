"""A record in a snapshot and back."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.statistics.markets import BEGIN, PastTrades, intervals, record_of, trades
from tests.exchange.statistics.reference import DAY, MINUTE, SECOND, Made
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics import PublicRecord, RecordState


def stored(record: PublicRecord) -> bytes:
    """A record's state as bytes."""
    return msgspec.msgpack.encode(record.state())


def restored(data: bytes, kept: int) -> PublicRecord:
    """A record from such bytes."""
    record = record_of([], 0, trades_kept=kept, seconds_kept_minutes=5)
    record.restore(msgspec.msgpack.decode(data, type=RecordState))
    return record


@settings(max_examples=60)
@given(trades(most=60), st.integers(0, 60), st.integers(1, 20), intervals, st.booleans())
def test_a_record_restored_midway_cannot_be_told_from_one_that_ran_on(
    made: list[Made], place: int, kept: int, interval: str, is_asked: bool
) -> None:
    running = record_of(made[:place], trades_kept=kept, seconds_kept_minutes=5)
    again = restored(stored(running), kept)
    for trade in made[place:]:
        running.record(*trade)
        again.record(*trade)
        if is_asked:
            again.average_price(5, trade.time)
            again.tickers.last_day(trade.time)
    now = made[-1].time if made else BEGIN
    assert stored(again) == stored(running)
    assert again.candles.query(interval, now, limit=50) == running.candles.query(interval, now, limit=50)
    assert again.candles.query("1s", now, start=BEGIN, limit=50) == running.candles.query(
        "1s", now, start=BEGIN, limit=50
    )
    assert again.aggregates.query() == running.aggregates.query()
    assert again.trades.recent(100) == running.trades.recent(100)
    assert again.tickers.rolling(7 * DAY, now) == running.tickers.rolling(7 * DAY, now)
    for later in (now, now + DAY):
        assert again.average_price(5, later) == running.average_price(5, later)


def test_a_restored_record_forgets_what_it_was() -> None:
    other = record_of([Made(0, BEGIN, 9 * UNIT, UNIT, False, None)])
    assert other.average_price(5, BEGIN) == 9 * UNIT
    other.restore(record_of([Made(0, BEGIN, 2 * UNIT, UNIT, False, None)]).state())
    assert other.average_price(5, BEGIN) == 2 * UNIT


def test_a_clock_that_went_back_over_a_restart_does_not_reorder_trades() -> None:
    record = restored(stored(record_of([Made(0, BEGIN, UNIT, UNIT, False, None)])), 10)
    record.record(1, BEGIN - MINUTE, UNIT, UNIT, False)
    assert [trade.time for trade in record.trades.recent(2)] == [BEGIN, BEGIN]


def test_the_snapshot_remembers_when_the_exchange_started() -> None:
    past = [Made(0, BEGIN - MINUTE, 5 * UNIT, UNIT, False, None)]
    first = record_of([], BEGIN, PastTrades(past, BEGIN))
    first.record(0, BEGIN + SECOND, 7 * UNIT, UNIT, False)
    later = PublicRecord(BEGIN + DAY, PastTrades(past, BEGIN))
    later.restore(first.state())
    page = later.candles.query("1m", BEGIN + SECOND, limit=2)
    assert page == first.candles.query("1m", BEGIN + SECOND, limit=2)
    assert [candle.close for candle in page] == [5 * UNIT, 7 * UNIT]
