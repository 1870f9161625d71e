"""The exchange as a process: its ready line, its exit codes, its end, and what outlives it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.venue import Venue
from tests.exchange.server.process import Talk, Trader, running
from veighna_ext.exchange.exchange import known_seed

SOON_S = 2.0
MONEY = {"USDT": "100000", "BTC": "10"}
ORDER: dict[str, Any] = {
    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01",
    "price": "1000",
}  # fmt: skip
SMALL = ("--symbols", "BTCUSDT", "--market", "manual", "--no-rate-limit")


def run(*options: str) -> subprocess.CompletedProcess[str]:
    """A start that does not come to anything."""
    return subprocess.run(
        [sys.executable, "-m", "veighna_ext.exchange", *options],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_the_ready_line_is_the_only_thing_on_stdout_and_says_where_to_go(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL, "--seed", "42", "--control-token", "let-me-in") as venue:
        lines = (tmp_path / "said.txt").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 1
        ready = json.loads(lines[0])
        assert list(ready) == ["event", "rest", "ws", "control_token", "seed", "pid"]
        assert ready["event"] == "ready"
        assert ready["rest"] == f"http://127.0.0.1:{venue.ready.port}"
        assert ready["ws"] == f"ws://127.0.0.1:{venue.ready.port}"
        assert ready["control_token"] == "let-me-in"
        assert ready["seed"] == 42
        assert venue._process is not None
        assert ready["pid"] == venue._process.pid
        with contextlib.closing(Trader(venue)) as anybody:
            assert anybody.rest("GET /api/v3/ping").json == {}
    assert (tmp_path / "said.txt").read_text(encoding="utf-8").count("\n") == 1


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL) as venue:
        others = {
            str(address[4][0])
            for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
            if not str(address[4][0]).startswith("127.")
        }
        for address in others:
            with pytest.raises((ConnectionRefusedError, TimeoutError)):
                socket.create_connection((address, venue.ready.port), 1).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_goodbyes_and_code_0_soon(tmp_path: Path, number: signal.Signals) -> None:
    venue = Venue(tmp_path, *SMALL)
    api, stream, combined = Talk(venue), Talk(venue, "/ws/btcusdt@trade"), Talk(venue, "/stream?streams=x@y")
    api.ask("ping")
    stream.line.send('{"method":"LIST_SUBSCRIPTIONS","id":1}')
    stream.receive()
    combined.line.send('{"method":"LIST_SUBSCRIPTIONS","id":1}')
    combined.receive()
    assert venue._process is not None
    began = time.monotonic()
    venue._process.send_signal(number)
    assert json.loads(api.receive())["event"]["e"] == "serverShutdown"
    assert json.loads(stream.receive())["e"] == "serverShutdown"
    assert json.loads(combined.receive())["stream"] == "!serverShutdown"
    for talk in (api, stream, combined):
        with contextlib.suppress(Exception):
            talk.receive()
        assert talk.line.close_code == 1001
        talk.close()
    assert venue._process.wait(5) == 0
    assert time.monotonic() - began < SOON_S
    assert "Traceback" not in venue.complained


def test_clients_that_say_nothing_do_not_keep_it_alive(tmp_path: Path) -> None:
    venue = Venue(tmp_path, *SMALL)
    silent = [socket.create_connection(("127.0.0.1", venue.ready.port)) for _ in range(20)]
    silent[0].sendall(b"POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nhalf")
    silent[1].sendall(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n")
    silent[2].sendall(
        b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    silent[2].recv(1000)
    began = time.monotonic()
    assert venue.stop() == 0
    assert time.monotonic() - began < SOON_S
    for each in silent:
        each.close()


def test_a_taken_port_is_named_and_gives_code_3() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        ended = run("--port", str(port), *SMALL)
    assert ended.returncode == 3
    assert ended.stdout == ""
    (line,) = [line for line in ended.stderr.splitlines() if "INFO" not in line]
    assert str(port) in line
    assert "--port" in line


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--seed", "x"], "--seed"),
        (["--symbols", "NOSUCHUSDT"], "NOSUCHUSDT"),
        (["--market", "replay:/nowhere/at/all.csv"], "/nowhere/at/all.csv"),
        (["--data-dir", "/proc/nowhere"], "/proc/nowhere"),
        (["--config", "/nowhere/exchange.toml"], "/nowhere/exchange.toml"),
        (["--host", "256.1.1.1"], "256.1.1.1"),
        (["--account", "bad key:secret"], "--account"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_with_code_2(options: list[str], word: str) -> None:
    ended = run("--port", "0", *options)
    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert word in line


def test_a_configuration_files_markets_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "exchange.toml"
    for text, words in (
        ("[parameters.BTCUSDT]\nvolatile = 1\n", ["BTCUSDT", "volatile", "daily_volatility"]),
        ("[parameters.BTCUSDT]\ndaily_volatility = 9\n", ["BTCUSDT", "daily volatility"]),
        ("[parameters.NOSUCH]\ntick = '1'\n", ["NOSUCH"]),
        ("[parameters.BTCUSDT]\ntick = 'one'\n", ["tick", "one"]),
    ):
        file.write_text(text, encoding="utf-8")
        ended = run("--port", "0", "--config", str(file))
        assert ended.returncode == 2
        (line,) = ended.stderr.splitlines()
        for word in words:
            assert word in line


def test_a_folder_remembers_its_seed_accounts_orders_and_keys(tmp_path: Path) -> None:
    data = tmp_path / "data"
    venue = Venue(tmp_path, *SMALL, "--data-dir", str(data))
    trader = Trader.opened(venue, MONEY)
    placed = trader.rest("POST /api/v3/order", **ORDER | {"newClientOrderId": "still-here"}).json
    trader.close()
    before = venue.control("GET", "/status")["seed"]
    assert known_seed(data) == before
    assert venue.stop() == 0
    venue.start_again()
    trader = Trader(venue, trader.api_key, trader.sign)
    (order,) = trader.rest("GET /api/v3/openOrders").json
    assert (order["orderId"], order["clientOrderId"]) == (placed["orderId"], "still-here")
    assert venue.control("GET", "/status")["seed"] == before
    following = trader.rest("POST /api/v3/order", **ORDER).json
    assert following["orderId"] > placed["orderId"]
    trader.close()
    assert venue.stop() == 0
    ended = run("--port", "0", *SMALL, "--data-dir", str(data), "--seed", str(before + 1))
    assert ended.returncode == 2
    assert str(before) in ended.stderr


def test_nothing_that_was_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    venue = Venue(tmp_path, *SMALL, "--data-dir", str(tmp_path / "data"))
    acknowledged: set[int] = set()
    trader = Trader.opened(venue, MONEY)
    other = Trader(venue, trader.api_key, trader.sign)
    by_rest = threading.Thread(target=place_until_it_dies, args=(other, acknowledged))
    by_rest.start()
    talk = Talk(venue)
    answered: list[dict[str, Any]] = []
    while len(answered) < 100:
        answered.append(json.loads(talk.ask("order.place", trader.signed({**ORDER, "price": "900"}))))
        if len(answered) % 20 == 0:
            talk.ask("openOrders.cancelAll", trader.signed({"symbol": "BTCUSDT"}))
    venue.kill()
    by_rest.join(10)
    other.close()
    assert not by_rest.is_alive()
    talk.close()
    trader.close()
    venue.start_again()
    trader = Trader(venue, trader.api_key, trader.sign)
    kept = {
        order["orderId"]: order
        for order in trader.rest("GET /api/v3/allOrders", symbol="BTCUSDT", limit=1000).json
    }
    acknowledged |= {each["result"]["orderId"] for each in answered if each["status"] == 200}
    assert len(acknowledged) > 100
    assert acknowledged <= kept.keys()
    following = trader.rest("POST /api/v3/order", **ORDER)
    assert following.json["orderId"] == max(kept) + 1
    trader.close()
    assert venue.stop() == 0


def place_until_it_dies(trader: Trader, acknowledged: set[int]) -> None:
    """Orders, one after the other; those the venue refuses, because many are open, do not count."""
    with contextlib.suppress(OSError, Exception):
        while True:
            answer = trader.rest("POST /api/v3/order", **ORDER)
            if answer.status == 200:
                acknowledged.add(answer.json["orderId"])


@pytest.mark.parametrize(
    "options", [("--durability", "fsync"), ("--latency-ms", "1:3")]
)
def test_it_trades_under_each_option(tmp_path: Path, options: tuple[str, ...]) -> None:
    with running(tmp_path, *SMALL, "--data-dir", str(tmp_path / "data"), *options) as venue:
        trader = Trader.opened(venue, MONEY)
        assert trader.rest("POST /api/v3/order", **ORDER).json["status"] == "NEW"
        trader.close()
        talk = Talk(venue)
        assert json.loads(talk.ask("order.place", trader.signed(ORDER)))["result"]["status"] == "NEW"
        talk.close()


def test_a_synthetic_market_can_be_traded_at_once(tmp_path: Path) -> None:
    with running(tmp_path, "--symbols", "BTCUSDT") as venue:
        trader = Trader.opened(venue, MONEY)
        market: dict[str, Any] = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "0.01"}
        filled = trader.rest("POST /api/v3/order", **market).json
        trader.close()
        assert filled["status"] == "FILLED"
        assert filled["fills"]


def test_a_latency_is_added_to_private_requests_alone(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL, "--latency-ms", "300") as venue:
        trader = Trader.opened(venue, MONEY)
        began = time.monotonic()
        trader.rest("POST /api/v3/order", **ORDER)
        private = time.monotonic() - began
        began = time.monotonic()
        trader.send("GET", "/api/v3/time")
        public = time.monotonic() - began
        trader.close()
        assert private >= 0.3 > public


def test_connections_end_when_their_time_is_over(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL, "--connection-lifetime-s", "1") as venue:
        talk = Talk(venue, "/ws/btcusdt@depth")
        with contextlib.suppress(Exception):
            while True:
                talk.receive(8)
        assert talk.line.close_code == 1001
        talk.close()
