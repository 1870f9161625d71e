"""New orders, and orders that are only tested."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.placing import check
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, Values, amount, flag, mandatory, optional, side
from veighna_ext.exchange.server.trading.order_form import RESPONSE_TYPE, STP_MODE, SYMBOL, OrderForm
from veighna_ext.exchange.server.trading.shapes.commissions import order_commissions
from veighna_ext.exchange.server.trading.shapes.placed import placed

ORDER = OrderForm()
ORDER_PARAMETERS = (
    SYMBOL,
    mandatory("side", side),
    *ORDER.own(),
    optional("quantity", amount),
    optional("quoteOrderQty", amount),
    STP_MODE,
    RESPONSE_TYPE,
)
COMPUTES_COMMISSIONS = optional("computeCommissionRates", flag, default=False)


def _place(call: Call) -> Any:
    values, caller = call.values, call.caller
    spec = ORDER.read(values)
    order: Order = call.submit(c.PlaceOrder(call.now, call.account.id, values["symbol"], spec))
    return placed(order, values["newOrderRespType"], call.now, caller.time_divisor)


def _test(call: Call) -> Any:
    """The same checks as for an order that is meant, without those of the matching engine."""
    spec = ORDER.read(call.values)
    # nothing is placed: what is open under the same id is in nobody's way
    spec.client_id = ""
    desk = call.desk()
    check(desk.market, desk, spec, call.live.venue.limits, call.now)
    return order_commissions(desk) if call.values["computeCommissionRates"] else {}


def weight_of_test(values: Values) -> int:
    """Commissions have to be looked up."""
    return 20 if values["computeCommissionRates"] else 1


OPERATIONS = (
    Operation(
        _place,
        "order.place",
        "POST",
        "/api/v3/order",
        Parameters(*ORDER_PARAMETERS),
        is_signed=True,
        trades=True,
        orders=1,
        is_free=True,
    ),
    Operation(
        _test,
        "order.test",
        "POST",
        "/api/v3/order/test",
        Parameters(*ORDER_PARAMETERS, COMPUTES_COMMISSIONS),
        weight=weight_of_test,
        is_signed=True,
        trades=True,
    ),
)
