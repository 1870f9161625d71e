"""WebSocket connections: what came, what goes out, and when they have to end."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, Protocol

from aiohttp import WebSocketError, WSCloseCode, WSMessage, WSMsgType, web
from aiohttp._websocket.models import WSMessageTextBytes
from aiohttp._websocket.reader import WebSocketDataQueue, WebSocketReader
from aiohttp.web_protocol import RequestHandler

from veighna_ext.exchange.server import frames
from veighna_ext.exchange.server.refusals import Refusal

if TYPE_CHECKING:
    from veighna_ext.exchange.server.limits import MessageBudget

log = logging.getLogger(__name__)

PING_EVERY_S: Final = 20.0
PONG_WITHIN_S: Final = 60.0
LIFETIME_S: Final = 24 * 3600.0
MOST_UNSENT: Final = 16 * 1024 * 1024
"""Bytes a client may be behind; one that reads more slowly is cut, so that it costs nobody else anything."""
LARGEST_MESSAGE: Final = 64 * 1024
LONGEST_TURN_NS: Final = 4_000_000
"""How long one client's messages may have the loop for themselves; what else came waits for its next turn."""
AT_ONCE: Final = 100
"""Clients that are looked after before others get the loop."""
GOODBYE_WITHIN_S: Final = 1.0
_NO_CODES: Final = 5000
"""From here on there are no codes for the end of a connection."""
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SWITCHING: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %b\r\n\r\n"
)


class Outbox(Protocol):
    """Where connections say that they have answers to send once they may be sent."""

    def will_send(self, socket: Socket) -> None:
        """Call its ``send_queued`` after the next commit."""

    def begin_turn(self) -> None:
        """Messages are about to be handed over."""

    def end_turn(self) -> None:
        """All messages that had come were handed over: what they asked for may be committed at once."""


class _Inbox(WebSocketDataQueue):
    """
    Where aiohttp's reader puts what it has read: handed on at once.

    A queue and a task that waits for it would cost every message a turn of the loop.
    """

    def __init__(self, socket: Socket, protocol: RequestHandler) -> None:
        super().__init__(protocol, LARGEST_MESSAGE, loop=asyncio.get_running_loop())
        self._socket = socket

    def feed_data(self, message: WSMessage | WSMessageTextBytes, size: int) -> None:
        """A whole message came."""
        self._socket.take(message)

    def feed_eof(self) -> None:
        """The connection is gone."""
        super().feed_eof()
        self._socket.has_ended()

    def set_exception(self, error: BaseException, cause: BaseException | None = None) -> None:
        """The client does not speak the protocol, or says too much at once."""
        code = error.code if isinstance(error, WebSocketError) else WSCloseCode.PROTOCOL_ERROR
        self._socket.end(code, str(error))


class Socket:
    """
    One client's WebSocket, on the transport and with the frame reader of aiohttp.

    Frames go straight to the transport: aiohttp would build each of them once for every connection.
    """

    def __init__(self, request: web.BaseRequest, outbox: Outbox) -> None:
        assert request.transport is not None
        self.address = request.remote or ""
        self.connected_at = time.time_ns() // 1000
        self.last_pong = self.last_ping = time.monotonic()
        self._pings: deque[bytes] = deque(maxlen=1 + int(PONG_WITHIN_S // PING_EVERY_S))
        """What the latest pings carried: a pong that answers none of them does not keep the line alive."""
        self.messages = 0
        """How many messages came."""
        self._transport: asyncio.Transport = request.transport
        self._protocol = request.protocol
        self._outbox = outbox
        self._queued: list[bytes] = []
        self._waiting: deque[WSMessage | WSMessageTextBytes] = deque()
        """What came and was not heard yet."""
        self._turn_ends = 0
        self.ended = asyncio.get_running_loop().create_future()
        self._is_closing = False
        self._budget: MessageBudget | None = None
        self._on_text: Callable[[bytes], None] | None = None

    @classmethod
    def accept(cls, request: web.BaseRequest, outbox: Outbox) -> Socket:
        """Answer an upgrade request; refused where it is none."""
        key = request.headers.get("Sec-WebSocket-Key", "")
        if (
            request.method != "GET"
            or request.headers.get("Upgrade", "").lower() != "websocket"
            or "upgrade" not in request.headers.get("Connection", "").lower()
            or not _is_key(key)
        ):
            raise Refusal(-1102, "Field value was empty or malformed.")
        if request.headers.get("Sec-WebSocket-Version") != "13":
            raise Refusal(-1102, "Mandatory parameter 'Sec-WebSocket-Version' was malformed.", status=426)
        socket = cls(request, outbox)
        accepted = base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest())
        socket._transport.write(_SWITCHING % accepted)
        return socket

    @property
    def is_open(self) -> bool:
        """Whether anything can still be sent."""
        return not self._is_closing and not self._transport.is_closing()

    @property
    def unsent(self) -> int:
        """Bytes the client has not taken yet."""
        return self._transport.get_write_buffer_size()

    def send(self, frame: bytes) -> None:
        """Send a frame now; a client that is too far behind is cut instead."""
        if not self._is_closing:
            self._write(frame)

    def _write(self, frame: bytes) -> None:
        transport = self._transport
        if transport.is_closing():
            return
        transport.write(frame)
        if transport.get_write_buffer_size() > MOST_UNSENT:
            transport.abort()

    def ping(self, now: float) -> None:
        """Ask the client whether it is still there."""
        payload = str(time.time_ns() // 1_000_000).encode()
        self.last_ping = now
        self._pings.append(payload)
        self.send(frames.ping(payload))

    def queue(self, frame: bytes) -> None:
        """Send a frame after the next commit, in the order of the calls."""
        if not self._queued:
            self._outbox.will_send(self)
        self._queued.append(frame)

    def send_queued(self) -> None:
        """What was queued may go out."""
        queued, self._queued = self._queued, []
        if queued:
            self._write(queued[0] if len(queued) == 1 else b"".join(queued))

    def drop(self) -> None:
        """End the connection without a word, as a broken line does."""
        self._queued.clear()
        self._transport.abort()

    def end(self, code: int = WSCloseCode.OK, reason: str = "") -> None:
        """Say goodbye; the line is cut once the client has answered, or after a moment."""
        if self._is_closing or self._transport.is_closing():
            return
        goodbye = frames.close(code, reason)
        if self._queued:
            self._queued.append(goodbye)
        else:
            self._transport.write(goodbye)
        self._is_closing = True
        asyncio.get_running_loop().call_later(GOODBYE_WITHIN_S, self._transport.abort)

    async def close(self, code: int = WSCloseCode.OK, reason: str = "") -> None:
        """End the connection as the protocol has it, and wait until it has ended."""
        self.end(code, reason)
        await asyncio.wait([self.ended], timeout=2 * GOODBYE_WITHIN_S)

    async def receive(self, budget: MessageBudget, on_text: Callable[[bytes], None]) -> None:
        """Hand over every text message until the connection ends or more come than are allowed."""
        self._budget, self._on_text = budget, on_text
        if self._transport.is_closing():
            return
        inbox = _Inbox(self, self._protocol)
        reader = WebSocketReader(inbox, LARGEST_MESSAGE, compress=False, decode_text=False)
        if isinstance(self._protocol, TurnTaker):
            self._protocol.socket = self
        self.begin_turn()
        self._protocol.set_parser(reader)
        self.end_turn()
        await self.ended

    def begin_turn(self) -> None:
        """Messages are about to come."""
        self._turn_ends = time.monotonic_ns() + LONGEST_TURN_NS
        self._outbox.begin_turn()

    def end_turn(self) -> None:
        """All that came were handed over."""
        self._outbox.end_turn()

    def take(self, message: WSMessage | WSMessageTextBytes) -> None:
        """A message came: it is heard at once, unless this client has had the loop for long enough."""
        if not self._waiting:
            if time.monotonic_ns() < self._turn_ends:
                self.hear(message)
                return
            self._transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._catch_up)
        self._waiting.append(message)

    def _catch_up(self) -> None:
        """Hear what waits, for one more turn."""
        waiting = self._waiting
        self.begin_turn()
        while waiting and time.monotonic_ns() < self._turn_ends:
            if self._transport.is_closing():
                waiting.clear()
            else:
                self.hear(waiting.popleft())
        self.end_turn()
        if waiting:
            asyncio.get_running_loop().call_soon(self._catch_up)
        elif not self._transport.is_closing():
            self._transport.resume_reading()

    def hear(self, message: WSMessage | WSMessageTextBytes) -> None:
        """A message came."""
        assert self._budget is not None
        assert self._on_text is not None
        self.messages += 1
        kind = message.type
        if kind is WSMsgType.CLOSE:
            self._answer_goodbye(message.data)
        elif self._is_closing:
            return
        elif not self._budget.take(time.monotonic_ns() // 1000):
            self.end(WSCloseCode.POLICY_VIOLATION, "Too many requests")
        elif kind is WSMsgType.TEXT or kind is WSMsgType.BINARY:
            try:
                self._on_text(message.data)
            except Exception:
                log.exception("a message could not be handled")
                self.end(WSCloseCode.INTERNAL_ERROR, "Internal error; unable to process your request.")
        elif kind is WSMsgType.PING:
            self.send(frames.pong(message.data))
        elif kind is WSMsgType.PONG and message.data in self._pings:
            self.last_pong = time.monotonic()

    def _answer_goodbye(self, code: int) -> None:
        if not self._is_closing and not self._transport.is_closing():
            # what a client may not say, as no code is that high, is not said back to it
            self._transport.write(frames.close(code if code < _NO_CODES else WSCloseCode.PROTOCOL_ERROR))
            self._is_closing = True
        self._transport.close()

    def has_ended(self) -> None:
        """Nothing more comes."""
        if not self.ended.done():
            self.ended.set_result(None)


class TurnTaker(RequestHandler):
    """A connection's protocol that tells when all messages of one piece of data have been handed over."""

    __slots__ = ("socket",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.socket: Socket | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        socket = self.socket
        if socket is None:
            super().data_received(data)
            return
        socket.begin_turn()
        super().data_received(data)
        socket.end_turn()


class HandedOver(web.StreamResponse):
    """What aiohttp gets for a request that became a WebSocket: there is nothing more to send."""

    def __init__(self) -> None:
        super().__init__(status=101)
        self.force_close()

    async def prepare(self, request: web.BaseRequest) -> None:
        """The connection has long been somebody else's."""

    async def write_eof(self, data: bytes = b"") -> None:
        """The connection has ended."""


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16
    except ValueError:
        return False


class Sockets:
    """All connections: pinged in turn, and cut when they are dead, too old or in the way of a shutdown."""

    def __init__(self, *, lifetime_s: float = LIFETIME_S) -> None:
        self.lifetime_s = lifetime_s
        self._open: set[Socket] = set()

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Socket]:
        return iter(tuple(self._open))

    def add(self, socket: Socket) -> None:
        """A connection was opened."""
        self._open.add(socket)

    def remove(self, socket: Socket) -> None:
        """A connection has ended."""
        self._open.discard(socket)

    async def all_gone(self, within_s: float) -> None:
        """Wait until every connection has ended; those that do not are cut."""
        if self._open:
            await asyncio.wait([socket.ended for socket in self], timeout=within_s)
        for socket in self:
            socket.drop()

    async def watch(self) -> None:
        """Look after every client once a second; never returns."""
        while True:
            await asyncio.sleep(1)
            everybody = list(self)
            for first in range(0, len(everybody), AT_ONCE):
                self.look_after(time.monotonic(), everybody[first : first + AT_ONCE])
                # thousands of clients that came together are due together
                await asyncio.sleep(0)

    def look_after(self, now: float, sockets: Iterable[Socket] | None = None) -> None:
        """Ping clients in their turn, and cut those that do not answer or have lived long enough."""
        oldest = time.time_ns() // 1000 - int(self.lifetime_s * 1_000_000)
        for socket in self if sockets is None else sockets:
            if now - socket.last_pong > PONG_WITHIN_S + PING_EVERY_S:
                socket.drop()
            elif socket.connected_at < oldest:
                socket.end(WSCloseCode.GOING_AWAY, "24 hours are over")
            elif now - socket.last_ping >= PING_EVERY_S:
                socket.ping(now)
