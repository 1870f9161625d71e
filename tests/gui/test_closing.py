"""Closing while strategies, algos and scripts are at work: the user is told, and everything ends in order."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from vnpy.trader.constant import Direction, Offset, Status
from vnpy.trader.object import CancelRequest

from tests.gui.pitfalls.venue import VT_SYMBOL, Venue, hourly_bars, open_venue, start_strategy
from tests.support.desktop_process import ROOT
from tests.support.driven_desktop import play
from tests.support.waiting import until

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop


async def start_algo(desktop: Desktop) -> Venue:
    venue = await open_venue(desktop)
    algos: Any = desktop.main_engine.get_engine("AlgoTrading")
    setting = {"time": 600, "interval": 60}
    algos.start_algo("TwapAlgo", VT_SYMBOL, Direction.LONG, Offset.NONE, 100, 10, setting)
    return venue


async def question(desktop: Desktop) -> QMessageBox:
    """What the window asks when it is to close."""
    desktop.window.close()
    await until(QApplication.activeModalWidget)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box


async def stay(box: QMessageBox) -> None:
    box.reject()
    await until(lambda: QApplication.activeModalWidget() is None)


async def test_an_algo_that_has_not_finished_is_told_before_closing_even_without_an_order(
    desktop: Desktop,
) -> None:
    await start_algo(desktop)
    box = await question(desktop)
    assert "Unfinished algos: 1" in box.text()
    assert "orders" not in box.text()
    await stay(box)


async def test_a_stopped_algo_does_not_stand_in_the_way(desktop: Desktop) -> None:
    await start_algo(desktop)
    algos: Any = desktop.main_engine.get_engine("AlgoTrading")
    algos.stop_all()
    desktop.window.close()
    await until(lambda: not desktop.window.isVisible())


async def test_a_running_script_is_told_before_closing(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts: Any = desktop.main_engine.get_engine("ScriptTrader")
    monkeypatch.setattr(scripts, "strategy_active", True)
    box = await question(desktop)
    assert "A script is running" in box.text()
    await stay(box)


async def trade(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process: a strategy of vnpy's and an algo, each with an order in the market."""
    from vnpy_ctastrategy.strategies.double_ma_strategy import DoubleMaStrategy

    class Telling(DoubleMaStrategy):
        def on_stop(self) -> None:
            super().on_stop()
            print("the strategy was stopped", flush=True)

    class TellingVenue(Venue):
        def cancel_order(self, req: CancelRequest) -> None:
            print(f"order {req.orderid} was cancelled", flush=True)

    venue = await start_algo(desktop)
    venue.__class__ = TellingVenue
    venue.answer_history = lambda _request: hourly_bars(100)
    desktop.window.open_app("CtaStrategy")
    cta: Any = desktop.main_engine.get_engine("CtaStrategy")
    await start_strategy(cta, Telling, "mine")
    cta.strategies["mine"].buy(90, 1)
    (order,) = venue.orders
    order.status = Status.NOTTRADED
    venue.on_order(order)
    await until(desktop.main_engine.get_all_active_orders)
    return {"trading": cta.strategies["mine"].trading}


def test_a_running_strategy_is_stopped_takes_its_orders_back_and_saves_its_variables(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    ended = play(f"{__name__}:trade", folder)
    assert (ended.code, ended.complaints) == (0, [])
    assert ended.answer == {"trading": True}
    assert "the strategy was stopped" in ended.said
    assert "order 1 was cancelled" in ended.said
    saved = json.loads((folder / ".vntrader" / "cta_strategy_data.json").read_text(encoding="utf-8"))
    assert saved["mine"]["pos"] == 0
    assert saved["mine"]["fast_ma0"] > 0


IN_A_TERMINAL_OF_ITS_OWN = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


async def trade_until_closed(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process."""
    print(await trade(desktop), flush=True)
    await desktop._ended
    return {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of terminals")
def test_strategies_that_print_are_stopped_in_order_when_the_terminal_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    terminal, inside = os.openpty()
    scenario = f"{__name__}:trade_until_closed"
    played = ("-m", "tests.support.driven_desktop", scenario, "--data-dir", str(folder))
    process = subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL_OF_ITS_OWN, *played],
        stdin=inside, stdout=inside, stderr=inside, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        os.close(inside)
        said = b""
        while b"'trading': True" not in said:
            said += os.read(terminal, 4096)
        os.close(terminal)
        while process.poll() is None:
            # as the shell of the terminal does too
            process.send_signal(signal.SIGHUP)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
    saved = json.loads((folder / ".vntrader" / "cta_strategy_data.json").read_text(encoding="utf-8"))
    assert saved["mine"]["fast_ma0"] > 0
