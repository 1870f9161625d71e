"""Trading as clients do it, by HTTP: statuses, bodies, and what a disk that fails lets them know."""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.exchange.exchanges import SETUP, START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import order
from tests.exchange.server.venue import KEYS, SECRETS, Venue
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.server.catalogue import ROUTES
from veighna_ext.exchange.server.http_server import HttpServer
from veighna_ext.exchange.server.rest import Rest

BID = order("LIMIT", "BUY", price="39000", timeInForce="GTC")
WOULD_TAKE = {**order("LIMIT_MAKER", "BUY", price="45000"), "cancelReplaceMode": "STOP_ON_FAILURE"}


class Line:
    """One trader's HTTP connection to a venue on disk."""

    def __init__(self, session: aiohttp.ClientSession, url: str, venue: Venue) -> None:
        self.venue = venue
        self._session = session
        self._url = url

    async def send(self, verb: str, path: str, number: int = 1, **sent: Any) -> tuple[int, Any]:
        """The status and the JSON of the answer to a signed request."""
        sent["timestamp"] = time.time_ns() // 1_000_000
        query = "&".join(f"{name}={value}" for name, value in sent.items())
        signature = hmac.new(SECRETS[number].encode(), query.encode(), hashlib.sha256).hexdigest()
        headers = {"X-MBX-APIKEY": KEYS[number]}
        url = f"{self._url}{path}?{query}&signature={signature}"
        async with self._session.request(verb, url, headers=headers) as response:
            return response.status, await response.json()

    def fail_disk(self) -> None:
        """From now on nothing can be written to the journal."""
        journal = self.venue.exchange._journal
        assert journal is not None
        reading = os.open(os.devnull, os.O_RDONLY)
        os.dup2(reading, journal._handle)
        os.close(reading)


@asynccontextmanager
async def open_line(folder: Path) -> AsyncIterator[Line]:
    """REST on a free port."""
    exchange = Exchange.open(folder, SETUP, START)
    venue = Venue(exchange)
    rest = Rest(venue.dispatcher, venue.gatekeeper, ROUTES)
    runner = web.ServerRunner(HttpServer(rest.answer))
    try:
        async with aiohttp.ClientSession() as session:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield Line(session, f"http://127.0.0.1:{runner.addresses[0][1]}", venue)
    finally:
        await runner.cleanup()
        exchange.close()


async def test_a_day_of_orders_by_http(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        status, placed = await line.send("POST", "/api/v3/order", **BID)
        assert (status, list(placed)) == (200, samples.FULL)
        status, found = await line.send("GET", "/api/v3/order", symbol="BTCUSDT", orderId=1)
        assert (status, list(found)) == (200, samples.ORDER)
        sent: dict[str, Any] = {"symbol": "BTCUSDT", "orderId": 1, "newQty": "0.5"}
        status, amended = await line.send("PUT", "/api/v3/order/amend/keepPriority", **sent)
        assert (status, list(amended)) == (200, samples.AMENDED)
        status, canceled = await line.send("DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=1)
        assert (status, list(canceled)) == (200, samples.CANCEL)
        status, refused = await line.send("DELETE", "/api/v3/order", symbol="BTCUSDT", orderId=1)
        assert (status, refused) == (400, {"code": -2011, "msg": "Unknown order sent."})


async def test_what_signs_a_request_counts_among_its_parameters(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        _, refused = await line.send("POST", "/api/v3/order", **BID, created=1)
        read = len(BID) + 2
        assert refused["msg"] == (
            f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{read + 1}'."
        )
        _, refused = await line.send("GET", "/api/v3/order", **BID)
        assert refused["msg"] == "Too many parameters; expected '6' and received '8'."
        _, refused = await line.send("GET", "/api/v3/account", apiKey=KEYS[1])
        assert refused["code"] == -1104, "REST has the key in a header"


async def test_half_a_replacement_has_its_own_status_and_tells_both_halves(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        await line.send(
            "POST", "/api/v3/order", 2, **order("LIMIT", "SELL", price="44000", timeInForce="GTC")
        )
        await line.send("POST", "/api/v3/order", **BID)
        path = "/api/v3/order/cancelReplace"
        status, answer = await line.send("POST", path, **WOULD_TAKE, cancelOrderId=2)
        assert (status, list(answer)) == (409, ["code", "msg", "data"])
        assert list(answer["data"]) == samples.REPLACEMENT


@pytest.mark.expected_errors("the journal cannot be written")
async def test_half_a_replacement_is_not_told_before_it_is_on_disk(tmp_path: Path) -> None:
    async with open_line(tmp_path) as line:
        await line.send(
            "POST", "/api/v3/order", 2, **order("LIMIT", "SELL", price="44000", timeInForce="GTC")
        )
        await line.send("POST", "/api/v3/order", **BID)
        line.fail_disk()
        path = "/api/v3/order/cancelReplace"
        status, answer = await line.send("POST", path, **WOULD_TAKE, cancelOrderId=2)
        assert (status, answer["code"]) == (504, -1007)
