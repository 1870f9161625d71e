"""vnpy's own dialogs open with `exec()`, a loop inside our loop: no task may notice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from vnpy.event import Event
from vnpy.trader.constant import Exchange
from vnpy.trader.engine import MainEngine
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import CancelRequest, OrderRequest, SubscribeRequest
from vnpy.trader.ui.widget import ConnectDialog

from tests.support.waiting import until
from veighna_ext.core.bridge import EventBridge
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.widgets.loop import DesktopEventLoop

SETTING: dict[str, Any] = {"user": "", "port": 7000, "server": ["REAL", "TESTNET"]}
EXCHANGES = [Exchange.LOCAL]


class QuietGateway(BaseGateway):
    default_name = "QUIET"
    default_setting = SETTING
    exchanges = EXCHANGES

    connected_with: dict[str, Any] | None = None

    def connect(self, setting: dict[str, Any]) -> None:
        self.connected_with = setting

    def close(self) -> None:
        return

    def subscribe(self, req: SubscribeRequest) -> None:
        return

    def send_order(self, req: OrderRequest) -> str:
        return ""

    def cancel_order(self, req: CancelRequest) -> None:
        return

    def query_account(self) -> None:
        return

    def query_position(self) -> None:
        return


@pytest.fixture
def gateway(main_engine: MainEngine) -> QuietGateway:
    gateway = main_engine.add_gateway(QuietGateway)
    assert isinstance(gateway, QuietGateway)
    return gateway


class Ticking:
    """A task that ticks and another that reads vnpy events, to be watched while a dialog is open."""

    def __init__(self, event_engine: DesktopEventEngine, loop: DesktopEventLoop) -> None:
        self.ticks = 0
        self.read: list[int] = []
        self._event_engine = event_engine
        self._bridge = EventBridge(event_engine, loop)
        self._tasks = [loop.create_task(self._tick()), loop.create_task(self._read_events())]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.001)
            self.ticks += 1
            self._event_engine.put(Event("number", self.ticks))

    async def _read_events(self) -> None:
        async for number in self._bridge.events("number"):
            self.read.append(number)

    async def stop(self) -> None:
        tick, read = self._tasks
        tick.cancel()
        await asyncio.wait([tick])
        await until(lambda: len(self.read) == self.ticks)
        self._bridge.close()
        await read


@pytest.fixture
def ticking(event_engine: DesktopEventEngine, loop: DesktopEventLoop) -> Iterator[Ticking]:
    ticking = Ticking(event_engine, loop)
    yield ticking
    loop.run_until_complete(ticking.stop())


def fill_in_and_connect(qtbot: QtBot, ticking: Ticking, after_ticks: int) -> None:
    """Type a user name into the open dialog and press its button, once the task has ticked often enough."""
    until = ticking.ticks + after_ticks

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None or ticking.ticks < until:
            QTimer.singleShot(5, look)
            return
        qtbot.keyClicks(dialog.findChild(QLineEdit), "trader")
        qtbot.mouseClick(dialog.findChild(QPushButton), Qt.MouseButton.LeftButton)

    look()


def assert_connected(gateway: QuietGateway, trader_dir: Path) -> None:
    expected = {"user": "trader", "port": 7000, "server": "REAL"}
    assert gateway.connected_with == expected
    saved = trader_dir / ".vntrader" / "connect_quiet.json"
    assert json.loads(saved.read_text(encoding="utf-8")) == expected


def assert_nothing_was_lost(ticking: Ticking) -> None:
    assert ticking.read == list(range(1, len(ticking.read) + 1))
    assert len(ticking.read) >= ticking.ticks - 5


async def test_the_connect_dialog_of_a_menu_lets_tasks_tick(
    loop: DesktopEventLoop,
    main_engine: MainEngine,
    gateway: QuietGateway,
    ticking: Ticking,
    trader_dir: Path,
    qtbot: QtBot,
) -> None:
    opened = asyncio.Event()
    menu_entry = QPushButton("connect")
    qtbot.addWidget(menu_entry)

    def open_as_vnpy_does() -> None:
        dialog = ConnectDialog(main_engine, gateway.gateway_name)
        dialog.exec()
        dialog.deleteLater()
        opened.set()

    menu_entry.clicked.connect(open_as_vnpy_does)
    fill_in_and_connect(qtbot, ticking, after_ticks=30)
    QTimer.singleShot(0, menu_entry.click)
    await opened.wait()
    assert ticking.ticks >= 30
    ticks = ticking.ticks
    await asyncio.sleep(0.05)
    assert ticking.ticks > ticks
    assert_nothing_was_lost(ticking)
    assert_connected(gateway, trader_dir)


async def test_the_connect_dialog_opened_inside_a_task_lets_the_other_tasks_tick(
    loop: DesktopEventLoop,
    main_engine: MainEngine,
    gateway: QuietGateway,
    ticking: Ticking,
    trader_dir: Path,
    qtbot: QtBot,
) -> None:
    dialog = ConnectDialog(main_engine, gateway.gateway_name)
    qtbot.addWidget(dialog)
    fill_in_and_connect(qtbot, ticking, after_ticks=30)
    before = ticking.ticks
    result = dialog.exec()
    assert result == QDialog.DialogCode.Accepted
    assert ticking.ticks - before >= 30
    ticks = ticking.ticks
    await asyncio.sleep(0.05)
    assert ticking.ticks > ticks
    assert_nothing_was_lost(ticking)
    assert_connected(gateway, trader_dir)


async def test_events_arriving_while_a_dialog_is_open_are_awaited_by_their_task(
    loop: DesktopEventLoop,
    main_engine: MainEngine,
    event_engine: DesktopEventEngine,
    gateway: QuietGateway,
    qtbot: QtBot,
) -> None:
    waiting = asyncio.create_task(EventBridge(event_engine, loop).next("fill", timeout=10))
    await asyncio.sleep(0)
    dialog = ConnectDialog(main_engine, gateway.gateway_name)
    qtbot.addWidget(dialog)
    waiting.add_done_callback(lambda _task: dialog.reject())
    QTimer.singleShot(20, lambda: event_engine.put(Event("fill", "filled")))
    assert dialog.exec() == QDialog.DialogCode.Rejected
    assert waiting.result() == "filled"
