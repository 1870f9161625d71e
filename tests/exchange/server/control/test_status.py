"""The status tells how the exchange is doing, at this moment and over its last seconds."""

from __future__ import annotations

import asyncio
from time import perf_counter_ns

import aiohttp

from tests.exchange.server.control.outside import serving, serving_synthetic
from veighna_ext import __version__
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.server.control.vitals import KEPT_S, RECENT_S


async def test_the_status_has_everything_at_a_glance() -> None:
    async with serving_synthetic() as outside:
        status = await outside.get("/status")
        assert (status["version"], status["seed"], status["market"]) == (__version__, 3, "synthetic")
        assert (status["accounts"], status["connections"]) == (2, 0)
        assert 0 <= status["uptime_s"] < 10
        assert status["clock"]["exchange"] == status["clock"]["machine"]
        assert (status["faults"], status["replay"], status["latency_ms"]) == ([], None, None)
        assert list(status["symbols"]) == ["BTCUSDT", "ETHUSDT", "ETHBTC"]
        btc = status["symbols"]["BTCUSDT"]
        assert btc["status"] == "TRADING"
        assert float(btc["bid"]) < float(btc["ask"])


async def test_a_market_nobody_traded_has_no_prices() -> None:
    async with serving() as outside:
        btc = (await outside.get("/status"))["symbols"]["BTCUSDT"]
        assert (btc["last"], btc["bid"], btc["ask"]) == (None, None, None)


async def test_open_connections_are_counted() -> None:
    async with (
        serving() as outside,
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{outside.url}/ws"),
    ):
        assert (await outside.get("/status"))["connections"] == 1


async def test_orders_trades_and_answers_are_counted_from_the_first_second_on() -> None:
    async with serving() as outside:
        for price in (100, 100, 101):
            for account, side in ((1, enums.BUY), (2, enums.SELL)):
                began = perf_counter_ns()
                spec = c.OrderSpec(side, quantity=UNIT, price=price * UNIT)
                outside.live.submit(c.PlaceOrder(outside.live.now(), account, "BTCUSDT", spec))
                outside.vitals.orders += 1
                outside.vitals.answered(began)
        status = await outside.get("/status")
        assert (status["orders_per_s"], status["trades_per_s"], status["requests_per_s"]) == (6, 3, 6)
        assert 0 < status["latency_ms"]["p50"] <= status["latency_ms"]["p99"] < 1000


async def test_answers_that_wait_for_the_commit_are_measured_until_they_go_out() -> None:
    async with serving() as outside:
        now = perf_counter_ns()
        outside.vitals.queued(now - 2_000_000_000)
        outside.vitals.queued(now - 4_000_000_000)
        assert outside.vitals.latency_ms() is None
        outside.vitals.sent()
        p50, p99 = outside.vitals.latency_ms() or (0, 0)
        assert 4000 <= p50 <= p99 < 5000
        outside.vitals.sent()
        assert outside.vitals.rates()[2] == 2


async def test_percentiles_are_those_of_the_last_seconds() -> None:
    async with serving() as outside:
        vitals = outside.vitals
        for milliseconds in range(1, 101):
            vitals.answered(perf_counter_ns() - milliseconds * 1_000_000_000)
        p50, p99 = vitals.latency_ms() or (0, 0)
        assert 51_000 <= p50 < 51_500
        assert 100_000 <= p99 < 100_500
        for _ in range(RECENT_S):
            vitals.beat()
        assert vitals.latency_ms() == vitals.latency_ms() != None  # noqa: E711
        vitals.beat()
        assert vitals.latency_ms() is None


async def test_the_history_has_an_entry_for_each_of_the_last_seconds() -> None:
    async with serving() as outside:
        vitals = outside.vitals
        vitals.beat()
        for second in range(KEPT_S + 10):
            vitals.orders += second
            market = outside.venue.market("BTCUSDT")
            market.last_price = (100 + second) * UNIT
            market.last_trade_id += 2 * second
            vitals.beat()
        history = await outside.get("/history?seconds=3")
        last = KEPT_S + 9
        assert history["orders"] == [last - 2, last - 1, last]
        assert history["trades"] == [2 * last - 4, 2 * last - 2, 2 * last]
        assert history["requests"] == [0, 0, 0]
        assert history["p50_ms"] == [None] * 3
        assert history["prices"]["BTCUSDT"][-1] == f"{100 + last}.00000000"
        assert history["prices"]["BNBUSDT"] == [None] * 3
        assert history["times"] == sorted(history["times"])
        assert len((await outside.get(f"/history?seconds={KEPT_S}"))["times"]) == KEPT_S
        assert len((await outside.get("/history"))["times"]) == 120


async def test_a_symbol_listed_later_does_not_count_the_trades_of_its_history() -> None:
    async with serving() as outside:
        now = outside.live.now()
        outside.live.submit(c.ListSymbol(now, listed(["SOLUSDT"])[0], first_trade_id=1_000_000_000))
        assert (await outside.get("/status"))["trades_per_s"] == 0


async def test_the_pulse_is_taken_every_second_as_long_as_somebody_watches() -> None:
    async with serving() as outside:
        watching = asyncio.ensure_future(outside.control.watch())
        while not outside.vitals.seconds:
            await outside.get("/status")
        assert not watching.done()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_a_shutdown_is_answered_before_it_happens() -> None:
    async with serving() as outside:
        assert await outside.do("POST", "/admin/shutdown") == {"done": True}
        await asyncio.wait_for(outside.was_shut_down.wait(), 5)
