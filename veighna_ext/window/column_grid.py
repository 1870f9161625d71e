"""Widgets of one kind in as many columns as the width has room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

SPACING = 10
FIRST_WIDTH = 800


class ColumnGrid(QWidget):
    """Columns of equal width, each at least as wide as the widest widget wants to be."""

    def __init__(self, widgets: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets = widgets
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACING)
        self._lay_out(FIRST_WIDTH)

    def minimumSizeHint(self) -> QSize:
        """One column: more of them never keep a window from becoming narrower."""
        return QSize(self._widest(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit now."""
        super().resizeEvent(event)
        self._lay_out(event.size().width())

    def event(self, event: QEvent) -> bool:
        """The widgets' wishes change with the font and when they are first shown."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._lay_out(self.width())
        return super().event(event)

    def _widest(self) -> int:
        return max((widget.sizeHint().width() for widget in self._widgets), default=0)

    def _lay_out(self, width: int) -> None:
        columns = max(1, (width + SPACING) // (self._widest() + SPACING))
        columns = min(columns, max(1, len(self._widgets)))
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
