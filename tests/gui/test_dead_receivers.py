"""A window that is gone but still registered costs one log line, not the event thread."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
import shiboken6
from loguru import logger
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from vnpy.event import Event

from veighna_ext.core.event_engine import DesktopEventEngine


class TickTable(QWidget):
    signal = Signal(Event)

    def on_tick(self, event: Event) -> None:
        self.setWindowTitle(str(event.data))


def deleted_by_qt() -> TickTable:
    table = TickTable()
    shiboken6.delete(table)
    return table


def emit_of_deleted_widget() -> Callable[[Event], object]:
    table = TickTable()
    emit = table.signal.emit
    shiboken6.delete(table)
    return emit


def emit_of_collected_widget() -> Callable[[Event], object]:
    table = TickTable()
    emit = table.signal.emit
    del table
    gc.collect()
    return emit


def method_of_deleted_widget() -> Callable[[Event], object]:
    return deleted_by_qt().on_tick


@pytest.mark.parametrize(
    "make_handler", [emit_of_deleted_widget, emit_of_collected_widget, method_of_deleted_widget]
)
def test_the_handler_of_a_dead_window_is_unregistered_everywhere(
    event_engine: DesktopEventEngine, qtbot: QtBot, make_handler: Callable[[], Callable[[Event], object]]
) -> None:
    handler = make_handler()
    warnings: list[str] = []
    sink = logger.add(warnings.append, level="WARNING", format="{message}")
    seen: list[Event] = []
    for event_type in ("tick", "trade"):
        event_engine.register(event_type, handler)
        event_engine.register(event_type, seen.append)
    event_engine.register_general(handler)
    for event_type in ("tick", "trade", "tick"):
        event_engine.put(Event(event_type))
    qtbot.waitUntil(lambda: len(seen) == 3)
    logger.remove(sink)
    assert len([text for text in warnings if "no longer exists" in text]) == 1
    assert not event_engine.stats().failures
    assert [handler for handler, _record in event_engine._typed["tick"]] == [seen.append]
    assert event_engine._general == ()


def test_a_signal_of_a_living_window_stays_registered(event_engine: DesktopEventEngine, qtbot: QtBot) -> None:
    class Receiver(QObject):
        signal = Signal(Event)

    receiver = Receiver()
    received: list[object] = []
    receiver.signal.connect(lambda event: received.append(event.data))
    event_engine.register("tick", receiver.signal.emit)
    for number in range(3):
        event_engine.put(Event("tick", number))
    qtbot.waitUntil(lambda: received == [0, 1, 2])
