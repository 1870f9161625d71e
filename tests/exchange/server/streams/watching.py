"""Clients of market streams without a network between, and what they read."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from tests.exchange.server.venue import Venue
from veighna_ext.exchange import enums
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.server.streams import MarketStreams, OtherStreams
from veighna_ext.exchange.server.streams.market import LONGEST_REST_S

SECOND = 1_000_000
MINUTE = 60 * SECOND


def payloads(data: bytes) -> Iterator[bytes]:
    """What a client reads out of the frames of a server."""
    place = 0
    while place < len(data):
        assert data[place] == 0x81, "whole text messages only"
        size, place = data[place + 1], place + 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, place = int.from_bytes(data[place : place + width], "big"), place + width
        yield data[place : place + size]
        place += size


class Client:
    """Keeps what it is sent."""

    def __init__(self, watched: Watched, path: str, query: dict[str, str]) -> None:
        self.writes: list[bytes] = []
        """What was written at once, each time."""
        self._watched = watched
        self.connection = watched.streams.join(self, path, query)

    def send(self, frame: bytes) -> None:
        """Frames come."""
        self.writes.append(frame)

    def take(self) -> list[Any]:
        """All messages since the last time."""
        taken, self.writes = self.writes, []
        return [msgspec.json.decode(text) for write in taken for text in payloads(write)]

    def say(self, message: bytes | dict[str, Any]) -> Any:
        """The answer to a message; nothing else may come before it."""
        self.tell(message)
        (answer,) = self.take()
        return answer

    def tell(self, message: bytes | dict[str, Any]) -> None:
        """Send a message."""
        sent = message if isinstance(message, bytes) else msgspec.json.encode(message)
        self._watched.streams.follow(self.connection, sent)

    def subscribe(self, *names: str) -> None:
        """Listen to streams."""
        assert self.say({"method": "SUBSCRIBE", "params": names, "id": 1}) == {"result": None, "id": 1}

    def unsubscribe(self, *names: str) -> None:
        """Listen no more."""
        assert self.say({"method": "UNSUBSCRIBE", "params": names, "id": 2}) == {"result": None, "id": 2}

    def leave(self) -> None:
        """Disconnect."""
        self._watched.streams.leave(self.connection)


class Watched:
    """A venue with its market streams, whose beat is given by hand."""

    def __init__(self, exchange: Exchange | None, others: OtherStreams | None, share: float) -> None:
        self.venue = Venue(exchange)
        self.streams = MarketStreams(self.venue.live, others, share=share)
        self._loop = asyncio.get_running_loop()
        self._beat = 0

    def connect(self, path: str = "/ws", **query: str) -> Client:
        """A new client."""
        return Client(self, path, query)

    def listen(self, *names: str, combined: bool = False) -> Client:
        """A new client that listens to streams."""
        client = self.connect("/stream" if combined else "/ws")
        client.subscribe(*names)
        return client

    def commit(self) -> None:
        """What was done is on disk."""
        self.venue.live.flush()

    def beat(self, beats: int = 1) -> None:
        """Tenths of a second pass for the streams; the venue's clock stands where it is."""
        for _ in range(beats):
            self._beat += 1
            self._run(self.streams.beat(self._beat))

    def pass_time(self, seconds: float) -> None:
        """Time passes, beat by beat."""
        for _ in range(round(seconds * 10)):
            self.venue.clock.now += SECOND // 10
            self.beat()

    def rest(self) -> None:
        """The streams have rested from a round."""
        self._run(asyncio.sleep(LONGEST_REST_S * 1.5))

    def trade(self, price: str, quantity: str = "1", symbol: str = "BTCUSDT", *, bought: bool = True) -> None:
        """Somebody takes what is offered for a moment at a price."""
        side = enums.BUY if bought else enums.SELL
        self.venue.quotes(symbol, (1 - side, price, quantity))
        self.venue.hit(symbol, side, quantity)
        self.commit()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(work)


@contextmanager
def watching(
    exchange: Exchange | None = None, others: OtherStreams | None = None, share: float = 1
) -> Iterator[Watched]:
    """A venue with market streams that need no rest, for a test that is no coroutine itself."""

    async def made() -> Watched:
        return Watched(exchange, others, share)

    loop = asyncio.new_event_loop()
    try:
        yield loop.run_until_complete(made())
    finally:
        loop.close()
