"""Orders asked for: one, the open ones, all of them."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import queries
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, Values, optional, symbol
from veighna_ext.exchange.server.trading.cancelling import ORDER_ID, ORIGINAL_ID, named_order
from veighna_ext.exchange.server.trading.order_form import SYMBOL
from veighna_ext.exchange.server.trading.paging import END, LIMIT, START, period
from veighna_ext.exchange.server.trading.shapes.queried import queried


def _one(call: Call) -> Any:
    order_id, client_id = named_order(call, "origClientOrderId", "orderId")
    order = queries.order(call.desk(), None if order_id < 0 else order_id, client_id)
    return queried(order, call.caller.time_divisor)


def _open(call: Call) -> Any:
    asked = call.values["symbol"]
    if asked is not None:
        call.market()
    return [
        queried(order, call.caller.time_divisor) for order in queries.open_orders(call.account, asked or "")
    ]


def _weight_of_open(values: Values) -> int:
    return 80 if values["symbol"] is None else 6


def _all(call: Call) -> Any:
    values = call.values
    start, end = period(values)
    from_id = values["orderId"] if start is None and end is None else None
    found = queries.orders(call.desk(), values["limit"], from_id, start, end)
    return [queried(order, call.caller.time_divisor) for order in found]


OPERATIONS = (
    Operation(
        _one,
        "order.status",
        "GET",
        "/api/v3/order",
        Parameters(SYMBOL, ORDER_ID, ORIGINAL_ID),
        weight=4,
        is_signed=True,
    ),
    Operation(
        _open,
        "openOrders.status",
        "GET",
        "/api/v3/openOrders",
        Parameters(optional("symbol", symbol)),
        weight=_weight_of_open,
        is_signed=True,
    ),
    Operation(
        _all,
        "allOrders",
        "GET",
        "/api/v3/allOrders",
        Parameters(SYMBOL, ORDER_ID, START, END, LIMIT),
        weight=20,
        is_signed=True,
    ),
)
