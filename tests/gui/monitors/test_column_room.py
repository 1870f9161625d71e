"""Columns make room for what they show."""

from __future__ import annotations

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot
from vnpy.event import EventEngine

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import column_of, send, tick
from veighna_ext.widgets import monitors
from veighna_ext.widgets.monitors.monitor import Monitor

LONG_NUMBER = 123456789.1234
LONG_NAME = "A contract with quite a long name"


def fits(monitor: Monitor, field: str, text: str) -> bool:
    room = monitor.view.columnWidth(column_of(monitor, field))
    return room > monitor.view.fontMetrics().horizontalAdvance(text)


def test_a_number_is_never_cut_short(shown: Shown, event_engine: EventEngine, qtbot: QtBot) -> None:
    monitor = shown(monitors.TickMonitor)
    assert not fits(monitor, "volume", "123456789.1234")
    send(event_engine, monitor, tick(volume=LONG_NUMBER))
    qtbot.waitUntil(lambda: fits(monitor, "volume", "123456789.1234"))


def test_a_name_takes_only_room_that_is_left(shown: Shown, event_engine: EventEngine, qtbot: QtBot) -> None:
    monitor = shown(monitors.TickMonitor)
    monitor.resize(700, 300)
    before = monitor.view.columnWidth(column_of(monitor, "name"))
    send(event_engine, monitor, tick(volume=LONG_NUMBER, name=LONG_NAME))
    qtbot.waitUntil(lambda: fits(monitor, "volume", "123456789.1234"))
    assert monitor.view.columnWidth(column_of(monitor, "name")) == before
    monitor.resize(QSize(3000, 300))
    qtbot.waitUntil(lambda: monitor.view.columnWidth(column_of(monitor, "name")) > before * 2)


def test_a_width_set_by_hand_stays_until_columns_are_fitted(
    shown: Shown, event_engine: EventEngine, qtbot: QtBot
) -> None:
    monitor = shown(monitors.TickMonitor)
    monitor.view.setColumnWidth(column_of(monitor, "last_price"), 40)
    send(event_engine, monitor, tick(price=LONG_NUMBER, volume=LONG_NUMBER))
    qtbot.waitUntil(lambda: fits(monitor, "volume", "123456789.1234"))
    assert monitor.view.columnWidth(column_of(monitor, "last_price")) == 40
    monitor.resize_columns()
    send(event_engine, monitor, tick(price=LONG_NUMBER * 1000))
    qtbot.waitUntil(lambda: fits(monitor, "last_price", "123456789123.4"))
