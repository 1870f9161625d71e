"""How far a piece of background work is, told from any thread, heard on the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass


class TaskCancelled(Exception):
    """Raised inside blocking work that was asked to end."""


@dataclass(frozen=True)
class ProgressReport:
    """A fraction of 0..1, or None while it cannot be known, and a line for the user."""

    fraction: float | None = None
    text: str = ""


class Progress:
    """Handed to the work, which calls `update`; observers are called on the loop, at most once per round."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._report = ProgressReport()
        self._observers: tuple[Callable[[ProgressReport], None], ...] = ()
        self._told = True
        self._cancelled = threading.Event()

    @property
    def report(self) -> ProgressReport:
        """The last report."""
        return self._report

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to end."""
        return self._cancelled.is_set()

    def update(self, fraction: float | None = None, text: str | None = None) -> None:
        """Report, from any thread; None keeps what was said. Raises `TaskCancelled` when asked to end."""
        self.check()
        with self._lock:
            last = self._report
            self._report = ProgressReport(
                last.fraction if fraction is None else min(max(fraction, 0.0), 1.0),
                last.text if text is None else text,
            )
            if self._observers:
                self._tell_soon()

    def check(self) -> None:
        """Raise `TaskCancelled` if the work was asked to end."""
        if self._cancelled.is_set():
            raise TaskCancelled

    def wait(self, seconds: float) -> None:
        """Sleep in a thread, waking at once to raise `TaskCancelled` when asked to end."""
        self._cancelled.wait(seconds)
        self.check()

    def cancel(self) -> None:
        """Ask the work to end."""
        self._cancelled.set()

    def observe(self, observer: Callable[[ProgressReport], None]) -> None:
        """Call `observer(report)` on the loop, now if something was reported already, then after changes."""
        with self._lock:
            self._observers = (*self._observers, observer)
            if self._report != ProgressReport():
                self._tell_soon()

    def _tell_soon(self) -> None:
        if self._told:
            self._told = False
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        with self._lock:
            self._told = True
            report, observers = self._report, self._observers
        for observer in observers:
            observer(report)
