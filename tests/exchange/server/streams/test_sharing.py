"""The market streams beside others: foreign names, a closing venue, failures, storms."""

from __future__ import annotations

import logging

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.streams.watching import Watched, watching
from veighna_ext.exchange import enums
from veighna_ext.exchange.server.streams import Connection
from veighna_ext.exchange.server.streams.tickers import MiniTickerStream


class Keys:
    """Somebody else's streams, whose names begin with key."""

    def __init__(self) -> None:
        self.listening: list[tuple[str, Connection]] = []

    def listen(self, name: str, connection: Connection) -> bool:
        """Take the names that are theirs."""
        if name.startswith("key"):
            self.listening.append((name, connection))
        return name.startswith("key")

    def leave(self, name: str, connection: Connection) -> None:
        """Forget a name."""
        if (name, connection) in self.listening:
            self.listening.remove((name, connection))


def test_names_that_are_not_the_markets_are_offered_to_others() -> None:
    keys = Keys()
    with watching(others=keys) as market:
        client = market.connect("/ws/keyA/btcusdt@trade/else")
        client.subscribe("keyB")
        assert [name for name, _ in keys.listening] == ["keyA", "keyB"]
        listed = client.say({"method": "LIST_SUBSCRIPTIONS", "id": 1})["result"]
        assert listed == ["keyA", "btcusdt@trade", "else", "keyB"]
        client.unsubscribe("keyA", "else")
        assert [name for name, _ in keys.listening] == ["keyB"]
        client.leave()
        assert keys.listening == []


def test_others_events_are_written_as_the_client_wants_them(market: Watched) -> None:
    raw, combined = market.connect("/ws"), market.connect("/stream")
    for client in (raw, combined):
        client.connection.send_event("keyA", b'{"e":"executionReport"}')
    assert raw.take() == [{"e": "executionReport"}]
    assert combined.take() == [{"stream": "keyA", "data": {"e": "executionReport"}}]


def test_every_client_is_told_that_the_venue_closes(market: Watched) -> None:
    raw, combined = market.connect("/ws"), market.connect("/stream", timeUnit="MICROSECOND")
    market.streams.say_goodbye()
    assert raw.take() == [{"e": "serverShutdown", "E": START // 1000}]
    assert combined.take() == [{"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": START}}]


@pytest.mark.expected_errors("nothing more is sent on btcusdt@miniTicker")
def test_a_stream_that_fails_is_logged_once_and_the_others_go_on(
    market: Watched, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: MiniTickerStream, now: int) -> None:
        raise RuntimeError("broken for the test")

    monkeypatch.setattr(MiniTickerStream, "tell", fail)
    client = market.listen("btcusdt@miniTicker", "btcusdt@ticker")
    with caplog.at_level(logging.ERROR):
        for number in range(3):
            market.trade(str(40_000 + number))
            market.pass_time(1)
    assert [record.message for record in caplog.records] == ["nothing more is sent on btcusdt@miniTicker"]
    assert [event["e"] for event in client.take()] == ["24hrTicker"] * 3


def test_a_storm_of_commits_is_answered_in_rounds_that_lose_no_trade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("veighna_ext.exchange.server.streams.market.REST_AFTER_S", 0)
    with watching(share=0.001) as market:
        client = market.listen("btcusdt@trade", "btcusdt@bookTicker")
        market.venue.quotes("BTCUSDT", (enums.SELL, "40000", "100"))
        market.commit()
        first = client.take()
        for _ in range(20):
            market.venue.hit("BTCUSDT", enums.BUY, "1")
            market.commit()
        assert client.take() == []
        market.rest()
        events = first + client.take()
    assert [event["t"] for event in events if "t" in event] == list(range(20))
    assert [event["A"] for event in events if "A" in event] == ["100.00000000", "80.00000000"]


def test_a_halted_market_keeps_its_streams(market: Watched) -> None:
    client = market.listen("btcusdt@depth@100ms")
    market.venue.exchange.venue.market("BTCUSDT").status = enums.HALT
    market.beat(3)
    assert client.take() == []
    market.venue.exchange.venue.market("BTCUSDT").status = enums.TRADING
    market.venue.quotes("BTCUSDT", (enums.BUY, "39000", "1"))
    market.beat()
    assert len(client.take()) == 1
