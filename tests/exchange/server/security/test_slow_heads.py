"""Whoever takes too long to say what is wanted is not waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.support.waiting import until
from veighna_ext.exchange.server.answers import Answer
from veighna_ext.exchange.server.http_server import HttpServer

WITHIN_S = 0.3


async def _nothing(request: web.BaseRequest) -> Answer:
    return Answer(b"{}")


@asynccontextmanager
async def served(answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> AsyncIterator[int]:
    """The exchange's HTTP server, less patient than usual; its port."""
    runner = web.ServerRunner(HttpServer(answer, head_within_s=WITHIN_S))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """Everything until the server ends the connection."""
    return await asyncio.wait_for(reader.read(), 10 * WITHIN_S)


@pytest.mark.parametrize(
    "words", [b"", b"G", b"GET /api/v3/time HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nX-Slow: "]
)
async def test_a_connection_without_a_request_is_ended(words: bytes) -> None:
    async with served(_nothing) as port:
        began = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(words)
        assert await ended(reader) == b""
        assert time.monotonic() - began > 0.9 * WITHIN_S
        writer.close()


async def test_a_byte_now_and_then_does_not_help() -> None:
    async with served(_nothing) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        dripping = True

        async def drip() -> None:
            while dripping:
                writer.write(b"x")
                await asyncio.sleep(WITHIN_S / 20)

        task = asyncio.ensure_future(drip())
        assert await ended(reader) == b""
        dripping = False
        await task
        writer.close()


async def test_a_quiet_connection_is_ended_after_its_answers_too() -> None:
    async with served(_nothing) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await reader.readuntil(b"{}")
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
        assert await ended(reader) == b""
        writer.close()


async def test_a_request_that_takes_long_is_answered() -> None:
    answered = asyncio.Event()

    async def slowly(request: web.BaseRequest) -> Answer:
        await asyncio.sleep(2 * WITHIN_S)
        answered.set()
        return Answer(b"{}")

    async with served(slowly) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await reader.readuntil(b"{}")).startswith(b"HTTP/1.1 200 ")
        assert answered.is_set()
        writer.close()


async def test_nothing_waits_for_those_who_left() -> None:
    async with served(_nothing) as port:
        before = len(asyncio.all_tasks())
        for _ in range(50):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\n")
            writer.close()
        await until(lambda: len(asyncio.all_tasks()) <= before)
