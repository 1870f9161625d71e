"""A table that paints its few visible rows itself, whatever the number of rows behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFontInfo, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolButton, QWidget

from veighna_ext.widgets.monitors.column_room import ColumnRoom
from veighna_ext.widgets.monitors.columns import NUMBERS, Kind
from veighna_ext.widgets.monitors.elision import Elision
from veighna_ext.widgets.monitors.kept_selection import KeptSelection
from veighna_ext.widgets.monitors.table_model import AnyIndex, TableModel
from veighna_ext.widgets.theme import market_colors

PADDING = 6
COMPACT = 1.6
SELECTED_OPACITY = 90
MEASURED_ROWS = 200
NARROWEST_COLUMN = 24

# column, left edge, width, alignment, how it is shortened
_Cell = tuple[int, int, int, int, Callable[[str, int], str]]


class TableView(QTableView):
    """Shows a `TableModel`; selection and scroll position stay with their rows as those come, go or move."""

    def __init__(self, parent: QWidget, model: TableModel, empty_text: Callable[[], str]) -> None:
        super().__init__(parent)
        self._model = model
        self._empty_text = empty_text
        self.corner = QToolButton(self)
        self._painting = 0.0
        self._elision = Elision(self.fontMetrics())
        self._cells: list[_Cell] | None = None
        self.setModel(model)
        self._kept = KeptSelection(self, model)
        model.about_to_rearrange.connect(self._kept.take)
        model.rearranged.connect(self._kept.give_back)
        self._set_up()
        self.room = ColumnRoom(self, model.columns, PADDING)

    def take_in(self, arrivals: Sequence[Any]) -> None:
        """Add or replace rows, and repaint what of it can be seen."""
        bar = self.verticalScrollBar()
        height = self._row_height()
        top, into = divmod(bar.value(), height)
        anchor = self._model.rows.between(top, top + 1) if bar.value() > 0 else []
        changed = self._model.take_in(arrivals)
        if anchor:
            position = self._model.rows.position(anchor[0])
            if position is not None and position != top:
                self.executeDelayedItemsLayout()
                bar.setValue(position * height + into)
        if changed and self.isVisible():
            self._announce_seen(set(changed))

    def take_paint_time(self) -> float:
        """Seconds spent painting since the last call."""
        spent, self._painting = self._painting, 0.0
        return spent

    def seen_rows(self) -> tuple[int, int]:
        """The first visible position and the one after the last."""
        height = self._row_height()
        offset = self.verticalScrollBar().value()
        stop = (offset + self.viewport().height()) // height + 1
        return offset // height, min(stop, self._model.rowCount())

    def selected_positions(self) -> list[int]:
        """The selected rows from the top."""
        ranges = self.selectionModel().selection().toList()
        return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})

    def shown_columns(self) -> list[int]:
        """The columns that are not hidden, from left to right."""
        header = self.horizontalHeader()
        logical = (header.logicalIndex(visual) for visual in range(header.count()))
        return [column for column in logical if not header.isSectionHidden(column)]

    def sizeHintForColumn(self, column: int) -> int:
        """Wide enough for the rows around the visible ones."""
        first, stop = self.seen_rows()
        spare = max(MEASURED_ROWS - (stop - first), 0) // 2
        numbers = self._model.rows.between(first - spare, stop + spare)
        measure = self.fontMetrics().horizontalAdvance
        widest = max((measure(self._model.line(number).texts[column]) for number in numbers), default=0)
        return max(widest + 2 * PADDING, NARROWEST_COLUMN)

    def dataChanged(
        self, top_left: AnyIndex, bottom_right: AnyIndex, _roles: Sequence[int] = ()
    ) -> None:
        """Repaint the rows only; Qt's own answer also asks editors and accessibility about every cell."""
        first, last = top_left.row(), bottom_right.row()
        self.viewport().update(self._row_rect(first).united(self._row_rect(last)))

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: Qt would read every row of the table for it; the filter is quicker."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows_to_font()

    def updateGeometries(self) -> None:
        """The right end of the header belongs to the corner button."""
        super().updateGeometries()
        header = self.horizontalHeader()
        side = header.height()
        header.resize(max(self.viewport().width() - side, 0), side)
        self.corner.setGeometry(header.x() + header.width(), header.y(), side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        start = perf_counter()
        painter = QPainter(self.viewport())
        if self._model.rowCount():
            self._paint_rows(painter, event)
        else:
            self._paint_empty(painter)
        painter.end()
        self._painting += perf_counter() - start

    def _set_up(self) -> None:
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setCornerWidget(QWidget(self))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        # every pixel is painted below
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setMinimumSectionSize(1)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # PySide never lets go of a header of Qt's own making once one of its signals is connected
        header = QHeaderView(Qt.Orientation.Horizontal, self)
        self.setHorizontalHeader(header)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(NARROWEST_COLUMN)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for moved in (header.sectionResized, header.sectionMoved, header.sectionCountChanged):
            moved.connect(self._forget_cells)
        self._fit_rows_to_font()

    def _fit_rows_to_font(self) -> None:
        metrics = self.fontMetrics()
        self._elision = Elision(metrics)
        self._cells = None
        # fonts with Chinese claim much more height than their letters need
        compact = round(COMPACT * QFontInfo(self.font()).pixelSize())
        self.verticalHeader().setDefaultSectionSize(max(metrics.height() + 2, compact))

    def _row_height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def _row_rect(self, position: int) -> QRect:
        height = self._row_height()
        top = position * height - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), height)

    def _announce_seen(self, changed: set[int]) -> None:
        first, stop = self.seen_rows()
        numbers = enumerate(self._model.rows.between(first, stop), first)
        seen = [position for position, number in numbers if number in changed]
        if seen:
            self._model.announce(seen)

    def _paint_rows(self, painter: QPainter, event: QPaintEvent) -> None:
        model, palette, dirty = self._model, self.palette(), event.region()
        several = dirty.rectCount() > 1
        rect = event.rect()
        height = self._row_height()
        offset = self.verticalScrollBar().value()
        first = max((rect.top() + offset) // height, 0)
        stop = (rect.bottom() + offset) // height + 1
        painter.fillRect(rect, palette.base())
        selection = self.selectionModel()
        highlight = palette.color(QPalette.ColorRole.Highlight)
        highlight.setAlpha(SELECTED_OPACITY)
        has_selection = selection.hasSelection()
        cells = self._cells_in(rect)
        ink = _Ink(painter, palette.color(QPalette.ColorRole.Text))
        for position, number in enumerate(model.rows.between(first, stop), first):
            row = QRect(rect.left(), position * height - offset, rect.width(), height)
            if several and not dirty.intersects(row):
                continue
            if position % 2:
                painter.fillRect(row, palette.alternateBase())
            if has_selection and selection.rowIntersectsSelection(position):
                painter.fillRect(row, highlight)
            line = model.line(number)
            top = row.top()
            for column, left, width, flags, elide in cells:
                text = line.texts[column]
                if text:
                    ink.use(line.tints[column])
                    shown = elide(text, width)
                    if shown != text:
                        self.room.note_cut(column, text)
                    painter.drawText(left, top, width, height, flags, shown)
        self._paint_current(painter, palette)

    def _cells_in(self, rect: QRect) -> list[_Cell]:
        if self._cells is None:
            self._cells = [self._cell(column) for column in self.shown_columns()]
        offset = self.horizontalHeader().offset()
        return [
            (column, left - offset, width, flags, elide)
            for column, left, width, flags, elide in self._cells
            if left - offset <= rect.right() and left + width - offset >= rect.left()
        ]

    def _cell(self, column: int) -> _Cell:
        header, kind = self.horizontalHeader(), self._model.columns[column].kind
        elide = self._elision.middle if kind is Kind.IDENTITY else self._elision.right
        if kind in NUMBERS:
            elide = self._elision.number
        flags = self._model.alignment(column) | Qt.TextFlag.TextSingleLine
        left, width = header.sectionPosition(column), header.sectionSize(column)
        return column, left + PADDING, width - 2 * PADDING, int(flags), elide

    def _forget_cells(self) -> None:
        self._cells = None

    def _paint_current(self, painter: QPainter, palette: QPalette) -> None:
        current = self.currentIndex()
        if current.isValid() and self.hasFocus():
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.visualRect(current).adjusted(0, 0, -1, -1))

    def _paint_empty(self, painter: QPainter) -> None:
        area = self.viewport().rect()
        painter.fillRect(area, self.palette().base())
        painter.setPen(market_colors().muted)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(PADDING, PADDING, -PADDING, -PADDING), int(flags), self._empty_text())


class _Ink:
    """Sets the painter's pen only when the colour changes."""

    def __init__(self, painter: QPainter, text: QColor) -> None:
        self._painter = painter
        self._text = text
        self._colors = market_colors()
        self._tint: str | None = None
        painter.setPen(text)

    def use(self, tint: str | None) -> None:
        if tint != self._tint:
            self._tint = tint
            self._painter.setPen(self._text if tint is None else getattr(self._colors, tint))
