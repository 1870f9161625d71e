"""
The mock exchange from outside: order latency and throughput, REST, fan-out, start.

    python benchmarks/exchange_net.py [--quick] [--only NAME]

The server has one core, the client the other. Latency and REST are measured against an echo and an empty
handler on the same stack, in turns with them; everything else is a promise in plain numbers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
import psutil
import uvloop
from harness import ROOT, Verdict, median, percentile, print_table
from net_clients import WebSocket, connect, masked_text, sign
from server_stacks import (
    CLIENT_CORE,
    SERVER_CORE,
    keep_to_core,
    reference,
    requests_per_second,
    round_trips,
)

P50_RATIO, P99_RATIO = 1.6, 2.5
ORDERS_PER_SECOND = 15_000
REST_RATIO = 0.5
BEHIND_MS = 20.0
READY_S = 1.5
KEY, SECRET = "bench-key", b"bench-secret"
CLIENTS, SYMBOLS, UPDATES = 200, 20, 10
OPEN_PER_SYMBOL = 40
WINDOW = 100
MOST = 30_000
"""Orders a second that are made ready; their signatures hold for a minute."""
SETTLED_S = 10
WARM = 0.05
"""Seconds of processor time in a second, from which on a server without clients is warm."""


class Exchange:
    """A server process of its own."""

    def __init__(self, *options: str) -> None:
        started = time.monotonic()
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "veighna_ext.exchange", "--port", "0", "--no-rate-limit", "--seed", "7",
                "--account", f"{KEY}:{SECRET.decode()}", "--balance", "USDT=100000000", *options,
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        self.ready_after = time.monotonic() - started
        self.rest: str = ready["rest"]
        self.ws: str = ready["ws"]
        keep_to_core(SERVER_CORE, self.process.pid)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.rest.rsplit(":", 1)[1])

    def busy(self) -> float:
        """Seconds of processor time it has used."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    def wait_until_warm(self) -> None:
        """Wait until it has read ahead what charts and tickers ask for: that takes its first seconds."""
        while True:
            before = self.busy()
            time.sleep(1)
            if self.busy() - before < WARM:
                return

    def get(self, path: str) -> Any:
        """A public answer."""
        with urllib.request.urlopen(self.rest + path, timeout=10) as answer:
            return json.load(answer)

    def stop(self) -> None:
        """End it as a user would."""
        self.process.terminate()
        self.process.wait(10)


@contextlib.contextmanager
def exchange(*options: str) -> Iterator[Exchange]:
    """A server for a while."""
    server = Exchange(*options)
    try:
        yield server
    finally:
        server.stop()


def prices(server: Exchange, count: int) -> dict[str, tuple[str, str]]:
    """Price and quantity of buys far below the market, by symbol."""
    found = {}
    for info in server.get("/api/v3/exchangeInfo")["symbols"]:
        if not info["symbol"].endswith("USDT") or len(found) == count:
            continue
        rules = {each["filterType"]: each for each in info["filters"]}
        tick = float(rules["PRICE_FILTER"]["tickSize"])
        step = float(rules["LOT_SIZE"]["stepSize"])
        last = float(server.get(f"/api/v3/ticker/price?symbol={info['symbol']}")["price"])
        price = last * 0.6 // tick * tick
        quantity = max(12 / price // step + 1, 1) * step
        found[info["symbol"]] = f"{price:.8f}", f"{quantity:.8f}"
    return found


def flow(server: Exchange, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Endless orders, each symbol's cancelled before there are too many of them."""
    targets = prices(server, count)
    while True:
        for symbol, (price, quantity) in targets.items():
            order = {
                "apiKey": KEY, "price": price, "quantity": quantity, "recvWindow": "60000", "side": "BUY",
                "symbol": symbol, "timeInForce": "GTC", "type": "LIMIT",
            }  # fmt: skip
            for _ in range(OPEN_PER_SYMBOL):
                yield "order.place", order
            yield "openOrders.cancelAll", {"apiKey": KEY, "recvWindow": "60000", "symbol": symbol}


def message(number: int, method: str, params: dict[str, str]) -> bytes:
    """A signed request of the WebSocket API; the parameters are in the order of their names."""
    stamped = {**params, "timestamp": str(time.time_ns() // 1_000_000)}
    payload = "&".join(f"{name}={stamped[name]}" for name in sorted(stamped))
    pairs = ",".join(f'"{name}":"{value}"' for name, value in stamped.items())
    signature = sign(SECRET, payload)
    return f'{{"id":{number},"method":"{method}","params":{{{pairs},"signature":"{signature}"}}}}'.encode()


async def order_trips(server: Exchange, count: int) -> list[float]:
    """Microseconds from each order to its answer, one at a time; the cancels in between are not counted."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[bytes] = loop.create_future()

    def heard(text: bytes) -> None:
        answered.set_result(text)

    client = await connect(server.ws + "/ws-api/v3", heard)
    times: list[float] = []
    orders = flow(server, SYMBOLS)
    number = 0
    while len(times) < count + count // 10:
        number += 1
        method, params = next(orders)
        request = message(number, method, params)
        answered = loop.create_future()
        started = time.perf_counter_ns()
        client.send(request)
        answer = await answered
        took = (time.perf_counter_ns() - started) / 1000
        if b'"status":200' not in answer:
            raise SystemExit(f"refused: {answer.decode()}")
        if method == "order.place":
            times.append(took)
    client.transport.close()
    return times[count // 10 :]


def measure_latency(verdict: Verdict, rounds: int, count: int) -> None:
    """Orders one at a time, in turns with bare echoes of a message of the same size."""
    echoes: list[tuple[float, float]] = []
    orders: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        reference("aiohttp") as port,
        exchange("--data-dir", folder) as server,
    ):
        server.wait_until_warm()
        sample = message(1, *next(flow(server, 1)))
        for _ in range(rounds):
            for found, trips in (
                (echoes, uvloop.run(round_trips(f"ws://127.0.0.1:{port}/ws", count, sample))),
                (orders, uvloop.run(order_trips(server, count))),
            ):
                found.append((percentile(trips, 0.5), percentile(trips, 0.99)))
    figures = {
        name: (median([each[0] for each in found]), median([each[1] for each in found]))
        for name, found in (("echo", echoes), ("order.place", orders))
    }
    print_table(
        ["one at a time", "p50 µs", "p99 µs"],
        [[name, f"{p50:.0f}", f"{p99:.0f}"] for name, (p50, p99) in figures.items()],
    )
    verdict.figures["latency_us"] = figures
    verdict.at_most("order.place p50 / echo", figures["order.place"][0] / figures["echo"][0], P50_RATIO, "x")
    verdict.at_most("order.place p99 / echo", figures["order.place"][1] / figures["echo"][1], P99_RATIO, "x")


async def stream_orders(server: Exchange, seconds: float) -> dict[str, Any]:
    """As many orders as possible on one connection, its user stream on the same one."""
    loop = asyncio.get_running_loop()
    subscribed, finished = loop.create_future(), loop.create_future()
    # signed beforehand, so that the client is never what one waits for
    requests = [
        (method == "order.place", masked_text(message(number, method, params)))
        for number, (method, params) in enumerate(islice(flow(server, SYMBOLS), int(seconds * MOST)), start=1)
    ]
    by_second: list[int] = []
    counted = {"events": 0, "orders": 0, "sent": 0, "answered": 0}
    begins = ends = 0.0

    def send_next() -> None:
        place = counted["sent"]
        if place == len(requests):
            finished.set_exception(SystemExit("more orders are answered than were made ready"))
            return
        counted["sent"] = place + 1
        client.transport.write(requests[place][1])

    def on_text(text: bytes) -> None:
        if text.startswith(b'{"subscriptionId"'):
            counted["events"] += 1
            return
        if b'"status":200' not in text[:40]:
            finished.set_exception(SystemExit(f"refused: {text.decode()}"))
            return
        number = int(text[6 : text.index(b",")])
        if number == 0:
            subscribed.set_result(None)
            return
        counted["answered"] += 1
        now = time.perf_counter()
        if requests[number - 1][0]:
            counted["orders"] += 1
            second = int(now - begins)
            while len(by_second) <= second:
                by_second.append(0)
            by_second[second] += 1
        if now < ends:
            send_next()
        elif counted["answered"] == counted["sent"] and not finished.done():
            finished.set_result(None)

    client = await connect(server.ws + "/ws-api/v3?returnRateLimits=false", on_text)
    client.send(message(0, "userDataStream.subscribe.signature", {"apiKey": KEY}))
    await subscribed
    gc.collect()
    gc.freeze()
    busy = server.busy()
    begins = time.perf_counter()
    ends = begins + seconds
    for _ in range(WINDOW):
        send_next()
    await finished
    took = time.perf_counter() - begins
    busy = (server.busy() - busy) / took
    client.transport.close()
    return {
        "per_second": counted["orders"] / took,
        "slowest_second": min(by_second[: int(seconds)]),
        "events_per_order": counted["events"] / counted["orders"],
        "server_core": busy,
    }


def measure_throughput(verdict: Verdict, seconds: float) -> None:
    """Pipelined orders with journal and user stream."""
    with tempfile.TemporaryDirectory() as folder, exchange("--data-dir", folder) as server:
        server.wait_until_warm()
        found = uvloop.run(stream_orders(server, seconds))
    print_table(
        ["pipelined", "orders/s", "slowest second", "events an order", "server's core"],
        [
            [
                f"{seconds:g} s",
                f"{found['per_second']:,.0f}",
                f"{found['slowest_second']:,}",
                f"{found['events_per_order']:.2f}",
                f"{found['server_core']:.0%}",
            ]
        ],
    )
    verdict.figures["pipelined"] = found
    verdict.at_least("pipelined orders/s", found["per_second"], ORDERS_PER_SECOND)


def rest_orders(server: Exchange, count: int) -> list[bytes]:
    """Signed REST orders; those that rest are cancelled before there are too many of them."""
    requests = []
    for method, params in islice(flow(server, SYMBOLS), count):
        wanted = {name: value for name, value in params.items() if name != "apiKey"}
        wanted["timestamp"] = str(time.time_ns() // 1_000_000)
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        verb, path = ("POST", "order") if method == "order.place" else ("DELETE", "openOrders")
        requests.append(
            f"{verb} /api/v3/{path}?{query}&signature={sign(SECRET, query)} HTTP/1.1\r\nHost: localhost\r\n"
            f"X-MBX-APIKEY: {KEY}\r\nContent-Length: 0\r\n\r\n".encode()
        )
    return requests


def measure_rest(verdict: Verdict, rounds: int, count: int) -> None:
    """Signed orders by REST, in turns with an empty handler."""
    empty, orders = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        reference("aiohttp") as port,
        exchange("--data-dir", folder) as server,
    ):
        server.wait_until_warm()
        for _ in range(rounds):
            requests = rest_orders(server, count)
            empty.append(uvloop.run(requests_per_second(port, requests)))
            orders.append(uvloop.run(requests_per_second(server.port, requests)))
    print_table(
        ["REST", "requests/s"],
        [["empty handler", f"{median(empty):,.0f}"], ["signed order", f"{median(orders):,.0f}"]],
    )
    verdict.figures["rest"] = {"empty": empty, "orders": orders}
    verdict.at_least("REST signed order / empty handler", median(orders) / median(empty), REST_RATIO, "x")


class Update(msgspec.Struct):
    """What is looked at of a depth update."""

    s: str
    E: int
    U: int
    u: int


class Combined(msgspec.Struct):
    """A message of a combined stream."""

    data: Update


class Follower:
    """One client that follows many books and notes gaps and delays."""

    decode = msgspec.json.Decoder(Combined).decode

    def __init__(self, delays: list[int]) -> None:
        self.last: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.gaps = 0
        self.is_counting = False
        self._delays = delays

    def on_text(self, text: bytes) -> None:
        """An update came."""
        now = time.time_ns() // 1000
        update = self.decode(text).data
        last = self.last.get(update.s)
        if last is not None and last + 1 != update.U:
            self.gaps += 1
        self.last[update.s] = update.u
        if self.is_counting:
            self.counts[update.s] = self.counts.get(update.s, 0) + 1
            self._delays.append(now - update.E)


async def follow(server: Exchange, symbols: list[str], clients: int, seconds: float) -> dict[str, Any]:
    """Many clients on the same streams for a while."""
    delays: list[int] = []
    followers = [Follower(delays) for _ in range(clients)]
    names = "/".join(f"{symbol.lower()}@depth@100ms" for symbol in symbols)
    url = f"{server.ws}/stream?streams={names}&timeUnit=MICROSECOND"
    sockets: list[WebSocket] = [await connect(url, follower.on_text) for follower in followers]
    await asyncio.sleep(2)
    gc.collect()
    gc.freeze()
    busy = server.busy()
    started = time.perf_counter()
    for follower in followers:
        follower.is_counting = True
    await asyncio.sleep(seconds)
    for follower in followers:
        follower.is_counting = False
    took = time.perf_counter() - started
    busy = (server.busy() - busy) / took
    # at the edges of the span one client may be an update ahead of another
    spread = max(
        max(each.counts[symbol] for each in followers) - min(each.counts[symbol] for each in followers)
        for symbol in symbols
    )
    for socket in sockets:
        socket.transport.close()
    return {
        "updates_per_second": len(delays) / took / clients / len(symbols),
        "received_per_second": len(delays) / took,
        "gaps": sum(each.gaps for each in followers),
        "spread": spread,
        "p50_ms": percentile(delays, 0.5) / 1000,
        "p99_ms": percentile(delays, 0.99) / 1000,
        "server_core": busy,
    }


def measure_fan_out(verdict: Verdict, seconds: float) -> None:
    """Depth updates to many clients."""
    with tempfile.TemporaryDirectory() as folder:
        with exchange() as server:
            symbols = list(prices(server, SYMBOLS))
        file = Path(folder) / "busy.toml"
        file.write_text(
            "".join(f"[parameters.{symbol}]\nsteps_per_second = {2 * UPDATES}\n" for symbol in symbols),
            encoding="utf-8",
        )
        with exchange("--config", str(file), "--symbols", ",".join(symbols)) as server:
            time.sleep(SETTLED_S)
            found = uvloop.run(follow(server, symbols, CLIENTS, seconds))
    print_table(
        ["fan-out", "updates/s a stream", "received/s", "gaps", "p50 behind", "p99 behind", "server's core"],
        [
            [
                f"{CLIENTS} x {SYMBOLS}",
                f"{found['updates_per_second']:.1f}",
                f"{found['received_per_second']:,.0f}",
                str(found["gaps"]),
                f"{found['p50_ms']:.1f} ms",
                f"{found['p99_ms']:.1f} ms",
                f"{found['server_core']:.0%}",
            ]
        ],
    )
    verdict.figures["fan_out"] = found
    verdict.at_least("updates a second of each stream", found["updates_per_second"], 0.95 * UPDATES)
    complete = found["gaps"] == 0 and found["spread"] <= 1
    verdict.holds("complete and in order", complete, f"{found['gaps']} gaps, spread {found['spread']}")
    verdict.at_most("p99 behind the event", found["p99_ms"], BEHIND_MS, " ms")


def measure_start(verdict: Verdict, rounds: int) -> None:
    """From the start of the process to its ready line, in memory."""
    times = []
    for _ in range(rounds):
        with exchange() as server:
            times.append(server.ready_after)
    verdict.figures["ready_s"] = times
    verdict.at_most("ready line", median(times), READY_S, " s")


def main() -> int:
    """Measure everything, or one part."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["latency", "throughput", "rest", "fan-out", "start"])
    chosen = parser.parse_args()
    keep_to_core(CLIENT_CORE)
    verdict = Verdict("exchange from outside")
    quick = chosen.quick
    parts: dict[str, Callable[[], None]] = {
        "start": lambda: measure_start(verdict, 3 if quick else 7),
        "latency": lambda: measure_latency(verdict, 3 if quick else 7, 2000),
        "throughput": lambda: measure_throughput(verdict, 5 if quick else 30),
        "rest": lambda: measure_rest(verdict, 3 if quick else 7, 4000),
        "fan-out": lambda: measure_fan_out(verdict, 5 if quick else 30),
    }
    for name, measure in parts.items():
        if chosen.only in (None, name):
            measure()
            print()
    return verdict.finish()


if __name__ == "__main__":
    raise SystemExit(main())
