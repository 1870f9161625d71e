"""When a table looks for news: at once if it was quiet, then no more often than its own cost allows."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME = 0.040
SLOWEST = 0.150
HIDDEN = 1.0
BACKLOG = 0.012
# a table may use this part of the thread that also has to follow the mouse
SHARE = 1 / 15
# at the slowest pace it may use more, but never more than a quarter: a whole big sorted table may be selected
MOST = 3


class Pacer(QObject):
    """Calls `flush` in the Qt thread after a wake-up from any thread; it says whether more is waiting."""

    woken = Signal()

    def __init__(
        self,
        parent: QObject,
        flush: Callable[[], bool],
        paint_time: Callable[[], float],
        seen: Callable[[], bool],
    ) -> None:
        super().__init__(parent)
        self._flush = flush
        self._paint_time = paint_time
        self._seen = seen
        self._cost = 0.0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush_now)
        self.woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        """Something is new; safe in any thread."""
        self.woken.emit()

    def flush_now(self) -> None:
        """Show what is new without waiting."""
        self._timer.stop()
        painting = self._paint_time()
        start = perf_counter()
        try:
            more = self._flush()
        finally:
            # also after an error, which must not come back at the pace of the events
            self._last = perf_counter()
            # a single cheap frame between costly ones must not bring the pace back up
            self._cost = max(self._last - start + painting, 0.7 * self._cost)
        if more:
            self._wait(max(BACKLOG, self._cost))

    def interval(self) -> float:
        """Seconds from one look to the next."""
        if not self._seen():
            return HIDDEN
        return max(FRAME, min(self._cost / SHARE, SLOWEST), MOST * self._cost)

    def _on_woken(self) -> None:
        if self._timer.isActive():
            return
        wait = self._last + self.interval() - perf_counter()
        if wait <= 0:
            self.flush_now()
        else:
            self._wait(wait)

    def _wait(self, seconds: float) -> None:
        self._timer.start(max(1, round(1000 * seconds)))
