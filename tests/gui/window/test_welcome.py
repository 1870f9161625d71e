"""The welcome page: what it offers, and that nothing on it is dead."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.settings import SettingsStore
from veighna_ext.widgets.theme import ThemeName
from veighna_ext.window import welcome
from veighna_ext.window.card import Card
from veighna_ext.window.welcome import WelcomePage

APPS = [
    SimpleNamespace(
        app_name="CtaStrategy", app_module="vnpy_ctastrategy", display_name="CTA策略", icon_name=""
    ),
    SimpleNamespace(
        app_name="Foreign", app_module="foreign", display_name="A foreign app", icon_name="no such file"
    ),
]


@dataclass
class Host:
    """Stands for the main window; writes down what the page asked of it."""

    store: SettingsStore
    notices: NoticeBoard = field(default_factory=NoticeBoard)
    asked: list[str] = field(default_factory=list)
    main_engine: Any = field(
        default_factory=lambda: SimpleNamespace(
            get_all_apps=lambda: APPS, get_all_gateway_names=lambda: ["BINANCE_SPOT", "BINANCE_LINEAR"]
        )
    )

    def connect_gateway(self, gateway_name: str) -> None:
        self.asked.append(f"connect {gateway_name}")

    def open_app(self, app_name: str) -> object:
        self.asked.append(f"open {app_name}")
        return None

    def open_more_gateways(self) -> None:
        self.asked.append("more gateways")

    def open_doctor(self) -> None:
        self.asked.append("doctor")

    def open_settings(self) -> None:
        self.asked.append("settings")


@pytest.fixture
def host(trader_dir: Path) -> Host:
    return Host(SettingsStore(trader_dir))


@pytest.fixture
def page(qtbot: QtBot, host: Host) -> WelcomePage:
    page = WelcomePage(host)
    qtbot.addWidget(page)
    page.show()
    return page


def test_without_a_demo_there_is_no_button_for_it(page: WelcomePage) -> None:
    assert page.demo_button is None
    buttons: list[QPushButton] = list(page.findChildren(QPushButton))
    assert "demo" not in " ".join(button.text() for button in buttons)


def test_with_a_demo_one_button_starts_it(qtbot: QtBot, host: Host) -> None:
    page = WelcomePage(host, start_demo=lambda: host.asked.append("demo"))
    qtbot.addWidget(page)
    assert page.demo_button is not None
    qtbot.mouseClick(page.demo_button, Qt.MouseButton.LeftButton)
    assert host.asked == ["demo"]


def test_each_app_has_a_card_that_opens_it(qtbot: QtBot, host: Host, page: WelcomePage) -> None:
    cards: list[Card] = list(page.findChildren(Card))
    assert [card.text() for card in cards] == ["CTA strategy", "A foreign app"]
    for card in cards:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Space)
    assert host.asked == ["open CtaStrategy", "open Foreign", "open CtaStrategy"]


def test_the_connect_button_lists_the_gateways(host: Host, page: WelcomePage) -> None:
    actions = [action for action in page.gateway_menu.actions() if not action.isSeparator()]
    for action in actions:
        action.trigger()
    assert host.asked == ["connect BINANCE_SPOT", "connect BINANCE_LINEAR", "more gateways"]


def test_doctor_and_settings_open(qtbot: QtBot, host: Host, page: WelcomePage) -> None:
    qtbot.mouseClick(page.doctor_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.settings_button, Qt.MouseButton.LeftButton)
    assert host.asked == ["doctor", "settings"]


def test_the_guide_has_a_button_only_where_it_is_shipped(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: Host
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(welcome, "guide_file", lambda: None)
    without = WelcomePage(host)
    qtbot.addWidget(without)
    assert without.guide_button is None
    monkeypatch.setattr(welcome, "guide_file", lambda: tmp_path / "guide.md")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page = WelcomePage(host)
    qtbot.addWidget(page)
    assert page.guide_button is not None
    qtbot.mouseClick(page.guide_button, Qt.MouseButton.LeftButton)
    assert opened == [str(tmp_path / "guide.md")]


def test_it_can_be_told_not_to_come_back(
    qtbot: QtBot, host: Host, page: WelcomePage, trader_dir: Path
) -> None:
    assert page.at_start.isChecked()
    qtbot.mouseClick(page.at_start, Qt.MouseButton.LeftButton, pos=page.at_start.rect().center() * 0.2)
    assert SettingsStore(trader_dir).current.welcome_seen


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("size", [(600, 320), (920, 680), (1600, 1000)])
def test_it_is_readable_from_small_to_large(
    qtbot: QtBot, host: Host, language: str, theme: ThemeName, size: tuple[int, int]
) -> None:
    with dressed(language, theme):
        page = WelcomePage(host, start_demo=lambda: None)
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        qtbot.waitExposed(page)
        assert (page.width(), page.height()) == size
        qtbot.waitUntil(lambda: not clipped(page), timeout=1000)
        assert not page.area.horizontalScrollBar().isVisible()
        assert page.area.widget().width() <= page.area.viewport().width()
