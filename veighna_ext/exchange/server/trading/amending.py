"""Orders made smaller where they stand, and how they were."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import queries
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, amount, mandatory, optional, whole
from veighna_ext.exchange.server.trading.cancelling import CANCEL_ID, ORDER_ID, ORIGINAL_ID, named_order
from veighna_ext.exchange.server.trading.client_ids import new_client_id
from veighna_ext.exchange.server.trading.order_form import SYMBOL
from veighna_ext.exchange.server.trading.paging import LIMIT
from veighna_ext.exchange.server.trading.shapes.amended import amended, amendment_made


def _amend(call: Call) -> Any:
    values = call.values
    order_id, original_id = named_order(call, "origClientOrderId", "orderId")
    if not values["newQty"]:
        raise Refused(-1013, "Invalid quantity.")
    amendment: Amendment = call.submit(
        c.AmendOrder(
            call.now,
            call.account.id,
            values["symbol"],
            values["newQty"],
            order_id,
            original_id,
            values["newClientOrderId"] or new_client_id(),
        )
    )
    return amended(amendment, call.caller.time_divisor)


def _amendments(call: Call) -> Any:
    values = call.values
    made = queries.amendments(
        call.live.venue, call.desk(), values["orderId"], values["limit"], values["fromExecutionId"]
    )
    return [amendment_made(each, call.caller.time_divisor) for each in made]


OPERATIONS = (
    Operation(
        _amend,
        "order.amend.keepPriority",
        "PUT",
        "/api/v3/order/amend/keepPriority",
        Parameters(SYMBOL, mandatory("newQty", amount), ORDER_ID, ORIGINAL_ID, CANCEL_ID),
        weight=4,
        is_signed=True,
        trades=True,
    ),
    Operation(
        _amendments,
        "order.amendments",
        "GET",
        "/api/v3/order/amendments",
        Parameters(SYMBOL, mandatory("orderId", whole), optional("fromExecutionId", whole, default=0), LIMIT),
        weight=4,
        is_signed=True,
    ),
)
