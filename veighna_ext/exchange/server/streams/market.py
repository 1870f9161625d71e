"""The market streams of a venue: who listens to what, and everything that is told to them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from veighna_ext.exchange.faults import EVERYBODY
from veighna_ext.exchange.server.streams import control, names, payloads
from veighna_ext.exchange.server.streams.catalogue import OpenStreams
from veighna_ext.exchange.server.streams.connection import Connection, Wire
from veighna_ext.exchange.server.streams.stream import BEATS_PER_SECOND, Stream

if TYPE_CHECKING:
    from veighna_ext.exchange.server.limits import MessageBudget
    from veighna_ext.exchange.server.live import LiveExchange
    from veighna_ext.exchange.server.sockets import Socket

log = logging.getLogger(__name__)

BEAT_S: Final = 1 / BEATS_PER_SECOND
AFTER_S: Final = 0.002
"""How long after each whole tenth of a second a beat comes."""
AT_ONCE: Final = 32
"""Clients that are written to before others get the loop."""
TURN_S: Final = 0.002
"""How long streams may have the loop for themselves."""
SHARE: Final = 0.25
"""How much of the time real-time events may take: a storm of orders must not drown in its own echo."""
REST_AFTER_S: Final = 0.001
"""A round of real-time events that takes longer than this is followed by a rest."""
LONGEST_REST_S: Final = 0.01


class OtherStreams(Protocol):
    """Streams that are not the market's, told apart by their names."""

    def listen(self, name: str, connection: Connection) -> bool:
        """Whether the name is one of theirs; if so, its events go to the connection from now on."""

    def leave(self, name: str, connection: Connection) -> None:
        """A connection does not want the events of a name any more, or has ended."""


class MarketStreams:
    """
    Sends market data to all who listen.

    Trades and best prices leave right after the commit that made them, everything else with a beat, ten times
    a second. While market data is stale on purpose nothing leaves. Afterwards the book's changes and finished
    candles of that time follow, so that their chains hold; its trades are lost, as their numbers show.
    """

    def __init__(
        self, live: LiveExchange, others: OtherStreams | None = None, *, share: float = SHARE
    ) -> None:
        self._live = live
        self._others = others
        self._open = OpenStreams(live)
        self._connections: dict[Connection, None] = {}
        self._outgoing: list[Connection] = []
        """Clients for whom something waits."""
        self._last_beat: int | None = None
        self._loop = asyncio.get_running_loop()
        self._rests = 1 / share - 1
        """How many times as long as a round the rest after it is."""
        self._is_resting = False
        live.after_changes.append(self._after_commit)

    def __len__(self) -> int:
        return len(self._connections)

    @property
    def is_idle(self) -> bool:
        """Whether nobody listens to anything, so that commits and beats cost nothing."""
        return self._open.is_idle

    async def attend(
        self, socket: Socket, path: str, query: Mapping[str, str], budget: MessageBudget
    ) -> None:
        """Serve one client until it leaves."""
        connection = self.join(socket, path, query)
        try:
            await socket.receive(budget, lambda message: self.follow(connection, message))
        finally:
            self.leave(connection)

    def join(self, wire: Wire, path: str, query: Mapping[str, str]) -> Connection:
        """A client connected; it listens to what its URL names."""
        connection = Connection(
            wire,
            self._outgoing,
            is_combined=names.is_combined(path),
            divisor=names.time_divisor(query),
        )
        self._connections[connection] = None
        try:
            self._subscribe(connection, names.from_url(path, query))
        except control.BadRequest as refused:
            connection.send(refused.answer())
        return connection

    def leave(self, connection: Connection) -> None:
        """A client is gone."""
        self._unsubscribe(connection, list(connection.streams))
        self._connections.pop(connection, None)

    def follow(self, connection: Connection, message: bytes) -> None:
        """Do what a client's message says and answer it."""
        try:
            request = control.read(message)
            answer = self._carry_out(connection, request)
        except control.BadRequest as refused:
            answer = refused.answer()
        connection.send(answer)

    def say_goodbye(self) -> None:
        """Tell every client that the venue is about to close."""
        now = self._live.now()
        for connection in self._connections:
            connection.send_event("!serverShutdown", payloads.server_shutdown(now, connection.divisor))

    async def run(self) -> None:
        """Keep the beat; never returns."""
        # just after whole tenths of seconds: a candle's end is told as soon as it is over
        ahead = self._live.real_now() / 1_000_000 - time.monotonic() - AFTER_S
        while True:
            now = time.monotonic() + ahead
            await asyncio.sleep(BEAT_S - now % BEAT_S)
            await self.beat(int((time.monotonic() + ahead) / BEAT_S))

    async def beat(self, number: int) -> None:
        """Tell everything whose turn has come since the last beat."""
        last, self._last_beat = self._last_beat, number
        if last is None:
            last = number - 1
        if not self._live.flush() or self._is_stale():
            return
        now = self._live.now()
        due = [stream for stream in self._open.paced.values() if stream.is_due(last, number)]
        for stream in due:
            if stream.beats == 1:
                self._have(stream, stream.tell, now)
        await self._deliver()
        slow: list[tuple[Stream, Callable[[int], None]]] = [
            (each, each.finish) for each in self._open.klines.values()
        ]
        slow += [(each, each.tell) for each in due if each.beats > 1]
        turn = time.perf_counter()
        for stream, work in slow:
            self._have(stream, work, now)
            if time.perf_counter() - turn > TURN_S:
                if not await self._let_others_work():
                    return
                turn = time.perf_counter()
        await self._deliver()

    def _have(self, stream: Stream, work: Callable[[int], None], now: int) -> None:
        """Let a stream work; one that fails must not keep the others from theirs."""
        try:
            work(now)
        except Exception:
            log.exception("nothing more is sent on %s", stream.name)
            self._open.give_up(stream)

    async def _deliver(self) -> None:
        outgoing = self._outgoing
        while outgoing:
            some = outgoing[:AT_ONCE]
            del outgoing[:AT_ONCE]
            for connection in some:
                connection.deliver()
            if outgoing:
                await self._let_others_work()

    async def _let_others_work(self) -> bool:
        """Give others the loop; whether what they did is on disk and may be told."""
        await asyncio.sleep(0)
        return self._live.flush()

    def _after_commit(self) -> None:
        """Tell what happened in real time."""
        followers = self._open.followers
        if not followers or self._is_resting:
            return
        if self._is_stale():
            for follower in followers.values():
                follower.skip()
            return
        begun = time.perf_counter()
        for symbol, follower in tuple(followers.items()):
            try:
                follower.look(self._live.now)
            except Exception:
                log.exception("trades and best prices of %s are not sent any more", symbol)
                del followers[symbol]
        outgoing = self._outgoing
        if not outgoing:
            return
        for connection in outgoing:
            connection.deliver()
        outgoing.clear()
        took = time.perf_counter() - begun
        if self._rests and took > REST_AFTER_S:
            self._is_resting = True
            self._loop.call_later(min(took * self._rests, LONGEST_REST_S), self._end_rest)

    def _end_rest(self) -> None:
        self._is_resting = False
        self._live.flush()

    def _is_stale(self) -> bool:
        faults = self._live.faults.of(EVERYBODY)
        return faults is not None and faults.stale_md

    def _carry_out(self, connection: Connection, request: control.Request) -> bytes:
        params = request.params
        result: bool | list[str] | None = None
        match request.method:
            case "SUBSCRIBE":
                self._subscribe(connection, params, request.id)
            case "UNSUBSCRIBE":
                self._unsubscribe(connection, params)
            case "LIST_SUBSCRIPTIONS":
                result = list(connection.streams)
            case "SET_PROPERTY":
                self._combine(connection, params[1])
            case "GET_PROPERTY":
                result = connection.is_combined
        return control.answer(request.id, result)

    def _subscribe(
        self, connection: Connection, wanted: list[str], message_id: int | str | None = None
    ) -> None:
        streams = connection.streams
        new = [name for name in dict.fromkeys(wanted) if name not in streams]
        if len(streams) + len(new) > names.MOST_STREAMS:
            raise control.too_many(message_id)
        for name in new:
            stream = streams[name] = self._open.open(name)
            if stream is not None:
                stream.add(connection)
            elif self._others is not None:
                self._others.listen(name, connection)

    def _unsubscribe(self, connection: Connection, unwanted: list[str]) -> None:
        for name in unwanted:
            if name not in connection.streams:
                continue
            stream = connection.streams.pop(name)
            if stream is not None:
                stream.remove(connection)
                self._open.close(stream)
            elif self._others is not None:
                self._others.leave(name, connection)

    def _combine(self, connection: Connection, wanted: bool) -> None:
        before = connection.variant
        connection.combine(wanted)
        for stream in connection.streams.values():
            if stream is not None:
                stream.regroup(connection, before)
