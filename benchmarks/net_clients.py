"""Clients as frugal as can be, so that what is measured is the server: one WebSocket, one HTTP connection."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

_MASKED = 0x80
_NO_MASK = bytes(4)
"""A mask that changes nothing: legal, and free."""


def masked_text(payload: bytes) -> bytes:
    """A text frame of a client."""
    size = len(payload)
    if size < 126:
        return b"\x81%c%b%b" % (_MASKED | size, _NO_MASK, payload)
    if size < 1 << 16:
        return b"\x81%c%b%b%b" % (_MASKED | 126, size.to_bytes(2, "big"), _NO_MASK, payload)
    return b"\x81%c%b%b%b" % (_MASKED | 127, size.to_bytes(8, "big"), _NO_MASK, payload)


class WebSocket(asyncio.Protocol):
    """Hands every text message to ``on_text``; answers pings."""

    def __init__(self, host: str, path: str, on_text: Callable[[bytes], None]) -> None:
        self.on_text = on_text
        self.is_open = asyncio.get_running_loop().create_future()
        self._host = host
        self._path = path
        self._buffer = b""
        self._has_answer = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        if not self._has_answer:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            self._has_answer = True
            if b" 101 " not in head:
                self.is_open.set_exception(ConnectionError(head.decode()))
                return
            self.is_open.set_result(None)
        place, size = 0, len(data)
        while size - place >= 2:
            opcode, length = data[place] & 15, data[place + 1]
            start = place + 2
            if length == 126:
                start = place + 4
                length = int.from_bytes(data[place + 2 : start], "big")
            elif length == 127:
                start = place + 10
                length = int.from_bytes(data[place + 2 : start], "big")
            end_of_frame = start + length
            if end_of_frame > size:
                break
            if opcode == 1:
                self.on_text(data[start:end_of_frame])
            elif opcode == 9:
                self.transport.write(b"\x8a%c%b%b" % (_MASKED | length, _NO_MASK, data[start:end_of_frame]))
            place = end_of_frame
        self._buffer = data[place:]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(error or ConnectionError("closed"))

    def send(self, payload: bytes) -> None:
        """One text message."""
        self.transport.write(masked_text(payload))


async def connect(url: str, on_text: Callable[[bytes], None]) -> WebSocket:
    """An open WebSocket."""
    parts = urlsplit(url)
    path = parts.path + ("?" + parts.query if parts.query else "")
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: WebSocket(parts.netloc, path, on_text), parts.hostname, parts.port
    )
    await socket.is_open
    return socket


class Http(asyncio.Protocol):
    """Sends one request after the other on one connection, as fast as answers come."""

    def __init__(
        self, next_request: Callable[[], bytes | None], on_body: Callable[[bytes, bytes], None]
    ) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._next_request = next_request
        self._on_body = on_body
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._send()

    def _send(self) -> None:
        request = self._next_request()
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        self._buffer = body[length:]
        self._on_body(head, body[:length])
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def sign(secret: bytes, payload: str) -> str:
    """An HMAC signature as Binance wants it."""
    return hmac.digest(secret, payload.encode(), hashlib.sha256).hex()
