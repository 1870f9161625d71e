"""Order lists asked for: one, the open ones, all of them."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import queries
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, optional, whole
from veighna_ext.exchange.server.trading.cancelling import ORIGINAL_ID, named_order
from veighna_ext.exchange.server.trading.paging import END, LIMIT, START, period
from veighna_ext.exchange.server.trading.shapes.order_lists import listed


def _one(call: Call) -> Any:
    list_id, client_id = named_order(call, "origClientOrderId", "orderListId")
    # where both were sent the sender's own id decides
    found = queries.order_list(call.account, None if client_id else list_id, client_id)
    return listed(found, call.caller.time_divisor)


def _open(call: Call) -> Any:
    return [listed(each, call.caller.time_divisor) for each in queries.open_order_lists(call.account)]


def _all(call: Call) -> Any:
    values = call.values
    start, end = period(values)
    from_id = values["fromId"] if start is None and end is None else None
    found = queries.order_lists(call.account, values["limit"], from_id, start, end)
    return [listed(each, call.caller.time_divisor) for each in found]


OPERATIONS = (
    Operation(
        _one,
        "orderList.status",
        "GET",
        "/api/v3/orderList",
        Parameters(optional("orderListId", whole), ORIGINAL_ID),
        weight=4,
        is_signed=True,
    ),
    Operation(_open, "openOrderLists.status", "GET", "/api/v3/openOrderList", weight=6, is_signed=True),
    Operation(
        _all,
        "allOrderLists",
        "GET",
        "/api/v3/allOrderList",
        Parameters(optional("fromId", whole), START, END, LIMIT),
        weight=20,
        is_signed=True,
    ),
)
