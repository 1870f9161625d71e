"""The control API of a small exchange, served on a free port and asked as any client would."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from tests.exchange.exchanges import FUNDS, SETUP
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.faults import FaultPlan
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.synthetic import SyntheticMarket
from veighna_ext.exchange.markets import ManualMarkets, MarketSource, SyntheticMarkets
from veighna_ext.exchange.server.access import HmacCredential, KeyRing
from veighna_ext.exchange.server.control.control import Control
from veighna_ext.exchange.server.control.vitals import Vitals
from veighna_ext.exchange.server.http_server import HttpServer
from veighna_ext.exchange.server.limits import MessageBudget
from veighna_ext.exchange.server.live import LiveExchange, wall_clock
from veighna_ext.exchange.server.sockets import HandedOver, Socket, Sockets

TOKEN = "a-token"
RATE = UNIT // 1000
BALANCES = {"USDT": 100_000 * UNIT, "BTC": UNIT}
Answer = tuple[int, Any]


class Outside:
    """The server's inside for the test to look at, and its outside to be asked."""

    def __init__(self, exchange: Exchange, source: MarketSource, host: str = "127.0.0.1") -> None:
        self.exchange = exchange
        self.venue = exchange.venue
        self.live = LiveExchange(exchange, source, FaultPlan(7))
        self.keys = KeyRing()
        self.sockets = Sockets()
        self.owners: dict[Socket, set[int]] = {}
        """Whose connection each is; the test says so."""
        self.vitals = Vitals(self.venue, self.sockets.__len__)
        self.was_shut_down = asyncio.Event()
        for number, key in ((1, "first-key"), (2, "second-key")):
            if number > self.venue.last_account_id:
                self.live.submit(c.OpenAccount(self.live.now(), FUNDS, RATE, RATE))
            if key not in self.venue.keys:
                self.live.submit(c.SetKey(self.live.now(), number, key))
            self.keys.add(HmacCredential(key, "secret"))
        self.control = Control(
            self.live,
            self.keys,
            self.sockets,
            self.vitals,
            token=TOKEN,
            host=host,
            balances=BALANCES,
            accounts_of=lambda socket: self.owners.get(socket, set()),
            shut_down=self.was_shut_down.set,
        )
        self.url = ""
        self.port = 0
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The status and the JSON of an answer; the body is sent as JSON, bytes as they are."""
        sent = {"Authorization": f"Bearer {TOKEN}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        data: bytes | None = None
        if body is not None:
            sent = {"Content-Type": "application/json"} | sent
            data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        assert self._session is not None
        async with self._session.request(
            method, f"{self.url}/mock/v1{path}", data=data, headers=sent
        ) as answer:
            return answer.status, msgspec.json.decode(await answer.read())

    async def get(self, path: str) -> Any:
        """What a call that only looks answers."""
        status, answer = await self.ask("GET", path)
        assert status == 200, answer
        return answer

    async def do(self, method: str, path: str, body: Any = None) -> Any:
        """What a call answers that must succeed."""
        status, answer = await self.ask(method, path, body)
        assert status == 200, answer
        return answer

    async def refusal(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, str, str | None]:
        """The status, the sentence and the field of a call that must be refused."""
        status, answer = await self.ask(method, path, body, **headers)
        assert set(answer) == {"error"}, answer
        assert set(answer["error"]) <= {"message", "field"}
        return status, answer["error"]["message"], answer["error"].get("field")

    async def raw(self, text: str) -> tuple[int, str]:
        """The status and everything else that comes back for a request written by hand."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(text.encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = re.search(r"Content-Length: (\d+)", head)
        assert size is not None, head
        body = (await reader.readexactly(int(size[1]))).decode()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        return int(head.split(" ", 2)[1]), head + body

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """WebSockets are taken in, everything else is the control's."""
        if request.path != "/ws":
            return await self.control.answer(request)
        socket = Socket.accept(request, self.live)
        self.sockets.add(socket)
        try:
            await socket.receive(MessageBudget(enabled=False), lambda text: None)
        finally:
            self.sockets.remove(socket)
        return HandedOver()


@asynccontextmanager
async def serving(
    exchange: Exchange | None = None, source: MarketSource | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Outside]:
    """The control API of an exchange, until the test is done with it."""
    exchange = exchange or Exchange.in_memory(SETUP, wall_clock())
    outside = Outside(exchange, source or ManualMarkets(), host)
    runner = web.ServerRunner(HttpServer(outside.answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    outside.port = runner.addresses[0][1]
    outside.url = f"http://127.0.0.1:{outside.port}"
    async with aiohttp.ClientSession() as session:
        outside._session = session
        try:
            yield outside
        finally:
            outside.control.stop()
            await session.close()
            await runner.cleanup()


@asynccontextmanager
async def serving_synthetic(*symbols: str) -> AsyncIterator[Outside]:
    """The same over markets made by chance, which have moved once."""
    market = SyntheticMarket(3)
    setup = Setup(listed(symbols or ["BTCUSDT", "ETHUSDT", "ETHBTC"]), seed=3, market="synthetic")
    exchange = Exchange.in_memory(setup, wall_clock(), lambda symbol: market.history(symbol.name))
    async with serving(exchange, SyntheticMarkets(exchange, market)) as outside:
        outside.live.source.move(outside.live.real_now())
        yield outside
