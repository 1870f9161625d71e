"""Faults are put into force and ended while the exchange runs, for one account or for all."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.exchange.exchanges import SETUP, opened
from tests.exchange.server.control.outside import Outside, serving
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.faults import EVERYBODY, SPARED, Faults
from veighna_ext.exchange.server.live import wall_clock

ALL = {
    "latency_ms": [5, 50],
    "reject_rate": 0.01,
    "error_rate": 0.02,
    "drop_ws_every_s": 30,
    "stale_md": True,
    "partial_fill_only": True,
    "rate_limit_now": True,
}


async def test_every_fault_is_taken_and_told() -> None:
    async with serving() as outside:
        (told,) = await outside.do("POST", "/faults", ALL)
        assert told == {"account": None, "api_key": None, **ALL}
        assert outside.live.faults.of(2) == Faults((5, 50), 0.01, 0.02, 30, True, True, True)
        assert await outside.get("/faults") == [told]
        assert (await outside.get("/status"))["faults"] == [told]


async def test_one_latency_is_a_fixed_one() -> None:
    async with serving() as outside:
        (told,) = await outside.do("POST", "/faults", {"latency_ms": 20})
        assert told["latency_ms"] == [20, 20]


async def test_an_account_may_have_faults_of_its_own() -> None:
    async with serving() as outside:
        await outside.do("POST", "/faults", {"reject_rate": 1})
        told = await outside.do("POST", "/faults", {"account": "second-key", "rate_limit_now": True})
        assert [(each["account"], each["api_key"]) for each in told] == [(None, None), (2, "second-key")]
        plan = outside.live.faults
        assert plan.fate(1, is_order=True).refusal != plan.fate(2, is_order=True).refusal
        (left,) = await outside.do("DELETE", "/faults?account=second-key")
        assert left["account"] is None
        assert plan.fate(2, is_order=True).refusal == plan.fate(1, is_order=True).refusal


async def test_new_faults_take_the_place_of_the_old_ones() -> None:
    async with serving() as outside:
        await outside.do("POST", "/faults", {"stale_md": True})
        (told,) = await outside.do("POST", "/faults", {"reject_rate": 0.5})
        assert (told["stale_md"], told["reject_rate"]) == (False, 0.5)
        assert await outside.do("POST", "/faults", {}) == []


async def test_without_faults_every_request_is_spared_again() -> None:
    async with serving() as outside:
        await outside.do("POST", "/faults", ALL)
        await outside.do("POST", "/faults", {**ALL, "account": "first-key"})
        assert await outside.do("DELETE", "/faults") == []
        assert outside.live.faults.fate(1, is_order=True) == SPARED
        assert half_filled(outside) == set()


async def test_partial_fills_are_the_matching_engines_business() -> None:
    async with serving() as outside:
        await outside.do("POST", "/faults", {"partial_fill_only": True})
        assert half_filled(outside) == {EVERYBODY}
        await outside.do("POST", "/faults", {"account": "second-key", "partial_fill_only": True})
        assert half_filled(outside) == {EVERYBODY, 2}
        await outside.do("POST", "/faults", {"stale_md": True})
        assert half_filled(outside) == {2}
        await outside.do("DELETE", "/faults?account=second-key")
        assert half_filled(outside) == set()


async def test_the_fault_that_a_folder_keeps_shows_after_a_restart_and_can_be_ended(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    async with serving(exchange) as outside:
        await outside.do("POST", "/faults", {"account": "first-key", "partial_fill_only": True})
    exchange.close()
    async with serving(Exchange.open(tmp_path, SETUP, wall_clock())) as outside:
        (told,) = await outside.get("/faults")
        assert (told["api_key"], told["partial_fill_only"]) == ("first-key", True)
        await outside.do("DELETE", "/faults")
        assert half_filled(outside) == set()
        outside.exchange.close()


async def test_websockets_are_cut_again_and_again() -> None:
    async with serving() as outside, aiohttp.ClientSession() as session:
        await outside.do("POST", "/faults", {"drop_ws_every_s": 0.05})
        for _ in range(3):
            client = await connected(outside, session)
            assert await was_cut(client)
        await outside.do("DELETE", "/faults")
        client = await connected(outside, session)
        assert not await was_cut(client, within_s=0.2)
        await client.close()


async def test_only_the_connections_of_the_account_meant_are_cut() -> None:
    async with serving() as outside, aiohttp.ClientSession() as session:
        market = await connected(outside, session)
        first = await connected(outside, session, {1})
        second = await connected(outside, session, {2})
        await outside.do("POST", "/faults", {"account": "first-key", "drop_ws_every_s": 0.05})
        assert await was_cut(first)
        assert not await was_cut(second, within_s=0.2)
        assert len(outside.sockets) == 2
        await market.close()
        await second.close()


async def test_an_account_with_faults_of_its_own_does_not_follow_those_of_all() -> None:
    async with serving() as outside, aiohttp.ClientSession() as session:
        market = await connected(outside, session)
        first = await connected(outside, session, {1})
        await outside.do("POST", "/faults", {"account": "first-key", "stale_md": True})
        await outside.do("POST", "/faults", {"drop_ws_every_s": 0.05})
        assert await was_cut(market)
        assert not await was_cut(first, within_s=0.2)
        await first.close()


async def test_other_faults_do_not_disturb_the_rhythm() -> None:
    async with serving() as outside, aiohttp.ClientSession() as session:
        client = await connected(outside, session)
        await outside.do("POST", "/faults", {"drop_ws_every_s": 0.3})
        cut = asyncio.ensure_future(was_cut(client))
        began = asyncio.get_running_loop().time()
        while not cut.done():
            await outside.do("POST", "/faults", {"account": "second-key", "reject_rate": 0.5})
        assert await cut
        assert asyncio.get_running_loop().time() - began == pytest.approx(0.3, abs=0.2)


async def connected(
    outside: Outside, session: aiohttp.ClientSession, accounts: set[int] | None = None
) -> aiohttp.ClientWebSocketResponse:
    """A client's new connection, on which some accounts are logged on."""
    before = set(outside.sockets)
    client: Any = await session.ws_connect(f"{outside.url}/ws")
    (socket,) = set(outside.sockets) - before
    outside.owners[socket] = accounts or set()
    return client


async def was_cut(client: aiohttp.ClientWebSocketResponse, within_s: float = 10.0) -> bool:
    """Whether the connection ends by itself, without a goodbye."""
    try:
        message = await client.receive(timeout=within_s)
    except (asyncio.TimeoutError, TimeoutError):
        return False
    return (
        message.type is aiohttp.WSMsgType.CLOSED and client.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
    )


def half_filled(outside: Outside) -> set[int]:
    """The accounts whose orders the engine fills only in part."""
    return set.union(*(market.half_fills for market in outside.venue.markets.values()))
