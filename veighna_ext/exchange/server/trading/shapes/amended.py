"""Orders made smaller: the answer, and the history."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.server.trading.shapes.common import (
    Shape,
    add_iceberg,
    add_strategy,
    add_trigger,
    list_id,
)
from veighna_ext.exchange.server.trading.shapes.order_lists import members
from veighna_ext.exchange.server.trading.shapes.texts import ZERO, amount_text


def amended(amendment: Amendment, divisor: int) -> Shape:
    """What an amendment has made of its order, and of its list."""
    order = amendment.order
    shape: Shape = {
        "transactTime": amendment.time // divisor,
        "executionId": amendment.execution_id,
        "amendedOrder": _order(order, amendment.old_client_id, divisor),
    }
    order_list = order.conditions.order_list if order.conditions else None
    if order_list is not None:
        shape["listStatus"] = _list(order_list)
    return shape


def _order(order: Order, old_client_id: str, divisor: int) -> Shape:
    conditions = order.conditions
    shape: Shape = {
        "symbol": order.desk.market.symbol.name,
        "orderId": order.id,
        "orderListId": list_id(conditions),
        "origClientOrderId": old_client_id,
        "clientOrderId": order.client_id,
        "price": amount_text(order.price),
        "qty": amount_text(order.quantity),
        "executedQty": amount_text(order.executed),
        "preventedQty": amount_text(conditions.prevented) if conditions else ZERO,
        "quoteOrderQty": ZERO,
        "cumulativeQuoteQty": amount_text(order.spent),
        "status": enums.STATUSES[order.status],
        "timeInForce": enums.TIMES_IN_FORCE[order.tif],
        "type": enums.ORDER_TYPES[order.type],
        "side": enums.SIDES[order.side],
    }
    if conditions is not None:
        add_trigger(shape, conditions, divisor)
        add_iceberg(shape, conditions)
    if order.is_working:
        shape["workingTime"] = order.working_time // divisor
    if conditions is not None:
        add_strategy(shape, conditions)
    shape["selfTradePreventionMode"] = enums.STP_MODES[order.stp]
    return shape


def _list(order_list: OrderList) -> Shape:
    return {
        "orderListId": order_list.id,
        "contingencyType": order_list.contingency,
        "listOrderStatus": order_list.status,
        "listClientOrderId": order_list.client_id,
        "symbol": order_list.symbol,
        "orders": members(order_list),
    }


def amendment_made(amendment: Amendment, divisor: int) -> Shape:
    """One line of an order's history."""
    order = amendment.order
    return {
        "symbol": order.desk.market.symbol.name,
        "orderId": order.id,
        "executionId": amendment.execution_id,
        "origClientOrderId": amendment.old_client_id,
        "newClientOrderId": amendment.new_client_id,
        "origQty": amount_text(amendment.old_quantity),
        "newQty": amount_text(amendment.new_quantity),
        "time": amendment.time // divisor,
    }
