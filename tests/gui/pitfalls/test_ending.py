"""However the desktop is told to end, it ends: nothing hangs behind a question nobody sees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.gui.pitfalls.venue import notices
from tests.support.driven_desktop import play
from tests.support.waiting import until

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop


async def test_quitting_qt_asks_without_holding_the_window_up(desktop: Desktop) -> None:
    desktop.store.update(confirm_exit=True)
    QApplication.quit()
    await until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    # the stock window would still be inside `quit`
    assert not desktop._ended.done()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    box.reject()
    await until(lambda: QApplication.activeModalWidget() is None)
    desktop.store.update(confirm_exit=False)
    QApplication.quit()
    await desktop._ended
    assert not desktop.window.isVisible()
    assert not desktop.event_engine._active


@pytest.mark.expected_errors("no space left")
async def test_a_signal_ends_the_desktop_even_if_its_window_cannot_save_its_layout(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(desktop.window, "save_window_setting", refuse)
    desktop._close()
    await desktop._ended
    assert not desktop.window.isVisible()
    assert not desktop.event_engine._active
    assert notices(desktop) == ["Unexpected error: OSError: no space left"]


@pytest.mark.parametrize(("way", "code"), [("end_qts_loop", 0), ("exit_in_a_slot", 5)])
def test_code_of_others_that_ends_the_program_ends_it_in_order(tmp_path: Path, way: str, code: int) -> None:
    ended = play(f"{__name__}:{way}", tmp_path / "data")
    assert (ended.code, ended.complaints) == (code, [])
    assert "the engines were closed" in ended.said
    assert ended.seconds < 10


def _tell_when_closed(desktop: Desktop) -> None:
    from vnpy.trader.engine import BaseEngine

    class Telling(BaseEngine):
        def __init__(self, main_engine: Any, event_engine: Any) -> None:
            super().__init__(main_engine, event_engine, "telling")

        def close(self) -> None:
            print("the engines were closed", flush=True)

    desktop.main_engine.add_engine(Telling)


async def end_qts_loop(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process."""
    _tell_when_closed(desktop)
    QApplication.exit(0)
    await desktop._ended
    return {}


async def exit_in_a_slot(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process."""
    _tell_when_closed(desktop)
    desktop.loop.call_soon(exit, 5)
    await desktop._ended
    return {}
