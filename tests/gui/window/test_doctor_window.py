"""The doctor's findings in a window."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.core.tasks import TaskFailure, Tasks
from veighna_ext.setup.findings import MISSING, NOTE, Finding
from veighna_ext.widgets.loop import DesktopEventLoop
from veighna_ext.widgets.theme import ThemeName
from veighna_ext.window.doctor_window import DoctorWindow

FINDINGS = [
    Finding("python", "Python", "3.11.9"),
    Finding("riskmanager", "Risk manager", "not installed", NOTE, "python3 run.py add riskmanager"),
    Finding("libraries", "System libraries", "libxcb-cursor.so.0", MISSING, "apt-get install libxcb-cursor0"),
]


async def no_tasks_left(tasks: Tasks) -> None:
    for task in tasks.running():
        await task


@pytest.fixture
def failures() -> list[TaskFailure]:
    return []


@pytest.fixture
def tasks(loop: DesktopEventLoop, failures: list[TaskFailure]) -> Tasks:
    return Tasks(loop, failures.append)


async def test_it_looks_in_a_thread_and_shows_what_it_found(
    qtbot: QtBot, loop: DesktopEventLoop, tasks: Tasks
) -> None:
    seen: list[threading.Thread] = []

    def collect() -> list[Finding]:
        seen.append(threading.current_thread())
        return FINDINGS

    window = DoctorWindow(tasks, collect=collect)
    qtbot.addWidget(window)
    window.show()
    await no_tasks_left(tasks)
    assert seen[0] is not threading.main_thread()
    assert window.tree.topLevelItemCount() == len(FINDINGS)
    assert "System libraries" in window.verdict.text()
    assert "apt-get install libxcb-cursor0" in window.detail.toPlainText()
    await tasks.close()


async def test_everything_can_be_copied_as_text(qtbot: QtBot, loop: DesktopEventLoop, tasks: Tasks) -> None:
    window = DoctorWindow(tasks, collect=lambda: FINDINGS)
    qtbot.addWidget(window)
    window.show()
    await no_tasks_left(tasks)
    qtbot.mouseClick(window.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    for finding in FINDINGS:
        assert finding.value in copied
        assert finding.advice in copied
    await tasks.close()


async def test_it_looks_again_when_asked_and_not_twice_at_once(
    qtbot: QtBot, loop: DesktopEventLoop, tasks: Tasks
) -> None:
    go = threading.Event()
    looks: list[int] = []

    def collect() -> list[Finding]:
        looks.append(1)
        go.wait(5)
        return FINDINGS[: len(looks)]

    window = DoctorWindow(tasks, collect=collect)
    qtbot.addWidget(window)
    window.show()
    window.run()
    assert not window.again_button.isEnabled()
    go.set()
    await no_tasks_left(tasks)
    assert len(looks) == 1
    qtbot.mouseClick(window.again_button, Qt.MouseButton.LeftButton)
    await no_tasks_left(tasks)
    assert len(looks) == 2
    assert window.tree.topLevelItemCount() == 2
    await tasks.close()


async def test_an_examination_that_fails_is_said_in_the_window(
    qtbot: QtBot, loop: DesktopEventLoop, tasks: Tasks, failures: list[TaskFailure]
) -> None:
    def collect() -> list[Finding]:
        raise OSError("no such disk")

    window = DoctorWindow(tasks, collect=collect)
    qtbot.addWidget(window)
    window.show()
    with pytest.raises(OSError, match="no such disk"):
        await no_tasks_left(tasks)
    assert "no such disk" in window.verdict.text()
    assert window.again_button.isEnabled()
    assert failures == []
    await tasks.close()


async def test_closing_the_window_stops_caring(qtbot: QtBot, loop: DesktopEventLoop, tasks: Tasks) -> None:
    go = threading.Event()

    def collect() -> list[Finding]:
        go.wait(5)
        return FINDINGS

    window = DoctorWindow(tasks, collect=collect)
    qtbot.addWidget(window)
    window.show()
    window.close()
    go.set()
    await tasks.close()
    assert window.findings == []


@pytest.mark.parametrize(("language", "theme"), LOOKS)
async def test_it_is_readable_in_both_languages_and_themes(
    qtbot: QtBot, loop: DesktopEventLoop, tasks: Tasks, language: str, theme: ThemeName
) -> None:
    with dressed(language, theme):
        window = DoctorWindow(tasks, collect=lambda: FINDINGS)
        qtbot.addWidget(window)
        window.resize(600, 320)
        window.show()
        await no_tasks_left(tasks)
        assert not clipped(window)
        assert window.tree.viewport().height() > 60
    await tasks.close()
