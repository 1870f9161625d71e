"""Our dialogs are opened and awaited; they have no loop of their own."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.support.waiting import until
from veighna_ext.widgets.dialogs import ask, open_dialog
from veighna_ext.widgets.loop import DesktopEventLoop


async def opened_box() -> QMessageBox:
    await until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box


def button(box: QMessageBox, text: str) -> QPushButton:
    buttons: list[QPushButton] = list(box.findChildren(QPushButton))
    (found,) = [each for each in buttons if each.text() == text]
    return found


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.mark.parametrize("code", [QDialog.DialogCode.Accepted, QDialog.DialogCode.Rejected])
async def test_awaiting_a_dialog_gives_its_result(
    loop: DesktopEventLoop, qtbot: QtBot, code: QDialog.DialogCode
) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    waiting = asyncio.create_task(open_dialog(dialog))
    await asyncio.sleep(0)
    assert dialog.isVisible()
    assert dialog.isModal()
    dialog.done(code)
    assert await waiting == code.value


async def test_cancelling_who_waits_closes_the_dialog(loop: DesktopEventLoop, qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    waiting = asyncio.create_task(open_dialog(dialog))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not dialog.isVisible()


async def test_a_dialog_destroyed_with_its_window_counts_as_rejected(loop: DesktopEventLoop) -> None:
    window = QWidget()
    dialog = QDialog(window)
    waiting = asyncio.create_task(open_dialog(dialog))
    await asyncio.sleep(0)
    window.deleteLater()
    assert await waiting == QDialog.DialogCode.Rejected.value


@pytest.mark.parametrize(("pressed", "answer"), [("Close", True), ("Stay", False)])
async def test_a_question_is_answered_by_its_buttons(
    loop: DesktopEventLoop, window: QWidget, qtbot: QtBot, pressed: str, answer: bool
) -> None:
    asking = asyncio.create_task(ask(window, "Exit", "Close VeighNa Trader?", yes="Close", no="Stay"))
    box = await opened_box()
    assert box.text() == "Close VeighNa Trader?"
    qtbot.mouseClick(button(box, pressed), Qt.MouseButton.LeftButton)
    assert await asking is answer


@pytest.mark.parametrize(
    ("key", "dangerous", "answer"),
    [
        (Qt.Key.Key_Escape, False, False),
        (Qt.Key.Key_Return, False, True),
        (Qt.Key.Key_Escape, True, False),
        (Qt.Key.Key_Return, True, False),
    ],
)
async def test_the_keyboard_never_agrees_to_something_dangerous_by_habit(
    loop: DesktopEventLoop, window: QWidget, qtbot: QtBot, key: Qt.Key, dangerous: bool, answer: bool
) -> None:
    asking = asyncio.create_task(ask(window, "Trade real money?", "Allow orders?", dangerous=dangerous))
    qtbot.keyClick(await opened_box(), key)
    assert await asking is answer


async def test_a_question_whose_window_is_destroyed_means_no(loop: DesktopEventLoop) -> None:
    window = QWidget()
    asking = asyncio.create_task(ask(window, "Exit", "Close?"))
    await opened_box()
    window.deleteLater()
    assert await asking is False


async def test_other_tasks_go_on_while_a_question_is_open(
    loop: DesktopEventLoop, window: QWidget, qtbot: QtBot
) -> None:
    asking = asyncio.create_task(ask(window, "Exit", "Close?"))
    box = await opened_box()
    assert await asyncio.to_thread(lambda: 5) == 5
    qtbot.mouseClick(button(box, "No"), Qt.MouseButton.LeftButton)
    assert await asking is False
