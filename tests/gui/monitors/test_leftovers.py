"""A table, its menus and the trading panel leave nothing of Python's behind when Qt has deleted them."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot
from vnpy.event import EventEngine
from vnpy.trader.engine import MainEngine

from veighna_ext.widgets import monitors
from veighna_ext.widgets.monitors.menu import column_menu, row_menu
from veighna_ext.window.menus import _panels_menu
from veighna_ext.window.trading_panel import TradingPanel

if TYPE_CHECKING:
    from veighna_ext.window.main_window import DesktopWindow


class WithDocks(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.docks = {"one": QDockWidget("one", self)}
        _panels_menu(cast("DesktopWindow", self))


Making = Callable[[MainEngine, EventEngine], QWidget]


def with_menus(main_engine: MainEngine, event_engine: EventEngine) -> QWidget:
    table = monitors.TickMonitor(main_engine, event_engine)
    row_menu(table)
    column_menu(table)
    return table


def with_docks(main_engine: MainEngine, event_engine: EventEngine) -> QWidget:
    return WithDocks()


def kinds() -> Counter[str]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return Counter(type(thing).__name__ for thing in gc.get_objects())


@pytest.mark.parametrize("make", [monitors.TickMonitor, with_menus, TradingPanel, with_docks])
def test_what_is_deleted_leaves_no_python_object_behind(
    qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine, make: Making
) -> None:
    def grown(times: int) -> dict[str, int]:
        before = kinds()
        for _ in range(times):
            make(main_engine, event_engine).deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return {kind: number for kind, number in (kinds() - before).items() if number >= times}

    # what is made once and kept is made now
    grown(2)
    assert not grown(5)
