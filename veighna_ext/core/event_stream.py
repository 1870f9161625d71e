"""Events of one type as an asynchronous iterator, filled by the event thread, read on the loop."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal

from vnpy.event import Event, EventEngine

Keep = Literal["newest", "oldest"]
Where = Callable[[Any], bool]
CrossToLoop = Callable[[Callable[[], object]], object]

_TURN_SECONDS = 0.004


class EventStream:
    """
    Yields each event's data; made by `EventBridge.events`.

    Registered from the moment it is made, so what happens between making and reading it is not missed. Ends
    when closed; unregisters at the latest with the first event after its last reference is gone.
    """

    def __init__(
        self,
        event_engine: EventEngine,
        loop: asyncio.AbstractEventLoop,
        cross: CrossToLoop,
        event_type: str,
        where: Where | None,
        maxsize: int,
        keep: Keep,
    ) -> None:
        if maxsize < 1:
            raise ValueError(f"maxsize must be at least 1, not {maxsize}")
        self.dropped = 0
        self._event_engine = event_engine
        self._loop = loop
        self._cross = cross
        self._event_type = event_type
        self._where = where
        self._maxsize = maxsize
        self._keep = keep
        self._lock = threading.Lock()
        self._items: deque[Any] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._turn_began = 0.0
        self._closed = False
        self._error: BaseException | None = None
        self._feed = EventStreamFeed(self, event_engine, event_type)
        event_engine.register(event_type, self._feed)

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Any:
        if self._items and time.perf_counter() - self._turn_began > _TURN_SECONDS:
            # a reader slower than its stream would otherwise never let the loop go
            await asyncio.sleep(0)
            self._turn_began = time.perf_counter()
        while True:
            with self._lock:
                if self._items:
                    return self._items.popleft()
                if self._error is not None:
                    raise self._error
                if self._closed:
                    raise StopAsyncIteration
                if self._reader is not None and not self._reader.done():
                    raise RuntimeError(f"the stream of {self._event_type} is already being read")
                self._reader = self._loop.create_future()
            await self._reader
            self._turn_began = time.perf_counter()

    def close(self) -> None:
        """Unregister; a waiting reader ends after what has already arrived."""
        self._event_engine.unregister(self._event_type, self._feed)
        with self._lock:
            self._closed = True
            self._wake_reader()

    async def __aenter__(self) -> EventStream:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def deliver(self, data: Any) -> None:
        """Take one event's data, in the event thread."""
        try:
            wanted = self._where is None or self._where(data)
        except Exception as error:  # noqa: BLE001 - it is the reader's, who wrote the condition
            self._error = error
            self.close()
            return
        if not wanted:
            return
        with self._lock:
            if len(self._items) >= self._maxsize:
                self.dropped += 1
                if self._keep == "oldest":
                    return
                self._items.popleft()
            self._items.append(data)
            self._wake_reader()

    def _wake_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            self._cross(lambda: None if reader.done() else reader.set_result(None))


class EventStreamFeed:
    """The handler known to the event engine; it does not keep its stream alive."""

    def __init__(self, stream: EventStream, event_engine: EventEngine, event_type: str) -> None:
        self._stream = weakref.ref(stream)
        self._event_engine = event_engine
        self._event_type = event_type

    def __call__(self, event: Event) -> None:
        stream = self._stream()
        if stream is None:
            self._event_engine.unregister(self._event_type, self)
        else:
            stream.deliver(event.data)
