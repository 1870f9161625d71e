"""Official chart windows open, show a real history, close, and open again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from tests.gui.pitfalls.venue import VT_SYMBOL, hourly_bars, notices, open_venue
from tests.support.waiting import until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from veighna_ext.desktop import Desktop


def has_bars(chart: Any, count: int) -> bool:
    return bool(chart._manager.get_count() == count)


async def test_a_chart_shows_its_history_and_closes_and_opens_again(desktop: Desktop, qtbot: QtBot) -> None:
    venue = await open_venue(desktop)
    venue.answer_history = lambda request: hourly_bars(120)
    for _time in range(2):
        window: Any = desktop.window.open_app("ChartWizard")
        assert window is not None, notices(desktop)
        window.symbol_line.setText(VT_SYMBOL)
        qtbot.mouseClick(window.button, Qt.MouseButton.LeftButton)
        chart = window.charts[VT_SYMBOL]
        await until(partial(has_bars, chart, 120))
        venue.quote(100)
        await until(partial(has_bars, chart, 121))
        window.grab()
        window.tab.tabCloseRequested.emit(0)
        assert window.tab.count() == 0
        window.close()
        assert not window.isVisible()
    assert notices(desktop) == []
