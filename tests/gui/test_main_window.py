"""The main window, by hand: modes, orders, windows, layout and closing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QMenu, QMessageBox, QPushButton, QWidget
from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Exchange, OrderType, Product, Status
from vnpy.trader.engine import OmsEngine
from vnpy.trader.event import EVENT_CONTRACT, EVENT_TICK
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.locale import _ as vnpy_text
from vnpy.trader.object import (
    CancelRequest,
    ContractData,
    OrderData,
    OrderRequest,
    SubscribeRequest,
    TickData,
)
from vnpy.trader.ui.widget import ConnectDialog

from tests.support.driven_desktop import play
from veighna_ext.core.modes import Mode
from veighna_ext.widgets.layout_store import layout_settings
from veighna_ext.window.banner import GROUND
from veighna_ext.window.fitting import fit_on_screen
from veighna_ext.window.palette_entries import menu_entries
from veighna_ext.window.ranking import matches

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from veighna_ext.desktop import Desktop


class Venue(BaseGateway):
    """A venue on this machine that remembers what reached it."""

    default_name = "VENUE"
    default_setting: dict[str, Any] = {"Server": ["REAL", "TESTNET"]}
    exchanges = [Exchange.GLOBAL]

    def __init__(self, event_engine: EventEngine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)
        self.orders: list[OrderRequest] = []
        self.subscriptions: list[SubscribeRequest] = []

    def connect(self, setting: dict) -> None: ...
    def cancel_order(self, req: CancelRequest) -> None: ...
    def query_account(self) -> None: ...
    def query_position(self) -> None: ...
    def close(self) -> None: ...

    def subscribe(self, req: SubscribeRequest) -> None:
        self.subscriptions.append(req)

    def send_order(self, req: OrderRequest) -> str:
        self.orders.append(req)
        return f"{self.gateway_name}.{len(self.orders)}"


async def until(true: Callable[[], object]) -> None:
    """Let the desktop run until something holds."""
    while not true():
        await asyncio.sleep(0.005)


BITCOIN = ContractData("VENUE", "BTCUSDT", Exchange.GLOBAL, "Bitcoin", Product.SPOT, 1, 0.01)


@pytest.fixture
def venue(desktop: Desktop) -> Venue:
    oms = desktop.main_engine.engines["oms"]
    assert isinstance(oms, OmsEngine)
    oms.process_contract_event(Event(EVENT_CONTRACT, BITCOIN))
    gateway = desktop.main_engine.add_gateway(Venue)
    assert isinstance(gateway, Venue)
    panel = desktop.window.trading_panel
    panel.gateway_combo.addItem("VENUE")
    panel.gateway_combo.setCurrentText("VENUE")
    panel.exchange_combo.setCurrentText(Exchange.GLOBAL.value)
    return gateway


def fill_order(desktop: Desktop, qtbot: QtBot, volume: str = "2", price: str = "100") -> None:
    panel = desktop.window.trading_panel
    panel.symbol_line.setText("BTCUSDT")
    panel.price_line.setText(price)
    panel.volume_line.setText(volume)


def press(desktop: Desktop, qtbot: QtBot, text: str) -> None:
    buttons = cast("list[QPushButton]", desktop.window.trading_panel.findChildren(QPushButton))
    button = next(b for b in buttons if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def question() -> QMessageBox | None:
    boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
    return boxes[0] if boxes else None


def answer(qtbot: QtBot, text: str) -> None:
    box = question()
    assert box is not None
    button = next(b for b in box.buttons() if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


ORDER = vnpy_text("委托")


async def test_the_first_live_order_asks_once_and_is_then_sent(
    desktop: Desktop, venue: Venue, qtbot: QtBot
) -> None:
    desktop.main_engine.connect({"Server": "REAL"}, "VENUE")
    fill_order(desktop, qtbot)
    press(desktop, qtbot, ORDER)
    await until(question)
    assert venue.orders == []
    answer(qtbot, "Trade live")
    await until(lambda: venue.orders)

    press(desktop, qtbot, ORDER)
    await until(lambda: len(venue.orders) == 2)
    assert question() is None


async def test_a_live_order_the_user_declines_is_not_sent(
    desktop: Desktop, venue: Venue, qtbot: QtBot
) -> None:
    desktop.main_engine.connect({"Server": "REAL"}, "VENUE")
    fill_order(desktop, qtbot)
    press(desktop, qtbot, ORDER)
    await until(question)
    answer(qtbot, "Don't send")
    await until(lambda: question() is None)
    assert venue.orders == []
    assert not desktop.main_engine.live_trading.confirmed


async def test_a_strategys_first_live_order_is_held_and_the_user_asked(
    desktop: Desktop, venue: Venue, qtbot: QtBot
) -> None:
    desktop.main_engine.connect({"Server": "REAL"}, "VENUE")
    request = OrderRequest("BTCUSDT", Exchange.GLOBAL, Direction.LONG, OrderType.LIMIT, 1, 100)
    answered = await asyncio.to_thread(desktop.main_engine.send_order, request, "VENUE")
    assert answered == ""
    await until(question)
    answer(qtbot, "Trade live")
    await until(lambda: desktop.main_engine.live_trading.confirmed)
    assert desktop.main_engine.send_order(request, "VENUE") == "VENUE.1"


async def test_a_practice_order_goes_straight_through(desktop: Desktop, venue: Venue, qtbot: QtBot) -> None:
    desktop.main_engine.connect({"Server": "TESTNET"}, "VENUE")
    fill_order(desktop, qtbot)
    press(desktop, qtbot, ORDER)
    assert [(order.symbol, order.volume, order.price) for order in venue.orders] == [("BTCUSDT", 2, 100)]


@pytest.mark.parametrize(
    ("volume", "price"), [("", "100"), ("0", "100"), ("-1", "100"), ("1e", "100"), ("1", "x")]
)
async def test_a_senseless_order_is_refused_in_one_sentence_and_nothing_is_lost(
    desktop: Desktop, venue: Venue, qtbot: QtBot, volume: str, price: str
) -> None:
    desktop.main_engine.connect({"Server": "TESTNET"}, "VENUE")
    fill_order(desktop, qtbot, volume, price)
    press(desktop, qtbot, ORDER)
    assert venue.orders == []
    assert question() is None
    assert desktop.notices.all()[0].text.startswith("Order not sent")
    assert desktop.window.trading_panel.volume_line.text() == volume


async def test_the_banner_follows_the_chosen_gateway_and_its_setting(desktop: Desktop, venue: Venue) -> None:
    window = desktop.window
    shown = [window.banner.mode]
    desktop.main_engine.connect({"Server": "TESTNET"}, "VENUE")
    window.show_mode()
    shown.append(window.banner.mode)
    window.trading_panel.gateway_combo.setCurrentText("BINANCE_SPOT")
    shown.append(window.banner.mode)
    assert shown == [Mode.LIVE, Mode.TESTNET, Mode.LIVE]


async def test_the_trading_panel_shows_the_newest_tick_of_a_flood(
    desktop: Desktop, venue: Venue, qtbot: QtBot
) -> None:
    panel = desktop.window.trading_panel
    desktop.window.trade_contract(BITCOIN)
    assert [request.symbol for request in venue.subscriptions] == ["BTCUSDT"]
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.utc)
    for price in range(5000):
        for symbol in ("BTCUSDT", "ETHUSDT"):
            tick = TickData(
                "VENUE", symbol, Exchange.GLOBAL, moment, last_price=price + (symbol == "ETHUSDT") * 1e6
            )
            desktop.event_engine.put(Event(EVENT_TICK, tick))
    await until(lambda: panel.lp_label.text() == "4999.00")


async def test_every_official_app_opens_without_blocking_and_opens_again(desktop: Desktop) -> None:
    for name in desktop.main_engine.apps:
        first = desktop.window.open_app(name)
        assert first is not None
        assert first.isVisible()
        first.close()
        assert desktop.window.open_app(name) is first
    assert [notice.text for notice in desktop.notices.all()] == []


async def test_a_window_too_high_for_a_small_screen_gets_buttons_of_ordinary_height(desktop: Desktop) -> None:
    small, large = QSize(1280, 720), QSize(3840, 2160)
    backtester = desktop.window.open_app("CtaBacktester")
    assert backtester is not None
    buttons = cast("list[QPushButton]", backtester.findChildren(QPushButton))
    for button in buttons:
        # as on a system whose letters are large
        button.setFixedHeight(90)
    await until(lambda: backtester.minimumSizeHint().height() > small.height())
    fit_on_screen(backtester, large)
    assert {button.height() for button in buttons if button.isVisible()} == {90}
    fit_on_screen(backtester, small)
    await until(lambda: backtester.minimumSizeHint().height() < small.height() - 40)


async def test_an_app_whose_window_cannot_be_built_costs_only_itself(desktop: Desktop) -> None:
    desktop.main_engine.apps["CtaStrategy"].widget_name = "NoSuchWidget"
    assert desktop.window.open_app("CtaStrategy") is None
    assert "NoSuchWidget" in desktop.notices.all()[0].text
    assert desktop.window.open_app("CtaBacktester") is not None


def places(desktop: Desktop) -> dict[str, tuple[bool, bool]]:
    window = desktop.window
    docks = cast("list[QDockWidget]", window.findChildren(QDockWidget))
    return {
        dock.objectName(): (
            dock.isFloating(),
            window.dockWidgetArea(dock) is Qt.DockWidgetArea.LeftDockWidgetArea,
        )
        for dock in docks
    }


async def test_reset_layout_brings_back_the_first_arrangement(desktop: Desktop) -> None:
    before = places(desktop)
    desktop.window.docks["TickMonitor"].setFloating(True)
    desktop.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, desktop.window.docks["LogMonitor"])
    assert places(desktop) != before
    desktop.window.restore_window_setting()
    assert places(desktop) == before


async def test_the_layout_is_reset_by_one_menu_entry_which_the_palette_finds_by_either_name(
    desktop: Desktop,
) -> None:
    before = places(desktop)
    for name in ("reset layout", "restore window"):
        desktop.window.docks["TickMonitor"].setFloating(True)
        found = [entry for entry in menu_entries(desktop.window.menuBar()) if matches(name, entry)]
        assert [entry.title for entry in found] == ["Restore window"]
        found[0].run()
        assert places(desktop) == before


async def test_full_screen_and_back_leaves_the_window_as_it_was(desktop: Desktop) -> None:
    window = desktop.window
    seen = []
    for before in (window.showMaximized, window.showNormal):
        before()
        window.toggle_full_screen()
        full = window.isFullScreen()
        window.toggle_full_screen()
        seen.append((full, window.isFullScreen(), window.isMaximized()))
    assert seen == [(True, False, True), (True, False, False)]


async def test_reset_layout_keeps_the_size_of_a_small_window(desktop: Desktop) -> None:
    window = desktop.window
    window.showNormal()
    window.resize(900, 600)
    await until(lambda: (window.width(), window.height()) == (900, 600))
    window.restore_window_setting()
    await asyncio.sleep(0)
    assert (window.width(), window.height()) == (900, 600)


async def test_the_first_start_fills_the_screen_and_a_later_one_opens_as_it_was_left(
    desktop: Desktop,
) -> None:
    window = desktop.window
    assert window.isMaximized()
    window.showNormal()
    window.resize(700, 500)
    await until(lambda: (window.width(), window.height()) == (700, 500))
    window.save_window_setting("custom")
    window.showMaximized()
    window.load_window_setting("custom")
    assert not window.isMaximized()
    assert (window.width(), window.height()) == (700, 500)


async def detach_the_log(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process."""
    desktop.window.docks["LogMonitor"].setFloating(True)
    return {}


async def look_for_the_log(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process."""
    log = desktop.window.docks["LogMonitor"]
    return {"floats": log.isFloating(), "seen": log.isVisible()}


def test_a_table_that_was_detached_is_there_again_at_the_next_start(tmp_path: Path) -> None:
    play(f"{__name__}:detach_the_log", tmp_path / "data")
    ended = play(f"{__name__}:look_for_the_log", tmp_path / "data")
    assert (ended.code, ended.complaints, ended.answer) == (0, [], {"floats": True, "seen": True})


async def test_a_detached_table_waits_until_the_window_it_must_not_hide_behind_is_seen(
    desktop: Desktop,
) -> None:
    window, log = desktop.window, desktop.window.docks["LogMonitor"]
    log.setFloating(True)
    window.save_window_setting("custom")
    window.hide()
    window.load_window_setting("custom")
    seen, remembered = [log.isVisible()], layout_settings().value("window/state")
    # closing now must not remember it as hidden
    window.save_window_setting("custom")
    assert layout_settings().value("window/state") == remembered
    window.show()
    window.show_detached()
    seen.append(log.isVisible())
    assert seen == [False, True]


async def test_the_panels_menu_hides_a_panel_and_brings_it_back(desktop: Desktop) -> None:
    log = desktop.window.docks["LogMonitor"]
    menus = cast("list[QMenu]", desktop.window.findChildren(QMenu))
    panels = next(menu for menu in menus if menu.title() == "Panels")
    entry = next(action for action in panels.actions() if action.text() == log.windowTitle())
    seen = []
    for _time in range(2):
        entry.trigger()
        panels.aboutToShow.emit()
        seen.append((log.isHidden(), entry.isChecked()))
    assert seen == [(True, False), (False, True)]


async def test_the_banner_sounds_the_alarm_only_once_orders_can_leave(desktop: Desktop, venue: Venue) -> None:
    desktop.window.show_mode()
    before = desktop.window.banner.styleSheet()
    desktop.main_engine.connect({"Server": "REAL"}, "VENUE")
    desktop.window.show_mode()
    assert GROUND[Mode.LIVE] not in before
    assert GROUND[Mode.LIVE] in desktop.window.banner.styleSheet()


async def test_a_key_fits_into_the_connect_dialog(desktop: Desktop) -> None:
    desktop.window.connect_gateway("BINANCE_SPOT")
    dialog = cast("ConnectDialog", desktop.window.findChild(ConnectDialog))
    line = cast("QLineEdit", dialog.findChild(QLineEdit))
    await until(lambda: line.width() > line.fontMetrics().horizontalAdvance("0" * 40))
    dialog.reject()


async def test_closing_with_an_order_in_the_market_says_what_stays(
    desktop: Desktop, venue: Venue, qtbot: QtBot
) -> None:
    order = OrderData("VENUE", "BTCUSDT", Exchange.GLOBAL, "1", status=Status.NOTTRADED)
    venue.on_order(order)
    await until(desktop.main_engine.get_all_active_orders)
    desktop.window.close()
    await until(question)
    box = question()
    assert box is not None
    assert "Active orders: 1" in box.text()
    assert "strategies" not in box.text()
    answer(qtbot, "Stay")
    await until(lambda: question() is None)


async def test_dock_names_are_those_of_no_language(desktop: Desktop) -> None:
    assert all(name.isascii() and name.startswith("dock.") for name in places(desktop))


async def test_a_close_that_is_declined_keeps_everything_open(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.store.update(confirm_exit=True)
    desktop.window.close()
    await until(question)
    desktop.window.close()
    answer(qtbot, "Stay")
    await until(lambda: question() is None)
    assert desktop.window.isVisible()
    assert desktop.event_engine._active


@pytest.mark.expected_errors("cannot close now")
async def test_an_app_window_that_fails_to_close_does_not_keep_the_desktop_open(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stubborn(QWidget):
        def close(self) -> bool:
            raise RuntimeError("cannot close now")

    desktop.window.widgets["stubborn"] = Stubborn()
    await desktop.window.close_now()
    assert not desktop.window.isVisible()
    assert not desktop.event_engine._active


async def test_strategies_loaded_before_their_window_opens_are_listed_in_it(
    desktop: Desktop, trader_dir: Path
) -> None:
    saved = {"mine": {"class_name": "AtrRsiStrategy", "vt_symbol": "BTCUSDT.GLOBAL", "setting": {}}}
    (trader_dir / ".vntrader" / "cta_strategy_setting.json").write_text(json.dumps(saved))
    cta: Any = desktop.main_engine.get_engine("CtaStrategy")
    cta.init_engine()
    window: Any = desktop.window.open_app("CtaStrategy")
    await until(lambda: "mine" in window.managers)
