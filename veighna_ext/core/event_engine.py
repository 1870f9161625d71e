"""An EventEngine that survives its handlers: vnpy's own interface, each handler isolated and timed."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from vnpy.event import EVENT_TIMER, Event, EventEngine
from vnpy.trader.event import EVENT_LOG
from vnpy.trader.logger import ERROR, WARNING, logger
from vnpy.trader.object import LogData

from veighna_ext.core.error_text import error_message, error_traceback
from veighna_ext.core.event_stats import EngineStats, FailureBook, HandlerFailure, HandlerRecord, handler_name
from veighna_ext.core.i18n import _

Handler = Callable[[Event], object]
Route = tuple[tuple[Handler, HandlerRecord], ...]

LOG_SOURCE = "EventEngine"

_NOTABLE_SECONDS = 0.001
_SAMPLE_ONE_IN = 17
"""Prime, because gateways put events in pairs and a power of two would see only one of each pair."""


class DesktopEventEngine(EventEngine):
    """
    Passed to the stock `MainEngine` in place of vnpy's engine.

    Unlike vnpy's, it still handles what was put before `stop()`, for at most `DRAIN_SECONDS`: a fill already
    in the queue must reach the strategies that save their position on closing. What is put later is dropped.
    """

    DRAIN_SECONDS = 1.0
    JOIN_SECONDS = 1.5
    STUCK_SECONDS = 5.0

    def __init__(
        self, interval: float = 1, *, on_handler_error: Callable[[HandlerFailure], None] | None = None
    ) -> None:
        super().__init__()
        self._interval = interval  # type: ignore[assignment]  # vnpy says int; its sleep() takes fractions
        self._on_handler_error = on_handler_error
        self._queue: Any = SimpleQueue()  # in C, twice as fast as the Queue of vnpy's engine
        self._thread.daemon = self._timer.daemon = True
        self._thread.name, self._timer.name = "EventEngine", "EventEngine timer"
        # reentrant: the garbage collector may run a widget's clean-up, which unregisters, inside any of ours
        self._lock = threading.RLock()
        self._started = False
        self._stopping = threading.Event()
        self._draining = False
        self._drain_until = 0.0
        self._typed: dict[str, Route] = {}
        self._general: Route = ()
        self._routes: dict[str, Route] = {}
        self._records: dict[str, HandlerRecord] = {}
        self._failures = FailureBook()
        self._total = 0
        self._dropped = 0
        self._running = _Running()
        self._stuck_told: HandlerRecord | None = None
        self._marks: deque[tuple[float, int]] = deque([(time.perf_counter(), 0)], maxlen=4)

    def start(self) -> None:
        """Start both threads; starting a running engine again does nothing."""
        with self._lock:
            if self._stopping.is_set():
                raise RuntimeError("this event engine has been stopped; make a new one")
            if self._started:
                return
            self._started = self._active = True
            self._thread.start()
            self._timer.start()

    def stop(self) -> None:
        """Handle what is pending, then end both threads; safe to call twice, unstarted, or from a handler."""
        with self._lock:
            first = not self._stopping.is_set()
            self._stopping.set()
            started = self._started
            if first:
                self._drain_until = time.perf_counter() + self.DRAIN_SECONDS
                self._draining = True
                self._queue.put(_END)
            if not started:
                self._queue = _Discard()
        if not started or threading.current_thread() is self._thread:
            return
        self._timer.join(self.JOIN_SECONDS)
        self._thread.join(self.JOIN_SECONDS)
        if self._thread.is_alive() and first:
            handler = self._running.handler
            text = _("Stopping without waiting for {handler}, which does not return")
            self._write(ERROR, text.format(handler=handler.name if handler else "?"))

    def put(self, event: Event) -> None:
        """Queue an event for the handlers of its type; after `stop()` it is dropped."""
        self._queue.put(event)

    def register(self, type: str, handler: Handler) -> None:  # noqa: A002 - vnpy's name
        """Call `handler` for every event of this type; a handler is registered once per type."""
        record = self._record(handler, _caller())
        with self._lock:
            known = self._typed.get(type, ())
            if not _has(known, handler):
                self._typed[type] = (*known, (handler, record))
                self._rebuild(type)

    def unregister(self, type: str, handler: Handler) -> None:  # noqa: A002 - vnpy's name
        """No longer call `handler` for events of this type."""
        with self._lock:
            left = tuple(entry for entry in self._typed.get(type, ()) if entry[0] != handler)
            if left:
                self._typed[type] = left
            else:
                self._typed.pop(type, None)
            self._rebuild(type)

    def register_general(self, handler: Handler) -> None:
        """Call `handler` for every event, after the handlers of its type."""
        record = self._record(handler, _caller())
        with self._lock:
            if not _has(self._general, handler):
                self._general = (*self._general, (handler, record))
                self._rebuild_all()

    def unregister_general(self, handler: Handler) -> None:
        """No longer call `handler` for every event."""
        with self._lock:
            self._general = tuple(entry for entry in self._general if entry[0] != handler)
            self._rebuild_all()

    def stats(self, slowest: int = 10) -> EngineStats:
        """The engine's figures now; cheap, from any thread."""
        now = time.perf_counter()
        running, since = self._running.handler, self._running.since
        marked_at, marked_total = self._marks[0]
        timings = sorted(
            (record.timing(_SAMPLE_ONE_IN) for record in self._records.copy().values() if record.max_seconds),
            key=lambda timing: -timing.max_seconds,
        )
        return EngineStats(
            queue_depth=self._queue.qsize(),
            events_per_second=(self._total - marked_total) / max(now - marked_at, 1e-6),
            total_events=self._total,
            dropped_events=self._dropped,
            slowest=tuple(timings[:slowest]),
            failures=self._failures.all(),
            running=running.name if running else "",
            running_for=max(0.0, now - since) if running else 0.0,
        )

    def _rebuild(self, event_type: str) -> None:
        """Routes are replaced, never changed: the event thread may be walking the old one."""
        typed = self._typed.get(event_type)
        if typed is None:
            self._routes.pop(event_type, None)
        else:
            self._routes[event_type] = typed + self._general

    def _rebuild_all(self) -> None:
        for event_type in self._typed:
            self._rebuild(event_type)

    def _record(self, handler: Handler, registered_by: object) -> HandlerRecord:
        name = handler_name(handler, registered_by)
        return self._records.setdefault(name, HandlerRecord(name))

    def _run(self) -> None:
        get, clock = self._queue.get, time.perf_counter
        while (event := get()) is not _END:
            if self._draining and clock() > self._drain_until:
                self._dropped += 1
                continue
            try:
                self._process(event)
            except Exception as error:  # noqa: BLE001 - something that is no event was put
                self._write(ERROR, f"{event!r}: {error_traceback(error)}")
        self._active = False
        self._queue = _Discard()

    def _process(self, event: Event) -> None:
        clock, running = time.perf_counter, self._running
        self._total = total = self._total + 1
        worth_noting = 0.0 if total % _SAMPLE_ONE_IN == 0 else _NOTABLE_SECONDS
        started = clock()
        for handler, record in self._routes.get(event.type, self._general):
            running.since = started
            running.handler = record
            try:
                handler(event)
            except BaseException as error:  # noqa: BLE001 - even SystemExit must not end the event thread
                self._handler_failed(event, handler, record, error)
            ended = clock()
            if ended - started >= worth_noting:
                self._note(event, record, ended - started, worth_noting == 0.0)
            started = ended
        running.handler = None

    def _run_timer(self) -> None:
        while not self._stopping.wait(self._interval):
            self._marks.append((time.perf_counter(), self._total))
            self._tell_if_stuck()
            self.put(Event(EVENT_TIMER))

    def _tell_if_stuck(self) -> None:
        running, seconds = self._running.handler, time.perf_counter() - self._running.since
        if running is None or seconds < self.STUCK_SECONDS:
            self._stuck_told = None
        elif running is not self._stuck_told:
            self._stuck_told = running
            self._write(
                WARNING,
                _("{handler} has been running for {seconds:.0f} s; {count} events wait behind it").format(
                    handler=running.name, seconds=seconds, count=self._queue.qsize()
                ),
            )

    def _note(self, event: Event, record: HandlerRecord, seconds: float, sampled: bool) -> None:
        if sampled:
            record.sample(seconds)
        if seconds >= _NOTABLE_SECONDS and (count := record.notable(seconds)):
            text = _("{handler} took {milliseconds:.0f} ms for {event} (slow calls since last told: {count})")
            self._log(
                event,
                WARNING,
                text.format(handler=record.name, milliseconds=seconds * 1000, event=event.type, count=count),
            )

    def _handler_failed(
        self, event: Event, handler: Handler, record: HandlerRecord, error: BaseException
    ) -> None:
        if _is_dead_receiver(handler, error):
            if self._forget(handler):
                text = _("{handler} was unregistered because its window no longer exists: {error}")
                self._log(event, WARNING, text.format(handler=record.name, error=error))
            return
        failure, tell = self._failures.add(record.name, event.type, error)
        if not tell:
            return
        if failure.count == 1:
            text = _("{handler} failed on {event}: {error}").format(
                handler=failure.handler, event=failure.event_type, error=failure.summary
            )
            self._log(event, ERROR, f"{text}\n{failure.traceback}")
        else:
            self._log(
                event,
                ERROR,
                _("{handler} has now failed {count} times at {where}: {error}").format(
                    handler=failure.handler, count=failure.count, where=failure.where, error=failure.summary
                ),
            )
        self._report(failure)

    def _report(self, failure: HandlerFailure) -> None:
        if self._on_handler_error is None:
            return
        try:
            self._on_handler_error(failure)
        except Exception as error:  # noqa: BLE001 - the reporter is just another handler
            self._write(ERROR, f"{handler_name(self._on_handler_error)}: {error_traceback(error)}")

    def _forget(self, handler: Handler) -> bool:
        """
        Unregister a handler everywhere; False if it was not registered any more.

        By identity, because a dead Qt object may not even compare.
        """
        with self._lock:
            known = False
            for event_type, route in list(self._typed.items()):
                left = tuple(entry for entry in route if entry[0] is not handler)
                known |= len(left) != len(route)
                if left:
                    self._typed[event_type] = left
                else:
                    del self._typed[event_type]
                    self._rebuild(event_type)
            general = tuple(entry for entry in self._general if entry[0] is not handler)
            known |= len(general) != len(self._general)
            self._general = general
            self._rebuild_all()
            return known

    def _log(self, event: Event, level: int, text: str) -> None:
        """Log as vnpy does, unless the log's own handlers are the ones in trouble, or nobody listens yet."""
        if event.type == EVENT_LOG or EVENT_LOG not in self._typed:
            self._write(level, text)
        else:
            self.put(Event(EVENT_LOG, LogData(gateway_name=LOG_SOURCE, msg=text, level=level)))

    def _write(self, level: int, text: str) -> None:
        """Straight to vnpy's console and file, past the event queue."""
        logger.bind(gateway_name=LOG_SOURCE).log("ERROR" if level == ERROR else "WARNING", text)


_END = Event("end of the queue")


class _Running:
    """The handler at work and since when; slots, because it is written for every call."""

    __slots__ = ("handler", "since")

    def __init__(self) -> None:
        self.handler: HandlerRecord | None = None
        self.since = 0.0


class _Discard:
    """Stands in for the queue after the end, so that late producers neither fail nor fill the memory."""

    def put(self, _event: Event) -> None:
        return

    def qsize(self) -> int:
        return 0


def _has(route: Route, handler: Handler) -> bool:
    return any(known == handler for known, _record in route)


def _caller() -> object:
    """The object whose method is registering a handler: vnpy's windows register their own signals."""
    return sys._getframe(2).f_locals.get("self")


def _is_dead_receiver(handler: Handler, error: BaseException) -> bool:
    """
    Whether the handler itself is a signal or a method of a deleted Qt object.

    The same error from deeper inside a living handler is an ordinary failure: it must stay registered.
    """
    if not isinstance(error, RuntimeError) or "already deleted" not in error_message(error):
        return False
    raised_by_handler_itself = error.__traceback__ is not None and error.__traceback__.tb_next is None
    shiboken = sys.modules.get("shiboken6")
    owner = getattr(handler, "__self__", None)
    return raised_by_handler_itself or (
        shiboken is not None and isinstance(owner, shiboken.Object) and not shiboken.isValid(owner)
    )
