"""One client of the market streams: what it listens to, and how its events are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from veighna_ext.exchange.server import frames

if TYPE_CHECKING:
    from veighna_ext.exchange.server.streams.stream import Stream

_encode = msgspec.json.Encoder().encode

VARIANTS: Final = ((False, 1000), (False, 1), (True, 1000), (True, 1))
"""How an event can be written: whether wrapped with its stream's name, and what its times are divided by."""


class Wire(Protocol):
    """What frames are written to."""

    def send(self, frame: bytes) -> None:
        """Send one or more whole frames."""


class Connection:
    """
    A client with its streams.

    Frames wait until everything of one moment is there, then leave in one write, in the order they came.
    """

    __slots__ = ("_outgoing", "_waiting", "_wire", "divisor", "is_combined", "streams", "variant")

    def __init__(self, wire: Wire, outgoing: list[Connection], *, is_combined: bool, divisor: int) -> None:
        self.is_combined = is_combined
        """Whether events come wrapped with the names of their streams."""
        self.divisor = divisor
        """1000 for times in milliseconds, 1 for microseconds."""
        self.variant = VARIANTS.index((is_combined, divisor))
        self.streams: dict[str, Stream | None] = {}
        """What it listens to, oldest first; None where nothing ever comes or somebody else sends it."""
        self._wire = wire
        self._outgoing = outgoing
        self._waiting: list[bytes] = []

    def combine(self, wanted: bool) -> None:
        """Have events wrapped from now on, or bare."""
        self.is_combined = wanted
        self.variant = VARIANTS.index((wanted, self.divisor))

    def add(self, frame: bytes) -> None:
        """Have a frame sent with the next delivery."""
        if not self._waiting:
            self._outgoing.append(self)
        self._waiting.append(frame)

    def deliver(self) -> None:
        """Send what waits, in one write."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._wire.send(waiting[0] if len(waiting) == 1 else b"".join(waiting))

    def send(self, payload: bytes) -> None:
        """Send a message now, after what waits."""
        self.add(frames.text(payload))
        self.deliver()

    def send_event(self, name: str, payload: bytes) -> None:
        """Send an event that only this client gets, written as it wants them."""
        self.send(wrapped(name, payload) if self.is_combined else payload)


def wrapped(name: str, payload: bytes) -> bytes:
    """An event with the name of its stream."""
    return b'{"stream":%b,"data":%b}' % (_encode(name), payload)
