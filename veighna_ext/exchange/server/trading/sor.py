"""Orders routed to several books: their parameters are checked, but no symbol here has such routing."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import enums
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import (
    Parameters,
    amount,
    choice,
    client_id,
    mandatory,
    optional,
    side,
    time_in_force,
    whole,
)
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.trading import refusing
from veighna_ext.exchange.server.trading.order_form import (
    RESPONSE_TYPE,
    STP_MODE,
    SYMBOL,
    strategy_type,
)
from veighna_ext.exchange.server.trading.placing import COMPUTES_COMMISSIONS, ORDER, weight_of_test

_sor_type = choice({"LIMIT": enums.LIMIT, "MARKET": enums.MARKET}, Refusal(-1116, "Invalid orderType."))
_PARAMETERS = (
    SYMBOL,
    mandatory("side", side),
    mandatory("type", _sor_type),
    optional("timeInForce", time_in_force),
    mandatory("quantity", amount),
    optional("price", amount),
    optional("newClientOrderId", client_id),
    optional("strategyId", whole),
    optional("strategyType", strategy_type),
    optional("icebergQty", amount),
    RESPONSE_TYPE,
    STP_MODE,
)


def _refuse(call: Call) -> Any:
    ORDER.read(call.values)
    call.market()
    raise refusing.no_sor()


OPERATIONS = (
    Operation(
        _refuse,
        "sor.order.place",
        "POST",
        "/api/v3/sor/order",
        Parameters(*_PARAMETERS),
        is_signed=True,
        trades=True,
        orders=1,
        is_free=True,
    ),
    Operation(
        _refuse,
        "sor.order.test",
        "POST",
        "/api/v3/sor/order/test",
        Parameters(*_PARAMETERS, COMPUTES_COMMISSIONS),
        weight=weight_of_test,
        is_signed=True,
        trades=True,
    ),
)
