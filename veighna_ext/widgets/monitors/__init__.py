"""The trading window's tables: vnpy's monitors as tables that stay quick at any size and pace."""

from veighna_ext.widgets.monitors.tables import (
    AccountMonitor,
    ActiveOrderMonitor,
    LogMonitor,
    OrderMonitor,
    PositionMonitor,
    QuoteMonitor,
    TickMonitor,
    TradeMonitor,
)

__all__ = [
    "AccountMonitor",
    "ActiveOrderMonitor",
    "LogMonitor",
    "OrderMonitor",
    "PositionMonitor",
    "QuoteMonitor",
    "TickMonitor",
    "TradeMonitor",
]
