"""What the event engine knows about its handlers: how long they take and where they fail."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from veighna_ext.core.error_text import error_summary, error_traceback
from veighna_ext.core.i18n import _

SLOW_SECONDS = 0.1
"""A handler that takes longer is named in the log."""

_NOTABLE_SECONDS = 0.001
_SLOW_LOG_INTERVAL = 60.0


@dataclass(frozen=True)
class HandlerTiming:
    """How long one handler takes; calls and total are estimated from samples, slow calls are all counted."""

    handler: str
    calls: int
    total_seconds: float
    max_seconds: float
    slow_calls: int


@dataclass(frozen=True)
class HandlerFailure:
    """One place where a handler fails, with how often it has done so."""

    handler: str
    event_type: str
    summary: str
    """The exception as one line."""
    where: str
    traceback: str
    count: int


@dataclass(frozen=True)
class EngineStats:
    """The engine's state at one moment, for the status bar."""

    queue_depth: int
    events_per_second: float
    total_events: int
    dropped_events: int
    slowest: tuple[HandlerTiming, ...]
    failures: tuple[HandlerFailure, ...]
    running: str
    """The handler running right now, or an empty string."""
    running_for: float


def handler_name(handler: Callable[..., Any], registered_by: object = None) -> str:
    """The name a trader or developer would recognise a handler by."""
    if isinstance(handler, functools.partial):
        return handler_name(handler.func, registered_by)
    owner = getattr(handler, "__self__", None)
    name: str | None = getattr(handler, "__qualname__", None)
    if name == "SignalInstance.emit":
        return _window_name(owner, registered_by)
    if name is None:
        return type(handler).__qualname__
    method: str = getattr(handler, "__name__", name)
    if owner is not None and not isinstance(owner, type) and name.endswith(f".{method}"):
        return f"{type(owner).__qualname__}.{method}"
    return name


def _window_name(signal: object, registered_by: object) -> str:
    """A Qt signal does not tell whose it is, but an object holds its signals among its attributes."""
    attributes = getattr(registered_by, "__dict__", {})
    if any(value is signal for value in attributes.values()):
        return _("{name} (window)").format(name=type(registered_by).__qualname__)
    return _("a window")


class HandlerRecord:
    """Running figures of one handler; written by the event thread only."""

    __slots__ = ("_last_log", "_unlogged", "max_seconds", "name", "notable_seconds", "sampled_calls",
                 "sampled_seconds", "slow_calls")

    def __init__(self, name: str) -> None:
        self.name = name
        self.sampled_calls = 0
        self.sampled_seconds = 0.0
        self.notable_seconds = 0.0
        self.max_seconds = 0.0
        self.slow_calls = 0
        self._unlogged = 0
        self._last_log = -_SLOW_LOG_INTERVAL

    def sample(self, seconds: float) -> None:
        """Count one of the sampled calls; long ones are added up exactly by `notable`."""
        self.sampled_calls += 1
        if seconds < _NOTABLE_SECONDS:
            self.sampled_seconds += seconds
            self.max_seconds = max(self.max_seconds, seconds)

    def notable(self, seconds: float) -> int:
        """Count a long call; returns how many slow calls are to be logged now (0: none)."""
        self.notable_seconds += seconds
        self.max_seconds = max(self.max_seconds, seconds)
        if seconds < SLOW_SECONDS:
            return 0
        self.slow_calls += 1
        self._unlogged += 1
        now = time.monotonic()
        if now - self._last_log < _SLOW_LOG_INTERVAL:
            return 0
        self._last_log = now
        count, self._unlogged = self._unlogged, 0
        return count

    def timing(self, one_in: int) -> HandlerTiming:
        """The figures so far, scaled up from one sampled call in `one_in`."""
        return HandlerTiming(
            handler=self.name,
            calls=self.sampled_calls * one_in,
            total_seconds=self.sampled_seconds * one_in + self.notable_seconds,
            max_seconds=self.max_seconds,
            slow_calls=self.slow_calls,
        )


class FailureBook:
    """Counts failures per place, so that a handler failing ten thousand times a second is told once."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str, type[BaseException]], HandlerFailure] = {}

    def add(self, handler: str, event_type: str, error: BaseException) -> tuple[HandlerFailure, bool]:
        """Count one failure; the second value says whether this one is to be told (1st, 10th, 100th, …)."""
        where = raised_at(error.__traceback__)
        key = (handler, where, type(error))
        known = self._failures.get(key)
        if known is None:
            # the first frame is the engine's own
            text = error_traceback(error, error.__traceback__ and error.__traceback__.tb_next)
            failure = HandlerFailure(handler, event_type, error_summary(error), where, text, 1)
        else:
            failure = replace(known, count=known.count + 1)
        self._failures[key] = failure
        return failure, _is_power_of_ten(failure.count)

    def all(self) -> tuple[HandlerFailure, ...]:
        """Every place that failed, most frequent first."""
        return tuple(sorted(self._failures.copy().values(), key=lambda failure: -failure.count))


def raised_at(traceback: TracebackType | None) -> str:
    """`file:line` of the innermost frame."""
    if traceback is None:
        return "unknown"
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return f"{Path(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno}"


def _is_power_of_ten(count: int) -> bool:
    while count % 10 == 0:
        count //= 10
    return count == 1
