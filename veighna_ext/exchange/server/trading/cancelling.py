"""Cancels: of one order, of all on a symbol, of an order list."""

from __future__ import annotations

from typing import Any, TypeAlias

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, choice, client_id, optional, whole
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.trading.client_ids import new_client_id
from veighna_ext.exchange.server.trading.order_form import SYMBOL
from veighna_ext.exchange.server.trading.shapes.cancelled import cancelled
from veighna_ext.exchange.server.trading.shapes.common import Shape
from veighna_ext.exchange.server.trading.shapes.order_lists import cancelled_list

Ended: TypeAlias = Order | OrderList

RESTRICTIONS = optional(
    "cancelRestrictions",
    choice(
        {"ONLY_NEW": enums.NEW, "ONLY_PARTIALLY_FILLED": enums.PARTIALLY_FILLED},
        Refusal(-1145, "Invalid cancelRestrictions"),
    ),
    default=-1,
)
ORDER_ID = optional("orderId", whole)
ORIGINAL_ID = optional("origClientOrderId", client_id)


def named_order(call: Call, client_id_name: str, order_id_name: str) -> tuple[int, str]:
    """Which order or list is meant, by its id or its sender's; -1 and an empty text stand for not sent."""
    order_id, sent_client_id = call.values[order_id_name], call.values[client_id_name]
    if order_id is None and sent_client_id is None:
        raise refusals.neither(client_id_name, order_id_name)
    return -1 if order_id is None else order_id, sent_client_id or ""


def _cancel(call: Call) -> Any:
    values = call.values
    order_id, original_id = named_order(call, "origClientOrderId", "orderId")
    cancel_id = values["newClientOrderId"] or new_client_id()
    ended: Ended = call.submit(
        c.CancelOrder(
            call.now,
            call.account.id,
            values["symbol"],
            order_id,
            original_id,
            cancel_id,
            values["cancelRestrictions"],
        )
    )
    if isinstance(ended, OrderList):
        return cancelled_list(ended, cancel_id, call.now, call.caller.time_divisor)
    return cancelled(ended, cancel_id, call.caller.time_divisor)


def _cancel_all(call: Call) -> Any:
    cancel_id = new_client_id()
    ended: list[Order] = call.submit(c.CancelAll(call.now, call.account.id, call.values["symbol"], cancel_id))
    divisor = call.caller.time_divisor
    shapes: list[Shape] = []
    told: set[int] = set()
    for order in sorted(ended, key=_id):
        order_list = order.conditions.order_list if order.conditions else None
        if order_list is None:
            shapes.append(cancelled(order, cancel_id, divisor))
        elif order_list.id not in told:
            told.add(order_list.id)
            shapes.append(cancelled_list(order_list, cancel_id, call.now, divisor))
    return shapes


def _id(order: Order) -> int:
    return order.id


def _cancel_list(call: Call) -> Any:
    values = call.values
    list_id, list_client_id = named_order(call, "listClientOrderId", "orderListId")
    cancel_id = values["newClientOrderId"] or new_client_id()
    order_list: OrderList = call.submit(
        c.CancelList(call.now, call.account.id, values["symbol"], list_id, list_client_id, cancel_id)
    )
    return cancelled_list(order_list, cancel_id, call.now, call.caller.time_divisor)


CANCEL_ID = optional("newClientOrderId", client_id)

OPERATIONS = (
    Operation(
        _cancel,
        "order.cancel",
        "DELETE",
        "/api/v3/order",
        Parameters(SYMBOL, ORDER_ID, ORIGINAL_ID, CANCEL_ID, RESTRICTIONS),
        is_signed=True,
        trades=True,
        is_free=True,
    ),
    Operation(
        _cancel_all,
        "openOrders.cancelAll",
        "DELETE",
        "/api/v3/openOrders",
        Parameters(SYMBOL),
        is_signed=True,
        trades=True,
        is_free=True,
    ),
    Operation(
        _cancel_list,
        "orderList.cancel",
        "DELETE",
        "/api/v3/orderList",
        Parameters(
            SYMBOL,
            optional("orderListId", whole),
            optional("listClientOrderId", client_id),
            CANCEL_ID,
        ),
        is_signed=True,
        trades=True,
        is_free=True,
    ),
)
