"""Every event has exactly the fields of Binance's documents, with values of the same kinds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.streams.watching import MINUTE, Watched
from veighna_ext.exchange import enums

AMOUNT, TIME, ID, TEXT, FLAG = "amount", "time", "id", "text", "flag"
LEVELS = "levels"

TRADE = {
    "e": "trade",
    "E": TIME,
    "s": TEXT,
    "t": ID,
    "p": AMOUNT,
    "q": AMOUNT,
    "T": TIME,
    "m": FLAG,
    "M": FLAG,
}
AGGREGATE = {
    "e": "aggTrade", "E": TIME, "s": TEXT, "a": ID, "p": AMOUNT, "q": AMOUNT, "f": ID, "l": ID, "T": TIME,
    "m": FLAG, "M": FLAG,
}  # fmt: skip
KLINE = {
    "e": "kline", "E": TIME, "s": TEXT,
    "k": {
        "t": TIME, "T": TIME, "s": TEXT, "i": TEXT, "f": ID, "L": ID, "o": AMOUNT, "c": AMOUNT, "h": AMOUNT,
        "l": AMOUNT, "v": AMOUNT, "n": ID, "x": FLAG, "q": AMOUNT, "V": AMOUNT, "Q": AMOUNT, "B": TEXT,
    },
}  # fmt: skip
MINI_TICKER = {
    "e": "24hrMiniTicker", "E": TIME, "s": TEXT, "c": AMOUNT, "o": AMOUNT, "h": AMOUNT, "l": AMOUNT,
    "v": AMOUNT, "q": AMOUNT,
}  # fmt: skip
TICKER = {
    "e": "24hrTicker", "E": TIME, "s": TEXT, "p": AMOUNT, "P": TEXT, "w": AMOUNT, "x": AMOUNT, "c": AMOUNT,
    "Q": AMOUNT, "b": AMOUNT, "B": AMOUNT, "a": AMOUNT, "A": AMOUNT, "o": AMOUNT, "h": AMOUNT, "l": AMOUNT,
    "v": AMOUNT, "q": AMOUNT, "O": TIME, "C": TIME, "F": ID, "L": ID, "n": ID,
}  # fmt: skip
ROLLING = {
    "e": "1hTicker", "E": TIME, "s": TEXT, "p": AMOUNT, "P": TEXT, "o": AMOUNT, "h": AMOUNT, "l": AMOUNT,
    "c": AMOUNT, "w": AMOUNT, "v": AMOUNT, "q": AMOUNT, "O": TIME, "C": TIME, "F": ID, "L": ID, "n": ID,
}  # fmt: skip
BOOK_TICKER = {"u": ID, "s": TEXT, "b": AMOUNT, "B": AMOUNT, "a": AMOUNT, "A": AMOUNT}
AVERAGE = {"e": "avgPrice", "E": TIME, "s": TEXT, "i": "5m", "w": AMOUNT, "T": TIME}
PART = {"lastUpdateId": ID, "bids": LEVELS, "asks": LEVELS}
DIFF = {"e": "depthUpdate", "E": TIME, "s": TEXT, "U": ID, "u": ID, "b": LEVELS, "a": LEVELS}
REFERENCE = {"e": "referencePrice", "s": TEXT, "r": None, "t": TIME}

SHAPES = {
    "btcusdt@trade": TRADE, "btcusdt@aggTrade": AGGREGATE, "btcusdt@kline_1m": KLINE,
    "btcusdt@kline_1d@+08:00": KLINE, "btcusdt@miniTicker": MINI_TICKER, "btcusdt@ticker": TICKER,
    "btcusdt@ticker_1h": ROLLING, "btcusdt@ticker_4h": {**ROLLING, "e": "4hTicker"},
    "btcusdt@ticker_1d": {**ROLLING, "e": "1dTicker"}, "btcusdt@bookTicker": BOOK_TICKER,
    "btcusdt@avgPrice": AVERAGE, "btcusdt@depth5": PART, "btcusdt@depth10@100ms": PART,
    "btcusdt@depth20@1000ms": PART, "btcusdt@depth": DIFF, "btcusdt@depth@100ms": DIFF,
    "btcusdt@depth@1000ms": DIFF, "btcusdt@referencePrice": REFERENCE, "!bookTicker": BOOK_TICKER,
    "!miniTicker@arr": [MINI_TICKER], "!ticker@arr": [TICKER], "!ticker_1h@arr": [ROLLING],
}  # fmt: skip


def assert_shape(value: Any, shape: Any, divisor: int = 1000) -> None:
    """Assert that a value has the fields of a shape and no others, in the documents' order."""
    if isinstance(shape, dict):
        assert list(value) == list(shape)
        for field, kind in shape.items():
            assert_shape(value[field], kind, divisor)
    elif isinstance(shape, list):
        assert value
        for each in value:
            assert_shape(each, shape[0], divisor)
    elif shape == AMOUNT:
        whole, _, decimals = value.removeprefix("-").partition(".")
        assert whole.isdigit()
        assert len(decimals) == 8
        assert decimals.isdigit()
    elif shape == TIME:
        assert type(value) is int
        assert abs(value - START // divisor) <= 31 * 1440 * MINUTE // divisor
    elif shape == ID:
        assert type(value) is int
    elif shape == FLAG:
        assert type(value) is bool
    elif shape == LEVELS:
        assert value
        for price, quantity in value:
            assert_shape(price, AMOUNT)
            assert_shape(quantity, AMOUNT)
    elif shape == TEXT:
        assert type(value) is str
    else:
        assert value == shape


def let_something_happen(market: Watched) -> None:
    """Change the book, trade, and let the clock reach the turn of every stream."""
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"), (enums.SELL, "40010", "3"))
    market.trade("40000", "0.5")
    market.pass_time(2)


@pytest.mark.parametrize("name", SHAPES)
def test_an_event_has_the_documented_fields(market: Watched, name: str) -> None:
    client = market.listen(name)
    let_something_happen(market)
    events = client.take()
    assert events
    for event in events:
        assert_shape(event, SHAPES[name])


@pytest.mark.parametrize("name", SHAPES)
def test_a_combined_event_is_the_raw_one_with_its_streams_name(market: Watched, name: str) -> None:
    raw, combined = market.listen(name), market.listen(name, combined=True)
    let_something_happen(market)
    assert combined.take() == [{"stream": name, "data": event} for event in raw.take()]


@pytest.mark.parametrize("name", SHAPES)
def test_times_come_in_microseconds_for_those_who_asked(market: Watched, name: str) -> None:
    fine = market.connect("/stream", streams=name, timeUnit="microsecond")
    coarse = market.connect("/stream", streams=name, timeUnit="MILLISECOND")
    let_something_happen(market)
    events = fine.take()
    for event, other in zip(events, coarse.take(), strict=True):
        assert_shape(event["data"], SHAPES[name], divisor=1)
        assert_shape(other["data"], SHAPES[name], divisor=1000)
    assert events


def test_no_blocks_are_traded(market: Watched) -> None:
    client = market.listen("btcusdt@blockTrade")
    let_something_happen(market)
    assert client.take() == []


def test_an_unknown_stream_stays_silent(market: Watched) -> None:
    client = market.connect("/ws/0")
    client.subscribe("nosuchusdt@trade", "BTCUSDT@trade", "btcusdt@nosuch")
    let_something_happen(market)
    assert client.take() == []


def test_a_client_that_changes_its_mind_gets_later_events_in_the_new_form(market: Watched) -> None:
    client, other = market.listen("btcusdt@trade"), market.listen("btcusdt@trade")
    market.trade("40000")
    assert [event["t"] for event in client.take()] == [0]
    client.say({"method": "SET_PROPERTY", "params": ["combined", True], "id": 1})
    market.trade("40001")
    assert [(event["stream"], event["data"]["t"]) for event in client.take()] == [("btcusdt@trade", 1)]
    assert [event["t"] for event in other.take()] == [0, 1]
    client.unsubscribe("btcusdt@trade")
    market.trade("40002")
    assert client.take() == []
