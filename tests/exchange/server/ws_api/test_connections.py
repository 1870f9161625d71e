"""All connections of the WebSocket API together: told of the end, and forgotten when they are over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.exchange.server.access.signers import hmac_sender
from tests.exchange.server.venue import KEYS, SECRETS, Venue
from veighna_ext.exchange.server.catalogue import METHODS
from veighna_ext.exchange.server.http_server import HttpServer
from veighna_ext.exchange.server.sockets import HandedOver, Socket
from veighna_ext.exchange.server.user_data import UserData
from veighna_ext.exchange.server.ws_api.connections import WsApi


class Place:
    """The WebSocket API on a free port, and nothing else."""

    def __init__(self) -> None:
        self.venue = Venue()
        self.user_data = UserData(self.venue.live)
        self.api = WsApi(self.venue.dispatcher, self.venue.gatekeeper, METHODS, self.user_data)
        self.session = aiohttp.ClientSession()
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve a connection."""
        socket = Socket.accept(request, self.venue.live)
        await self.api.serve(socket, returns_rate_limits=False, time_divisor=1000)
        return HandedOver()

    async def connected(self) -> Any:
        """A client that listens to the first account."""
        line: Any = await self.session.ws_connect(self.url)
        params: dict[str, Any] = {"apiKey": KEYS[1], "timestamp": self.venue.clock.now // 1000}
        payload = "&".join(f"{name}={value}" for name, value in params.items())
        params["signature"] = hmac_sender(SECRETS[1]).sign(payload.encode())
        await line.send_json({"id": 1, "method": "userDataStream.subscribe.signature", "params": params})
        assert await line.receive_json() == {"id": 1, "status": 200, "result": {"subscriptionId": 0}}
        return line


@asynccontextmanager
async def open_place() -> AsyncIterator[Place]:
    place = Place()
    runner = web.ServerRunner(HttpServer(place.answer))
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield place
    finally:
        await place.session.close()
        await runner.cleanup()


async def test_a_connection_that_is_over_listens_no_more() -> None:
    async with open_place() as place:
        first, second = await place.connected(), await place.connected()
        assert (len(place.api), len(place.user_data)) == (2, 2)
        await first.close()
        while len(place.api) == 2:
            await asyncio.sleep(0)
        assert len(place.user_data) == 1
        await second.close()
        while len(place.api) == 1:
            await asyncio.sleep(0)

        assert len(place.user_data) == 0
        assert not place.venue.account(1).is_listening


async def test_every_connection_is_told_of_the_end() -> None:
    async with open_place() as place:
        lines = [await place.connected() for _ in range(3)]
        place.api.announce_shutdown()

        for line in lines:
            event = (await line.receive_json())["event"]
            assert event == {"e": "serverShutdown", "E": place.venue.clock.now // 1000}
            await line.close()
