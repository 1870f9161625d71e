"""Long work in the Qt thread, cut into slices that leave it free in between."""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import perf_counter
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

SLICE = 0.010

Result = TypeVar("Result")


class SlicedWork(QObject):
    """Runs one generator at a time, a slice per turn of the event loop; a new one replaces the old."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work: Generator[None, None, Any] | None = None
        self._done: Callable[[Any], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._run_slice)

    def start(self, work: Generator[None, None, Result], done: Callable[[Result], None]) -> None:
        """The first slice runs at once, so that short work is finished when this returns."""
        self.stop()
        self._work, self._done = work, done
        self._timer.start()
        self._run_slice()

    def stop(self) -> None:
        """Give up the work under way."""
        self._timer.stop()
        self._work = self._done = None

    def is_running(self) -> bool:
        return self._work is not None

    def _run_slice(self) -> None:
        if self._work is None or self._done is None:
            return
        end = perf_counter() + SLICE
        try:
            while perf_counter() < end:
                next(self._work)
        except StopIteration as finished:
            done = self._done
            self.stop()
            done(finished.value)
        except BaseException:
            self.stop()
            raise
