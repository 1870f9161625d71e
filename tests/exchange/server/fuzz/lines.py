"""Raw connections: bytes go out as they are, and what comes back is taken apart to the last byte."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.exchange.server.process import Server

ANSWER_WITHIN_S = 10.0
QUIET_S = 0.1
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_KEY = base64.b64encode(b"0123456789abcdef").decode()


class Unanswered(AssertionError):
    """The connection ended, or stayed silent, where something had to be said."""


@dataclass(frozen=True)
class Response:
    """One HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Line:
    """A TCP connection to the server."""

    def __init__(self, venue: Server, within_s: float = ANSWER_WITHIN_S) -> None:
        self.socket = socket.create_connection(("127.0.0.1", venue.ready.port), timeout=within_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = venue.ready.port
        self._came = b""

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes; the server may have had enough of them already."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            return

    def no_more(self) -> None:
        """Nothing else will be sent."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _more(self) -> bool:
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        except TimeoutError:
            raise Unanswered("nothing came in time") from None
        self._came += data
        return bool(data)

    def _take(self, size: int) -> bytes:
        while len(self._came) < size:
            if not self._more():
                raise Unanswered(f"it ended within an answer: {self._came[:200]!r}")
        taken, self._came = self._came[:size], self._came[size:]
        return taken

    # HTTP

    def response(self) -> Response | None:
        """The next response; none where the connection has ended."""
        while b"\r\n\r\n" not in self._came:
            if not self._more():
                if self._came:
                    raise Unanswered(f"it ended within a head: {self._came[:200]!r}")
                return None
        head, _, self._came = self._came.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, _, rest = first.partition(" ")
        assert version in ("HTTP/1.1", "HTTP/1.0"), first
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(rest[:3])
        body = b"" if status in (101, 204, 304) else self._take(int(headers["content-length"]))
        return Response(status, headers, body)

    def responses(self) -> list[Response]:
        """All responses until the connection ends; a server that falls silent is told that this was all."""
        found: list[Response] = []
        self.socket.settimeout(QUIET_S)
        while True:
            try:
                response = self.response()
            except Unanswered:
                if self.socket.gettimeout() != QUIET_S:
                    raise
                self.no_more()
                self.socket.settimeout(ANSWER_WITHIN_S)
                continue
            if response is None:
                return found
            found.append(response)

    def ask(
        self, verb: str, target: bytes, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Response:
        """A request, of which the target may hold any bytes."""
        lines = {"Host": f"127.0.0.1:{self._port}", **(headers or {})}
        if body:
            lines["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode("latin-1")
        self.send(b"%b %b HTTP/1.1\r\n%b\r\n%b" % (verb.encode(), target, head, body))
        response = self.response()
        if response is None:
            raise Unanswered("the connection ended without an answer")
        return response

    # WebSocket

    def upgrade(self, path: str) -> Line:
        """Make it a WebSocket."""
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": _KEY,
            "Sec-WebSocket-Version": "13",
        }
        response = self.ask("GET", path.encode(), headers=headers)
        assert response.status == 101, response
        return self

    def message(self) -> tuple[int, bytes]:
        """The next frame: what it is, and what it holds."""
        first, second = self._take(2)
        size = second & 127
        if size == 126:
            (size,) = struct.unpack(">H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self._take(8))
        assert first & 0x70 == 0
        assert first & 0x80
        assert second < 128
        return first & 15, self._take(size)

    def answers_until(self, message_id: Any) -> list[Any]:
        """All text messages up to the answer to a request; or up to the end, with its code as the last."""
        found: list[Any] = []
        while True:
            try:
                kind, payload = self.message()
            except Unanswered as error:
                raise Unanswered(f"{error}; before it came {found[-3:]}") from None
            if kind == CLOSE:
                found.append(int.from_bytes(payload[:2], "big") if payload else 1005)
                return found
            if kind == TEXT:
                found.append(json.loads(payload))
                if isinstance(found[-1], dict) and found[-1].get("id") == message_id:
                    return found


def frame(
    payload: bytes,
    opcode: int = TEXT,
    *,
    is_last: bool = True,
    reserved: int = 0,
    is_masked: bool = True,
    size: int | None = None,
) -> bytes:
    """A client's frame; it may say another size than it has."""
    declared = len(payload) if size is None else size
    mask_bit = 0x80 if is_masked else 0
    head = bytes([(0x80 if is_last else 0) | reserved << 4 | opcode])
    if declared < 126:
        head += bytes([mask_bit | declared])
    elif declared < 1 << 16:
        head += bytes([mask_bit | 126]) + declared.to_bytes(2, "big")
    else:
        head += bytes([mask_bit | 127]) + declared.to_bytes(8, "big")
    if not is_masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + masked(payload, mask)


def masked(payload: bytes, mask: bytes) -> bytes:
    """A payload as a client sends it."""
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")
