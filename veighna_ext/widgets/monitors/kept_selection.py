"""Keeps the selection with its rows while all rows change places."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QTableView

from veighna_ext.widgets.monitors.runs import as_runs
from veighna_ext.widgets.monitors.table_model import TableModel

# from here on, looking at every shown row is cheaper than looking up each selected one
MANY = 500


class KeptSelection:
    """Qt itself would follow every selected row by a persistent index: seconds for a hundred thousand."""

    def __init__(self, view: QTableView, model: TableModel) -> None:
        self._view = view
        self._model = model
        self._selected: list[int] = []
        self._current: tuple[int, int] | None = None

    def take(self) -> None:
        """Remember which rows are selected, and empty the selection."""
        selection, rows = self._view.selectionModel(), self._model.rows
        current = selection.currentIndex()
        self._current = (rows.at(current.row()), current.column()) if current.isValid() else None
        self._selected = [
            number
            for part in selection.selection().toList()
            for number in rows.between(part.top(), part.bottom() + 1)
        ]
        selection.reset()

    def give_back(self) -> None:
        """Select the same rows where they stand now."""
        selection, model = self._view.selectionModel(), self._model
        last = model.columnCount() - 1
        places = QItemSelection()
        for start, stop in as_runs(sorted(self._positions())):
            places.select(model.index(start, 0), model.index(stop - 1, last))
        if not places.isEmpty():
            selection.select(places, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if self._current is not None:
            position = model.rows.position(self._current[0])
            if position is not None:
                # the user did not move there: the view must not scroll to it
                self._view.setAutoScroll(False)
                index = model.index(position, self._current[1])
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                self._view.setAutoScroll(True)

    def _positions(self) -> Iterable[int]:
        rows = self._model.rows
        if len(self._selected) <= MANY:
            found = (rows.position(number) for number in self._selected)
            return [position for position in found if position is not None]
        wanted = set(self._selected)
        return [position for position, number in enumerate(rows.all_shown()) if number in wanted]
