"""A small table that is filled again every second and touches only the cells that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget


class LiveTable(QTableWidget):
    """Rows by key: a text and figures. An empty last heading makes that column's cells buttons."""

    button_clicked = Signal(object)

    def __init__(self, name: str, headings: Sequence[str], parent: QWidget) -> None:
        super().__init__(0, len(headings), parent)
        self.setObjectName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self._has_buttons = not headings[-1]
        for column, heading in enumerate(headings):
            item = QTableWidgetItem(heading)
            item.setTextAlignment(self._alignment(column))
            self.setHorizontalHeaderItem(column, item)
        self._keys: list[object] = []
        self.clicked.connect(self._on_clicked)

    def show_rows(self, rows: Mapping[object, Sequence[str]]) -> None:
        """Show these and no others, in this order."""
        self._keys = list(rows)
        if self.rowCount() != len(rows):
            self.setRowCount(len(rows))
        for line, texts in enumerate(rows.values()):
            for column, text in enumerate(texts):
                self._show_cell(line, column, text)

    def _show_cell(self, line: int, column: int, text: str) -> None:
        item = self.item(line, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(self._alignment(column))
            self.setItem(line, column, item)
        if self._is_button(column):
            item.setForeground(self.palette().link())
        if item.text() != text:
            item.setText(text)
            item.setToolTip(text)

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        figures = column > 0 and not self._has_buttons
        side = Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _is_button(self, column: int) -> bool:
        return self._has_buttons and column == self.columnCount() - 1

    def _on_clicked(self, index: QModelIndex) -> None:
        if self._is_button(index.column()) and index.data():
            self.button_clicked.emit(self._keys[index.row()])
