"""A handler that raises ends stock VeighNa's event thread; here the next tick is shown all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import pytest
import shiboken6
from vnpy.trader.event import EVENT_TICK
from vnpy.trader.object import BarData, TickData, TradeData
from vnpy.trader.ui.widget import TickMonitor
from vnpy_ctastrategy import CtaTemplate

from tests.gui.pitfalls.venue import VT_SYMBOL, notices, open_venue, shown_price, start_strategy
from tests.support.waiting import until
from veighna_ext.core.data_folder import set_aside_unreadable

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop


@pytest.mark.expected_errors("RecorderEngine.process_tick_event failed on eTick")
async def test_a_tick_without_time_zone_while_data_is_recorded(desktop: Desktop) -> None:
    venue = await open_venue(desktop)
    recorder: Any = desktop.main_engine.get_engine("DataRecorder")
    recorder.add_tick_recording(VT_SYMBOL)
    venue.quote(100, zone=None)
    venue.quote(101)
    await until(lambda: shown_price(desktop) == 101)
    assert len(recorder.ticks[VT_SYMBOL]) == 1
    (notice,) = [notice for notice in desktop.notices.all() if "process_tick_event" in notice.text]
    assert "can't subtract offset-naive and offset-aware datetimes" in notice.detail


class Counting(CtaTemplate):
    """Counts its trades with numpy, as an average user's strategy does."""

    count: Any = 0
    variables = ["count"]

    def on_init(self) -> None: ...
    def on_bar(self, bar: BarData) -> None: ...

    def on_tick(self, tick: TickData) -> None:
        if not self.count:
            self.buy(tick.last_price, 1)

    def on_trade(self, trade: TradeData) -> None:
        self.count = numpy.int64(self.pos)


@pytest.mark.expected_errors(
    "CtaEngine.process_trade_event failed on eTrade", "int64 is not JSON serializable"
)
async def test_a_strategy_variable_that_json_does_not_know(desktop: Desktop, trader_dir: Path) -> None:
    venue = await open_venue(desktop)
    desktop.window.open_app("CtaStrategy")
    cta: Any = desktop.main_engine.get_engine("CtaStrategy")
    await start_strategy(cta, Counting, "counting")
    venue.quote(100)
    await until(lambda: venue.orders)
    venue.fill(venue.orders[0])
    await until(desktop.notices.all)
    venue.quote(101)
    await until(lambda: shown_price(desktop) == 101)
    assert cta.strategies["counting"].trading

    # vnpy leaves the file cut off; the next start must not stumble over it, nor lose what it holds
    data = trader_dir / ".vntrader" / "cta_strategy_data.json"
    cut_off = data.read_text()
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut_off)
    (sentence,) = set_aside_unreadable(trader_dir)
    assert sentence.startswith("cta_strategy_data.json could not be read")
    (kept,) = data.parent.glob("cta_strategy_data.json.unreadable-*")
    assert kept.read_text() == cut_off
    assert not data.exists()


async def test_a_stock_table_that_was_deleted_but_still_listens(desktop: Desktop) -> None:
    venue = await open_venue(desktop)
    stock = TickMonitor(desktop.main_engine, desktop.event_engine)
    registered = len(desktop.event_engine._typed[EVENT_TICK])
    shiboken6.delete(stock)
    venue.quote(100)
    await until(lambda: shown_price(desktop) == 100)
    assert len(desktop.event_engine._typed[EVENT_TICK]) == registered - 1
    assert notices(desktop) == []
