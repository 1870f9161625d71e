from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot
from vnpy.event import Event

import veighna_ext
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.progress import Progress
from veighna_ext.core.tasks import TaskFailure, Tasks, TaskState
from veighna_ext.core.vitals import ProcessMeter, TickClock, Vitals, VitalSigns
from veighna_ext.widgets.discard import discard
from veighna_ext.widgets.loop import DesktopEventLoop
from veighna_ext.widgets.theme import apply_theme, shades
from veighna_ext.window.performance_panel import PerformancePanel
from veighna_ext.window.vital_plots import nice_range

SAMPLE = Vitals(
    at=0,
    events_per_second=100,
    queue_depth=0,
    lag_p50_ms=1,
    lag_p99_ms=1,
    lag_max_ms=2,
    cpu=0.1,
    memory=2**27,
    running="",
    running_for=0,
    gateways=(),
)


@pytest.fixture
def signs(event_engine: DesktopEventEngine, loop: DesktopEventLoop) -> Iterator[VitalSigns]:
    main_engine = DesktopMainEngine(event_engine, NoticeBoard())
    ticks = TickClock(event_engine)
    yield VitalSigns(main_engine, event_engine, LoopLag(loop), ticks, ProcessMeter())
    ticks.close()
    main_engine.close()


@pytest.fixture
def tasks(loop: DesktopEventLoop) -> Iterator[Tasks]:
    failures: list[TaskFailure] = []
    tasks = Tasks(loop, failures.append)
    yield tasks
    loop.run_until_complete(tasks.close())
    assert not failures


@pytest.fixture
def open_panel(
    signs: VitalSigns, event_engine: DesktopEventEngine, tasks: Tasks
) -> Iterator[Callable[[], PerformancePanel]]:
    """Makes panels and lets go of them as the desktop does: qtbot would have Qt delete their plots."""
    panels: list[PerformancePanel] = []

    def opened() -> PerformancePanel:
        panels.append(PerformancePanel(signs, event_engine, tasks))
        return panels[-1]

    yield opened
    while panels:
        panel = panels.pop()
        panel.close()
        discard(panel)


@pytest.fixture
def panel(open_panel: Callable[[], PerformancePanel]) -> PerformancePanel:
    return open_panel()


def cell(table: QTableWidget, line: int, column: int) -> QTableWidgetItem:
    found = table.item(line, column)
    assert found is not None
    return found


def shown_texts(panel: PerformancePanel, column: int = 0) -> list[str]:
    return [cell(panel.handlers, line, column).text() for line in range(panel.handlers.rowCount())]


def test_the_panel_shows_what_was_measured_before_it_was_opened(
    panel: PerformancePanel, signs: VitalSigns
) -> None:
    signs.samples.extend(replace(SAMPLE, at=second, events_per_second=1000 + second) for second in range(30))
    panel.show()
    events = panel.plots.plots[0]
    assert events.value_label.text() == "1,029"
    times, values = events.line.getData()
    assert (times[0], times[-1], len(values)) == (-29, 0, 30)


def test_an_open_panel_follows_and_a_hidden_one_does_not(
    panel: PerformancePanel, open_panel: Callable[[], PerformancePanel], signs: VitalSigns, qtbot: QtBot
) -> None:
    panel.show()
    signs.samples.append(replace(SAMPLE, events_per_second=11))
    label = panel.plots.plots[0].value_label
    qtbot.waitUntil(lambda: label.text() == "11", timeout=4000)
    panel.hide()
    other = open_panel()
    other.show()
    others = other.plots.plots[0].value_label
    # twice the first plot: in between the other panel has been through all of its parts
    for at, events in ((1, 22), (2, 33)):
        signs.samples.append(replace(SAMPLE, at=at, events_per_second=events))
        qtbot.waitUntil(partial(_shows, others, str(events)), timeout=4000)
    assert label.text() == "11"


def _shows(label: QLabel, text: str) -> bool:
    return label.text() == text


def test_slow_and_failing_handlers_are_listed(
    panel: PerformancePanel, event_engine: DesktopEventEngine, qtbot: QtBot
) -> None:
    def busy(_event: Event) -> None:
        for number in range(200_000):
            hash(number)

    event_engine.register("eBusy", busy)
    for _number in range(50):
        event_engine.put(Event("eBusy"))
    panel.show()

    def listed() -> bool:
        panel.refresh()
        return any("busy" in name for name in shown_texts(panel))

    qtbot.waitUntil(listed, timeout=5000)
    line = next(line for line, name in enumerate(shown_texts(panel)) if "busy" in name)
    assert shown_texts(panel, 3)[line].endswith("ms")


class PriceTable(QWidget):
    """Listens as vnpy's windows do."""

    signal = Signal(Event)

    def listen(self, event_engine: DesktopEventEngine) -> None:
        event_engine.register("eTick", self.signal.emit)


@pytest.fixture
def table(event_engine: DesktopEventEngine) -> Iterator[PriceTable]:
    """Deleted by Qt and after the events have stopped: a window that Python destroys can end the process."""
    table = PriceTable()
    yield table
    event_engine.stop()
    discard(table)


def test_a_window_that_listens_is_listed_by_its_name(
    panel: PerformancePanel, table: PriceTable, event_engine: DesktopEventEngine, qtbot: QtBot
) -> None:
    table.listen(event_engine)
    event_engine.register("eOrder", table.signal.emit)
    for number in range(100):
        event_engine.put(Event(("eTick", "eOrder")[number % 2]))
    panel.show()

    def listed() -> bool:
        panel.refresh()
        return {"PriceTable (window)", "a window"} <= set(shown_texts(panel))

    qtbot.waitUntil(listed, timeout=5000)
    assert not any("PyObject" in name for name in shown_texts(panel))


@pytest.mark.expected_errors("price is missing")
def test_failures_are_counted_beside_the_handler(
    panel: PerformancePanel, event_engine: DesktopEventEngine, qtbot: QtBot
) -> None:
    def broken(_event: Event) -> None:
        raise ValueError("price is missing")

    event_engine.register("eBroken", broken)
    for _number in range(3):
        event_engine.put(Event("eBroken"))
    panel.show()

    def counted() -> bool:
        panel.refresh()
        return "3" in shown_texts(panel, 5)

    qtbot.waitUntil(counted, timeout=5000)
    assert "price is missing" in panel.report()


def test_a_running_task_is_listed_with_its_progress_and_can_be_cancelled(
    panel: PerformancePanel, tasks: Tasks, loop: DesktopEventLoop, qtbot: QtBot
) -> None:
    async def download(progress: Progress) -> None:
        progress.update(0.42, "BTCUSDT")
        await asyncio.sleep(60)

    task = tasks.start(download, name="Download history", owner="DataManager")
    loop.run_until_complete(asyncio.sleep(0))
    panel.show()
    row = [cell(panel.running, 0, column).text() for column in range(4)]
    assert row == ["Download history", "DataManager", "42 %  BTCUSDT", "Cancel"]
    place = panel.running.visualItemRect(cell(panel.running, 0, 3)).center()
    qtbot.mouseClick(panel.running.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert task.state is TaskState.CANCELLING
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(asyncio.sleep(0))
    panel.refresh()
    assert panel.running.rowCount() == 0
    labels: list[QLabel] = list(panel.findChildren(QLabel))
    assert [label.isVisible() for label in labels if label.text() == "No task is running."] == [True]


def test_a_click_beside_the_cancel_button_cancels_nothing(
    panel: PerformancePanel, tasks: Tasks, loop: DesktopEventLoop, qtbot: QtBot
) -> None:
    task = tasks.start(lambda progress: asyncio.sleep(60), name="Watch", owner="test")
    panel.show()
    place = panel.running.visualItemRect(cell(panel.running, 0, 0)).center()
    qtbot.mouseClick(panel.running.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert task.state is TaskState.RUNNING


def test_the_report_goes_to_the_clipboard(panel: PerformancePanel, signs: VitalSigns, qtbot: QtBot) -> None:
    signs.samples.append(replace(SAMPLE, queue_depth=17))
    panel.show()
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "Events waiting: 17.0 now" in text
    assert "Slowest handlers" in text
    assert panel.copy_button.text() == "Copied"
    qtbot.waitUntil(lambda: panel.copy_button.text() == "Copy report")


def test_plots_follow_a_switch_of_theme_while_open(panel: PerformancePanel, qapp: QApplication) -> None:
    try:
        apply_theme(qapp, "dark")
        panel.show()
        qapp.processEvents()
        view = panel.plots.plots[0].view
        assert view.backgroundBrush().color().name() == shades().panel
        apply_theme(qapp, "light")
        qapp.processEvents()
        assert view.backgroundBrush().color().name() == shades().panel == "#ffffff"
    finally:
        apply_theme(qapp, "dark")


def test_closing_the_panel_keeps_it_usable(panel: PerformancePanel, signs: VitalSigns) -> None:
    panel.show()
    panel.close()
    signs.samples.append(replace(SAMPLE, events_per_second=5))
    panel.show()
    assert panel.plots.plots[0].value_label.text() == "5"


def test_the_status_bar_does_not_bring_pyqtgraph() -> None:
    script = "import sys, veighna_ext.window.status_bar; sys.exit('pyqtgraph' in sys.modules)"
    root = Path(veighna_ext.__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", script], cwd=root, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("low", "high", "from_zero", "least", "expected"),
    [(3, 47, True, 10, (0, 50)), (0, 0, True, 10, (0, 10)), (164, 175, False, 20, (160, 180))],
)
def test_plot_limits_are_round(
    low: float, high: float, from_zero: bool, least: float, expected: tuple[float, float]
) -> None:
    assert nice_range(low, high, from_zero, least) == expected


def test_it_opens_no_larger_than_the_screen(panel: PerformancePanel) -> None:
    room = panel.screen().availableSize()
    assert panel.width() < room.width()
    assert panel.height() < room.height()
