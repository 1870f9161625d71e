"""What the answers about one order have in common."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order import Conditions, Order
from veighna_ext.exchange.server.trading.shapes.texts import ZERO, amount_text

Shape = dict[str, Any]


def list_id(conditions: Conditions | None) -> int:
    """The list an order belongs to, or -1."""
    if conditions is None or conditions.order_list is None:
        return -1
    return conditions.order_list.id


def add_terms(shape: Shape, order: Order, conditions: Conditions | None) -> None:
    """What was ordered, and what has become of it."""
    executed = order.executed
    shape["price"] = amount_text(order.price)
    shape["origQty"] = amount_text(order.quantity)
    shape["executedQty"] = amount_text(executed) if executed else ZERO
    shape["origQuoteOrderQty"] = ZERO if conditions is None else amount_text(conditions.quote_quantity)
    shape["cummulativeQuoteQty"] = amount_text(order.spent) if executed else ZERO
    shape["status"] = enums.STATUSES[order.status]
    shape["timeInForce"] = enums.TIMES_IN_FORCE[order.tif]
    shape["type"] = enums.ORDER_TYPES[order.type]
    shape["side"] = enums.SIDES[order.side]


def add_trigger(shape: Shape, conditions: Conditions, divisor: int) -> None:
    """What the order waits for, or waited for; nothing for one that did not."""
    if conditions.stop_price:
        shape["stopPrice"] = amount_text(conditions.stop_price)
    add_trailing(shape, conditions, divisor)


def add_trailing(shape: Shape, conditions: Conditions, divisor: int) -> None:
    """How far the order trails the market, and since when."""
    if conditions.trailing_delta:
        shape["trailingDelta"] = conditions.trailing_delta
        shape["trailingTime"] = conditions.trailing_time // divisor


def add_iceberg(shape: Shape, conditions: Conditions) -> None:
    """How much of the order the market sees, where that is not all."""
    if conditions.iceberg:
        shape["icebergQty"] = amount_text(conditions.iceberg)


def add_strategy(shape: Shape, conditions: Conditions) -> None:
    """The sender's own marks."""
    if conditions.strategy_id is not None:
        shape["strategyId"] = conditions.strategy_id
    if conditions.strategy_type is not None:
        shape["strategyType"] = conditions.strategy_type
