"""
Which server stack the exchange stands on: echo round trips, pipelined echoes and empty REST answers of each.

    pip install picows websockets httptools uvicorn starlette granian
    python benchmarks/server_stacks.py

Each server has one core, the client the other; a message is as large as an order.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from harness import Verdict, median, percentile, print_table
from net_clients import Http, connect

MESSAGE = (
    b'{"id":1,"method":"order.place","params":{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT",'
    b'"timeInForce":"GTC","quantity":"0.001","price":"10000","timestamp":1700000000000,"apiKey":"mock-key",'
    b'"signature":"c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"}}'
)
REQUEST = (
    b"POST /api/v3/order?symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=10000"
    b"&timestamp=1700000000000&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    b" HTTP/1.1\r\nHost: localhost\r\nX-MBX-APIKEY: mock-key\r\nContent-Length: 0\r\n\r\n"
)
STACKS = {
    "aiohttp": (True, True),
    "picows": (True, False),
    "websockets": (True, False),
    "httptools": (False, True),
    "uvicorn": (True, True),
    "starlette": (True, True),
    "granian": (True, True),
}
"""Each stack with whether it has WebSockets and whether it has HTTP."""
SERVER_CORE, CLIENT_CORE = 0, 1
ROUNDS = 3


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keep_to_core(core: int, pid: int = 0) -> None:
    """Tie a process to one core, where the system has that."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


@contextlib.contextmanager
def reference(stack: str) -> Iterator[int]:
    """The port of an echo server with an empty handler."""
    port = free_port()
    script = Path(__file__).with_name("net_servers.py")
    child = subprocess.Popen(
        [sys.executable, str(script), stack, str(port)],
        cwd=script.parent,
        env={**os.environ, "PYTHONPATH": str(script.parent.parent)},
    )
    keep_to_core(SERVER_CORE, child.pid)
    try:
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if time.monotonic() > deadline:
                raise SystemExit(f"{stack} did not start")
            time.sleep(0.05)
        yield port
    finally:
        child.terminate()
        child.wait()


async def round_trips(url: str, count: int, message: bytes = MESSAGE) -> list[float]:
    """Microseconds from each message to its answer, one at a time."""
    loop = asyncio.get_running_loop()
    answered = loop.create_future()
    client = await connect(url, lambda _: answered.done() or answered.set_result(None))
    times = []
    for _ in range(count + count // 10):
        answered = loop.create_future()
        started = time.perf_counter_ns()
        client.send(message)
        await answered
        times.append((time.perf_counter_ns() - started) / 1000)
    client.transport.close()
    return times[count // 10 :]


async def pipelined(url: str, count: int, window: int = 100) -> float:
    """Echoes per second with so many on their way."""
    done = asyncio.get_running_loop().create_future()
    left = [count, count - window]

    def on_text(_: bytes) -> None:
        left[0] -= 1
        if left[1] > 0:
            left[1] -= 1
            client.send(MESSAGE)
        elif left[0] == 0:
            done.set_result(None)

    client = await connect(url, on_text)
    started = time.perf_counter()
    for _ in range(window):
        client.send(MESSAGE)
    await done
    client.transport.close()
    return count / (time.perf_counter() - started)


async def requests_per_second(port: int, requests: list[bytes], connections: int = 4) -> float:
    """Answers per second over some connections that each ask again when they are answered."""
    waiting = iter(requests)
    loop = asyncio.get_running_loop()
    started = time.perf_counter()

    def client() -> Http:
        return Http(lambda: next(waiting, None), _check)

    clients = [(await loop.create_connection(client, "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.gather(*(each.done for each in clients))
    return len(requests) / (time.perf_counter() - started)


def _check(head: bytes, body: bytes) -> None:
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise SystemExit(f"refused: {head.decode()}\n{body.decode()}")


def version(stack: str) -> str:
    """The version of a stack's package."""
    return importlib.metadata.version(stack)


def main() -> int:
    """Measure each stack."""
    keep_to_core(CLIENT_CORE)
    verdict = Verdict("server stacks")
    rows = []
    for stack, (has_sockets, has_http) in STACKS.items():
        trips: list[float] = []
        echoes, answers = [], []
        with reference(stack) as port:
            url = f"ws://127.0.0.1:{port}/ws"
            for _ in range(ROUNDS):
                if has_sockets:
                    trips += uvloop.run(round_trips(url, 5000))
                    echoes.append(uvloop.run(pipelined(url, 60_000)))
                if has_http:
                    answers.append(uvloop.run(requests_per_second(port, [REQUEST] * 10_000)))
        found = percentile(trips, 0.5), percentile(trips, 0.99), median(echoes), median(answers)
        verdict.figures[stack] = found
        texts = [f"{found[0]:.0f}", f"{found[1]:.0f}", f"{found[2]:,.0f}", f"{found[3]:,.0f}"]
        rows.append([f"{stack} {version(stack)}", *(text if text != "0" else "" for text in texts)])
    print_table(["", "echo p50 µs", "p99 µs", "pipelined echoes/s", "empty answers/s"], rows)
    return verdict.finish()


if __name__ == "__main__":
    raise SystemExit(main())
