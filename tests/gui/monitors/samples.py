"""Ticks, orders and the rest as a gateway would send them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from pytestqt.qtbot import QtBot
from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Exchange, Offset, OrderType, Product, Status
from vnpy.trader.event import EVENT_CONTRACT
from vnpy.trader.object import (
    AccountData,
    ContractData,
    LogData,
    OrderData,
    PositionData,
    QuoteData,
    TickData,
    TradeData,
)

from veighna_ext.widgets.monitors.monitor import Monitor

START = datetime(2026, 1, 5, 1, 30, tzinfo=timezone.utc)


def tick(symbol: str = "600519", price: float = 10.0, **more: Any) -> TickData:
    return TickData("MOCK", symbol, Exchange.SSE, START, last_price=price, **more)


def order(
    number: int, status: Status = Status.NOTTRADED, price: float = 10.0, symbol: str = "600519"
) -> OrderData:
    return OrderData(
        "MOCK", symbol, Exchange.SSE, f"o{number}", OrderType.LIMIT, Direction.LONG, Offset.OPEN, price, 100,
        0, status, START + timedelta(seconds=number),
    )


def trade(number: int) -> TradeData:
    return TradeData(
        "MOCK", "600519", Exchange.SSE, f"o{number}", f"t{number}", Direction.SHORT, Offset.CLOSE, 10, 100,
        START,
    )


def position(symbol: str = "600519", pnl: float = 1.0) -> PositionData:
    return PositionData("MOCK", symbol, Exchange.SSE, Direction.LONG, 200, 0, 10, pnl)


def account(name: str = "CNY") -> AccountData:
    return AccountData("MOCK", name, 100000, 10)


def quote(number: int, status: Status = Status.NOTTRADED) -> QuoteData:
    return QuoteData("MOCK", "rb2610", Exchange.SHFE, f"q{number}", 3300, 5, 3301, 6, status=status)


def log(message: str, level: int = 20) -> LogData:
    return LogData("MOCK", message, level)


def contract(symbol: str, pricetick: float) -> Event:
    data = ContractData("MOCK", symbol, Exchange.SSE, symbol, Product.EQUITY, 1, pricetick)
    return Event(EVENT_CONTRACT, data)


def send(engine: EventEngine, monitor: Monitor, *objects: Any) -> None:
    """What a gateway's `on_…` does."""
    for data in objects:
        engine.put(Event(monitor.event_type, data))


def cells(monitor: Monitor, field: str) -> list[str]:
    """One column as shown, from the top."""
    column = column_of(monitor, field)
    return [monitor.model.index(row, column).data() for row in range(monitor.model.rowCount())]


def column_of(monitor: Monitor, field: str) -> int:
    return [column.field for column in monitor.model.columns].index(field)


def wait_rows(qtbot: QtBot, monitor: Monitor, count: int) -> None:
    qtbot.waitUntil(lambda: monitor.model.rowCount() == count)
