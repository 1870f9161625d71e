"""An order that was cancelled, as its sender is told."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.server.trading.shapes.common import (
    Shape,
    add_iceberg,
    add_strategy,
    add_terms,
    add_trigger,
    list_id,
)
from veighna_ext.exchange.server.trading.shapes.texts import amount_text


def cancelled(order: Order, cancel_id: str, divisor: int) -> Shape:
    """The report of one cancel; the cancel has an id of its own."""
    conditions = order.conditions
    shape: Shape = {
        "symbol": order.desk.market.symbol.name,
        "origClientOrderId": order.client_id,
        "orderId": order.id,
        "orderListId": list_id(conditions),
        "clientOrderId": cancel_id,
        "transactTime": order.updated // divisor,
    }
    add_terms(shape, order, conditions)
    if conditions is not None:
        add_trigger(shape, conditions, divisor)
        add_iceberg(shape, conditions)
        add_strategy(shape, conditions)
    shape["selfTradePreventionMode"] = enums.STP_MODES[order.stp]
    if conditions is not None and conditions.prevented:
        shape["preventedQuantity"] = amount_text(conditions.prevented)
    return shape
