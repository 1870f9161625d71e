"""The one crossing between vnpy's threads and the loop: coroutines await events, threads call onto it."""

from __future__ import annotations

import asyncio
import functools
import time
import weakref
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from vnpy.event import EventEngine

from veighna_ext.core.event_stream import EventStream, Keep, Where

_SLICE_SECONDS = 0.008


class EventBridge:
    """Wakes the loop once for everything that has crossed since it last looked."""

    def __init__(self, event_engine: EventEngine, loop: asyncio.AbstractEventLoop) -> None:
        self._event_engine = event_engine
        self._loop = loop
        self._crossing: deque[Callable[[], object]] = deque()
        self._wake_posted = False
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()

    def events(
        self, event_type: str, *, where: Where | None = None, maxsize: int = 1000, keep: Keep = "newest"
    ) -> EventStream:
        """
        `async for data in bridge.events(EVENT_TICK)`: the data of every event of a type.

        `where(data)` is asked in the event thread, so it must be quick. A reader more than `maxsize` behind
        loses the oldest events, or the newest ones with `keep="oldest"`; `stream.dropped` counts them.
        """
        stream = EventStream(self._event_engine, self._loop, self._cross, event_type, where, maxsize, keep)
        self._streams.add(stream)
        return stream

    def next(
        self, event_type: str, *, where: Where | None = None, timeout: float | None = None
    ) -> Coroutine[Any, Any, Any]:
        """
        `await bridge.next(EVENT_ORDER, where=…, timeout=5)`: the data of the next such event.

        It listens from the call, not from the `await`: call it, send the order, then await it. Raises
        `TimeoutError`, or `ConnectionAbortedError` when the bridge closes first.
        """
        stream = self.events(event_type, where=where, maxsize=1, keep="oldest")
        return _first(stream, event_type, timeout)

    def call(self, func: Callable[..., object], *args: Any) -> bool:
        """Run `func(*args)` on the loop, asked for by any thread, in order; False once the loop is closed."""
        return self._cross(functools.partial(func, *args))

    def close(self) -> None:
        """End every stream; their readers' loops finish."""
        for stream in list(self._streams):
            stream.close()

    def _cross(self, call: Callable[[], object]) -> bool:
        if self._loop.is_closed():
            self._crossing.clear()
            return False
        self._crossing.append(call)
        if not self._wake_posted:
            self._wake_posted = True
            try:
                self._loop.call_soon_threadsafe(self._arrive)
            except RuntimeError:
                # a plain asyncio loop may close between the question and the call
                if not self._loop.is_closed():
                    raise
                return False
        return True

    def _arrive(self) -> None:
        self._wake_posted = False
        until = time.perf_counter() + _SLICE_SECONDS
        for _number in range(len(self._crossing)):
            call = self._crossing.popleft()
            try:
                call()
            except Exception as error:  # noqa: BLE001 - the other callers must get their call
                self._loop.call_exception_handler({"message": f"{call} failed", "exception": error})
            if time.perf_counter() > until:
                break
        if self._crossing and not self._wake_posted:
            self._wake_posted = True
            self._loop.call_soon(self._arrive)


async def _first(stream: EventStream, event_type: str, timeout: float | None) -> Any:
    async with stream:
        try:
            return await asyncio.wait_for(anext(stream), timeout)
        except asyncio.TimeoutError:
            raise TimeoutError(f"no {event_type} event within {timeout} s") from None
        except StopAsyncIteration:
            raise ConnectionAbortedError(f"closed while waiting for {event_type}") from None
