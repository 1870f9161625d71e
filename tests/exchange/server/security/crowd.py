"""Many connections that only take up room."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator

from tests.exchange.server.fuzz.lines import Line
from tests.exchange.server.process import Server

WANTED = 10_000
SPARE_FILES = 500
"""What the test process itself may have open besides."""

HALF_A_HEAD = b"GET /api/v3/time HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = b"POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nsymbol="
FIRST_WORDS = (b"", HALF_A_HEAD, HALF_A_BODY, b"\x16\x03\x01")
"""What those say that never get to the point."""


def room_for() -> int:
    """How many connections this process can have, after it has asked for as many as it may."""
    if sys.platform == "win32":
        return 500
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(WANTED, allowed - SPARE_FILES)


class Crowd:
    """Idle connections: some never say a word, some stop in the middle of one, some are WebSockets."""

    def __init__(self, venue: Server, size: int) -> None:
        self._venue = venue
        self._sockets: list[socket.socket] = []
        self._slow: list[socket.socket] = []
        for number in range(size):
            if number % 5:
                self._join(FIRST_WORDS[number % 4])
            else:
                line = Line(venue).upgrade("/ws-api/v3" if number % 2 else "/ws/btcusdt@trade")
                self._sockets.append(line.socket)

    def _join(self, words: bytes) -> None:
        sock = socket.create_connection(("127.0.0.1", self._venue.ready.port), timeout=10)
        self._sockets.append(sock)
        if words:
            sock.sendall(words)
            self._slow.append(sock)

    def __len__(self) -> int:
        return len(self._sockets)

    def dawdle(self, how_many: int) -> None:
        """Some say one more byte."""
        for sock in self._slow[:how_many]:
            with contextlib.suppress(OSError):
                sock.sendall(b"x")

    def leave(self) -> None:
        """All are gone."""
        for sock in self._sockets:
            sock.close()


@contextlib.contextmanager
def crowding(venue: Server, size: int) -> Iterator[Crowd]:
    """A crowd for as long as it is needed."""
    crowd = Crowd(venue, size)
    try:
        yield crowd
    finally:
        crowd.leave()


def p99(durations: list[float]) -> float:
    """What all but the slowest hundredth stay below."""
    return sorted(durations)[len(durations) * 99 // 100]


def timed(seconds: float) -> Iterator[float]:
    """Moments until a time is over."""
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        yield now
