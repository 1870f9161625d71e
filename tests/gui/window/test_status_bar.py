from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from vnpy.event import EVENT_TIMER, Event

from veighna_ext.core.concerns import Concern
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.i18n import LANGUAGES, set_language
from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.vitals import GatewayVitals, Lamp
from veighna_ext.widgets.loop import DesktopEventLoop
from veighna_ext.window.gateway_lamps import GatewayLamps, age_text, explain
from veighna_ext.window.status_bar import ConcernLine, Field, StatusBar

T = TypeVar("T", bound=QWidget)

FRESH = GatewayVitals("BINANCE_SPOT", Lamp.FRESH, 0.3)
OFF = GatewayVitals("CTP", Lamp.OFF, None)


@pytest.fixture
def desktop_engine(event_engine: DesktopEventEngine) -> Iterator[DesktopMainEngine]:
    engine = DesktopMainEngine(event_engine, NoticeBoard())
    yield engine
    engine.close()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 80)
    return window


@pytest.fixture
def bar(
    window: QMainWindow,
    desktop_engine: DesktopMainEngine,
    event_engine: DesktopEventEngine,
    loop: DesktopEventLoop,
    qtbot: QtBot,
) -> StatusBar:
    bar = StatusBar(desktop_engine, event_engine, LoopLag(loop), bell=QPushButton("3"), parent=window)
    window.setStatusBar(bar)
    window.show()
    qtbot.waitExposed(window)
    return bar


def child(parent: QWidget, kind: type[T], name: str = "") -> T:
    found: list[T] = list(parent.findChildren(kind, name) if name else parent.findChildren(kind))
    assert len(found) == 1
    return found[0]


def field(bar: StatusBar, name: str) -> Field:
    return child(bar, Field, name)


def test_figures_are_there_as_soon_as_the_bar_is(bar: StatusBar) -> None:
    assert field(bar, "queue").text == "0"
    assert field(bar, "memory").text.endswith(" MB")
    assert field(bar, "lag").text.endswith(" ms")
    assert field(bar, "cpu").text.endswith(" %")
    assert field(bar, "events").text.endswith("/s")


def test_the_bar_looks_again_by_itself(bar: StatusBar, qtbot: QtBot) -> None:
    taken = len(bar.history.samples)
    qtbot.waitUntil(lambda: len(bar.history.samples) > taken, timeout=3000)


@pytest.mark.parametrize("name", ["gateway_lamps", "queue", "memory"])
def test_a_click_anywhere_asks_for_the_performance_panel(bar: StatusBar, qtbot: QtBot, name: str) -> None:
    with qtbot.waitSignal(bar.clicked, timeout=1000):
        qtbot.mouseClick(child(bar, QWidget, name), Qt.MouseButton.LeftButton)


def test_the_bells_click_is_its_own(bar: StatusBar, qtbot: QtBot) -> None:
    bell = child(bar, QPushButton)
    with qtbot.waitSignal(bell.clicked, timeout=1000), qtbot.assertNotEmitted(bar.clicked):
        qtbot.mouseClick(bell, Qt.MouseButton.LeftButton)


def test_a_field_is_painted_again_only_when_its_text_changes(qtbot: QtBot) -> None:
    class Counting(Field):
        painted = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            type(self).painted += 1
            super().paintEvent(event)

    parent = QWidget()
    qtbot.addWidget(parent)
    counting = Counting("queue", "Waiting", "99,999", "", parent)
    counting.resize(counting.sizeHint())
    parent.show()
    qtbot.waitUntil(lambda: Counting.painted > 0)
    counting.show_value("1")
    qtbot.waitUntil(lambda: Counting.painted > 1)
    before = Counting.painted
    counting.show_value("1")
    QApplication.processEvents()
    assert Counting.painted == before


def test_the_width_of_a_field_does_not_follow_its_value(bar: StatusBar) -> None:
    queue = field(bar, "queue")
    before = queue.sizeHint()
    queue.show_value("12,345")
    assert queue.sizeHint() == before


def test_one_look_costs_less_than_a_millisecond(bar: StatusBar) -> None:
    fastest = min(_seconds(bar) for _number in range(50))
    assert fastest < 0.001


def _seconds(bar: StatusBar) -> float:
    started = time.perf_counter()
    bar.refresh()
    return time.perf_counter() - started


def test_a_narrow_window_loses_figures_before_gateways(
    window: QMainWindow, bar: StatusBar, qtbot: QtBot
) -> None:
    assert field(bar, "memory").isVisible()
    window.resize(640, 80)
    qtbot.waitUntil(lambda: not field(bar, "memory").isVisible())
    assert window.width() == 640
    assert field(bar, "lag").isVisible()
    window.resize(1280, 80)
    qtbot.waitUntil(lambda: field(bar, "memory").isVisible())


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "auto"])
def test_every_figure_has_room_at_1280_in_both_languages(
    window: QMainWindow,
    desktop_engine: DesktopMainEngine,
    event_engine: DesktopEventEngine,
    loop: DesktopEventLoop,
    qtbot: QtBot,
    language: str,
) -> None:
    set_language(language)
    try:
        bar = StatusBar(desktop_engine, event_engine, LoopLag(loop), parent=window)
        window.setStatusBar(bar)
        window.show()
        qtbot.waitExposed(window)
        fields: list[Field] = list(bar.findChildren(Field))
        assert len(fields) == 5
        assert all(one.isVisible() and one.width() >= one.sizeHint().width() for one in fields)
    finally:
        set_language("en")


def test_a_handler_that_does_not_return_is_named_in_the_bar_until_it_does(
    bar: StatusBar, event_engine: DesktopEventEngine, qtbot: QtBot
) -> None:
    release = threading.Event()

    def stubborn(_event: Event) -> None:
        release.wait(20)

    event_engine.register("eStubborn", stubborn)
    event_engine.put(Event("eStubborn"))
    line = child(bar, ConcernLine)
    try:
        qtbot.waitUntil(lambda: line.isVisible() and "stubborn" in line.text, timeout=6000)
        assert "stop the strategy" in line.toolTip()
    finally:
        release.set()
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=6000)


def test_further_concerns_are_counted_and_explained(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    line = ConcernLine(parent)
    assert line.show_concerns([Concern("one", "do this"), Concern("two", "do that")])
    assert line.text.endswith("one  (+1)")
    assert "do that" in line.toolTip()


@pytest.fixture
def board(qtbot: QtBot) -> QWidget:
    board = QWidget()
    qtbot.addWidget(board)
    board.resize(900, 40)
    return board


@pytest.fixture
def lamps(board: QWidget) -> GatewayLamps:
    lamps = GatewayLamps(board)
    lamps.resize(900, 24)
    board.show()
    return lamps


def test_all_gateways_are_shown_where_there_is_room(lamps: GatewayLamps) -> None:
    lamps.show_gateways((OFF, FRESH))
    assert lamps.shown() == [FRESH, OFF]
    assert lamps.more_area().isEmpty()


def test_gateways_without_room_are_counted_and_shown_on_click(lamps: GatewayLamps, qtbot: QtBot) -> None:
    lamps.resize(300, 24)
    lamps.show_gateways((FRESH, *(replace(OFF, name=f"GATEWAY_{number}") for number in range(6))))
    assert lamps.shown()[0] == FRESH
    assert len(lamps.shown()) + len(lamps.hidden()) == 7
    assert len(lamps.hidden()) >= 3
    assert lamps.more_area().right() < lamps.width()
    qtbot.mouseClick(lamps, Qt.MouseButton.LeftButton, pos=lamps.more_area().center())
    assert lamps.popup.isVisible()
    assert lamps.popup.gateways == lamps.hidden()
    lamps.popup.close()


def test_cells_stay_where_they_are_while_ages_change(lamps: GatewayLamps) -> None:
    lamps.show_gateways((FRESH, OFF))
    before = lamps.grab().toImage()
    lamps.show_gateways((replace(FRESH, age=59 * 60), OFF))
    lamps.show_gateways((FRESH, OFF))
    assert lamps.grab().toImage() == before


@pytest.mark.parametrize("lamp", list(Lamp))
def test_every_lamp_is_explained_with_the_gateways_name(lamp: Lamp) -> None:
    assert explain(GatewayVitals("CTP", lamp, 12.0)).startswith("CTP: ")


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (None, ""),
        (0.31, "0.3 s"),
        (12.4, "12 s"),
        (130, "2 min"),
        (3 * 3600 + 5, "3 h"),
        (5 * 86_400, "5 days"),
    ],
)
def test_ages_are_short(age: float | None, text: str) -> None:
    assert age_text(age) == text


def test_lamps_differ_in_more_than_colour(lamps: GatewayLamps) -> None:
    def middle_of_lamp(lamp: Lamp) -> str:
        lamps.show_gateways((GatewayVitals("CTP", lamp, None),))
        image = lamps.grab().toImage()
        return image.pixelColor(lamps.mapFromParent(QPoint(10, 0)).x(), image.height() // 2 - 1).name()

    assert middle_of_lamp(Lamp.WAITING) != middle_of_lamp(Lamp.STALE)


def test_events_put_while_the_bar_lives_are_counted(
    bar: StatusBar, event_engine: DesktopEventEngine, qtbot: QtBot
) -> None:
    for _number in range(5000):
        event_engine.put(Event(EVENT_TIMER))
    qtbot.waitUntil(lambda: field(bar, "events").text not in ("0/s", "1/s", "2/s"), timeout=4000)
