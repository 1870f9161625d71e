"""Tables come and go while events keep coming."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from vnpy.event import Event, EventEngine
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import EVENT_TICK

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import send, tick, wait_rows
from veighna_ext.widgets import monitors


@pytest.mark.parametrize("way", ["delete", "deleteLater"])
def test_a_table_that_is_gone_is_no_longer_called(
    qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine, way: str
) -> None:
    monitor = monitors.TickMonitor(main_engine, event_engine)
    feed, delivered = monitor.feed, threading.Event()
    event_engine.put(Event(EVENT_TICK, tick()))
    wait_rows(qtbot, monitor, 1)
    if way == "delete":
        delete(monitor)
    else:
        monitor.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    event_engine.register(EVENT_TICK, lambda _event: delivered.set())
    event_engine.put(Event(EVENT_TICK, tick()))
    assert delivered.wait(5)
    assert not feed.is_waiting()


def test_tables_can_be_opened_and_thrown_away_under_a_flood(
    qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine
) -> None:
    stop = threading.Event()

    def flood() -> None:
        number = 0
        while not stop.wait(0.0005):
            for _ in range(20):
                number += 1
                event_engine.put(Event(EVENT_TICK, tick(f"s{number % 30}", float(number))))

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        for _ in range(15):
            monitor = monitors.TickMonitor(main_engine, event_engine)
            monitor.show()
            qtbot.waitUntil(lambda: monitor.model.rowCount() > 0)  # noqa: B023 - used up before the next one
            delete(monitor)
    finally:
        stop.set()
        thread.join()
    last = monitors.TickMonitor(main_engine, event_engine)
    event_engine.put(Event(EVENT_TICK, tick("end", 1.0)))
    last.show()
    qtbot.waitUntil(lambda: any(data.symbol == "end" for data in last.model.rows.data.values()))
    delete(last)


def test_two_tables_of_a_class_both_follow(shown: Shown, qtbot: QtBot, event_engine: EventEngine) -> None:
    one, other = shown(monitors.TickMonitor), shown(monitors.TickMonitor)
    send(event_engine, one, tick())
    wait_rows(qtbot, one, 1)
    wait_rows(qtbot, other, 1)


def test_a_table_without_room_paints_without_complaint(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)
    monitor.resize(1, 1)
    send(event_engine, monitor, tick("a"), tick("b"))
    wait_rows(qtbot, monitor, 2)
    monitor.grab()
