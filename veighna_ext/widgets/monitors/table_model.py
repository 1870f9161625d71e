"""The rows of a table as Qt wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from veighna_ext.widgets.monitors.cell_text import DigitsOf, clock, rank_of, text_of, tint_of
from veighna_ext.widgets.monitors.columns import NUMBERS, Column, Kind
from veighna_ext.widgets.monitors.query import Query
from veighna_ext.widgets.monitors.rows import Arrangement, Batch, Rows, Sort
from veighna_ext.widgets.monitors.runs import as_runs
from veighna_ext.widgets.monitors.slices import SlicedWork
from veighna_ext.widgets.theme import market_colors

AnyIndex = QModelIndex | QPersistentModelIndex

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

FEW_RUNS = 8
CACHED_LINES = 500
NO_INDEX = QModelIndex()


@dataclass(frozen=True)
class Line:
    """The written cells of one row and the names of their colours."""

    texts: list[str]
    tints: list[str | None]


class TableModel(QAbstractTableModel):
    """Data objects in rows; writes only the cells somebody looks at."""

    about_to_rearrange = Signal()
    rearranged = Signal()

    def __init__(
        self,
        parent: QObject,
        columns: Sequence[Column],
        digits_of: DigitsOf,
        key: str = "",
        keep: Callable[[Any], bool] | None = None,
        limit: int = 0,
        hint: str = "",
    ) -> None:
        """`hint` ends every tool tip: what a double click does."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._hint = hint
        self.rows = Rows([rank_of(column) for column in columns], key, keep, limit)
        self._texts = [text_of(column, digits_of) for column in columns]
        self._tints = [tint_of(column) for column in columns]
        self._lines: dict[int, Line] = {}
        self._count = 0
        self._work = SlicedWork(self)
        self._sort: Sort | None = None
        self._query: Query | None = None

    @property
    def sorted_by(self) -> Sort | None:
        """The sort asked for; on a big table it takes a moment to show."""
        return self._sort

    @property
    def query(self) -> Query | None:
        """The filter asked for; on a big table it takes a moment to show."""
        return self._query

    def rowCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= self._count:
            return None
        number, column = self.rows.at(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.line(number).texts[column]
        if role == Qt.ItemDataRole.ForegroundRole:
            tint = self.line(number).tints[column]
            return None if tint is None else QColor(getattr(market_colors(), tint))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            full = self.full_text(number, column)
            return f"{full}\n{self._hint}" if self._hint else full
        if role == Qt.ItemDataRole.UserRole:
            return self.rows.data[number]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.columns[section].label
        return self.alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Numbers stand right, so that their digits line up; everything else left."""
        return RIGHT if self.columns[column].kind in NUMBERS else LEFT

    def line(self, number: int) -> Line:
        """The written row."""
        line = self._lines.get(number)
        if line is None:
            if len(self._lines) > CACHED_LINES:
                self._lines.clear()
            line = self._lines[number] = self._write(number)
        return line

    def texts(self, number: int, columns: Sequence[int]) -> list[str]:
        """Some cells of a row that nobody may be looking at."""
        data = self.rows.data[number]
        return [self._texts[column](data) for column in columns]

    def full_text(self, number: int, column: int) -> str:
        """A cell without anything left out."""
        value = getattr(self.rows.data[number], self.columns[column].field)
        kind = self.columns[column].kind
        if kind is Kind.TIME and value is not None:
            return f"{(value.astimezone() if value.tzinfo else value):%Y-%m-%d} {clock(value)}"
        if kind is Kind.MESSAGE:
            return str(value)
        return self.line(number).texts[column]

    def make_query(self, text: str, columns: Sequence[int]) -> Query | None:
        """The filter for a typed text over some columns."""
        query = Query(text, [self.columns[at] for at in columns], [self._texts[at] for at in columns])
        return query or None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = Sort(column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._rearrange()

    def filter(self, query: Query | None) -> None:
        """Show only the rows that pass."""
        self._query = query
        self._rearrange()

    def is_rearranging(self) -> bool:
        """Is a sort or a filter still being prepared?"""
        return self._work.is_running()

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self.rows.clear()
        self._lines.clear()
        self._count = 0
        self.endResetModel()
        if self._work.is_running():
            self._rearrange()

    def take_in(self, arrivals: Sequence[Any]) -> list[int]:
        """Add or replace rows; returns the numbers of those that were there before and are still."""
        batch = self.rows.absorb(arrivals)
        for number in (*batch.changed, *batch.gone):
            self._lines.pop(number, None)
        arrangement = self.rows.arrangement
        leaving = batch.vanishing + [number for number in batch.gone if arrangement.shows(number)]
        runs = self._runs(leaving)
        out_of_order = batch.moved or batch.appearing or (batch.new and arrangement.sort is not None)
        if len(runs) > FEW_RUNS or (out_of_order and leaving):
            self._reorder(batch)
        else:
            self._leave(batch, runs)
            if out_of_order:
                self._reorder(batch, left=True)
            elif batch.new:
                self._put_on_top(batch)
        return batch.changed

    def announce(self, positions: Sequence[int]) -> None:
        """Tell views that the cells of these rows changed."""
        last = len(self.columns) - 1
        for first, stop in as_runs(sorted(positions)):
            self.dataChanged.emit(self.index(first, 0), self.index(stop - 1, last))

    def _write(self, number: int) -> Line:
        data = self.rows.data[number]
        return Line([text(data) for text in self._texts], [tint(data) for tint in self._tints])

    def _runs(self, numbers: list[int]) -> list[tuple[int, int]]:
        positions = (self.rows.position(number) for number in numbers)
        return as_runs(sorted(position for position in positions if position is not None))

    def _leave(self, batch: Batch, runs: list[tuple[int, int]]) -> None:
        if not runs:
            self.rows.leave(batch)
            return
        gone, vanishing = set(batch.gone), set(batch.vanishing)
        hidden = [number for number in batch.gone if not self.rows.arrangement.shows(number)]
        self.rows.leave(Batch(gone=hidden))
        for start, stop in reversed(runs):
            numbers = self.rows.between(start, stop)
            self.beginRemoveRows(NO_INDEX, start, stop - 1)
            self.rows.leave(Batch(
                gone=[number for number in numbers if number in gone],
                vanishing=[number for number in numbers if number in vanishing],
            ))
            self._count = len(self.rows)
            self.endRemoveRows()

    def _put_on_top(self, batch: Batch) -> None:
        query, data = self.rows.arrangement.query, self.rows.data
        count = len(batch.new) if query is None else sum(query(data[number]) for number in batch.new)
        if not count:
            self.rows.settle(batch)
            return
        self.beginInsertRows(NO_INDEX, 0, count - 1)
        self.rows.settle(batch)
        self._count = len(self.rows)
        self.endInsertRows()

    def _reorder(self, batch: Batch, left: bool = False) -> None:
        with _Reordering(self):
            if not left:
                self.rows.leave(batch)
            self.rows.settle(batch)

    def _rearrange(self) -> None:
        self._work.start(self.rows.rearranged(self._sort, self._query), self._adopt)

    def _adopt(self, arrangement: Arrangement) -> None:
        with _Reordering(self):
            self.rows.adopt(arrangement)

    def count_again(self) -> None:
        """Rows came or went while everything was being reordered."""
        self._count = len(self.rows)


class _Reordering:
    """Tells views that every row may stand elsewhere; their positions are followed by row number."""

    def __init__(self, model: TableModel) -> None:
        self._model = model
        self._followed: list[tuple[QModelIndex, int]] = []

    def __enter__(self) -> None:
        model = self._model
        model.about_to_rearrange.emit()
        model.layoutAboutToBeChanged.emit()
        self._followed = [(index, model.rows.at(index.row())) for index in model.persistentIndexList()]

    def __exit__(self, *_failure: object) -> None:
        model = self._model
        model.count_again()
        for index, number in self._followed:
            position = model.rows.position(number)
            moved = NO_INDEX if position is None else model.index(position, index.column())
            model.changePersistentIndex(index, moved)
        model.layoutChanged.emit()
        model.rearranged.emit()
