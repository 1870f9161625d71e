"""The right-click menu of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from veighna_ext.core.i18n import _
from veighna_ext.widgets.icons import icon

if TYPE_CHECKING:
    from veighna_ext.widgets.monitors.monitor import Monitor


def row_menu(monitor: Monitor) -> QMenu:
    """What can be done with the rows."""
    menu = QMenu(monitor)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    has_current = monitor.view.currentIndex().isValid()
    for text, call in monitor.row_actions():
        menu.addAction(text, call)
    if not menu.isEmpty():
        menu.addSeparator()
    copy_rows = menu.addAction(icon("copy"), _("Copy rows"), monitor.copy_rows)
    copy_rows.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
    copy_rows.setEnabled(bool(monitor.view.selectionModel().hasSelection()))
    menu.addAction(_("Copy cell"), monitor.copy_cell).setEnabled(has_current)
    menu.addSeparator()
    show_filter = menu.addAction(icon("filter"), _("Filter…"), monitor.filter_bar.ask)
    show_filter.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
    menu.addMenu(column_menu(monitor, menu))
    menu.addAction(_("Fit column widths"), monitor.resize_columns)
    if monitor.model.sorted_by is not None:
        menu.addAction(_("Newest first again"), monitor.sort_by_arrival)
    menu.addSeparator()
    menu.addAction(icon("save"), _("Save as CSV…"), monitor.save_csv)
    if monitor.can_clear:
        menu.addAction(_("Clear"), monitor.model.clear)
    return menu


def column_menu(monitor: Monitor, parent: QMenu | None = None) -> QMenu:
    """Which columns to show; one always stays."""
    menu = QMenu(_("Columns"), parent or monitor)
    menu.setIcon(icon("columns"))
    header = monitor.view.horizontalHeader()
    shown = monitor.view.shown_columns()
    for visual in range(header.count()):
        column = header.logicalIndex(visual)
        # PySide never lets go of an action of Qt's own making once its signal is connected
        action = QAction(monitor.model.columns[column].label, menu)
        menu.addAction(action)
        action.setCheckable(True)
        action.setChecked(column in shown)
        action.setEnabled(shown != [column])
        action.toggled.connect(_column_switch(monitor, column))
    menu.addSeparator()
    menu.addAction(_("Default columns"), monitor.reset_columns)
    return menu


def _column_switch(monitor: Monitor, column: int) -> Callable[[bool], None]:
    return lambda on: monitor.show_column(column, on)
