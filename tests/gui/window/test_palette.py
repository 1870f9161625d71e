"""The command palette, typed at and clicked at."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot
from vnpy.trader.constant import Exchange, Product
from vnpy.trader.object import ContractData

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.widgets.theme import ThemeName
from veighna_ext.window.palette import CommandPalette, Entry
from veighna_ext.window.palette_entries import menu_entries


def contract(symbol: str) -> ContractData:
    return ContractData(
        symbol=symbol,
        exchange=Exchange.GLOBAL,
        name=f"{symbol} name",
        product=Product.SPOT,
        size=1,
        pricetick=0.01,
        gateway_name="BINANCE_SPOT",
    )


CONTRACTS = [contract(f"{coin}USDT_SPOT_BINANCE") for coin in ("BTC", "ETH", "SOL")]


class Window(QMainWindow):
    """A window with a menu, a field to type into, and a record of what was done."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        system = self.menuBar().addMenu("系统(&S)")
        self.action(system.addAction("连接BINANCE"))
        system.addSeparator()
        disabled = self.action(system.addAction("Not now"))
        disabled.setEnabled(False)
        self.view_menu = self.menuBar().addMenu("&View")
        tables = self.view_menu.addMenu("Tables")
        self.action(tables.addAction("&Orders && trades")).setShortcut("Ctrl+O")
        self.field = QLineEdit()
        self.setCentralWidget(self.field)
        self.resize(700, 500)
        self.palette_popup = CommandPalette(
            self,
            contracts=lambda: CONTRACTS,
            on_contract=lambda chosen: self.done.append(chosen.vt_symbol),
        )

    def action(self, action: QAction) -> QAction:
        action.triggered.connect(lambda: self.done.append(action.text()))
        return action


@pytest.fixture
def window(qtbot: QtBot, trader_dir: Path) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    window.field.setFocus()
    qtbot.waitUntil(window.field.hasFocus)
    return window


def shown(palette: CommandPalette) -> list[str]:
    return [entry.title for entry in palette.found]


def test_every_enabled_action_of_the_menus_is_there_with_its_path_and_shortcut(window: Window) -> None:
    found = [(entry.title, entry.subtitle, entry.shortcut) for entry in menu_entries(window.menuBar())]
    assert found == [("连接BINANCE", "系统", ""), ("Orders & trades", "View › Tables", "Ctrl+O")]


def test_looking_through_the_menus_leaves_them_usable(window: Window) -> None:
    list(menu_entries(window.menuBar()))
    gc.collect()
    window.action(window.view_menu.addAction("Later"))
    assert "Later" in [entry.title for entry in menu_entries(window.menuBar())]


def test_typing_and_enter_runs_a_menu_action(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    assert palette.search.hasFocus()
    qtbot.keyClicks(palette.search, "ord")
    assert shown(palette)[0] == "Orders & trades"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert not palette.isVisible()
    qtbot.waitUntil(lambda: window.done == ["&Orders && trades"])
    assert window.field.hasFocus()


def test_an_action_that_fails_is_reported_and_the_window_lives_on(qtbot: QtBot, window: Window) -> None:
    palette = CommandPalette(window, sources=[lambda: [Entry("Divide", run=lambda: 1 // 0)]])
    palette.open()
    qtbot.keyClicks(palette.search, "divide")
    with qtbot.captureExceptions() as exceptions:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: [kind for kind, *_rest in exceptions] == [ZeroDivisionError])
    window.palette_popup.open()
    assert window.palette_popup.isVisible()
    window.palette_popup.close()


def test_a_contract_is_handed_to_the_window(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    assert "SOLUSDT_SPOT_BINANCE.GLOBAL" not in shown(palette)
    qtbot.keyClicks(palette.search, "solu")
    qtbot.keyClick(palette.search, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: window.done == ["SOLUSDT_SPOT_BINANCE.GLOBAL"])


def test_arrows_move_and_wrap_around(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    last = len(shown(palette)) - 1
    qtbot.keyClick(palette.search, Qt.Key.Key_Up)
    assert palette.view.currentIndex().row() == last
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.view.currentIndex().row() == 1


def test_a_click_chooses(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    row = shown(palette).index("连接BINANCE")
    place = palette.view.visualRect(palette.view.model().index(row, 0)).center()
    qtbot.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.done == ["连接BINANCE"])


def test_escape_leaves_everything_as_it_was(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    qtbot.keyClicks(palette.search, "ord")
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.field.hasFocus()
    assert window.done == []
    palette.open()
    assert palette.search.text() == ""


def test_it_goes_away_when_the_focus_leaves(qtbot: QtBot, window: Window) -> None:
    window.palette_popup.open()
    qtbot.mouseClick(window.field, Qt.MouseButton.LeftButton)
    window.field.setFocus()
    qtbot.waitUntil(lambda: not window.palette_popup.isVisible())
    assert QApplication.focusWidget() is window.field


def test_no_match_says_so_and_enter_does_nothing(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    qtbot.keyClicks(palette.search, "zzzz")
    assert palette.hint.isVisible()
    assert "zzzz" in palette.hint.text()
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close()


def test_recent_choices_come_first_next_time_also_after_a_restart(qtbot: QtBot, window: Window) -> None:
    palette = window.palette_popup
    palette.open()
    qtbot.keyClicks(palette.search, "ethu")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.done) == 1)
    again = Window()
    qtbot.addWidget(again)
    again.show()
    again.palette_popup.open()
    assert shown(again.palette_popup)[0] == "ETHUSDT_SPOT_BINANCE.GLOBAL"
    again.palette_popup.close()


def test_it_stays_inside_a_small_window_that_changes_its_size(qtbot: QtBot, window: Window) -> None:
    window.palette_popup.open()
    window.resize(400, 260)
    qtbot.waitUntil(lambda: window.rect().contains(window.palette_popup.geometry()))
    window.palette_popup.close()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_it_is_readable_in_both_languages_and_themes(
    qtbot: QtBot, trader_dir: Path, language: str, theme: ThemeName
) -> None:
    with dressed(language, theme):
        window = Window()
        qtbot.addWidget(window)
        window.show()
        window.palette_popup.open()
        qtbot.keyClicks(window.palette_popup.search, "zzzz")
        assert not clipped(window.palette_popup)
        window.palette_popup.close()
