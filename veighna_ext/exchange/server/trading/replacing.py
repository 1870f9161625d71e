"""Cancel-replace: one order ends, another one comes, and either may fail without the other."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.engine.trading import Replacement, ReplaceRefused
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.limits.refusing import OverLimit
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, choice, client_id, mandatory, optional, whole
from veighna_ext.exchange.server.trading import refusing
from veighna_ext.exchange.server.trading.cancelling import RESTRICTIONS, named_order
from veighna_ext.exchange.server.trading.client_ids import new_client_id
from veighna_ext.exchange.server.trading.placing import ORDER, ORDER_PARAMETERS
from veighna_ext.exchange.server.trading.shapes.cancelled import cancelled
from veighna_ext.exchange.server.trading.shapes.common import Shape
from veighna_ext.exchange.server.trading.shapes.placed import placed

_STOP, _ALLOW = "STOP_ON_FAILURE", "ALLOW_FAILURE"
_NOTHING, _CANCEL_ONLY = "DO_NOTHING", "CANCEL_ONLY"
_SUCCESS, _FAILURE, _NOT_ATTEMPTED = "SUCCESS", "FAILURE", "NOT_ATTEMPTED"


def _replace(call: Call) -> Any:
    values = call.values
    order_id, original_id = named_order(call, "cancelOrigClientOrderId", "cancelOrderId")
    spec = ORDER.read(values)
    cancel_id = values["cancelNewClientOrderId"] or new_client_id()
    stops = values["cancelReplaceMode"] == _STOP
    over_limit = _over_limit(call)
    command = c.CancelReplace(
        call.now,
        call.account.id,
        values["symbol"],
        order_id,
        original_id,
        spec,
        stops,
        cancel_id,
        values["cancelRestrictions"],
        over_limit is not None,
    )
    try:
        result: Replacement = call.submit(command)
    except ReplaceRefused as refused:
        _count(call, over_limit)
        data = _told(call, refused.result, cancel_id, over_limit)
        raise refusing.replace_failed(data, over_limit if stops else None) from None
    _count(call, over_limit)
    data = _told(call, result, cancel_id, over_limit)
    if result.canceled is None or result.order is None:
        # the WebSocket API has one status for every half failure
        is_rest = call.caller.session is None
        raise refusing.replace_half_failed(data, over_limit if stops and is_rest else None)
    return data


def _over_limit(call: Call) -> OverLimit | None:
    """Why there may be no new order, where the sender wants the cancel all the same."""
    try:
        call.order_counts.check(call.account.id, 1, call.live.real_now())
    except OverLimit as over_limit:
        if call.values["orderRateLimitExceededMode"] != _CANCEL_ONLY:
            raise
        return over_limit
    return None


def _count(call: Call, over_limit: OverLimit | None) -> None:
    """An order counts even where it was not attempted."""
    if over_limit is None:
        call.order_counts.add(call.account.id, 1, call.live.real_now())


def _told(call: Call, result: Replacement, cancel_id: str, over_limit: OverLimit | None) -> Shape:
    divisor = call.caller.time_divisor
    refusal = result.order_refusal
    if over_limit is not None and (result.canceled is not None or call.values["cancelReplaceMode"] == _ALLOW):
        refusal = over_limit
    old, new = result.canceled, result.order
    if new is not None:
        outcome, answer = _SUCCESS, placed(new, call.values["newOrderRespType"], call.now, divisor)
    elif refusal is not None:
        outcome, answer = _FAILURE, _why(refusal)
    else:
        outcome, answer = _NOT_ATTEMPTED, None
    return {
        "cancelResult": _FAILURE if old is None else _SUCCESS,
        "newOrderResult": outcome,
        "cancelResponse": _why(result.cancel_refusal) if old is None else cancelled(old, cancel_id, divisor),
        "newOrderResponse": answer,
    }


def _why(refused: Refused | None) -> Shape:
    assert refused is not None
    return {"code": refused.code, "msg": refused.message}


OPERATIONS = (
    Operation(
        _replace,
        "order.cancelReplace",
        "POST",
        "/api/v3/order/cancelReplace",
        Parameters(
            *ORDER_PARAMETERS,
            mandatory("cancelReplaceMode", choice({_STOP: _STOP, _ALLOW: _ALLOW})),
            optional("cancelNewClientOrderId", client_id),
            optional("cancelOrigClientOrderId", client_id),
            optional("cancelOrderId", whole),
            RESTRICTIONS,
            optional(
                "orderRateLimitExceededMode",
                choice({_NOTHING: _NOTHING, _CANCEL_ONLY: _CANCEL_ONLY}),
                default=_NOTHING,
            ),
        ),
        is_signed=True,
        trades=True,
        orders=1,
        counts_orders_itself=True,
        is_free=True,
    ),
)
