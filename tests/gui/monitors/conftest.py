"""A table of any class, shown, with its engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid
from vnpy.event import EventEngine
from vnpy.trader.engine import MainEngine

from veighna_ext.widgets.monitors.monitor import Monitor

AnyMonitor = TypeVar("AnyMonitor", bound=Monitor)
Shown = Callable[[type[AnyMonitor]], AnyMonitor]


@pytest.fixture
def shown(qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine) -> Iterator[Shown[Monitor]]:
    """Call it with a class to get a shown table."""
    made: list[Monitor] = []

    def show(kind: type[Monitor]) -> Monitor:
        monitor = kind(main_engine, event_engine)
        made.append(monitor)
        monitor.resize(900, 400)
        monitor.show()
        # keyboard shortcuts belong to the active window only
        monitor.activateWindow()
        qtbot.waitUntil(monitor.isActiveWindow)
        return monitor

    yield show
    for monitor in made:
        if isValid(monitor):
            delete(monitor)
