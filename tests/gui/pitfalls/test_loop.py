"""One loop for Qt and tasks: official dialogs lose no task, timers are not early, ticks do not freeze it."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psutil
from PySide6.QtWidgets import QApplication, QDialog
from vnpy.trader.constant import Exchange, Interval
from vnpy.trader.event import EVENT_TICK
from vnpy.trader.object import BarData, HistoryRequest
from vnpy.trader.ui.widget import GlobalDialog

from tests.gui.pitfalls.venue import SYMBOL, hourly_bars, notices, open_venue, shown_price
from tests.support.waiting import until
from veighna_ext.core.loop_lag import LoopLag

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop
    from veighna_ext.widgets.loop import DesktopEventLoop

FLOOD_SYMBOLS = 300
FLOOD_SECONDS = 1.0
FLOOD_PER_MILLISECOND = 8
# the stock window stands still for seconds
STANDSTILL_MS = 400


async def test_an_official_dialog_inside_a_task_loses_no_other_task_and_no_timer_is_early(
    desktop: Desktop,
) -> None:
    early: list[float] = []
    ticks = 0

    async def ticking() -> None:
        nonlocal ticks
        while True:
            due = time.perf_counter() + 0.003
            await asyncio.sleep(0.003)
            early.append(due - time.perf_counter())
            ticks += 1

    async def in_the_dialog() -> int:
        return int(GlobalDialog().exec())

    async def outside() -> str:
        return await asyncio.to_thread(lambda: "from a thread")

    clock = desktop.tasks.start(ticking(), name="clock", owner="test")
    dialog = desktop.tasks.start(in_the_dialog(), name="settings", owner="test")
    await until(lambda: isinstance(QApplication.activeModalWidget(), GlobalDialog))
    before = ticks
    assert await desktop.tasks.start(outside(), name="thread", owner="test") == "from a thread"
    await until(lambda: ticks > before + 20)
    assert clock.running
    assert dialog.running
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, QDialog)
    shown.reject()
    assert await dialog == QDialog.DialogCode.Rejected.value
    after = ticks
    await until(lambda: ticks > after)
    clock.cancel()
    assert max(early) <= 0
    assert notices(desktop) == []


async def test_prices_move_on_and_are_shown_after_a_download_that_held_the_window(desktop: Desktop) -> None:
    """Data manager downloads in the window's thread: nothing it waits for may need that thread."""
    venue = await open_venue(desktop)
    manager: Any = desktop.main_engine.get_engine("DataManager")
    fiftieth = threading.Event()
    desktop.event_engine.register(
        EVENT_TICK, lambda event: fiftieth.set() if event.data.last_price == 50 else None
    )

    def quoting() -> None:
        for price in range(1, 51):
            venue.quote(price)

    def slow_answer(request: HistoryRequest) -> list[BarData]:
        threading.Thread(target=quoting).start()
        assert fiftieth.wait(5)
        return hourly_bars(24)

    venue.answer_history = slow_answer
    bars = hourly_bars(24)
    start = bars[0].datetime - timedelta(days=1)
    assert manager.download_bar_data(SYMBOL, Exchange.GLOBAL, Interval.HOUR.value, start, print) == 24
    await until(lambda: shown_price(desktop) == 50)
    (overview,) = manager.get_bar_overview()
    assert overview.count == 24


async def test_the_desktop_itself_serves_nobody(desktop: Desktop) -> None:
    """A server in the window's thread would answer nothing while an app waits there for its answer."""
    for name in desktop.main_engine.apps:
        assert desktop.window.open_app(name) is not None
    connections = psutil.Process().net_connections(kind="inet")
    assert [c.laddr for c in connections if c.status == psutil.CONN_LISTEN] == []


async def test_a_flood_of_ticks_does_not_freeze_the_window(desktop: Desktop, loop: DesktopEventLoop) -> None:
    venue = await open_venue(desktop)
    last: dict[str, int] = {}

    def flood() -> None:
        until_time = time.monotonic() + FLOOD_SECONDS
        number = 0
        while time.monotonic() < until_time:
            for _tick in range(FLOOD_PER_MILLISECOND):
                number += 1
                symbol = f"S{number % FLOOD_SYMBOLS}"
                venue.quote(number, symbol)
                last[symbol] = number
            time.sleep(0.001)

    pulse = LoopLag(loop, period=0.01, window=60)
    pulse.start()
    await asyncio.to_thread(flood)
    last_symbol = max(last, key=lambda symbol: last[symbol])
    ended = time.monotonic()
    await until(lambda: shown_price(desktop, last_symbol) == last[last_symbol])
    caught_up = time.monotonic() - ended
    pulse.stop()
    assert len(last) == FLOOD_SYMBOLS
    assert pulse.stats().max_ms < STANDSTILL_MS
    assert caught_up < 1
    assert {symbol: shown_price(desktop, symbol) for symbol in last} == last
