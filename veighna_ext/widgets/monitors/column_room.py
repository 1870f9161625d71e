"""Columns that grow with what they show: a price cut short is a wrong price."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QTableView

from veighna_ext.widgets.monitors.columns import NUMBERS, Column, Kind

WIDEST_DIGITS = 24


class ColumnRoom(QObject):
    """Widens columns of numbers as their numbers need, names only into room that nothing else uses.

    It never narrows a column, and leaves alone what the trader has set by hand.
    """

    def __init__(self, view: QTableView, columns: tuple[Column, ...], padding: int) -> None:
        super().__init__(view)
        self._view = view
        self._columns = columns
        self._padding = padding
        self._cut: dict[int, str] = {}
        self._by_hand: set[int] = set()
        self._setting = True
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._widen)
        view.horizontalHeader().sectionResized.connect(self._resized)

    def set_width(self, column: int, width: int) -> None:
        """A width that is no wish of the trader's."""
        self._setting = True
        self._view.horizontalHeader().resizeSection(column, width)
        self._setting = False
        self._by_hand.discard(column)

    def hand_over(self) -> None:
        """The widths of now are nobody's wish; who changes one from here on is the trader."""
        self._setting = False
        self._by_hand.clear()

    def note_cut(self, column: int, text: str) -> None:
        """A cell was painted with its end left out; too early, in the middle of painting, to do something."""
        kind = self._columns[column].kind
        if column in self._by_hand or not (kind in NUMBERS or kind is Kind.TEXT):
            return
        if len(text) > len(self._cut.get(column, "")):
            self._cut[column] = text
            if not self._soon.isActive():
                self._soon.start()

    def _widen(self) -> None:
        cut, self._cut = self._cut, {}
        header, metrics = self._view.horizontalHeader(), self._view.fontMetrics()
        widest = WIDEST_DIGITS * metrics.horizontalAdvance("0")
        # numbers first: a name takes what they leave
        for column in sorted(cut, key=lambda at: self._columns[at].kind is Kind.TEXT):
            size = header.sectionSize(column)
            wanted = min(metrics.horizontalAdvance(cut[column]), widest) + 2 * self._padding + 1
            if self._columns[column].kind is Kind.TEXT:
                wanted = min(wanted, size + max(header.width() - header.length(), 0))
            if wanted > size:
                self.set_width(column, wanted)

    def _resized(self, column: int, old: int, new: int) -> None:
        # to or from 0 is hiding and showing
        if not self._setting and old and new:
            self._by_hand.add(column)
