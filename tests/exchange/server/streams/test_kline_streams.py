"""Candles as they grow and when they are finished."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.exchanges import START
from tests.exchange.server.streams.watching import MINUTE, SECOND, Watched, watching
from veighna_ext.exchange.faults import Faults
from veighna_ext.exchange.server.streams import klines
from veighna_ext.exchange.statistics.intervals import DAY, HOUR

FULL_MINUTE = START // MINUTE * MINUTE + MINUTE


def candles(events: list[Any]) -> list[tuple[int, bool, int]]:
    """Each event's candle: the minutes from the first full one to it, whether it is closed, its trades."""
    return [
        ((event["k"]["t"] * 1000 - FULL_MINUTE) // MINUTE, event["k"]["x"], event["k"]["n"])
        for event in events
    ]


@pytest.fixture
def at_the_minute(market: Watched) -> Watched:
    """A market whose clock stands at the beginning of a minute, with one trade before."""
    market.trade("40000")
    market.venue.clock.now = FULL_MINUTE
    return market


def test_a_candle_grows_with_trades_and_is_told_every_two_seconds(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@kline_1m")
    for number in range(10):
        market.trade(str(40_000 + number), "0.1")
        market.pass_time(1)
    events = client.take()
    assert [(event["k"]["c"], event["k"]["n"], event["k"]["x"]) for event in events] == [
        (f"{40_000 + number}.00000000", number + 1, False) for number in (1, 3, 5, 7, 9)
    ]
    last = events[-1]["k"]
    assert (last["t"], last["T"]) == (FULL_MINUTE // 1000, FULL_MINUTE // 1000 + 59_999)
    assert (last["o"], last["h"], last["l"]) == ("40000.00000000", "40009.00000000", "40000.00000000")
    assert (last["f"], last["L"], last["v"]) == (1, 10, "1.00000000")


def test_candles_of_a_second_are_told_once_when_they_are_finished(at_the_minute: Watched) -> None:
    client = at_the_minute.listen("btcusdt@kline_1s")
    for _ in range(3):
        at_the_minute.trade("40000")
        at_the_minute.pass_time(1)
    told = [
        (event["k"]["t"] - FULL_MINUTE // 1000, event["k"]["x"], event["k"]["n"]) for event in client.take()
    ]
    assert told == [(second, True, 1) for second in (0, 1000, 2000)]


def test_nothing_is_told_while_nothing_trades_but_every_end_of_a_candle(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@kline_1m")
    market.pass_time(150)
    assert candles(client.take()) == [(0, False, 0), (0, True, 0), (1, True, 0)]


def test_a_finished_candle_comes_at_once_and_before_the_next_one(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@kline_1m")
    market.venue.clock.now = FULL_MINUTE + MINUTE - 1
    market.trade("40000")
    client.take()
    market.venue.clock.now = FULL_MINUTE + MINUTE
    market.trade("40100")
    market.beat()
    (finished,) = client.take()
    assert finished["E"] == (FULL_MINUTE + MINUTE) // 1000
    assert (finished["k"]["x"], finished["k"]["c"]) == (True, "40000.00000000")
    market.pass_time(2)
    assert candles(client.take()) == [(1, False, 1)]


def test_who_comes_in_the_last_moment_of_a_candle_is_told_its_end(at_the_minute: Watched) -> None:
    market = at_the_minute
    market.venue.clock.now = FULL_MINUTE + MINUTE - 1
    client = market.listen("btcusdt@kline_1m")
    market.venue.clock.now += 1
    market.beat()
    assert candles(client.take()) == [(0, True, 0)]


def test_a_market_without_a_price_has_no_candles(market: Watched) -> None:
    client = market.listen("btcusdt@kline_1s")
    market.pass_time(3)
    assert client.take() == []


def test_days_in_east_asia_begin_eight_hours_earlier(market: Watched) -> None:
    client = market.listen("btcusdt@kline_1d", "btcusdt@kline_1d@+08:00")
    market.trade("40000")
    market.pass_time(2)
    utc, shifted = (event["k"] for event in client.take())
    assert utc["t"] * 1000 % DAY == 0
    assert shifted["t"] * 1000 % DAY == DAY - 8 * HOUR
    assert utc["i"] == shifted["i"] == "1d"


def test_finished_candles_wait_while_market_data_is_stale(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@kline_1m")
    market.venue.live.faults.set(Faults(stale_md=True))
    market.pass_time(130)
    assert client.take() == []
    market.venue.live.faults.clear()
    market.beat()
    assert [each for each in candles(client.take()) if each[1]] == [(0, True, 0), (1, True, 0)]


def test_a_tape_that_is_sent_back_begins_other_candles(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@kline_1m", "btcusdt@trade", "btcusdt@aggTrade")
    market.trade("40000")
    market.pass_time(61)
    client.take()
    market.venue.clock.now = FULL_MINUTE - 5 * MINUTE
    market.trade("50000")
    market.trade("50001")
    market.pass_time(60)
    events = client.take()
    assert candles([each for each in events if each["e"] == "kline"]) == [(-5, False, 2), (-5, True, 2)]
    assert [each["t"] for each in events if each["e"] == "trade"] == [2, 3]
    assert [each["p"] for each in events if each["e"] == "aggTrade"] == ["50000.00000000", "50001.00000000"]


def test_a_tape_that_was_sent_back_may_wait_with_its_first_trade(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@trade")
    market.trade("40000")
    market.venue.clock.now -= 5 * MINUTE
    market.venue.quotes("BTCUSDT", (0, "39000", "1"))
    market.commit()
    market.trade("50000")
    assert [each["t"] for each in client.take()] == [1, 2]


def test_a_tape_that_jumps_ahead_does_not_bring_a_flood_of_candles(at_the_minute: Watched) -> None:
    market = at_the_minute
    client = market.listen("btcusdt@kline_1s")
    market.venue.clock.now += 365 * DAY
    market.beat()
    assert len(client.take()) == klines.MOST_AT_ONCE
    market.beat(klines.FARTHEST // klines.MOST_AT_ONCE)
    finished = [event["k"]["T"] for event in client.take() if event["k"]["x"]]
    assert len(finished) == klines.FARTHEST - klines.MOST_AT_ONCE
    assert finished[-1] == (market.venue.clock.now - 1) // 1000


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["1s", "1m", "3m"]),
    st.lists(
        st.tuples(
            st.integers(0, 100) | st.integers(0, 4000), st.sampled_from(["trade", "beat", "beat", "join"])
        ),
        max_size=60,
    ),
)
def test_every_candle_is_finished_exactly_once_and_in_order(
    interval: str, steps: list[tuple[int, str]]
) -> None:
    with watching() as market:
        market.trade("40000")
        first = market.listen(f"btcusdt@kline_{interval}")
        for tenths, action in steps:
            market.venue.clock.now += tenths * SECOND // 10
            if action == "trade":
                market.trade("40000", "0.1")
            elif action == "join":
                market.listen(f"btcusdt@kline_{interval}")
            else:
                market.beat()
        market.beat(20)
        told = [(event["k"]["t"], event["k"]["x"]) for event in first.take()]
        now = market.venue.clock.now // 1000
    span = {"1s": 1000, "1m": 60_000, "3m": 180_000}[interval]
    opened = START // 1000 // span * span
    assert [each for each, is_closed in told if is_closed] == list(range(opened, now // span * span, span))
    assert told == sorted(told)
