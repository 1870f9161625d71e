"""Public trades and aggregate trades."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.markets import BEGIN, record_of, trades
from tests.exchange.statistics.reference import SECOND, Made
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics import AggregateTrade, Trade
from veighna_ext.exchange.statistics.trades import TradeOutOfOrder

gaps = st.one_of(st.just(0), st.integers(0, 3 * SECOND))
market = trades(most=60, gaps=gaps)


def shown(made: list[Made]) -> list[Trade]:
    """The trades as they are given out."""
    return [
        Trade(trade.trade_id, trade.price, trade.quantity, trade.time, trade.buyer_is_maker) for trade in made
    ]


@given(market, st.integers(1, 30), st.integers(1, 70), st.integers(-3, 70))
def test_recent_and_older_trades_are_given_from_those_kept(
    made: list[Made], kept: int, limit: int, from_id: int
) -> None:
    record = record_of(made, trades_kept=kept)
    remembered = shown(made)[-kept:]
    assert record.trades.recent(limit) == remembered[-limit:]
    assert (
        record.trades.from_id(from_id, limit)
        == [trade for trade in remembered if trade.trade_id >= from_id][:limit]
    )


@settings(max_examples=100)
@given(
    market,
    st.integers(1, 80),
    st.none() | st.integers(-2, 60),
    st.none() | st.integers(-SECOND, 60 * SECOND),
    st.none() | st.integers(-SECOND, 60 * SECOND),
    st.integers(1, 20),
)
def test_aggregates_are_found_by_id_and_time(
    made: list[Made], kept: int, from_id: int | None, start: int | None, end: int | None, limit: int
) -> None:
    start = None if start is None else BEGIN + start
    end = None if end is None else BEGIN + end
    oldest = max(len(made) - kept, 0)
    found = [
        aggregate
        for aggregate in reference.aggregates(made)
        if aggregate.first_id >= oldest
        and (from_id is None or aggregate.aggregate_id >= from_id)
        and (start is None or aggregate.time >= start)
        and (end is None or aggregate.time <= end)
    ]
    page = found[-limit:] if from_id is None and start is None else found[:limit]
    record = record_of(made, trades_kept=kept)
    assert record.aggregates.query(from_id, start, end, limit) == page
    assert record.aggregates.next_id == len(reference.aggregates(made))


def test_one_takers_fills_at_one_price_are_one_aggregate() -> None:
    record = record_of([])
    ten, eleven = 10 * UNIT, 11 * UNIT
    rows = [(ten, 1, 501), (ten, 2, 501), (eleven, 3, 501), (eleven, 4, 502), (eleven, 5, 502)]
    for trade_id, (price, quantity, taker_id) in enumerate(rows):
        record.record(trade_id, BEGIN, price, quantity, False, taker_id)
    assert record.aggregates.query() == [
        AggregateTrade(0, ten, 3, 0, 1, BEGIN, False),
        AggregateTrade(1, eleven, 3, 2, 2, BEGIN, False),
        AggregateTrade(2, eleven, 9, 3, 4, BEGIN, False),
    ]


def test_a_taker_who_comes_back_later_begins_a_new_aggregate() -> None:
    record = record_of([])
    record.record(0, BEGIN, UNIT, 1, False, 7)
    record.record(1, BEGIN + 1, UNIT, 2, False, 7)
    assert [aggregate.quantity for aggregate in record.aggregates.query()] == [1, 2]


def test_trades_of_unknown_takers_are_never_aggregated() -> None:
    record = record_of([])
    for trade_id in range(3):
        record.record(trade_id, BEGIN, UNIT, UNIT, True)
    assert [aggregate.quantity for aggregate in record.aggregates.query()] == [UNIT] * 3


def test_new_aggregates_are_asked_for_by_the_next_id() -> None:
    record = record_of([])
    record.record(0, BEGIN, UNIT, 5, True, 1)
    told = record.aggregates.next_id
    record.record(1, BEGIN + 1, UNIT, 6, True, 2)
    record.record(2, BEGIN + 1, UNIT, 7, True, 2)
    assert record.aggregates.query(from_id=told) == [AggregateTrade(1, UNIT, 13, 1, 2, BEGIN + 1, True)]


def test_an_aggregate_that_lost_trades_is_no_longer_given() -> None:
    record = record_of([], trades_kept=2)
    for trade_id in range(3):
        record.record(trade_id, BEGIN, UNIT, 1, False, 9)
    record.record(3, BEGIN, 2 * UNIT, 1, False, 9)
    assert [aggregate.first_id for aggregate in record.aggregates.query()] == [3]


def test_ids_may_begin_anywhere_but_must_follow_each_other() -> None:
    record = record_of([])
    record.record(1000, BEGIN, UNIT, UNIT, False)
    record.record(1001, BEGIN, UNIT, UNIT, False)
    assert [trade.trade_id for trade in record.trades.recent(5)] == [1000, 1001]
    assert record.candles.query("1m", BEGIN)[0].trades == 2
    with pytest.raises(TradeOutOfOrder, match="trade 1003 was recorded where trade 1002 must follow"):
        record.record(1003, BEGIN, UNIT, UNIT, False)


def test_only_about_the_kept_trades_stay_in_memory() -> None:
    record = record_of([], trades_kept=1000)
    for trade_id in range(20_000):
        record.record(trade_id, BEGIN + trade_id * SECOND // 100, UNIT, UNIT, False, trade_id)
    assert len(record.trades.times) <= 1000 * 1.25 + 100
    assert len(record.trades.aggregate_starts) <= 1000 * 1.25 + 100
    assert [aggregate.first_id for aggregate in record.aggregates.query(from_id=19_500, limit=2)] == [
        19_500,
        19_501,
    ]
    assert sum(day.trades for day in record.candles.query("1d", BEGIN + 200 * SECOND)) == 20_000
