"""The market streams on a port of their own, with a market that moves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from tests.exchange.server.venue import Venue
from veighna_ext.exchange import enums
from veighna_ext.exchange.server.http_server import HttpServer
from veighna_ext.exchange.server.limits import MessageBudget
from veighna_ext.exchange.server.sockets import HandedOver, Socket
from veighna_ext.exchange.server.streams import MarketStreams


class Served:
    """A venue whose market streams can be connected to."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.venue = Venue()
        self.streams = MarketStreams(self.venue.live)
        self.url = ""
        self.sockets: list[Socket] = []
        self._session = session
        self._dice = random.Random(5)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Every request is a client of the streams."""
        socket = Socket.accept(request, self.venue.live)
        self.sockets.append(socket)
        await self.streams.attend(socket, request.path, request.rel_url.query, MessageBudget())
        return HandedOver()

    async def connect(self, path: str) -> aiohttp.ClientWebSocketResponse[bool]:
        """A client connects."""
        return await self._session.ws_connect(self.url + path)

    def move(self) -> None:
        """The book changes, and sometimes somebody trades."""
        self.venue.clock.now += 10_000
        side = self._dice.choice((enums.BUY, enums.SELL))
        price = 40_000 + (2 * side - 1) * self._dice.randrange(1, 20)
        self.venue.quotes("BTCUSDT", (side, str(price), str(self._dice.randrange(0, 9))))
        self.venue.hit("BTCUSDT", 1 - side, "0.125")
        self.venue.live.flush()

    async def move_until(self, is_enough: Callable[[], bool]) -> None:
        """Move the market until something is the case."""
        while not is_enough():
            self.move()
            await asyncio.sleep(0.005)


async def next_event(client: aiohttp.ClientWebSocketResponse[bool]) -> Any:
    """The next message a client reads."""
    return msgspec.json.decode(await client.receive_str())


@asynccontextmanager
async def serving() -> AsyncIterator[Served]:
    """The streams on a free port, with their beat."""
    async with aiohttp.ClientSession() as session:
        served = Served(session)
        runner = web.ServerRunner(HttpServer(served.answer))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        beat = asyncio.ensure_future(served.streams.run())
        try:
            yield served
        finally:
            beat.cancel()
            with suppress(asyncio.CancelledError):
                await beat
            for socket in served.sockets:
                socket.drop()
            await runner.cleanup()
