"""The log table is bounded and tells levels apart."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from vnpy.event import EventEngine

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import cells, column_of, log, send, wait_rows
from veighna_ext.widgets import monitors
from veighna_ext.widgets.monitors.menu import row_menu
from veighna_ext.widgets.theme import market_colors


@pytest.mark.parametrize("is_sorted", [False, True])
def test_the_log_holds_the_latest_twenty_thousand_lines(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, is_sorted: bool
) -> None:
    monitor = shown(monitors.LogMonitor)
    if is_sorted:
        monitor.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    send(event_engine, monitor, *(log(f"line {number}") for number in range(20_500)))
    qtbot.waitUntil(lambda: monitor.model.index(0, 1).data() == "line 20499", timeout=20_000)
    send(event_engine, monitor, log("last"))
    qtbot.waitUntil(lambda: monitor.model.index(0, 1).data() == "last")
    assert monitor.model.rowCount() == 20_000
    assert cells(monitor, "msg")[-1] == "line 501"


@pytest.mark.expected_errors("an error")
def test_levels_have_their_colours(shown: Shown, qtbot: QtBot, event_engine: EventEngine) -> None:
    monitor = shown(monitors.LogMonitor)
    send(event_engine, monitor, log("debug", 10), log("info"), log("warning", 30), log("an error", 40))
    wait_rows(qtbot, monitor, 4)
    tints = [monitor.model.index(row, 1).data(Qt.ItemDataRole.ForegroundRole) for row in range(4)]
    colors = market_colors()
    assert tints == [colors.error, colors.warning, None, colors.muted]


def test_a_long_message_is_one_line_with_the_whole_text_in_its_tool_tip(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.LogMonitor)
    send(event_engine, monitor, log("Traceback\n  at a\n  at b"))
    wait_rows(qtbot, monitor, 1)
    index = monitor.model.index(0, column_of(monitor, "msg"))
    assert "\n" not in index.data()
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Traceback\n  at a\n  at b"


def test_the_log_can_be_cleared_and_goes_on(shown: Shown, qtbot: QtBot, event_engine: EventEngine) -> None:
    monitor = shown(monitors.LogMonitor)
    send(event_engine, monitor, log("a"), log("b"))
    wait_rows(qtbot, monitor, 2)
    widths = [monitor.view.columnWidth(column) for column in range(3)]
    menu = row_menu(monitor)
    menu.actions()[-1].trigger()
    menu.deleteLater()
    assert monitor.model.rowCount() == 0
    assert [monitor.view.columnWidth(column) for column in range(3)] == widths
    send(event_engine, monitor, log("c"))
    wait_rows(qtbot, monitor, 1)
    assert cells(monitor, "msg") == ["c"]
