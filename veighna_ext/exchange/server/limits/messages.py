"""How fast a client may talk on a connection for market streams."""

from __future__ import annotations

from collections import deque
from typing import Final

PER_SECOND: Final = 5
TOLERANCE_S: Final = 3
"""
Over so many seconds the rate is looked at by default: 15 messages may come at once.

Binance ends a connection at the sixth message in any second. Common clients send one message for each stream,
all of them at once, and would lose their connection before they start.
"""
_SECOND: Final = 1_000_000


class MessageBudget:
    """
    The messages of one connection: at most 5 a second, in any span of time, whatever the clock's intervals.

    Every ping, pong and JSON message counts. Times are microseconds and never go back.
    """

    __slots__ = ("_latest", "_most", "_span")

    def __init__(self, *, enabled: bool = True, strict: bool = False) -> None:
        seconds = 1 if strict else TOLERANCE_S
        self._span = seconds * _SECOND
        self._most = seconds * PER_SECOND if enabled else 0
        self._latest: deque[int] = deque(maxlen=self._most)
        """When the latest messages came, as many as fit into the span."""

    def take(self, now: int) -> bool:
        """Whether a message that comes now is within the limit; if not, the connection is to be closed."""
        latest = self._latest
        if self._most and len(latest) == self._most and now - latest[0] < self._span:
            return False
        latest.append(now)
        return True
