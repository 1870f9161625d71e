"""The eight tables of the trading window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from vnpy.event import EventEngine
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import (
    EVENT_ACCOUNT,
    EVENT_LOG,
    EVENT_ORDER,
    EVENT_POSITION,
    EVENT_QUOTE,
    EVENT_TICK,
    EVENT_TRADE,
)
from vnpy.trader.object import OrderData, QuoteData
from vnpy.trader.ui import widget as stock

from veighna_ext.core.i18n import _
from veighna_ext.widgets.monitors.columns import Kind
from veighna_ext.widgets.monitors.monitor import Item, Monitor

LOG_LINES = 20_000

Kinds = Mapping[str, tuple[Kind, int]]

_CONTRACT = {"symbol": (Kind.TEXT, 13), "exchange": (Kind.CHOICE, 7), "gateway_name": (Kind.TEXT, 14)}
# what a trader watches has to be seen in a narrow dock; which exchange, gateway and id it was comes behind it
_CONTRACT_LAST = ("exchange", "gateway_name")
_TIME = {"datetime": (Kind.TIME, 12)}


class TickMonitor(Monitor):
    """The latest tick of every subscribed contract."""

    event_type = EVENT_TICK
    data_key = "vt_symbol"
    stock_headers = stock.TickMonitor.headers
    last_columns = ("datetime", "open_price", "high_price", "low_price", *_CONTRACT_LAST)
    kinds: ClassVar[Kinds] = _CONTRACT | _TIME | {
        "name": (Kind.TEXT, 7),
        "last_price": (Kind.LAST_PRICE, 9),
        "volume": (Kind.VOLUME, 9),
        "open_price": (Kind.PRICE, 9),
        "high_price": (Kind.PRICE, 9),
        "low_price": (Kind.PRICE, 9),
        "bid_price_1": (Kind.BID_PRICE, 9),
        "bid_volume_1": (Kind.BID_VOLUME, 7),
        "ask_price_1": (Kind.ASK_PRICE, 9),
        "ask_volume_1": (Kind.ASK_VOLUME, 7),
    }

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_ticks()

    def empty_text(self) -> str:
        return _("No prices yet: connect a gateway and subscribe to a contract")

    def double_click_hint(self) -> str:
        return _("Double-click: fill in the trading panel")


class OrderMonitor(Monitor):
    """Every order of this run."""

    event_type = EVENT_ORDER
    data_key = "vt_orderid"
    stock_headers = stock.OrderMonitor.headers
    last_columns = ("orderid", "reference", "type", *_CONTRACT_LAST)
    kinds: ClassVar[Kinds] = _CONTRACT | _TIME | {
        "orderid": (Kind.IDENTITY, 14),
        "reference": (Kind.TEXT, 6),
        "type": (Kind.CHOICE, 6),
        "direction": (Kind.DIRECTION, 5),
        "offset": (Kind.CHOICE, 5),
        "price": (Kind.PRICE, 9),
        "volume": (Kind.VOLUME, 7),
        "traded": (Kind.VOLUME, 7),
        "status": (Kind.STATUS, 9),
    }

    def __init__(self, main_engine: MainEngine, event_engine: EventEngine) -> None:
        super().__init__(main_engine, event_engine)
        self.itemDoubleClicked.connect(self.cancel_order)

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_orders()

    def empty_text(self) -> str:
        return _("No orders yet")

    def double_click_hint(self) -> str:
        return _("Double-click: cancel the order")

    def row_actions(self) -> list[tuple[str, Callable[[], None]]]:
        order = self.current_data()
        if order is None or not order.is_active():
            return []
        return [(_("Cancel order {id}").format(id=order.orderid), lambda: self.cancel_order(Item(order)))]

    def cancel_order(self, item: Item) -> None:
        """Ask the gateway to cancel; a finished order is left alone."""
        order: OrderData = item.get_data()
        if order.is_active():
            self.main_engine.cancel_order(order.create_cancel_request(), order.gateway_name)


class ActiveOrderMonitor(OrderMonitor):
    """The orders that can still trade."""

    keep = OrderData.is_active

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_active_orders()

    def empty_text(self) -> str:
        return _("No active orders")


class TradeMonitor(Monitor):
    """Every trade of this run."""

    event_type = EVENT_TRADE
    stock_headers = stock.TradeMonitor.headers
    last_columns = ("tradeid", "orderid", *_CONTRACT_LAST)
    kinds: ClassVar[Kinds] = _CONTRACT | _TIME | {
        "tradeid": (Kind.IDENTITY, 14),
        "orderid": (Kind.IDENTITY, 14),
        "direction": (Kind.DIRECTION, 5),
        "offset": (Kind.CHOICE, 5),
        "price": (Kind.PRICE, 9),
        "volume": (Kind.VOLUME, 8),
    }

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_trades()

    def empty_text(self) -> str:
        return _("No trades yet")


class PositionMonitor(Monitor):
    """What is held of every contract."""

    event_type = EVENT_POSITION
    data_key = "vt_positionid"
    stock_headers = stock.PositionMonitor.headers
    last_columns = ("yd_volume", *_CONTRACT_LAST)
    kinds: ClassVar[Kinds] = _CONTRACT | {
        "direction": (Kind.DIRECTION, 5),
        "volume": (Kind.VOLUME, 10),
        "yd_volume": (Kind.VOLUME, 8),
        "frozen": (Kind.VOLUME, 8),
        "price": (Kind.AVERAGE_PRICE, 11),
        "pnl": (Kind.PROFIT, 10),
    }

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_positions()

    def empty_text(self) -> str:
        return _("No positions")

    def double_click_hint(self) -> str:
        return _("Double-click: fill in the trading panel to close the position")


class AccountMonitor(Monitor):
    """The money in every account."""

    event_type = EVENT_ACCOUNT
    data_key = "vt_accountid"
    stock_headers = stock.AccountMonitor.headers
    kinds: ClassVar[Kinds] = {
        "accountid": (Kind.TEXT, 12),
        "balance": (Kind.MONEY, 13),
        "frozen": (Kind.MONEY, 12),
        "available": (Kind.MONEY, 13),
        "gateway_name": (Kind.TEXT, 14),
    }

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_accounts()

    def empty_text(self) -> str:
        return _("No accounts: connect a gateway")


class QuoteMonitor(Monitor):
    """Every two-sided quote of this run."""

    event_type = EVENT_QUOTE
    data_key = "vt_quoteid"
    stock_headers = stock.QuoteMonitor.headers
    last_columns = ("quoteid", "reference", "bid_offset", "ask_offset", *_CONTRACT_LAST)
    kinds: ClassVar[Kinds] = _CONTRACT | _TIME | {
        "quoteid": (Kind.IDENTITY, 14),
        "reference": (Kind.TEXT, 6),
        "bid_offset": (Kind.CHOICE, 6),
        "bid_volume": (Kind.BID_VOLUME, 7),
        "bid_price": (Kind.BID_PRICE, 9),
        "ask_price": (Kind.ASK_PRICE, 9),
        "ask_volume": (Kind.ASK_VOLUME, 7),
        "ask_offset": (Kind.CHOICE, 6),
        "status": (Kind.STATUS, 9),
    }

    def __init__(self, main_engine: MainEngine, event_engine: EventEngine) -> None:
        super().__init__(main_engine, event_engine)
        self.itemDoubleClicked.connect(self.cancel_quote)

    def known_data(self) -> list[Any]:
        return self.main_engine.get_all_quotes()

    def empty_text(self) -> str:
        return _("No quotes yet")

    def double_click_hint(self) -> str:
        return _("Double-click: cancel the quote")

    def cancel_quote(self, item: Item) -> None:
        """Ask the gateway to cancel; a finished quote is left alone."""
        quote: QuoteData = item.get_data()
        if quote.is_active():
            self.main_engine.cancel_quote(quote.create_cancel_request(), quote.gateway_name)


class LogMonitor(Monitor):
    """The latest lines of the log; the file has them all."""

    event_type = EVENT_LOG
    stock_headers = stock.LogMonitor.headers
    limit = LOG_LINES
    wide_column = "msg"
    can_clear = True
    kinds: ClassVar[Kinds] = {
        "time": (Kind.TIME, 12),
        "msg": (Kind.MESSAGE, 60),
        "gateway_name": (Kind.TEXT, 14),
    }

    def empty_text(self) -> str:
        return _("Nothing logged yet")
