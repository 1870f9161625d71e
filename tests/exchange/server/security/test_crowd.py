"""Whoever only takes up room, or says too much, or does not listen, makes nobody else wait."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest

from tests.exchange.server.access.signers import hmac_sender
from tests.exchange.server.fuzz.lines import TEXT, Line, frame
from tests.exchange.server.process import Server, Talk, Trader, running
from tests.exchange.server.security.crowd import crowding, p99, room_for, timed
from tests.exchange.server.shapes import stage

ORDERS = 400
ROUNDS = 5
FACTOR = 5.0
"""How many times as long an order may take in a crowd, at the p99, in the best of some rounds."""
GRACE_S = 0.01
"""What a busy machine adds to either."""
MOST_UNREAD = 4 * 1024 * 1024
"""Bytes: an answer or two, and an allocator's own ups and downs."""
MOST_MEMORY = 64 * 1024 * 1024
"""Bytes: what a client of the WebSocket API may be behind, several times, as it is put together."""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own for the crowd."""
    options = (
        "--market",
        "manual",
        "--symbols",
        "BTCUSDT",
        "--no-rate-limit",
        "--account",
        "first:first-secret",
    )
    with running(tmp_path_factory.mktemp("crowded"), *options) as venue:
        yield venue


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has much to tell."""
    options = ("--symbols", "BTCUSDT", "--seed", "7", "--no-rate-limit")
    with running(tmp_path_factory.mktemp("telling"), *options) as venue:
        yield venue


@pytest.fixture
def trader(crowded: Server) -> Iterator[Trader]:
    """Somebody who wants to trade."""
    with Trader(crowded, "first", hmac_sender("first-secret").sign) as trader:
        yield trader


def order_times(trader: Trader, meanwhile: Callable[[], None] = lambda: None) -> float:
    """The p99 of how long orders take, one at a time; that of the best round."""
    talk = Talk(trader.venue)
    rounds = []
    for _ in range(ROUNDS):
        durations = []
        for _ in range(ORDERS):
            order = trader.signed(stage.limit("BUY", stage.MIDDLE, timeInForce="IOC"))
            began = time.perf_counter()
            assert json.loads(talk.ask("order.place", order))["status"] == 200
            durations.append(time.perf_counter() - began)
        rounds.append(p99(durations))
        meanwhile()
    talk.close()
    return min(rounds)


def test_ten_thousand_idle_connections_do_not_slow_an_order(crowded: Server, trader: Trader) -> None:
    quiet = order_times(trader)
    process = crowded.process
    before = process.memory_info().rss
    with crowding(crowded, room_for()) as crowd:
        each = (process.memory_info().rss - before) / len(crowd)
        busy = order_times(trader, lambda: crowd.dawdle(500))
        assert trader.rest("GET /api/v3/account").status == 200
    assert busy < FACTOR * quiet + GRACE_S
    assert each < 40_000
    print(f"p99 of an order: {quiet * 1e3:.2f} ms alone, {busy * 1e3:.2f} ms in a crowd; {each:.0f} B each")


LARGE = "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1000"
LARGE_REQUEST = frame(
    json.dumps(
        {"id": 1, "method": "klines", "params": {"symbol": "BTCUSDT", "interval": "1m", "limit": 1000}}
    ).encode()
)


def test_whoever_does_not_read_is_not_answered_without_end(telling: Server) -> None:
    before = telling.process.memory_info().rss
    with Line(telling) as line, Trader(telling) as somebody:
        line.send(f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 1000)
        for _ in timed(2.0):
            assert somebody.send("GET", "/api/v3/time").status == 200
        assert telling.process.memory_info().rss - before < MOST_UNREAD
        # all of it comes, as fast as it is read
        for _ in range(20):
            response = line.response()
            assert response is not None
            assert response.status == 200


def test_whoever_does_not_read_the_websocket_api_is_cut(telling: Server) -> None:
    before = telling.process.memory_info().rss
    with Line(telling).upgrade("/ws-api/v3") as line, Trader(telling) as somebody:
        said = _say(line, LARGE_REQUEST * 1000, 1000)
        assert somebody.send("GET", "/api/v3/time").status == 200
        assert telling.process.memory_info().rss - before < MOST_MEMORY
        assert said < 1000


def test_whoever_asks_for_much_at_once_does_not_make_others_wait(telling: Server) -> None:
    with Line(telling).upgrade("/ws-api/v3") as line, Trader(telling) as somebody:
        # not so many that the connection would be cut before they are read
        waits, sent_at = [], time.perf_counter()
        line.send(LARGE_REQUEST * 90)
        for _ in range(10):
            began = time.perf_counter()
            assert somebody.send("GET", "/api/v3/time").status == 200
            waits.append(time.perf_counter() - began)
        came = 0
        while came < 90:
            came += line.message()[0] == TEXT
        took = time.perf_counter() - sent_at
    # not until all of it was answered
    assert max(waits) < took / 3 + GRACE_S


def _say(line: Line, data: bytes, times: int) -> int:
    """Say it again and again until nobody listens any more; how often it was said."""
    for said in range(times):
        try:
            line.socket.sendall(data)
        except OSError:
            return said
    return times


def test_a_flood_of_nonsense_does_not_starve_others(crowded: Server, trader: Trader) -> None:
    quiet = order_times(trader)
    lines = [Line(crowded).upgrade("/ws-api/v3") for _ in range(20)]
    nonsense = (
        frame(b'{"id":1,"method":"order.place","params":{"symbol":"BTCUSDT","apiKey":"x","signature":"y"}}')
        * 20
    )

    def flood() -> None:
        for line in lines:
            line.send(nonsense)

    busy = order_times(trader, flood)
    for line in lines:
        line.socket.close()
    assert busy < FACTOR * quiet + GRACE_S
