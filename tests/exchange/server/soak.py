"""Everything clients do, for as long as one likes: orders, queries, streams, reconnects, and mischief."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.conformance.clients.base import Place

SYMBOLS = ("BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT")
STREAMS = ("@depth@100ms", "@trade", "@bookTicker", "@kline_1m", "@ticker", "@depth20@100ms", "@aggTrade")
STEP_S = 0.02
"""Between two requests of one trader."""
QUERIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/api/v3/account", {}),
    ("GET", "/api/v3/openOrders", {}),
    ("GET", "/api/v3/allOrders", {"symbol": "BTCUSDT", "limit": 100}),
    ("GET", "/api/v3/myTrades", {"symbol": "BTCUSDT", "limit": 100}),
    ("GET", "/api/v3/rateLimit/order", {}),
)
PUBLIC = (
    "/api/v3/depth?symbol=BTCUSDT&limit=500",
    "/api/v3/klines?symbol=ETHUSDT&interval=1m&limit=500",
    "/api/v3/ticker/24hr",
    "/api/v3/exchangeInfo",
    "/api/v3/nothing",
    "/api/v3/trades?symbol=NOSUCH",
)


@dataclass
class Done:
    """What was done so far."""

    answers: int = 0
    refusals: int = 0
    events: int = 0
    connections: int = 0
    unexpected: list[str] = field(default_factory=list)


class Trader:
    """One account that trades by the WebSocket API, with its user data on the same connection."""

    def __init__(self, place: Place, prices: dict[str, str], done: Done, seed: int) -> None:
        self._place = place
        self._prices = prices
        """Where orders rest: well below the market."""
        self._done = done
        self._dice = random.Random(seed)
        self._number = 0
        self._open: list[tuple[str, int]] = []

    async def trade(self, session: aiohttp.ClientSession, until: float) -> None:
        """Connect again and again, and trade in between."""
        while time.monotonic() < until:
            async with session.ws_connect(self._place.ws + "/ws-api/v3") as socket:
                self._done.connections += 1
                await self._ask(socket, "userDataStream.subscribe.signature", {})
                for _ in range(self._dice.randrange(50, 400)):
                    method, params = self._request()
                    await self._ask(socket, method, params)
                    await asyncio.sleep(STEP_S)
                    if time.monotonic() > until:
                        break

    def _request(self) -> tuple[str, dict[str, str]]:
        dice = self._dice
        kind = dice.random()
        symbol = dice.choice(SYMBOLS)
        if kind < 0.25 and self._open:
            symbol, order_id = self._open.pop(dice.randrange(len(self._open)))
            return "order.cancel", {"symbol": symbol, "orderId": str(order_id)}
        if len(self._open) > 100:
            self._open = [each for each in self._open if each[0] != symbol]
            return "openOrders.cancelAll", {"symbol": symbol}
        side = dice.choice(("BUY", "SELL"))
        if kind < 0.5:
            return "order.place", {"symbol": symbol, "side": side, "type": "MARKET", "quoteOrderQty": "20"}
        quantity = {"BTCUSDT": "0.001", "ETHUSDT": "0.01", "BNBUSDT": "0.1", "SOLUSDT": "0.5"}[symbol]
        tif = dice.choice(("GTC", "GTC", "IOC", "FOK"))
        return "order.place", {
            "symbol": symbol, "side": "BUY", "type": "LIMIT", "timeInForce": tif,
            "price": self._prices[symbol], "quantity": quantity,
        }  # fmt: skip

    async def _ask(
        self, socket: aiohttp.ClientWebSocketResponse[Any], method: str, params: dict[str, str]
    ) -> None:
        self._number += 1
        sent = {**params, "apiKey": self._place.key, "timestamp": str(time.time_ns() // 1_000_000)}
        payload = "&".join(f"{name}={sent[name]}" for name in sorted(sent))
        sent["signature"] = signature(self._place, payload)
        await socket.send_str(json.dumps({"id": self._number, "method": method, "params": sent}))
        while True:
            answer = json.loads(await socket.receive_str())
            if "event" in answer:
                self._done.events += 1
                continue
            assert answer["id"] == self._number, answer
            self._count(answer["status"])
            if answer["status"] == 200 and answer["result"] and method == "order.place":
                result = answer["result"]
                if result["status"] == "NEW":
                    self._open.append((result["symbol"], result["orderId"]))
            return

    def _count(self, status: int) -> None:
        self._done.answers += 1
        if status != 200:
            self._done.refusals += 1
        if status >= 500:
            self._done.unexpected.append(f"status {status}")


def signature(place: Place, payload: str) -> str:
    """An HMAC signature."""
    return hmac.new(place.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


async def ask_by_rest(place: Place, session: aiohttp.ClientSession, done: Done, until: float) -> None:
    """Signed and public requests by turns, some of them wrong."""
    number = 0
    while time.monotonic() < until:
        verb, path, params = QUERIES[number % len(QUERIES)]
        query = urlencode({**params, "timestamp": time.time_ns() // 1_000_000})
        signed = f"{place.rest}{path}?{query}&signature={signature(place, query)}"
        urls = ((verb, signed), ("GET", place.rest + PUBLIC[number % len(PUBLIC)]))
        for method, url in urls:
            async with session.request(method, url, headers={"X-MBX-APIKEY": place.key}) as answer:
                await answer.read()
                done.answers += 1
                if answer.status >= 500:
                    done.unexpected.append(f"{answer.status} {path}")
        number += 1
        await asyncio.sleep(5 * STEP_S)


async def follow_markets(place: Place, session: aiohttp.ClientSession, done: Done, until: float) -> None:
    """Listen to many streams, change what is listened to, leave, come back."""
    dice = random.Random(7)
    while time.monotonic() < until:
        names = [f"{symbol.lower()}{stream}" for symbol in SYMBOLS for stream in STREAMS]
        async with session.ws_connect(f"{place.ws}/stream?streams={'/'.join(names[:10])}") as socket:
            done.connections += 1
            await socket.send_json({"method": "SUBSCRIBE", "params": names[10:], "id": 1})
            for _ in range(dice.randrange(100, 1500)):
                message = await socket.receive()
                if message.type is not aiohttp.WSMsgType.TEXT:
                    done.unexpected.append(f"a stream ended with {message.type!r}")
                    break
                done.events += 1
            await socket.send_json({"method": "UNSUBSCRIBE", "params": names[:5], "id": 2})


async def be_a_nuisance(place: Place, done: Done, until: float) -> None:
    """Half requests, broken lines, sockets that are dropped and never closed."""
    port = int(place.rest.rpartition(":")[2])
    upgrade = (
        b"GET /ws/btcusdt@depth HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    pieces = (b"GET /api/v3/ti", b"\0\1\2", upgrade, upgrade + b"\x81\xff\xff", b"POST /api/v3/order HTT")
    number = 0
    while time.monotonic() < until:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(pieces[number % len(pieces)])
        await asyncio.sleep(5 * STEP_S)
        writer.transport.abort()
        done.connections += 1
        number += 1


async def load(places: list[Place], seconds: float, watch: Callable[[Done], Awaitable[None]]) -> Done:
    """All of it at once for some seconds; ``watch`` is called every second."""
    done = Done()
    until = time.monotonic() + seconds
    async with aiohttp.ClientSession() as session:
        async with session.get(places[0].rest + "/api/v3/ticker/price") as answer:
            prices = {each["symbol"]: str(int(float(each["price"]) * 0.7)) for each in await answer.json()}
        work: list[Any] = [
            asyncio.ensure_future(each)
            for each in (
                *(
                    Trader(place, prices, done, number).trade(session, until)
                    for number, place in enumerate(places)
                ),
                *(ask_by_rest(place, session, done, until) for place in places),
                *(follow_markets(places[0], session, done, until) for _ in range(3)),
                be_a_nuisance(places[0], done, until),
            )
        ]
        while time.monotonic() < until:
            await asyncio.sleep(1)
            await watch(done)
        await asyncio.wait_for(asyncio.gather(*work), 30)
    return done
