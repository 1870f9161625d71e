"""The notice board as the window sees it: many posts from any thread become few signals in its own."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from veighna_ext.core.notices import Level, Notice, NoticeBoard

PACE_MS = 120


class NoticeFeed(QObject):
    """Emits `changed` in its own thread at most once per `PACE_MS`, however many notices are posted."""

    changed = Signal()
    _woken = Signal()

    def __init__(self, board: NoticeBoard, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._lock = threading.Lock()
        self._awake = False
        self._seen: list[Notice] = []
        self._last = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)
        end = board.subscribe(self._posted)
        self.destroyed.connect(end)
        self._posted()

    def all(self) -> list[Notice]:
        """Newest first, as of the last `changed`: one look at a board that many threads may be writing on."""
        return self._seen

    def up_to_date(self) -> bool:
        """Whether nothing was posted since the last `changed`."""
        return self._board.all() == self._seen

    def unread(self, least: Level = Level.WARNING) -> int:
        """How many notices of at least this level wait to be read."""
        return sum(not notice.read and notice.level >= least for notice in self._seen)

    def mark_read(self) -> None:
        """The reader has seen everything there is."""
        self._board.mark_read()
        self.look()

    def clear(self) -> None:
        """Forget everything."""
        self._board.clear()
        self.look()

    def look(self) -> None:
        """Take what is on the board now, without waiting for the pace."""
        self._seen = self._board.all()
        self.changed.emit()

    def _posted(self, _notice: Notice | None = None) -> None:
        with self._lock:
            if self._awake:
                return
            self._awake = True
        self._woken.emit()

    def _on_woken(self) -> None:
        wait = PACE_MS - (time.monotonic() - self._last) * 1000
        if wait > 0:
            self._timer.start(round(wait))
        else:
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            self._awake = False
        self._last = time.monotonic()
        self.look()
