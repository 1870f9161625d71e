"""The market streams over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import connect

from tests.exchange.server.streams.local_book import LocalBook, snapshot
from tests.exchange.server.streams.serving import Served, next_event, serving
from veighna_ext.exchange import enums
from veighna_ext.exchange.server import sockets as server_sockets


async def test_a_client_subscribes_listens_and_unsubscribes() -> None:
    async with serving() as served:
        client = await served.connect("/ws")
        await client.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@trade"], "id": 1})
        assert await next_event(client) == {"result": None, "id": 1}
        served.venue.quotes("BTCUSDT", (enums.SELL, "40000", "5"))
        served.venue.hit("BTCUSDT", enums.BUY, "1")
        served.venue.live.flush()
        assert (await next_event(client))["p"] == "40000.00000000"
        await client.send_json({"method": "UNSUBSCRIBE", "params": ["btcusdt@trade"], "id": 2})
        assert await next_event(client) == {"result": None, "id": 2}
        served.venue.hit("BTCUSDT", enums.BUY, "1")
        served.venue.live.flush()
        await client.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 3})
        assert await next_event(client) == {"result": [], "id": 3}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/stream?streams=btcusdt@trade/btcusdt@kline_1m@+08:00",
         ["btcusdt@trade", "btcusdt@kline_1m@+08:00"]),
        ("/stream?streams=btcusdt%40trade%2Fbtcusdt%40kline_1m%40%2B08%3A00&timeUnit=MICROSECOND",
         ["btcusdt@trade", "btcusdt@kline_1m@+08:00"]),
        ("/ws/btcusdt@trade/btcusdt@depth", ["btcusdt@trade", "btcusdt@depth"]),
        ("/ws/btcusdt%40kline_1m%40%2B08%3A00", ["btcusdt@kline_1m@+08:00"]),
        ("/ws/0", ["0"]),
        ("/", []),
        ("/stream", []),
    ],
)  # fmt: skip
async def test_a_url_subscribes_however_it_is_written(path: str, names: list[str]) -> None:
    async with serving() as served, connect(served.url.replace("http", "ws") + path) as client:
        await client.send('{"method":"LIST_SUBSCRIPTIONS","id":"x-1"}')
        assert json.loads(await client.recv()) == {"result": names, "id": "x-1"}


async def test_a_book_is_kept_in_step_while_the_market_moves() -> None:
    async with serving() as served:
        books = {name: LocalBook() for name in ("btcusdt@depth@100ms", "btcusdt@depth")}
        client = await served.connect("/stream?streams=" + "/".join(books))
        heard = dict.fromkeys(books, 0)

        async def listen() -> None:
            while True:
                event = await next_event(client)
                heard[event["stream"]] += 1
                books[event["stream"]].hear(event["data"])
                if heard[event["stream"]] == 1:
                    assert books[event["stream"]].load(snapshot(served.venue))

        listening = asyncio.ensure_future(listen())
        await served.move_until(lambda: listening.done() or heard["btcusdt@depth"] == 2)
        present = snapshot(served.venue)
        while not listening.done() and any(
            book.update_id != present["lastUpdateId"] for book in books.values()
        ):
            await asyncio.sleep(0.01)
        listening.cancel()
        for book in books.values():
            assert book.bids == dict(map(tuple, present["bids"]))
            assert book.asks == dict(map(tuple, present["asks"]))
        assert heard["btcusdt@depth@100ms"] > 8


async def test_a_client_that_does_not_read_is_cut_and_the_others_are_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving() as served:
        reader = await served.connect("/ws/btcusdt@bookTicker")
        deaf = await _deaf(served, "/ws/" + "/".join(f"btcusdt@depth{n}@100ms" for n in (5, 10, 20)))
        # the kernel takes a lot before anything waits here
        while not (unsent := served.sockets[-1].unsent):
            served.sockets[-1].send(b"\x81\x7e\x80\x00" + b" " * 0x8000)
        monkeypatch.setattr(server_sockets, "MOST_UNSENT", unsent + 5000)
        await served.move_until(lambda: len(served.streams) == 1)
        deaf.close()
        served.move()
        before = served.venue.exchange.depths["BTCUSDT"].update_id
        served.venue.quotes("BTCUSDT", (enums.BUY, "39999.5", "77"), (enums.SELL, "40000.5", "77"))
        served.venue.live.flush()
        while (await next_event(reader))["u"] <= before:
            pass


async def _deaf(served: Served, path: str) -> sockets.socket:
    """A connection whose end never reads again."""
    loop = asyncio.get_running_loop()
    deaf = sockets.socket()
    deaf.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    deaf.setblocking(False)
    await loop.sock_connect(deaf, ("127.0.0.1", int(served.url.rpartition(":")[2])))
    await loop.sock_sendall(
        deaf,
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode(),
    )
    while len(served.streams) < 2:
        await asyncio.sleep(0.005)
    return deaf


async def test_a_client_that_talks_too_much_is_told_to_go() -> None:
    async with serving() as served:
        client = await served.connect("/ws/btcusdt@trade")
        for number in range(16):
            await client.send_json({"method": "LIST_SUBSCRIPTIONS", "id": number})
        answers = [await next_event(client) for _ in range(15)]
        assert [answer["id"] for answer in answers] == list(range(15))
        goodbye = await client.receive()
        assert (goodbye.type, goodbye.data) == (aiohttp.WSMsgType.CLOSE, 1008)
        await _gone(served)


@pytest.mark.parametrize("is_polite", [True, False])
async def test_a_client_that_leaves_is_forgotten(is_polite: bool) -> None:
    async with serving() as served:
        client = await served.connect("/ws/btcusdt@trade/btcusdt@depth@100ms/!miniTicker@arr")
        while not len(served.streams):
            await asyncio.sleep(0.005)
        if is_polite:
            await client.close()
        else:
            transport: Any = client._writer.transport
            transport.abort()
        await _gone(served)
        served.move()


async def _gone(served: Served) -> None:
    while len(served.streams):
        await asyncio.sleep(0.005)
