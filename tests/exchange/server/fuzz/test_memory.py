"""Whoever is refused leaves nothing behind: neither memory nor open files grow with the attempts."""

from __future__ import annotations

from collections.abc import Callable

import psutil
import pytest

from tests.exchange.server.fuzz.bystander import Bystander
from tests.exchange.server.fuzz.lines import CLOSE, PING, Line, frame
from tests.exchange.server.fuzz.settings import NIGHTLY
from tests.exchange.server.process import Server
from tests.support.waiting import wait_until

ROUNDS = 20_000 if NIGHTLY else 600
MOST_GROWTH = 4 * 1024 * 1024
"""Bytes: an allocator's own ups and downs. 4 KB kept of each attempt would be more, also by default."""

Attempt = Callable[[Server, int], None]


def _refused_over_and_over(venue: Server, number: int) -> None:
    with Line(venue) as line:
        for target in (
            b"/nothing/%d" % number,
            b"/api/v3/depth?symbol=N%d" % number,
            b"/api/v3/order?x=%d" % number,
        ):
            line.ask("GET", target, headers={"X-MBX-APIKEY": f"key-{number}"})


def _half_a_request(venue: Server, number: int) -> None:
    with Line(venue) as line:
        line.send(b"POST /api/v3/order HTTP/1.1\r\nContent-Length: 1000\r\n\r\nsymbol=%d" % number)
    with Line(venue) as line:
        line.send(b"GET /api/v3/time?%d HTTP/1.1\r\nX-Header: " % number + b"x" * 2000)


def _noise(venue: Server, number: int) -> None:
    with Line(venue) as line:
        line.send(b"\x16\x03\x01%d" % number * 100)


def _broken_messages(venue: Server, number: int) -> None:
    with Line(venue).upgrade("/ws-api/v3") as line:
        for message in (b'{"id":%d' % number, b'{"id":"%d","method":"%d"}' % (number, number), b"[" * 1000):
            line.send(frame(message))
        line.send(frame(b'{"id":"end","method":"ping","params":{"apiKey":"%d"}}' % number))
        line.answers_until("end")


def _streams_that_nobody_has(venue: Server, number: int) -> None:
    names = ",".join(f'"n{number}x{each}@trade"' for each in range(50))
    with Line(venue).upgrade("/ws") as line:
        line.send(frame(b'{"id":1,"method":"SUBSCRIBE","params":[%b]}' % names.encode()))
        line.send(frame(b'{"id":2,"method":"LIST_SUBSCRIPTIONS"}'))
        line.answers_until(2)


def _streams_that_come_and_go(venue: Server, number: int) -> None:
    names = "btcusdt@depth@100ms/btcusdt@ticker/!miniTicker@arr/btcusdt@kline_1m/bnbusdt@trade"
    with Line(venue).upgrade(f"/stream?streams={names}") as line:
        line.send(frame(b'{"id":1,"method":"UNSUBSCRIBE","params":["btcusdt@ticker"]}'))
        line.answers_until(1)


def _unfinished_messages(venue: Server, number: int) -> None:
    with Line(venue).upgrade("/ws-api/v3") as line:
        line.send(frame(b"x" * 30_000, is_last=False) + frame(b"%d" % number, PING))
        line.message()


def _goodbyes(venue: Server, number: int) -> None:
    with Line(venue).upgrade("/ws/btcusdt@trade") as line:
        line.send(frame(b"\x03\xe8" + b"%d" % number, CLOSE))
        line.answers_until(None)


ATTEMPTS: dict[str, Attempt] = {
    each.__name__.strip("_").replace("_", " "): each
    for each in (
        _refused_over_and_over,
        _half_a_request,
        _noise,
        _broken_messages,
        _streams_that_nobody_has,
        _streams_that_come_and_go,
        _unfinished_messages,
        _goodbyes,
    )
}


def open_files(process: psutil.Process) -> int:
    """Files and connections."""
    count: int = getattr(process, "num_handles" if psutil.WINDOWS else "num_fds")()
    return count


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_is_kept_of_it(attempt: str, fuzzed: Server, bystander: Bystander) -> None:
    process = fuzzed.process
    files = open_files(process)
    for number in range(ROUNDS // 2):
        ATTEMPTS[attempt](fuzzed, number)
    bystander.is_served()
    before = process.memory_info().rss
    for number in range(ROUNDS // 2, 2 * ROUNDS):
        ATTEMPTS[attempt](fuzzed, number)
    bystander.is_served()
    assert process.memory_info().rss - before < MOST_GROWTH
    wait_until(lambda: open_files(process) <= files)
