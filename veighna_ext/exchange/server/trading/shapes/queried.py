"""An order as those see it who ask for it later."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.server.trading.shapes.common import Shape, add_strategy, add_trailing, list_id
from veighna_ext.exchange.server.trading.shapes.texts import ZERO, amount_text


def queried(order: Order, divisor: int) -> Shape:
    """The whole state of an order."""
    conditions = order.conditions
    shape: Shape = {
        "symbol": order.desk.market.symbol.name,
        "orderId": order.id,
        "orderListId": list_id(conditions),
        "clientOrderId": order.client_id,
        "price": amount_text(order.price),
        "origQty": amount_text(order.quantity),
        "executedQty": amount_text(order.executed),
        "cummulativeQuoteQty": amount_text(order.spent),
        "status": enums.STATUSES[order.status],
        "timeInForce": enums.TIMES_IN_FORCE[order.tif],
        "type": enums.ORDER_TYPES[order.type],
        "side": enums.SIDES[order.side],
        "stopPrice": ZERO if conditions is None else amount_text(conditions.stop_price),
    }
    if conditions is not None:
        add_trailing(shape, conditions, divisor)
    shape["icebergQty"] = ZERO if conditions is None else amount_text(conditions.iceberg)
    shape["time"] = order.time // divisor
    shape["updateTime"] = order.updated // divisor
    shape["isWorking"] = order.is_working
    shape["workingTime"] = order.working_time // divisor
    shape["origQuoteOrderQty"] = ZERO if conditions is None else amount_text(conditions.quote_quantity)
    if conditions is not None:
        add_strategy(shape, conditions)
    shape["selfTradePreventionMode"] = enums.STP_MODES[order.stp]
    if conditions is not None:
        if conditions.prevented_match_id >= 0:
            shape["preventedMatchId"] = conditions.prevented_match_id
            shape["preventedQuantity"] = amount_text(conditions.prevented)
        if conditions.expiry_reason:
            shape["expiryReason"] = conditions.expiry_reason
    return shape
