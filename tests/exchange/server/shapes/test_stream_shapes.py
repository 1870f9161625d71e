"""Payloads of every market stream, bare and combined, as they come from a market that moves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.venue import Venue
from tests.exchange.server.process import Talk
from tests.exchange.server.shapes import envelopes, payloads, stage
from tests.exchange.server.shapes.asking import RestAsker
from tests.exchange.server.shapes.conftest import trader
from tests.exchange.server.shapes.reading import read

STREAMS: dict[str, Any] = {
    "btcusdt@trade": payloads.Trade,
    "btcusdt@aggTrade": payloads.AggregateTrade,
    "btcusdt@bookTicker": payloads.BookTicker,
    "btcusdt@kline_1s": payloads.Kline,
    "btcusdt@kline_1m": payloads.Kline,
    "btcusdt@kline_1M": payloads.Kline,
    "btcusdt@kline_1d@+08:00": payloads.Kline,
    "btcusdt@miniTicker": payloads.MiniTicker,
    "btcusdt@ticker": payloads.Ticker,
    "btcusdt@ticker_1h": payloads.RollingTicker,
    "btcusdt@ticker_4h": payloads.RollingTicker,
    "btcusdt@ticker_1d": payloads.RollingTicker,
    "btcusdt@avgPrice": payloads.AveragePrice,
    "btcusdt@depth": payloads.DepthUpdate,
    "btcusdt@depth@100ms": payloads.DepthUpdate,
    "btcusdt@depth5": payloads.PartOfBook,
    "btcusdt@depth10@100ms": payloads.PartOfBook,
    "btcusdt@depth20": payloads.PartOfBook,
    "!miniTicker@arr": list[payloads.MiniTicker],
    "!ticker@arr": list[payloads.Ticker],
    "!ticker_1h@arr": list[payloads.RollingTicker],
    "!ticker_4h@arr": list[payloads.RollingTicker],
    "!ticker_1d@arr": list[payloads.RollingTicker],
    "!bookTicker": payloads.BookTicker,
    "btcusdt@referencePrice": payloads.ReferencePrice,
}
SILENT = ("btcusdt@blockTrade",)
"""Nothing is ever told here: no blocks are traded."""
A_BOOK, BEST_PRICES = "a book", "best prices"
BY_NAME = {
    "trade": payloads.Trade,
    "aggTrade": payloads.AggregateTrade,
    "kline": payloads.Kline,
    "24hrMiniTicker": payloads.MiniTicker,
    "24hrTicker": payloads.Ticker,
    "1hTicker": payloads.RollingTicker,
    "avgPrice": payloads.AveragePrice,
    "depthUpdate": payloads.DepthUpdate,
    "referencePrice": payloads.ReferencePrice,
    A_BOOK: payloads.PartOfBook,
    BEST_PRICES: payloads.BookTicker,
}
"""What comes bare, by its name; two kinds have none."""


def _trade(venue: Venue) -> None:
    """The market would do so by itself, but not at once."""
    asker = RestAsker(trader(venue, "first"))
    asker.ask("order.place", **stage.order("BUY", "MARKET"))
    asker.close()


@pytest.mark.parametrize("unit", ["", "&timeUnit=MICROSECOND"])
def test_every_stream_comes_in_its_shape(moving: Venue, unit: str) -> None:
    talk = Talk(moving, f"/stream?streams={'/'.join([*STREAMS, *SILENT])}{unit}")
    _trade(moving)
    missing, seen = set(STREAMS), 0
    while missing or seen < 60:
        combined = read(talk.receive(), envelopes.Combined)
        read(bytes(combined.data), STREAMS[combined.stream], in_microseconds=bool(unit))
        missing.discard(combined.stream)
        seen += 1
    talk.close()


def test_what_comes_bare_has_the_same_shapes(moving: Venue) -> None:
    names = [name for name in STREAMS if name.startswith("btcusdt") and not name.endswith(("_4h", "_1d"))]
    talk = Talk(moving, f"/ws/{'/'.join(names)}")
    _trade(moving)
    missing = set(BY_NAME)
    while missing:
        raw = talk.receive()
        event = json.loads(raw)
        name = event.get("e") or (BEST_PRICES if "u" in event else A_BOOK)
        read(raw, BY_NAME[name])
        missing.discard(name)
    talk.close()


@pytest.mark.parametrize("stream", ["!miniTicker@arr", "!ticker@arr", "!ticker_1h@arr"])
def test_what_comes_of_all_symbols_bare_is_an_array(moving: Venue, stream: str) -> None:
    talk = Talk(moving, f"/ws/{stream}")
    read(talk.receive(), STREAMS[stream])
    talk.close()


def test_a_finished_candle_comes_in_the_same_shape(moving: Venue) -> None:
    talk = Talk(moving, "/ws/btcusdt@kline_1s")
    finished = 0
    while finished < 2:
        finished += read(talk.receive(), payloads.Kline).k.x
    talk.close()


CONTROL: list[tuple[dict[str, Any], Any]] = [
    ({"method": "SUBSCRIBE", "params": ["btcusdt@trade", "nosuch@trade"]}, None),
    ({"method": "LIST_SUBSCRIPTIONS"}, ["btcusdt@trade", "nosuch@trade"]),
    ({"method": "UNSUBSCRIBE", "params": ["btcusdt@trade"]}, None),
    ({"method": "GET_PROPERTY", "params": ["combined"]}, False),
    ({"method": "SET_PROPERTY", "params": ["combined", True]}, None),
    ({"method": "GET_PROPERTY", "params": ["combined"]}, True),
]


def test_messages_about_streams_are_answered(quiet: Venue) -> None:
    talk = Talk(quiet, "/ws")
    for sent, expected in CONTROL:
        answer = talk.ask(sent["method"], sent.get("params"))
        assert read(answer, envelopes.StreamAnswer).result == expected
    talk.close()


@pytest.mark.parametrize("message_id", [1, -1, 2**63 - 1, "word-of-its-own", None])
def test_the_id_of_a_message_comes_back(quiet: Venue, message_id: Any) -> None:
    talk = Talk(quiet, "/stream")
    talk.line.send(json.dumps({"method": "LIST_SUBSCRIPTIONS", "id": message_id}))
    assert read(talk.receive(), envelopes.StreamAnswer).id == message_id
    talk.close()


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"method":"SET_PROPERTY","params":["other",true],"id":1}', 0),
        ('{"method":"SET_PROPERTY","params":["combined",1],"id":1}', 1),
        ('{"method":"NOTHING","id":1}', 2),
        ('{"id":1}', 2),
        ('{"method":"LIST_SUBSCRIPTIONS","id":1.5}', 2),
        ('{"method":"LIST_SUBSCRIPTIONS","params":["x"],"id":1}', 2),
        ('{"method":"SUBSCRIBE","params":[1],"id":1}', 2),
        ("[]", 2),
        ("nothing", 3),
        ("", 3),
    ],
)
def test_a_message_that_cannot_be_followed_says_why(quiet: Venue, message: str, code: int) -> None:
    talk = Talk(quiet, "/ws")
    talk.line.send(message)
    assert read(talk.receive(), envelopes.StreamError).code == code
    talk.close()
