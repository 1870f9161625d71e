"""A venue on this machine: lists a contract, quotes, remembers and fills orders, and has a history."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from vnpy.event import EventEngine
from vnpy.trader.constant import Direction, Exchange, Interval, Product, Status
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import (
    BarData,
    CancelRequest,
    ContractData,
    HistoryRequest,
    OrderData,
    OrderRequest,
    SubscribeRequest,
    TickData,
    TradeData,
)

from tests.support.waiting import until
from veighna_ext.widgets.monitors.monitor import Monitor

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop

SYMBOL = "BTCUSDT"
VT_SYMBOL = f"{SYMBOL}.GLOBAL"


class Venue(BaseGateway):
    """Everything happens when the test says so."""

    default_name = "VENUE"
    default_setting: dict[str, Any] = {"Server": ["TESTNET", "REAL"]}
    exchanges = [Exchange.GLOBAL]

    def __init__(self, event_engine: EventEngine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)
        self.orders: list[OrderData] = []
        self.answer_history: Callable[[HistoryRequest], list[BarData]] = lambda request: []

    def connect(self, setting: dict) -> None: ...
    def cancel_order(self, req: CancelRequest) -> None: ...
    def subscribe(self, req: SubscribeRequest) -> None: ...
    def query_account(self) -> None: ...
    def query_position(self) -> None: ...
    def close(self) -> None: ...

    def send_order(self, req: OrderRequest) -> str:
        order = req.create_order_data(str(len(self.orders) + 1), self.gateway_name)
        self.orders.append(order)
        return order.vt_orderid

    def query_history(self, req: HistoryRequest) -> list[BarData]:
        return self.answer_history(req)

    def list_contract(self) -> None:
        self.on_contract(
            ContractData(
                self.gateway_name,
                SYMBOL,
                Exchange.GLOBAL,
                "Bitcoin",
                Product.SPOT,
                size=1,
                pricetick=0.01,
                history_data=True,
                net_position=True,
            )
        )

    def quote(self, price: float, symbol: str = SYMBOL, zone: timezone | None = timezone.utc) -> None:
        self.on_tick(
            TickData(self.gateway_name, symbol, Exchange.GLOBAL, datetime.now(zone), last_price=price)
        )

    def fill(self, order: OrderData) -> None:
        order.status = Status.ALLTRADED
        self.on_order(order)
        self.on_trade(
            TradeData(
                self.gateway_name,
                order.symbol,
                order.exchange,
                order.orderid,
                tradeid=order.orderid,
                direction=order.direction or Direction.LONG,
                price=order.price,
                volume=order.volume,
            )
        )


async def open_venue(desktop: Desktop) -> Venue:
    """Connect the venue as a practice account and choose it in the trading panel."""
    venue = desktop.main_engine.add_gateway(Venue)
    assert isinstance(venue, Venue)
    desktop.main_engine.connect({"Server": "TESTNET"}, "VENUE")
    venue.list_contract()
    await until(lambda: desktop.main_engine.get_contract(VT_SYMBOL))
    panel = desktop.window.trading_panel
    panel.gateway_combo.addItem("VENUE")
    panel.gateway_combo.setCurrentText("VENUE")
    if panel.exchange_combo.findText(Exchange.GLOBAL.value) < 0:
        panel.exchange_combo.addItem(Exchange.GLOBAL.value)
    panel.exchange_combo.setCurrentText(Exchange.GLOBAL.value)
    return venue


async def start_strategy(cta: Any, strategy_class: type, name: str) -> None:
    """Add, initialise and start a strategy of a class, as the CTA window's buttons do."""
    cta.classes[strategy_class.__name__] = strategy_class
    cta.add_strategy(strategy_class.__name__, name, VT_SYMBOL, {})
    await asyncio.wrap_future(cta.init_strategy(name))
    # vnpy leaves its thread to the end of the process
    cta.init_executor.shutdown()
    cta.start_strategy(name)


def hourly_bars(count: int) -> list[BarData]:
    """Bars up to now, in waves that moving averages cross in."""
    last = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    bars = []
    for number in range(count):
        price = 100 + 20 * math.sin(number / 8)
        bars.append(
            BarData(
                "VENUE",
                SYMBOL,
                Exchange.GLOBAL,
                last - timedelta(hours=count - number),
                Interval.HOUR,
                volume=1,
                open_price=price,
                high_price=price + 9,
                low_price=price - 9,
                close_price=price + 1,
            )
        )
    return bars


def table(desktop: Desktop, name: str) -> Monitor:
    """One of the window's tables, by vnpy's class name."""
    monitor = desktop.window.docks[name].widget()
    assert isinstance(monitor, Monitor)
    return monitor


def shown_price(desktop: Desktop, symbol: str = SYMBOL) -> float:
    """The last price that the tick table shows for a symbol; 0 before its first."""
    model = table(desktop, "TickMonitor").model
    fields = [column.field for column in model.columns]
    for row in range(model.rowCount()):
        if model.index(row, fields.index("symbol")).data() == symbol:
            return float(str(model.index(row, fields.index("last_price")).data()).replace(",", ""))
    return 0.0


def notices(desktop: Desktop) -> list[str]:
    """What the user has been told so far, oldest first."""
    return [notice.text for notice in reversed(desktop.notices.all())]
