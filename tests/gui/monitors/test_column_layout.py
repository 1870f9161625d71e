"""Columns come back as the user left them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import column_of
from veighna_ext.widgets import monitors
from veighna_ext.widgets.layout_store import layout_settings


def test_order_width_visibility_and_sort_come_back_in_the_next_table_of_the_class(shown: Shown) -> None:
    first = shown(monitors.OrderMonitor)
    header = first.view.horizontalHeader()
    price, status = column_of(first, "price"), column_of(first, "status")
    header.moveSection(header.visualIndex(status), 0)
    header.resizeSection(price, 133)
    first.show_column(column_of(first, "exchange"), False)
    header.setSortIndicator(price, Qt.SortOrder.DescendingOrder)
    first.save_setting()

    second = shown(monitors.OrderMonitor)
    header = second.view.horizontalHeader()
    assert header.visualIndex(status) == 0
    assert header.sectionSize(price) == 133
    assert header.isSectionHidden(column_of(second, "exchange"))
    assert second.view.shown_columns() == first.view.shown_columns()
    assert second.model.sorted_by is not None
    assert (second.model.sorted_by.column, second.model.sorted_by.descending) == (price, True)
    assert shown(monitors.TradeMonitor).model.sorted_by is None


def test_a_column_hidden_and_saved_keeps_its_width_for_when_it_is_shown_again(shown: Shown) -> None:
    first = shown(monitors.AccountMonitor)
    first.view.horizontalHeader().resizeSection(1, 177)
    first.show_column(1, False)
    first.save_setting()
    assert first.view.isColumnHidden(1)
    second = shown(monitors.AccountMonitor)
    second.show_column(1, True)
    assert second.view.columnWidth(1) == 177


def test_an_unreadable_layout_is_ignored(shown: Shown, trader_dir: Path) -> None:
    settings = layout_settings()
    settings.setValue("monitors/TickMonitor/columns", "nonsense:12 last_price:x symbol:99999999999 volume:88")
    settings.setValue("monitors/TickMonitor/sort", "nonsense:descending")
    settings.sync()
    monitor = shown(monitors.TickMonitor)
    assert monitor.view.columnWidth(column_of(monitor, "volume")) == 88
    assert len(monitor.view.shown_columns()) == monitor.model.columnCount()
    assert monitor.model.sorted_by is None


def test_what_matters_is_visible_in_a_narrow_dock(shown: Shown) -> None:
    wanted = {
        monitors.TickMonitor: {"symbol", "last_price", "bid_price_1", "ask_price_1"},
        monitors.OrderMonitor: {"symbol", "direction", "price", "volume", "traded", "status"},
        monitors.TradeMonitor: {"symbol", "direction", "price", "volume", "datetime"},
        monitors.PositionMonitor: {"symbol", "direction", "volume", "price", "pnl"},
    }
    for kind, fields in wanted.items():
        monitor = shown(kind)
        view, columns = monitor.view, monitor.model.columns
        visible = {
            columns[column].field for column in view.shown_columns()
            if view.columnViewportPosition(column) + view.columnWidth(column) <= 640
        }
        assert fields <= visible, kind.__name__


def test_default_columns_undo_everything(shown: Shown) -> None:
    monitor, untouched = shown(monitors.OrderMonitor), shown(monitors.OrderMonitor)
    monitor.show_column(3, False)
    monitor.view.horizontalHeader().moveSection(0, 5)
    monitor.view.setColumnWidth(2, 300)
    monitor.reset_columns()
    assert monitor.view.shown_columns() == untouched.view.shown_columns()
    assert monitor.view.columnWidth(2) == untouched.view.columnWidth(2)


def test_fitting_makes_columns_as_wide_as_their_text(shown: Shown) -> None:
    monitor = shown(monitors.AccountMonitor)
    monitor.view.setColumnWidth(0, 30)
    monitor.resize_columns()
    assert monitor.view.columnWidth(0) > 30
