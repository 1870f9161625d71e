"""What an event costs does not depend on how many rows there are."""

from __future__ import annotations

import time
from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from vnpy.event import EventEngine

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import order
from veighna_ext.widgets import monitors
from veighna_ext.widgets.monitors.monitor import Monitor

FEW, MANY = 1000, 30_000
# a cost that grew with the rows would be thirty times higher
GENEROUS = 6


def is_settled(monitor: Monitor) -> bool:
    return not monitor.model.is_rearranging()


def fill(monitor: Monitor, count: int) -> None:
    monitor.view.take_in([order(number, price=float(number * 7919 % 10_007)) for number in range(count)])


def cost(monitor: Monitor, first: int) -> float:
    """The quickest of several bursts of new and changed orders."""
    seconds = []
    for burst in range(5):
        start = first + 100 * burst
        arrivals = [order(start + number, price=float(number * 13)) for number in range(50)]
        arrivals += [order(number, price=float(burst * 31 + number)) for number in range(50)]
        begin = time.thread_time()
        monitor.view.take_in(arrivals)
        seconds.append(time.thread_time() - begin)
    return min(seconds)


@pytest.mark.parametrize("is_sorted", [False, True])
def test_new_and_changed_orders_cost_the_same_in_a_big_table(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, is_sorted: bool
) -> None:
    small, big = shown(monitors.OrderMonitor), shown(monitors.OrderMonitor)
    fill(small, FEW)
    fill(big, MANY)
    if is_sorted:
        for monitor in (small, big):
            monitor.view.sortByColumn(7, Qt.SortOrder.AscendingOrder)
            qtbot.waitUntil(partial(is_settled, monitor))
    assert cost(big, MANY) < GENEROUS * cost(small, FEW)


def test_only_what_can_be_seen_is_written(shown: Shown, qtbot: QtBot, event_engine: EventEngine) -> None:
    monitor = shown(monitors.OrderMonitor)
    fill(monitor, 5000)
    monitor.view.grab()
    first, stop = monitor.view.seen_rows()
    assert 0 < len(monitor.model._lines) <= stop - first + 1
