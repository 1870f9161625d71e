"""Which tables the main window has, and the two arrangements it starts with."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget
from vnpy.trader.ui import widget as stock

from veighna_ext.widgets import monitors
from veighna_ext.window.trading_panel import TradingPanel

OURS: Mapping[type[QWidget], type[QWidget]] = {
    stock.TradingWidget: TradingPanel,
    stock.TickMonitor: monitors.TickMonitor,
    stock.OrderMonitor: monitors.OrderMonitor,
    stock.ActiveOrderMonitor: monitors.ActiveOrderMonitor,
    stock.TradeMonitor: monitors.TradeMonitor,
    stock.LogMonitor: monitors.LogMonitor,
    stock.AccountMonitor: monitors.AccountMonitor,
    stock.PositionMonitor: monitors.PositionMonitor,
    stock.QuoteMonitor: monitors.QuoteMonitor,
}

ROOMY = QSize(1500, 850)

Docks = Mapping[str, QDockWidget]


def arrange(window: QMainWindow, docks: Docks, screen: QSize) -> None:
    """Prices on top, tabs below; on a large screen orders, holdings and log get rows of their own."""
    # all out first: one above the other, on their way to the tabs, they would make the window too high
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    orders = [docks[name] for name in ("ActiveOrderMonitor", "OrderMonitor", "TradeMonitor", "QuoteMonitor")]
    holdings = [docks["PositionMonitor"], docks["AccountMonitor"]]
    log, ticks = docks["LogMonitor"], docks["TickMonitor"]
    roomy = screen.width() >= ROOMY.width() and screen.height() >= ROOMY.height()

    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["TradingWidget"])
    window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, ticks)
    window.splitDockWidget(ticks, orders[0], Qt.Orientation.Vertical)
    if roomy:
        window.splitDockWidget(orders[0], holdings[0], Qt.Orientation.Vertical)
        window.splitDockWidget(holdings[0], log, Qt.Orientation.Horizontal)
    stacks = [orders, holdings] if roomy else [[*orders[:3], *holdings, log, orders[3]]]
    for stack in stacks:
        for dock in stack[1:]:
            window.tabifyDockWidget(stack[0], dock)
    for dock in docks.values():
        dock.show()
    for stack in stacks:
        stack[0].raise_()
    if roomy:
        window.resizeDocks([ticks, orders[0], holdings[0]], [46, 30, 24], Qt.Orientation.Vertical)
        window.resizeDocks([holdings[0], log], [50, 50], Qt.Orientation.Horizontal)
    else:
        window.resizeDocks([ticks, orders[0]], [50, 50], Qt.Orientation.Vertical)
