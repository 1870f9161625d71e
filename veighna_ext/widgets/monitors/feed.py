"""The crossing from vnpy's event thread to a table: it keeps what is new until the table asks for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from vnpy.event import Event


class Feed:
    """Receives events in any thread; the latest object of a key waits, with one wake-up until it is taken."""

    def __init__(self, key: str = "", limit: int = 0) -> None:
        """Without a `key` every object waits, up to `limit` (0: no limit) of the latest."""
        self._key = key
        self._limit = limit
        self._lock = threading.Lock()
        self._latest: dict[Any, Any] = {}
        self._queue: deque[Any] = self._new_queue()
        self._wake: Callable[[], None] | None = None
        self._woken = False

    def open(self, wake: Callable[[], None]) -> None:
        """Call `wake` in the delivering thread, once for everything delivered before the next `take`."""
        with self._lock:
            self._wake = wake

    def receive(self, event: Event) -> None:
        """An event handler for vnpy's engine."""
        data = event.data
        with self._lock:
            if self._key:
                self._latest[getattr(data, self._key)] = data
            else:
                self._queue.append(data)
            # under the lock, so that `close` returns only when nobody is waking a table that is about to go
            if not self._woken and self._wake is not None:
                self._woken = True
                self._wake()

    def take(self) -> list[Any]:
        """Everything new since the last time, in the order it first came."""
        with self._lock:
            self._woken = False
            if self._key:
                latest, self._latest = self._latest, {}
                return list(latest.values())
            queue, self._queue = self._queue, self._new_queue()
            return list(queue)

    def is_waiting(self) -> bool:
        """Is anything new?"""
        return bool(self._latest or self._queue)

    def close(self) -> None:
        """Never wake anybody again."""
        with self._lock:
            self._wake = None
            self._latest.clear()
            self._queue.clear()

    def _new_queue(self) -> deque[Any]:
        return deque(maxlen=self._limit or None)
