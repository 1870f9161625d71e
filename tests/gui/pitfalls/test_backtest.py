"""A backtest through the official window, from the button to the charts; in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.driven_desktop import play
from tests.support.waiting import until

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop

DAYS = 40


def test_a_backtest_on_recorded_bars_ends_with_its_figures_and_charts(tmp_path: Path) -> None:
    # with pandas 3 what is a warning now is the error that breaks the backtester's chart
    ended = play(f"{__name__}:backtest", tmp_path / "data", PYTHONWARNINGS="ignore")
    assert (ended.code, ended.complaints) == (0, [])
    answer = ended.answer
    assert answer["notices"] == []
    assert answer["days"] >= DAYS - 15
    assert answer["trades"] > 10
    assert answer["points_of_the_curve"] == answer["days"]
    assert answer["bars_in_the_chart"] > (DAYS - 15) * 20


async def backtest(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process."""
    from PySide6.QtWidgets import QPushButton
    from vnpy.trader.database import get_database

    from tests.gui.pitfalls.venue import VT_SYMBOL, hourly_bars, notices

    bars = hourly_bars(24 * DAYS)
    get_database().save_bar_data(bars)
    window: Any = desktop.window.open_app("CtaBacktester")
    window.class_combo.setCurrentText("DoubleMaStrategy")
    window.symbol_line.setText(VT_SYMBOL)
    window.interval_combo.setCurrentText("1h")
    start, end = window.start_date_edit, window.end_date_edit
    start.setDate(start.date().fromString(f"{bars[0].datetime:%Y-%m-%d}", "yyyy-MM-dd"))
    end.setDate(end.date().addDays(1))

    # the parameters are asked for in a dialog with a loop of its own
    agreeing = desktop.tasks.start(answer_the_open_dialog("accept"), name="agree", owner="test")
    next(b for b in window.findChildren(QPushButton) if b.text() == "Start Backtesting").click()
    await agreeing
    await until(window.candle_button.isEnabled, 10)
    for _time in range(2):
        closing = desktop.tasks.start(answer_the_open_dialog("close"), name="close", owner="test")
        window.candle_button.click()
        await closing
    figures = window.statistics_monitor.cells
    window.close()
    return {
        "days": int(figures["total_days"].text()),
        "trades": int(figures["total_trade_count"].text()),
        "points_of_the_curve": len(window.chart.balance_curve.getData()[1]),
        "bars_in_the_chart": len(window.candle_dialog.chart._manager.get_all_bars()),
        "notices": notices(desktop),
    }


async def answer_the_open_dialog(way: str) -> None:
    """Accept or close the dialog that an official window waits in."""
    from PySide6.QtWidgets import QApplication, QDialog

    await until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    getattr(QApplication.activeModalWidget(), way)()
