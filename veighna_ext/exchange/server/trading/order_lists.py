"""New order lists: pairs of which one order ends the other, and orders that wait for another one."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import (
    Parameter,
    Parameters,
    Values,
    client_id,
    mandatory,
    optional,
    side,
)
from veighna_ext.exchange.server.trading import refusing
from veighna_ext.exchange.server.trading.client_ids import new_client_id
from veighna_ext.exchange.server.trading.order_form import (
    RESPONSE_TYPE,
    RESULT,
    STP_MODE,
    SYMBOL,
    OrderForm,
)
from veighna_ext.exchange.server.trading.shapes.order_lists import placed_list

LIST_PARAMETERS = (SYMBOL, optional("listClientOrderId", client_id), RESPONSE_TYPE, STP_MODE)

_WORKING = OrderForm("working")
_PENDING = OrderForm("pending")
_OCO = OrderForm("above", shared=""), OrderForm("below", shared="")
_PENDING_PAIR = OrderForm("pendingAbove", shared="pending"), OrderForm("pendingBelow", shared="pending")


def place_list(call: Call, kind: int, orders: list[OrderSpec]) -> Any:
    """Have the venue take a list, and tell what it made of it."""
    values = call.values
    command = c.PlaceList(
        call.now,
        call.account.id,
        values["symbol"],
        kind,
        orders,
        values["listClientOrderId"] or new_client_id(),
    )
    order_list: OrderList = call.submit(command)
    wanted = values["newOrderRespType"] or RESULT
    return placed_list(order_list, wanted, call.now, call.caller.time_divisor)


def _pair(values: Values, forms: tuple[OrderForm, OrderForm]) -> list[OrderSpec]:
    return [_leg(values, form) for form in forms]


def _leg(values: Values, form: OrderForm) -> OrderSpec:
    spec = form.read(values)
    if spec.iceberg and spec.tif != enums.GTC:
        raise refusing.iceberg_not_resting(form.iceberg, form.tif)
    return spec


def _oco(call: Call) -> Any:
    return place_list(call, enums.OCO, _pair(call.values, _OCO))


def _oto(call: Call) -> Any:
    values = call.values
    return place_list(call, enums.OTO, [_WORKING.read(values), _PENDING.read(values)])


def _otoco(call: Call) -> Any:
    values = call.values
    return place_list(call, enums.OTOCO, [_WORKING.read(values), *_pair(values, _PENDING_PAIR)])


def _opo(call: Call) -> Any:
    """The working order is checked as in every list; that it pays for the others no symbol allows."""
    _WORKING.read(call.values)
    call.market()
    raise refusing.no_opo()


def _own(*forms: OrderForm) -> tuple[Parameter, ...]:
    return tuple(parameter for form in forms for parameter in form.own())


def _operation(run: Any, kind: str, orders: int, *parameters: Parameter) -> Operation:
    return Operation(
        run,
        f"orderList.place.{kind}",
        "POST",
        f"/api/v3/orderList/{kind}",
        Parameters(*LIST_PARAMETERS, *parameters),
        is_signed=True,
        trades=True,
        orders=orders,
        is_free=True,
    )


_FIRST = _WORKING.working()
_SELLING = mandatory("pendingSide", side)

OPERATIONS = (
    _operation(_oco, "oco", 2, *_OCO[0].common(), *_own(*_OCO)),
    _operation(_oto, "oto", 2, *_FIRST, *_PENDING.common(), *_PENDING.own()),
    _operation(_otoco, "otoco", 3, *_FIRST, *_PENDING_PAIR[0].common(), *_own(*_PENDING_PAIR)),
    _operation(_opo, "opo", 2, *_FIRST, _SELLING, *_PENDING.own()),
    _operation(_opo, "opoco", 3, *_FIRST, _SELLING, *_own(*_PENDING_PAIR)),
)
