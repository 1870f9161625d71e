"""Python's garbage, collected in the GUI thread alone: it may hold widgets, which Qt deletes only there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 1000


class GuiThreadGarbage(QObject):
    """
    Collects what automatic collection would have, from a timer of the GUI thread.

    Left to itself Python collects in whichever thread makes the next object. When that is the event engine's
    and a closed window with plots is among the garbage, its C++ half is torn down beside a painting GUI.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Take over from the automatic collection."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Hand back to the automatic collection, if it was on."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def look(self) -> None:
        """Collect the oldest generation that has had its share of younger ones."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > thresholds[generation]]
        if due and due[0] == 0:
            oldest = 0
            while oldest + 1 in due:
                oldest += 1
            gc.collect(oldest)
