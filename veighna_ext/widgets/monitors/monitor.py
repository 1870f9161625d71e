"""A table that follows one kind of vnpy event: what all the desktop's monitors share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget
from vnpy.event import EventEngine
from vnpy.trader.engine import MainEngine
from vnpy.trader.utility import get_digits

from veighna_ext.core.i18n import _
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.layout_store import layout_settings
from veighna_ext.widgets.monitors import export
from veighna_ext.widgets.monitors.column_layout import restore_layout, save_layout
from veighna_ext.widgets.monitors.columns import Kind, columns_like
from veighna_ext.widgets.monitors.feed import Feed
from veighna_ext.widgets.monitors.filter_bar import FilterBar
from veighna_ext.widgets.monitors.menu import column_menu, row_menu
from veighna_ext.widgets.monitors.pacer import Pacer
from veighna_ext.widgets.monitors.slices import SlicedWork
from veighna_ext.widgets.monitors.table_model import TableModel
from veighna_ext.widgets.monitors.table_view import PADDING, TableView

# one look at the news takes this many rows at most, so that a flood of new rows cannot hold up the window
ROWS_PER_LOOK = 1000
LABEL_SPARE = 4


@dataclass(frozen=True)
class Item:
    """A double-clicked cell, as vnpy's trading panel expects it."""

    data: Any

    def get_data(self) -> Any:
        """The object its row shows."""
        return self.data


class Monitor(QWidget):
    """Replaces a stock monitor: the same columns and habits, at a cost that does not grow with its rows."""

    itemDoubleClicked = Signal(object)  # noqa: N815 - the name vnpy's window connects to

    stock_headers: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    kinds: ClassVar[Mapping[str, tuple[Kind, int]]] = {}
    event_type: ClassVar[str] = ""
    data_key: ClassVar[str] = ""
    keep: ClassVar[Callable[[Any], bool] | None] = None
    limit: ClassVar[int] = 0
    last_columns: ClassVar[Sequence[str]] = ()
    wide_column: ClassVar[str] = ""
    can_clear: ClassVar[bool] = False

    def __init__(self, main_engine: MainEngine, event_engine: EventEngine) -> None:
        super().__init__()
        self.main_engine = main_engine
        self.event_engine = event_engine
        self.feed = Feed(self.data_key, self.limit)
        self._digits: dict[str, int] = {}
        self._backlog: list[Any] = []
        self._known: list[Any] = []
        self.init_ui()
        self.load_setting()
        self.register_event()

    def init_ui(self) -> None:
        """Build the table and the filter line above it."""
        self.model = TableModel(
            self, columns_like(self.stock_headers, self.kinds), self._digits_of,
            self.data_key, type(self).keep, self.limit, self.double_click_hint(),
        )
        self.filter_bar = FilterBar(self)
        self.view = TableView(self, self.model, self._empty_text)
        self.filter_button = self.view.corner
        self.filter_button.setIcon(icon("filter"))
        self.filter_button.setToolTip(_("Filter rows (Ctrl+F)"))
        self.filter_button.setAutoRaise(True)
        self.filter_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.filter_button.clicked.connect(self._toggle_filter)
        self._exports = SlicedWork(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter_bar)
        column.addWidget(self.view)
        self._connect_ui()
        self._default_columns()

    def register_event(self) -> None:
        """Follow the events, starting from what vnpy already knows.

        The engine keeps a forgotten table alive until Qt deletes it: as garbage it might be destroyed in the
        event thread.
        """
        self._pacer = Pacer(self, self._look, self.view.take_paint_time, self._is_seen)
        self.feed.open(self._pacer.wake)
        self.event_engine.register(self.event_type, self.feed.receive)
        self.destroyed.connect(partial(_detach, self.event_engine, self.event_type, self.feed))
        # only now: what arrives meanwhile comes twice, and nothing is missed
        self._known = self.known_data()
        if self._known:
            self._pacer.wake()

    def known_data(self) -> list[Any]:
        """What had come before this table was opened."""
        return []

    def empty_text(self) -> str:
        """What stands in the table before anything has come."""
        return ""

    def double_click_hint(self) -> str:
        """What a double click does, for the tool tip."""
        return ""

    def row_actions(self) -> list[tuple[str, Callable[[], None]]]:
        """What else the right-click menu offers for the current row."""
        return []

    def current_data(self) -> Any:
        """The object of the current row, `None` without one."""
        index = self.view.currentIndex()
        return index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None

    def resize_columns(self) -> None:
        """Make every column as wide as what it shows."""
        self.view.resizeColumnsToContents()
        self.view.room.hand_over()

    def show_column(self, column: int, on: bool) -> None:
        """Show or hide a column."""
        self.view.setColumnHidden(column, not on)
        if self.model.query is not None:
            self._filter(self.filter_bar.line.text())

    def reset_columns(self) -> None:
        """The columns as they are on the first start."""
        header = self.view.horizontalHeader()
        for column in range(header.count()):
            header.showSection(column)
            header.moveSection(header.visualIndex(column), column)
        self._default_columns()

    def sort_by_arrival(self) -> None:
        """No column sorts; the newest row comes first."""
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def save_setting(self) -> None:
        """Remember the columns."""
        save_layout(layout_settings(), type(self).__name__, self.view.horizontalHeader(), self.model.columns)

    def load_setting(self) -> None:
        """Put the columns as they were."""
        header = self.view.horizontalHeader()
        restore_layout(layout_settings(), type(self).__name__, header, self.model.columns)
        self.view.room.hand_over()

    def save_csv(self) -> None:
        """Ask for a file and write what is shown into it."""
        dialog = QFileDialog(self, _("Save as CSV"), "", "CSV (*.csv)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.write_csv(Path(path)))
        dialog.open()

    def write_csv(self, path: Path) -> None:
        """Write what is shown, in its order, without holding up the window."""
        self._exports.start(self._saving(path), self.main_engine.write_log)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, their cells separated by tabs."""
        rows = self.model.rows
        numbers = [rows.at(position) for position in self.view.selected_positions()]
        if numbers:
            work = export.tabbed(self.model, numbers, self.view.shown_columns())
            self._exports.start(work, QGuiApplication.clipboard().setText)

    def copy_cell(self) -> None:
        """Put the current cell on the clipboard."""
        index = self.view.currentIndex()
        if index.isValid():
            QGuiApplication.clipboard().setText(index.data())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row_menu(self).popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        self._pacer.flush_now()
        super().showEvent(event)

    def _connect_ui(self) -> None:
        self.filter_bar.typed.connect(self._filter)
        self.filter_bar.closed.connect(self.view.setFocus)
        self.view.doubleClicked.connect(self._on_double_clicked)
        model = self.model
        for signal in (model.rowsInserted, model.rowsRemoved, model.rearranged, model.modelReset):
            signal.connect(self._show_count)
        for keys, call in (
            (QKeySequence.StandardKey.Copy, self.copy_rows),
            (QKeySequence.StandardKey.Find, self.filter_bar.ask),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        header = self.view.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_column_menu)

    def _default_columns(self) -> None:
        header, columns = self.view.horizontalHeader(), self.model.columns
        digit = self.fontMetrics().horizontalAdvance("0")
        for at, column in enumerate(columns):
            room = max(column.width * digit, header.fontMetrics().horizontalAdvance(column.label))
            self.view.room.set_width(at, room + 2 * PADDING + LABEL_SPARE)
            if column.field == self.wide_column:
                header.setSectionResizeMode(at, header.ResizeMode.Stretch)
        fields = [column.field for column in columns]
        for field in self.last_columns:
            if field in fields:
                header.moveSection(header.visualIndex(fields.index(field)), header.count() - 1)

    def _look(self) -> bool:
        if not self._backlog:
            self._backlog = self.feed.take()
        if self._known:
            twice = {id(data) for data in self._known}
            self._backlog = self._known + [data for data in self._backlog if id(data) not in twice]
            self._known = []
        arrivals, self._backlog = self._backlog[:ROWS_PER_LOOK], self._backlog[ROWS_PER_LOOK:]
        if arrivals:
            self.view.take_in(arrivals)
        return bool(self._backlog) or self.feed.is_waiting()

    def _is_seen(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def _digits_of(self, vt_symbol: str) -> int | None:
        digits = self._digits.get(vt_symbol)
        if digits is None:
            contract = self.main_engine.get_contract(vt_symbol)
            if contract is None or not contract.pricetick:
                return None
            digits = self._digits[vt_symbol] = get_digits(contract.pricetick)
        return digits

    def _empty_text(self) -> str:
        return _("No row matches the filter") if self.model.query is not None else self.empty_text()

    def _filter(self, text: str) -> None:
        self.model.filter(self.model.make_query(text, self.view.shown_columns()))

    def _show_count(self) -> None:
        rows = self.model.rows
        self.filter_bar.show_count(len(rows), len(rows.data))

    def _toggle_filter(self) -> None:
        if self.filter_bar.isVisible():
            self.filter_bar.dismiss()
        else:
            self.filter_bar.ask()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.itemDoubleClicked.emit(Item(index.data(Qt.ItemDataRole.UserRole)))

    def _show_column_menu(self, place: QPoint) -> None:
        menu = column_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.horizontalHeader().mapToGlobal(place))

    def _saving(self, path: Path) -> Generator[None, None, str]:
        numbers, columns = self.model.rows.all_shown(), self.view.shown_columns()
        try:
            rows = yield from export.write_csv(path, self.model, numbers, columns)
        except OSError as error:
            reason = error.strerror or str(error)
            return _("{path} could not be written: {reason}").format(path=path, reason=reason)
        return _("{rows} rows saved to {path}").format(rows=rows, path=path)


def _detach(event_engine: EventEngine, event_type: str, feed: Feed, *_destroyed: object) -> None:
    event_engine.unregister(event_type, feed.receive)
    feed.close()
