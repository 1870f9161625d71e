"""Answers to a new order: short, with its state, or with its fills too."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.accounts import NO_TRADE_GROUP
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.order import Conditions, Order
from veighna_ext.exchange.server.trading.order_form import ACK, FULL
from veighna_ext.exchange.server.trading.shapes.common import (
    Shape,
    add_iceberg,
    add_strategy,
    add_terms,
    add_trigger,
    list_id,
)
from veighna_ext.exchange.server.trading.shapes.fills import immediate_fills
from veighna_ext.exchange.server.trading.shapes.texts import ZERO, amount_text

_FULL_BY_DEFAULT = (enums.LIMIT, enums.MARKET)


def placed(order: Order, wanted: str | None, now: int, divisor: int) -> Shape:
    """An order right after it was placed, told as much as its sender wants to know."""
    conditions = order.conditions
    shape: Shape = {
        "symbol": order.desk.market.symbol.name,
        "orderId": order.id,
        "orderListId": -1 if conditions is None else list_id(conditions),
        "clientOrderId": order.client_id,
        "transactTime": now // divisor,
    }
    if wanted is None:
        wanted = FULL if order.type in _FULL_BY_DEFAULT else ACK
    if wanted == ACK:
        return shape
    add_terms(shape, order, conditions)
    if conditions is not None:
        add_trigger(shape, conditions, divisor)
    shape["workingTime"] = order.working_time // divisor
    if conditions is not None:
        add_iceberg(shape, conditions)
        add_strategy(shape, conditions)
    prevented: list[PreventedMatch] = []
    if order.stp:
        prevented = [
            match for match in order.desk.market.prevented_of_order.get(order.id, ()) if match.taker is order
        ]
    if wanted == FULL:
        shape["fills"] = immediate_fills(order.fills) if order.fills else []
        if prevented:
            shape["preventedMatches"] = [_prevented_match(match) for match in prevented]
    shape["selfTradePreventionMode"] = enums.STP_MODES[order.stp]
    if prevented and prevented[0].trade_group != NO_TRADE_GROUP:
        shape["tradeGroupId"] = prevented[0].trade_group
    if conditions is not None:
        _add_end(shape, conditions)
    return shape


def placed_to_wait(order: Order, wanted: str, now: int, divisor: int) -> Shape:
    """An order that waits for another one, as it was before the other one was filled."""
    shape = placed(order, wanted, now, divisor)
    if wanted == ACK:
        return shape
    shape |= {
        "executedQty": ZERO,
        "cummulativeQuoteQty": ZERO,
        "status": enums.STATUSES[enums.PENDING_NEW],
        "workingTime": -1,
    }
    if "trailingTime" in shape:
        shape["trailingTime"] = -1
    if "fills" in shape:
        shape["fills"] = []
    shape.pop("expiryReason", None)
    return shape


def _prevented_match(match: PreventedMatch) -> Shape:
    shape: Shape = {
        "preventedMatchId": match.id,
        "makerOrderId": match.maker.id,
        "price": amount_text(match.price),
    }
    if match.taker_quantity:
        shape["takerPreventedQuantity"] = amount_text(match.taker_quantity)
    if match.maker_quantity:
        shape["makerPreventedQuantity"] = amount_text(match.maker_quantity)
    return shape


def _add_end(shape: Shape, conditions: Conditions) -> None:
    if conditions.prevented:
        shape["preventedQuantity"] = amount_text(conditions.prevented)
    if conditions.expiry_reason:
        shape["expiryReason"] = conditions.expiry_reason
