"""The WebSocket API as clients meet it: a real process, real sockets."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conformance.venue import Venue
from tests.exchange.server.access.signers import ed25519_sender
from tests.exchange.server.process import Talk, Trader, running

OPTIONS = ("--market", "manual", "--symbols", "BTCUSDT", "--no-rate-limit")
FUNDS = {"USDT": "1000000", "BTC": "10"}
ORDER = {"symbol": "BTCUSDT", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.5", "price": "40000"}


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A market without a maker: only what traders do happens."""
    with running(tmp_path_factory.mktemp("venue"), *OPTIONS) as venue:
        yield venue


def read(message: bytes) -> Any:
    """A message as its client reads it."""
    return json.loads(message)


def subscribed(venue: Venue, trader: Trader, path: str = "/ws-api/v3") -> Talk:
    """A connection that listens to a trader's account."""
    talk = Talk(venue, path)
    answer = read(talk.ask("userDataStream.subscribe.signature", trader.signed({})))
    assert answer["result"] == {"subscriptionId": 0}
    return talk


def place(talk: Talk, trader: Trader, side: str) -> Any:
    """The answer to an order."""
    return read(talk.ask("order.place", trader.signed({"side": side, **ORDER})))


def test_what_signs_a_request_counts_among_its_parameters(venue: Venue) -> None:
    trader = Trader.opened(venue, FUNDS)
    with closing(Talk(venue)) as talk:
        error = read(talk.ask("account.status", trader.signed({"every": True})))["error"]
    assert error == {
        "code": -1104,
        "msg": "Not all sent parameters were read; read '3' parameter(s) but was sent '4'.",
    }


def test_an_order_is_answered_and_then_reported_on_the_same_connection(venue: Venue) -> None:
    buyer, seller = (Trader.opened(venue, FUNDS) for _ in range(2))
    with closing(subscribed(venue, buyer)) as bids, closing(subscribed(venue, seller)) as asks:
        bid = place(bids, buyer, "BUY")["result"]
        assert bids.unread == [], "nothing comes before the answer"
        heard = [read(bids.receive())["event"] for _ in range(2)]
        assert [each["e"] for each in heard] == ["executionReport", "outboundAccountPosition"]
        assert (heard[0]["i"], heard[0]["X"]) == (bid["orderId"], bid["status"])

        ask = place(asks, seller, "SELL")["result"]
        assert ask["status"] == "FILLED"
        taken = [read(asks.receive())["event"] for _ in range(3)]
        assert [each.get("x") for each in taken] == ["NEW", "TRADE", None]
        trade, positions = (read(bids.receive())["event"] for _ in range(2))
        assert (trade["x"], trade["X"], trade["i"], trade["m"]) == ("TRADE", "FILLED", bid["orderId"], True)
        assert trade["t"] == taken[1]["t"] == ask["fills"][0]["tradeId"]
        assert positions["e"] == "outboundAccountPosition"


def test_many_requests_at_once_are_answered_in_their_order(venue: Venue) -> None:
    trader = Trader.opened(venue, FUNDS)
    with closing(subscribed(venue, trader)) as talk:
        for number in range(100, 150):
            params = trader.signed({"side": "BUY", **ORDER, "price": str(20_000 + number)})
            talk.line.send(json.dumps({"id": number, "method": "order.place", "params": params}))
        heard = [read(talk.receive()) for _ in range(150)]

    answers = [each for each in heard if "id" in each]
    events = [each["event"] for each in heard if "event" in each]
    assert [each["id"] for each in answers] == list(range(100, 150))
    placed = [each["result"]["orderId"] for each in answers]
    assert [each["i"] for each in events if each["e"] == "executionReport"] == placed
    for order_id in placed:
        answered = next(
            at for at, each in enumerate(heard) if each.get("result", {}).get("orderId") == order_id
        )
        reported = next(at for at, each in enumerate(heard) if each.get("event", {}).get("i") == order_id)
        assert answered < reported


def test_a_listener_that_vanishes_is_nobodys_trouble(venue: Venue) -> None:
    trader = Trader.opened(venue, FUNDS)
    with closing(subscribed(venue, trader)) as first, closing(subscribed(venue, trader)) as second:
        first.line.socket.shutdown(socket.SHUT_RDWR)
        place(second, trader, "BUY")
        assert read(second.receive())["event"]["x"] == "NEW"
    with closing(subscribed(venue, trader)) as again:
        place(again, trader, "BUY")
        assert read(again.receive())["event"]["x"] == "NEW"


def test_the_url_chooses_times_and_whether_limits_are_shown(venue: Venue) -> None:
    trader = Trader.opened(venue, FUNDS)
    path = "/ws-api/v3?timeUnit=MICROSECOND&returnRateLimits=false"
    with closing(subscribed(venue, trader, path)) as talk:
        status = read(talk.ask("session.status"))
        assert set(status) == {"id", "status", "result"}
        assert status["result"]["serverTime"] > 10**15
        place(talk, trader, "BUY")
        report = read(talk.receive())["event"]
        assert min(report["E"], report["T"], report["O"], report["W"]) > 10**15


def test_an_ed25519_key_logs_on_and_trades_without_signing(venue: Venue) -> None:
    trader = Trader.opened(venue, FUNDS, ed25519_sender())
    with closing(Talk(venue)) as talk:
        logon = read(talk.ask("session.logon", trader.signed({})))["result"]
        assert logon["apiKey"] == trader.api_key
        assert read(talk.ask("userDataStream.subscribe"))["result"] == {"subscriptionId": 0}
        params = {"side": "BUY", **ORDER, "timestamp": logon["serverTime"]}
        assert read(talk.ask("order.place", params))["status"] == 200
        assert read(talk.receive())["event"]["x"] == "NEW"


def test_a_deposit_reaches_whoever_listens(venue: Venue) -> None:
    trader = Trader.opened(venue, FUNDS)
    with closing(subscribed(venue, trader)) as talk:
        venue.control("POST", f"/accounts/{trader.api_key}/deposit", {"asset": "BTC", "amount": "0.5"})
        update, positions = (read(talk.receive())["event"] for _ in range(2))

    assert (update["e"], update["a"], update["d"]) == ("balanceUpdate", "BTC", "0.50000000")
    assert positions["B"] == [{"a": "BTC", "f": "10.50000000", "l": "0.00000000"}]


def test_connecting_costs_weight(venue: Venue) -> None:
    with closing(Talk(venue)) as first:
        before = read(first.ask("ping"))["rateLimits"][0]["count"]
        with closing(Talk(venue)):
            pass
        after = read(first.ask("ping"))["rateLimits"][0]["count"]

    # across the end of a minute the count begins anew
    assert after - before == 3 or after <= 3


def test_retired_listen_keys_are_gone_from_both_apis(venue: Venue) -> None:
    with closing(Trader.opened(venue, FUNDS)) as trader:
        for verb in ("POST", "PUT", "DELETE"):
            gone = trader.send(verb, "/api/v3/userDataStream", headers={"X-MBX-APIKEY": trader.api_key})
            assert (gone.status, gone.headers["Content-Type"]) == (410, "text/html")
            assert b"<center><h1>410 Gone</h1></center>" in gone.body
            assert len(gone.body) == 136
    with closing(Talk(venue)) as talk:
        for name in ("start", "ping", "stop"):
            answer = read(talk.ask(f"userDataStream.{name}", {"apiKey": trader.api_key}))
            assert answer["error"]["code"] == -1020


def test_old_clients_listen_by_listen_key_where_they_may(tmp_path: Path) -> None:
    with (
        running(tmp_path, *OPTIONS, "--legacy-listen-key") as venue,
        closing(Trader.opened(venue, FUNDS)) as trader,
    ):
        header = {"X-MBX-APIKEY": trader.api_key}
        key = trader.send("POST", "/api/v3/userDataStream", headers=header).json["listenKey"]
        assert trader.send("PUT", f"/api/v3/userDataStream?listenKey={key}", headers=header).json == {}
        with closing(Talk(venue, f"/ws/{key}")) as old, closing(subscribed(venue, trader)) as new:
            place(new, trader, "BUY")
            assert read(old.receive()) == read(new.receive())["event"]
            assert trader.send("DELETE", f"/api/v3/userDataStream?listenKey={key}", headers=header).json == {}


def test_the_end_of_the_exchange_is_announced_before_connections_are_closed(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as venue:
        trader = Trader.opened(venue, FUNDS)
        with closing(subscribed(venue, trader)) as listening, closing(Talk(venue)) as other:
            venue.control("POST", "/admin/shutdown")
            for talk in (listening, other):
                announced = read(talk.receive())
                assert set(announced) == {"event"}
                assert set(announced["event"]) == {"e", "E"}
                assert announced["event"]["e"] == "serverShutdown"
                with pytest.raises(ConnectionClosed) as closed:
                    talk.receive()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1001
