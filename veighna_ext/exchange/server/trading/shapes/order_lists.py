"""Order lists: as they are placed, cancelled and asked for."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order_lists import EXECUTING, OrderList
from veighna_ext.exchange.server.trading.shapes.cancelled import cancelled
from veighna_ext.exchange.server.trading.shapes.common import Shape
from veighna_ext.exchange.server.trading.shapes.placed import placed, placed_to_wait

STARTED, DONE = "EXEC_STARTED", "ALL_DONE"


def members(order_list: OrderList) -> list[Shape]:
    """The orders of a list by their ids."""
    symbol = order_list.symbol
    return [
        {"symbol": symbol, "orderId": order.id, "clientOrderId": order.client_id}
        for order in order_list.orders
    ]


def listed(order_list: OrderList, divisor: int) -> Shape:
    """An order list as those see it who ask for it."""
    return _shape(order_list, order_list.status, order_list.time // divisor)


def _shape(order_list: OrderList, status: str, time: int) -> Shape:
    return {
        "orderListId": order_list.id,
        "contingencyType": order_list.contingency,
        "listStatusType": STARTED if status == EXECUTING else DONE,
        "listOrderStatus": status,
        "listClientOrderId": order_list.client_id,
        "transactionTime": time,
        "symbol": order_list.symbol,
        "orders": members(order_list),
    }


def placed_list(order_list: OrderList, wanted: str, now: int, divisor: int) -> Shape:
    """
    A list right after it was placed.

    Where the working order was filled at once, what it sets off is not told yet.
    """
    working = order_list.working
    sets_off = working is not None and working.status == enums.FILLED
    shape = _shape(order_list, EXECUTING if sets_off else order_list.status, now // divisor)
    shape["orderReports"] = [
        (placed_to_wait if sets_off and order is not working else placed)(order, wanted, now, divisor)
        for order in order_list.orders
    ]
    return shape


def cancelled_list(order_list: OrderList, cancel_id: str, now: int, divisor: int) -> Shape:
    """A list that was cancelled, with a report of each order that this ended."""
    shape = _shape(order_list, order_list.status, now // divisor)
    shape["orderReports"] = [
        cancelled(order, cancel_id, divisor) for order in order_list.orders if order.status == enums.CANCELED
    ]
    return shape
