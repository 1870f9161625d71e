"""One stream: who listens to it, and each of its events written once however many they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final, Protocol

from veighna_ext.exchange.server import frames
from veighna_ext.exchange.server.streams.connection import VARIANTS, Connection, wrapped

Payload = Callable[[int], bytes]
"""An event's JSON with its times divided by a number."""

BEATS_PER_SECOND: Final = 10
"""Whatever comes at intervals comes with a beat: every one, every tenth, every twentieth."""


class Collector(Protocol):
    """Takes the events of one stream for another one."""

    def collect(self, payload: Payload) -> None:
        """An event is sent."""


class Stream:
    """
    The listeners of one stream, by the way they want its events written.

    An event becomes a finished frame once for each way that somebody wants.
    """

    beats = 0
    """How many beats pass from one event to the next; 0 where events come in real time."""

    def __init__(self, name: str, phase: int = 0) -> None:
        self.name = name
        self.phase = phase
        """Where among its beats the stream has its turn: not all symbols have theirs at once."""
        self._groups: tuple[dict[Connection, None], ...] = tuple({} for _ in VARIANTS)
        self._collectors: dict[Collector, None] = {}
        self._newcomers: dict[Connection, None] = {}
        """Who has not had an event yet."""
        self._latest: object = None

    @property
    def is_idle(self) -> bool:
        """Whether nobody listens."""
        return not self._collectors and not any(self._groups)

    def add(self, connection: Connection) -> None:
        """A client listens from now on."""
        if self.is_idle:
            self.begin()
        self._groups[connection.variant][connection] = None
        self._newcomers[connection] = None

    def remove(self, connection: Connection) -> None:
        """A client listens no more."""
        self._newcomers.pop(connection, None)
        self._groups[connection.variant].pop(connection, None)
        if self.is_idle:
            self.end()

    def regroup(self, connection: Connection, variant: int) -> None:
        """A client that listens wants events written otherwise than before, when the variant was this."""
        self._groups[connection.variant][connection] = self._groups[variant].pop(connection)

    def add_collector(self, collector: Collector) -> None:
        """Another stream is made of this one's events from now on."""
        if self.is_idle:
            self.begin()
        self._collectors[collector] = None

    def remove_collector(self, collector: Collector) -> None:
        """Another stream needs this one no more."""
        self._collectors.pop(collector, None)
        if self.is_idle:
            self.end()

    def begin(self) -> None:
        """Somebody listens where nobody did."""

    def end(self) -> None:
        """Nobody listens any more."""

    def tell(self, now: int) -> None:
        """The stream has its turn."""

    def is_due(self, last_beat: int, beat: int) -> bool:
        """Whether the stream's turn came after one beat and until another."""
        return (last_beat + self.phase) // self.beats != (beat + self.phase) // self.beats

    def emit(self, payload: Payload) -> None:
        """Send an event to everybody who listens."""
        for collector in self._collectors:
            collector.collect(payload)
        self._send(self._groups, payload)

    def emit_if_new(self, state: object, payload: Payload) -> None:
        """Send an event if it says something new; who has not had one gets it in any case."""
        newcomers, self._newcomers = self._newcomers, {}
        if state != self._latest:
            self._latest = state
            self.emit(payload)
        elif newcomers:
            groups: tuple[list[Connection], ...] = tuple([] for _ in VARIANTS)
            for connection in newcomers:
                groups[connection.variant].append(connection)
            self._send(groups, payload)

    def _send(self, groups: Iterable[Collection[Connection]], payload: Payload) -> None:
        texts: dict[int, bytes] = {}
        for (is_combined, divisor), listeners in zip(VARIANTS, groups, strict=True):
            if not listeners:
                continue
            text = texts.get(divisor)
            if text is None:
                text = texts[divisor] = payload(divisor)
            frame = frames.text(wrapped(self.name, text) if is_combined else text)
            for connection in listeners:
                connection.add(frame)
