"""What a trader does with a table: double-click, filter, sort, choose columns, copy."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot
from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Exchange, Status
from vnpy.trader.engine import MainEngine
from vnpy.trader.object import CancelRequest
from vnpy.trader.ui import widget as stock
from vnpy.trader.ui.widget import TradingWidget

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import (
    account,
    cells,
    column_of,
    contract,
    log,
    order,
    position,
    quote,
    send,
    tick,
    trade,
    wait_rows,
)
from veighna_ext.widgets import monitors
from veighna_ext.widgets.monitors.menu import column_menu, row_menu
from veighna_ext.widgets.monitors.monitor import Monitor

ALL = [
    (monitors.TickMonitor, tick()),
    (monitors.OrderMonitor, order(1)),
    (monitors.ActiveOrderMonitor, order(1)),
    (monitors.TradeMonitor, trade(1)),
    (monitors.PositionMonitor, position()),
    (monitors.AccountMonitor, account()),
    (monitors.QuoteMonitor, quote(1)),
    (monitors.LogMonitor, log("hello")),
]


def click_header(monitor: Monitor, field: str) -> None:
    header, column = monitor.view.horizontalHeader(), column_of(monitor, field)
    monitor.view.horizontalScrollBar().setValue(header.sectionPosition(column) - 50)
    place = QPoint(header.sectionViewportPosition(column) + 15, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def trading_panel(qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine) -> TradingWidget:
    panel = TradingWidget(main_engine, event_engine)
    panel.exchange_combo.addItem(Exchange.SSE.value)
    qtbot.addWidget(panel)
    return panel


def double_click(monitor: Monitor, row: int) -> None:
    place = monitor.view.visualRect(monitor.model.index(row, 0)).center()
    QTest.mouseClick(monitor.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(monitor.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def type_filter(monitor: Monitor, text: str) -> None:
    monitor.activateWindow()
    monitor.view.setFocus()
    QTest.keyClick(monitor.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(monitor.filter_bar.line, text)


@pytest.mark.parametrize(("kind", "data"), ALL)
def test_a_table_shows_an_event_under_the_headers_of_the_stock_one(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, kind: type[Monitor], data: Any
) -> None:
    monitor = shown(kind)
    send(event_engine, monitor, data)
    wait_rows(qtbot, monitor, 1)
    stock_headers = getattr(stock, kind.__name__).headers
    model = monitor.model
    labels = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    assert labels == [header["display"] for header in stock_headers.values()]
    assert {column.field for column in monitor.model.columns} == set(kind.kinds)


@pytest.mark.parametrize(("kind", "data"), ALL)
def test_an_empty_table_says_so_and_a_filled_one_paints_differently(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, kind: type[Monitor], data: Any
) -> None:
    monitor = shown(kind)
    assert monitor.empty_text()
    empty = monitor.view.grab().toImage()
    send(event_engine, monitor, data)
    wait_rows(qtbot, monitor, 1)
    assert monitor.view.grab().toImage() != empty


def test_double_clicking_a_price_fills_in_the_stock_trading_panel(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)
    panel = trading_panel(qtbot, main_engine, event_engine)
    monitor.itemDoubleClicked.connect(panel.update_with_cell)
    send(event_engine, monitor, tick("600519"), tick("000001"))
    wait_rows(qtbot, monitor, 2)
    double_click(monitor, 1)
    assert panel.symbol_line.text() == "600519"


def test_double_clicking_a_position_offers_the_order_that_closes_it(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.PositionMonitor)
    panel = trading_panel(qtbot, main_engine, event_engine)
    monitor.itemDoubleClicked.connect(panel.update_with_cell)
    send(event_engine, monitor, position())
    wait_rows(qtbot, monitor, 1)
    double_click(monitor, 0)
    assert panel.direction_combo.currentText() == Direction.SHORT.value
    assert panel.volume_line.text() == "200"


@pytest.mark.parametrize("kind", [monitors.OrderMonitor, monitors.ActiveOrderMonitor])
def test_double_clicking_an_active_order_cancels_it(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine,
    monkeypatch: pytest.MonkeyPatch, kind: type[Monitor],
) -> None:
    cancelled: list[tuple[CancelRequest, str]] = []
    monkeypatch.setattr(main_engine, "cancel_order", lambda req, gateway: cancelled.append((req, gateway)))
    monitor = shown(kind)
    send(event_engine, monitor, order(1), order(2))
    wait_rows(qtbot, monitor, 2)
    double_click(monitor, 0)
    assert [(req.orderid, gateway) for req, gateway in cancelled] == [("o2", "MOCK")]


def test_double_clicking_a_finished_order_sends_nothing(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cancelled: list[Any] = []
    monkeypatch.setattr(main_engine, "cancel_order", lambda *request: cancelled.append(request))
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, order(1, Status.ALLTRADED))
    wait_rows(qtbot, monitor, 1)
    double_click(monitor, 0)
    assert cancelled == []


def test_double_clicking_a_quote_cancels_it(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cancelled: list[str] = []
    monkeypatch.setattr(main_engine, "cancel_quote", lambda req, gateway: cancelled.append(req.orderid))
    monitor = shown(monitors.QuoteMonitor)
    send(event_engine, monitor, quote(4))
    wait_rows(qtbot, monitor, 1)
    double_click(monitor, 0)
    assert cancelled == ["q4"]


def test_the_active_table_holds_an_order_only_while_it_can_trade(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.ActiveOrderMonitor)
    send(event_engine, monitor, *(order(number) for number in range(4)), order(9, Status.REJECTED))
    wait_rows(qtbot, monitor, 4)
    send(event_engine, monitor, order(1, Status.CANCELLED), order(2, Status.PARTTRADED))
    wait_rows(qtbot, monitor, 3)
    assert cells(monitor, "orderid") == ["o3", "o2", "o0"]


def test_the_newest_row_comes_first(shown: Shown, qtbot: QtBot, event_engine: EventEngine) -> None:
    monitor = shown(monitors.TradeMonitor)
    send(event_engine, monitor, trade(1), trade(2), trade(1))
    wait_rows(qtbot, monitor, 3)
    assert cells(monitor, "tradeid") == ["t1", "t2", "t1"]


def test_clicking_a_header_sorts_up_then_down_then_not(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, order(0, price=9.0), order(1, price=100.0), order(2, price=11.0))
    wait_rows(qtbot, monitor, 3)
    seen = []
    for _ in range(3):
        click_header(monitor, "price")
        seen.append(cells(monitor, "price"))
    assert seen == [["9", "11", "100"], ["100", "11", "9"], ["11", "100", "9"]]


def test_a_sorted_table_stays_sorted_while_prices_change(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)
    send(event_engine, monitor, *(tick(f"s{number}", float(number)) for number in range(50)))
    wait_rows(qtbot, monitor, 50)
    click_header(monitor, "last_price")
    send(event_engine, monitor, tick("s7", 30.5), tick("new", 3.5), tick("s40", 0.5))
    wait_rows(qtbot, monitor, 51)
    prices = [float(text) for text in cells(monitor, "last_price")]
    assert prices == sorted(prices)
    assert cells(monitor, "symbol")[0] == "s0"
    assert cells(monitor, "symbol")[1] == "s40"


def test_typing_a_filter_shows_the_rows_that_match_and_escape_shows_all(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)
    send(event_engine, monitor, tick("rb2610"), tick("rb2611"), tick("IF2610"))
    wait_rows(qtbot, monitor, 3)
    type_filter(monitor, "rb 2610")
    assert cells(monitor, "symbol") == ["rb2610"]
    assert monitor.filter_bar.count.text() == "1 of 3"
    send(event_engine, monitor, tick("au2610"), tick("RB2610"))
    wait_rows(qtbot, monitor, 2)
    assert cells(monitor, "symbol") == ["RB2610", "rb2610"]
    QTest.keyClick(monitor.filter_bar.line, Qt.Key.Key_Escape)
    assert monitor.model.rowCount() == 5
    assert not monitor.filter_bar.isVisible()


def test_a_row_that_stops_matching_leaves_the_filtered_table(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, *(order(number) for number in range(20)))
    wait_rows(qtbot, monitor, 20)
    type_filter(monitor, f"status:{Status.NOTTRADED.value.split()[0]}")
    assert monitor.model.rowCount() == 20
    send(event_engine, monitor, *(order(number, Status.ALLTRADED) for number in range(0, 20, 2)))
    wait_rows(qtbot, monitor, 10)
    assert cells(monitor, "orderid") == [f"o{number}" for number in range(19, 0, -2)]


def test_a_hidden_column_is_not_searched(shown: Shown, qtbot: QtBot, event_engine: EventEngine) -> None:
    monitor = shown(monitors.TickMonitor)
    send(event_engine, monitor, tick("rb2610", name="steel"))
    wait_rows(qtbot, monitor, 1)
    type_filter(monitor, "steel")
    assert monitor.model.rowCount() == 1
    monitor.show_column(column_of(monitor, "name"), False)
    assert monitor.model.rowCount() == 0


def test_the_column_menu_hides_and_shows_and_keeps_the_last_one(shown: Shown) -> None:
    monitor = shown(monitors.AccountMonitor)
    for field in ("balance", "frozen", "available", "gateway_name"):
        menu = column_menu(monitor)
        label = monitor.model.columns[column_of(monitor, field)].label
        next(action for action in menu.actions() if action.text() == label).trigger()
        menu.deleteLater()
    assert monitor.view.shown_columns() == [0]
    menu = column_menu(monitor)
    assert not menu.actions()[0].isEnabled()
    menu.actions()[-1].trigger()
    menu.deleteLater()
    assert monitor.view.shown_columns() == [0, 1, 2, 3, 4]


def test_the_right_click_menu_cancels_the_active_order_under_it(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cancelled: list[str] = []
    monkeypatch.setattr(main_engine, "cancel_order", lambda req, gateway: cancelled.append(req.orderid))
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, order(1), order(2, Status.CANCELLED))
    wait_rows(qtbot, monitor, 2)
    monitor.view.setCurrentIndex(monitor.model.index(0, 0))
    menu = row_menu(monitor)
    assert not any("o2" in action.text() for action in menu.actions())
    menu.deleteLater()
    monitor.view.setCurrentIndex(monitor.model.index(1, 0))
    menu = row_menu(monitor)
    menu.actions()[0].trigger()
    menu.deleteLater()
    assert cancelled == ["o1"]


def test_a_right_click_opens_the_menu(shown: Shown, qtbot: QtBot) -> None:
    monitor = shown(monitors.LogMonitor)
    place = monitor.view.viewport().rect().center()
    QTest.mouseClick(monitor.view.viewport(), Qt.MouseButton.RightButton, pos=place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, monitor.view.mapToGlobal(place))
    QGuiApplication.sendEvent(monitor.view.viewport(), event)
    menu = monitor.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    menu.close()


def test_copying_puts_the_selected_rows_on_the_clipboard_column_by_column(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.AccountMonitor)
    send(event_engine, monitor, account("CNY"), account("USDT"))
    wait_rows(qtbot, monitor, 2)
    monitor.view.horizontalHeader().moveSection(1, 0)
    monitor.view.setFocus()
    monitor.view.selectAll()
    QTest.keyClick(monitor.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "100000\tUSDT\t10\t99990\tMOCK\n100000\tCNY\t10\t99990\tMOCK"
    monitor.view.setCurrentIndex(monitor.model.index(1, 0))
    monitor.copy_cell()
    assert QGuiApplication.clipboard().text() == "CNY"


def test_prices_get_the_decimals_of_their_contract(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)
    event_engine.put(contract("600519", 0.01))
    send(event_engine, monitor, tick("600519", 10.0), tick("unknown", 10.0))
    wait_rows(qtbot, monitor, 2)
    assert cells(monitor, "last_price") == ["10", "10.00"]


def test_selection_and_scroll_position_stay_with_their_rows(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, *(order(number) for number in range(200)))
    wait_rows(qtbot, monitor, 200)
    view = monitor.view
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 1000)
    view.verticalScrollBar().setValue(1000)
    view.selectRow(50)
    chosen, first = monitor.current_data().orderid, cells(monitor, "orderid")[view.seen_rows()[0]]
    send(event_engine, monitor, *(order(number) for number in range(200, 230)))
    wait_rows(qtbot, monitor, 230)
    assert cells(monitor, "orderid")[view.seen_rows()[0]] == first
    assert [cells(monitor, "orderid")[row] for row in view.selected_positions()] == [chosen]
    click_header(monitor, "datetime")
    send(event_engine, monitor, *(order(number) for number in range(230, 240)))
    wait_rows(qtbot, monitor, 240)
    assert [cells(monitor, "orderid")[row] for row in view.selected_positions()] == [chosen]
    assert monitor.current_data().orderid == chosen


def test_many_selected_rows_stay_selected_when_the_table_is_sorted_again(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, *(order(number, price=float(number % 7)) for number in range(1200)))
    wait_rows(qtbot, monitor, 1200)
    monitor.view.selectAll()
    click_header(monitor, "price")
    send(event_engine, monitor, order(5000, price=3.0))
    wait_rows(qtbot, monitor, 1201)
    unselected = set(range(1201)) - set(monitor.view.selected_positions())
    assert [cells(monitor, "orderid")[row] for row in unselected] == ["o5000"]


def test_the_keyboard_moves_through_the_table_and_nothing_dangerous_happens(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cancelled: list[Any] = []
    monkeypatch.setattr(main_engine, "cancel_order", lambda *request: cancelled.append(request))
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, *(order(number) for number in range(100)))
    wait_rows(qtbot, monitor, 100)
    view = monitor.view
    view.setFocus()
    view.setCurrentIndex(monitor.model.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert monitor.current_data().orderid == "o98"
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert monitor.current_data().orderid == "o0"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_A):
        QTest.keyClick(view, key)
    assert cancelled == []
    assert monitor.model.rowCount() == 100


def test_ten_thousand_updates_from_another_thread_end_with_the_last_value(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)

    def flood() -> None:
        for number in range(10_000):
            event_engine.put(Event(monitor.event_type, tick(f"s{number % 100}", float(number))))

    thread = threading.Thread(target=flood)
    thread.start()
    qtbot.waitUntil(lambda: monitor.model.rowCount() == 100 and "9999" in cells(monitor, "last_price"))
    thread.join()
    assert sorted(map(int, cells(monitor, "last_price"))) == list(range(9900, 10_000))


def test_thousands_of_rows_at_once_all_arrive_and_later_ones_too(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TradeMonitor)
    send(event_engine, monitor, *(trade(number) for number in range(3500)))
    wait_rows(qtbot, monitor, 3500)
    send(event_engine, monitor, trade(3500))
    wait_rows(qtbot, monitor, 3501)
    assert cells(monitor, "tradeid")[0] == "t3500"


def test_a_hidden_table_is_up_to_date_the_moment_it_is_shown(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.TickMonitor)
    send(event_engine, monitor, tick("a", 1.0))
    wait_rows(qtbot, monitor, 1)
    monitor.hide()
    send(event_engine, monitor, tick("a", 2.0))
    qtbot.waitUntil(monitor.feed.is_waiting)
    monitor.show()
    assert cells(monitor, "last_price") == ["2"]


def test_a_table_opened_later_starts_with_what_vnpy_knows(
    shown: Shown, qtbot: QtBot, main_engine: MainEngine, event_engine: EventEngine
) -> None:
    first = shown(monitors.TradeMonitor)
    send(event_engine, first, trade(1), trade(2))
    wait_rows(qtbot, first, 2)
    second = shown(monitors.TradeMonitor)
    send(event_engine, second, trade(3))
    wait_rows(qtbot, second, 3)
    assert cells(second, "tradeid") == ["t3", "t2", "t1"]


def test_a_tool_tip_gives_the_whole_value_and_what_a_double_click_does(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine
) -> None:
    monitor = shown(monitors.OrderMonitor)
    send(event_engine, monitor, order(1))
    wait_rows(qtbot, monitor, 1)
    tip = monitor.model.index(0, column_of(monitor, "datetime")).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("2026-01-0")
    assert monitor.double_click_hint() in tip


def test_the_funnel_opens_and_closes_the_filter(shown: Shown) -> None:
    monitor = shown(monitors.TickMonitor)
    button = monitor.filter_button
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert monitor.findChild(QLineEdit).isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not monitor.filter_bar.isVisible()
