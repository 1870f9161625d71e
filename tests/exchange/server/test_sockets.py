"""WebSockets of the exchange: how they begin, what they carry, and how they end."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import WSCloseCode, WSMsgType, web

from veighna_ext.exchange.server import frames, sockets
from veighna_ext.exchange.server.http_server import HttpServer
from veighna_ext.exchange.server.limits import MessageBudget
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.sockets import HandedOver, Socket, Sockets


class Turns:
    """An outbox that sends at the end of each turn, and counts them."""

    def __init__(self) -> None:
        self.senders: list[Socket] = []
        self.turns = 0

    def will_send(self, socket: Socket) -> None:
        self.senders.append(socket)

    def begin_turn(self) -> None:
        self.turns += 1

    def end_turn(self) -> None:
        senders, self.senders = self.senders, []
        for socket in senders:
            socket.send_queued()


class Stage:
    """A server whose sockets repeat what they hear."""

    def __init__(self) -> None:
        self.outbox = Turns()
        self.sockets = Sockets()
        self.heard: list[bytes] = []
        self.on_text: Callable[[Socket, bytes], None] = lambda socket, text: socket.queue(frames.text(text))
        self.budget: Callable[[], MessageBudget] = lambda: MessageBudget(enabled=False)
        self.port = 0

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            socket = Socket.accept(request, self.outbox)
        except Refusal as refusal:
            return web.Response(status=refusal.status, text=refusal.message)
        self.sockets.add(socket)

        def hear(text: bytes) -> None:
            self.heard.append(text)
            self.on_text(socket, text)

        try:
            await socket.receive(self.budget(), hear)
        finally:
            self.sockets.remove(socket)
        return HandedOver()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"

    @property
    def socket(self) -> Socket:
        (only,) = self.sockets
        return only


@asynccontextmanager
async def opened() -> AsyncIterator[Stage]:
    stage = Stage()
    runner = web.ServerRunner(HttpServer(stage.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage.port = runner.addresses[0][1]
    try:
        yield stage
    finally:
        for socket in stage.sockets:
            socket.drop()
        await runner.cleanup()


def on_stage(play: Callable[[Stage, aiohttp.ClientSession], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """A test that gets a server and a client."""

    def run() -> None:
        async def whole() -> None:
            async with opened() as stage, aiohttp.ClientSession() as session:
                await asyncio.wait_for(play(stage, session), 20)

        asyncio.run(whole())

    run.__name__ = play.__name__
    return run


@on_stage
async def test_a_message_comes_back_as_it_was(stage: Stage, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(stage.url) as client:
        for size in (0, 1, 125, 126, 4000, 60_000):
            await client.send_str("x" * size)
            assert await client.receive_str() == "x" * size


@on_stage
async def test_messages_that_come_together_share_one_turn(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    _, writer = await raw(stage)
    before = stage.outbox.turns
    writer.write(masked(b"\x81", b"one") + masked(b"\x81", b"two") + masked(b"\x81", b"three"))
    await until(lambda: len(stage.heard) == 3)
    assert stage.heard == [b"one", b"two", b"three"]
    assert stage.outbox.turns == before + 1
    writer.close()


@on_stage
async def test_a_frame_sent_before_the_handshake_is_answered_is_not_lost(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(handshake() + masked(b"\x81", b"early"))
    await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(7) == frames.text(b"early")
    writer.close()


@on_stage
async def test_pings_are_answered_with_what_they_carry(stage: Stage, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(stage.url, autoping=False) as client:
        await client.ping(b"1795269637813")
        message = await client.receive()
        assert (message.type, message.data) == (WSMsgType.PONG, b"1795269637813")


@on_stage
async def test_only_the_answer_to_a_ping_keeps_a_connection_alive(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect(stage.url, autoping=False) as client:
        await until(lambda: len(stage.sockets) == 1)
        socket = stage.socket
        opened = socket.last_pong
        stage.sockets.look_after(opened + sockets.PING_EVERY_S - 1)
        assert socket.last_ping == opened
        stage.sockets.look_after(opened + sockets.PING_EVERY_S)
        ping = await client.receive()
        assert (ping.type, len(ping.data)) == (WSMsgType.PING, 13)

        await client.pong(b"")
        await until(lambda: socket.messages == 1)
        assert socket.last_pong == opened
        await client.pong(ping.data)
        await until(lambda: socket.messages == 2)
        assert socket.last_pong > opened

        last_chance = socket.last_pong + sockets.PING_EVERY_S + sockets.PONG_WITHIN_S
        stage.sockets.look_after(last_chance)
        assert socket.is_open
        stage.sockets.look_after(last_chance + 1)
        await until(lambda: len(stage.sockets) == 0)


@on_stage
async def test_a_fragmented_message_is_one(stage: Stage, session: aiohttp.ClientSession) -> None:
    reader, writer = await raw(stage)
    writer.write(masked(b"\x01", b"half ") + masked(b"\x89", b"!") + masked(b"\x80", b"and half"))
    assert await reader.readexactly(3) == frames.pong(b"!")
    assert await reader.readexactly(15) == frames.text(b"half and half")
    writer.close()


@on_stage
async def test_who_says_goodbye_is_answered(stage: Stage, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(stage.url) as client:
        await client.close(code=4001)
        assert client.close_code == 4001
    await until(lambda: len(stage.sockets) == 0)


@on_stage
async def test_too_many_messages_end_the_connection_with_1008(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    stage.budget = lambda: MessageBudget(strict=True)
    async with session.ws_connect(stage.url) as client:
        for _ in range(6):
            await client.send_str("hello")
        texts = [await client.receive() for _ in range(6)]
        assert [each.type for each in texts] == [WSMsgType.TEXT] * 5 + [WSMsgType.CLOSE]
        assert (texts[5].data, texts[5].extra) == (WSCloseCode.POLICY_VIOLATION, "Too many requests")


@on_stage
async def test_a_message_that_is_too_large_ends_the_connection_with_1009(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect(stage.url) as client:
        await client.send_str("x" * (sockets.LARGEST_MESSAGE + 1))
        message = await client.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, WSCloseCode.MESSAGE_TOO_BIG)
    assert stage.heard == []


@on_stage
async def test_an_unmasked_frame_does_not_harm_others(stage: Stage, session: aiohttp.ClientSession) -> None:
    _, writer = await raw(stage)
    async with session.ws_connect(stage.url) as client:
        writer.write(b"\x83\x05wrong")
        await client.send_str("still here")
        assert await client.receive_str() == "still here"
        await until(lambda: len(stage.sockets) == 1)
    writer.close()


@pytest.mark.expected_errors("a message could not be handled: ZeroDivisionError")
@on_stage
async def test_a_handler_that_fails_ends_only_its_own_connection(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    def fail(socket: Socket, text: bytes) -> None:
        if text == b"fail":
            raise ZeroDivisionError
        socket.queue(frames.text(text))

    stage.on_text = fail
    async with session.ws_connect(stage.url) as good, session.ws_connect(stage.url) as bad:
        await bad.send_str("fail")
        message = await bad.receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, WSCloseCode.INTERNAL_ERROR)
        await good.send_str("fine")
        assert await good.receive_str() == "fine"


@on_stage
async def test_a_client_that_does_not_read_is_cut(stage: Stage, session: aiohttp.ClientSession) -> None:
    _, writer = await raw(stage)
    await until(lambda: len(stage.sockets) == 1)
    socket = stage.socket
    frame = frames.text(b"x" * 1_000_000)
    sent = 0
    while socket.is_open:
        socket.send(frame)
        sent += 1
        assert sent < 200
    assert sent * len(frame) > sockets.MOST_UNSENT
    await until(lambda: len(stage.sockets) == 0)
    writer.close()


@on_stage
async def test_a_client_that_is_silent_about_goodbye_is_cut_after_a_moment(
    stage: Stage, session: aiohttp.ClientSession
) -> None:
    _, writer = await raw(stage)
    await until(lambda: len(stage.sockets) == 1)
    started = time.monotonic()
    await stage.socket.close(WSCloseCode.GOING_AWAY, "leaving")
    assert time.monotonic() - started < 1.8
    await until(lambda: len(stage.sockets) == 0)
    writer.close()


@on_stage
async def test_nothing_is_sent_after_goodbye(stage: Stage, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(stage.url, autoclose=False) as client:
        await until(lambda: len(stage.sockets) == 1)
        socket = stage.socket
        socket.end(WSCloseCode.GOING_AWAY, "over")
        socket.send(frames.text(b"too late"))
        assert (await client.receive()).type is WSMsgType.CLOSE
        await client.close()


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Sec-WebSocket-Version", "8", 426),
        ("Sec-WebSocket-Key", "not a key", 400),
        ("Connection", "keep-alive", 400),
    ],
)
def test_a_bad_handshake_is_refused(name: str, value: str, status: int) -> None:
    @on_stage
    async def play(stage: Stage, session: aiohttp.ClientSession) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(handshake(**{name: value}))
        head = await reader.readuntil(b"\r\n\r\n")
        assert int(head.split()[1]) == status
        writer.close()

    play()


def handshake(**changes: str) -> bytes:
    """The request that begins a WebSocket."""
    headers = {
        "Host": "localhost",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
        **changes,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET / HTTP/1.1\r\n{lines}\r\n".encode()


async def raw(stage: Stage) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A WebSocket by hand."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(handshake())
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def masked(opcode: bytes, payload: bytes) -> bytes:
    """A client's frame of a short payload."""
    mask = os.urandom(4)
    body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
    return b"%b%c%b%b" % (opcode, 0x80 | len(payload), mask, body)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    while not condition():
        await asyncio.sleep(0.005)
