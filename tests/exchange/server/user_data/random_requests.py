"""A random flow of commands as the requests that ask for them."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import format_amount

_LIST_PREFIXES = {
    enums.OCO: ("above", "below"),
    enums.OTO: ("working", "pending"),
    enums.OTOCO: ("working", "pendingAbove", "pendingBelow"),
}


def request_of(command: c.Command) -> tuple[str, dict[str, Any]] | None:
    """The method and the parameters of a command that a trader can give; None for those of others."""
    if isinstance(command, c.PlaceOrder):
        return "order.place", {"symbol": command.symbol, "newOrderRespType": "FULL", **_order(command.order)}
    if isinstance(command, c.CancelOrder):
        return "order.cancel", {"symbol": command.symbol, "orderId": command.order_id}
    if isinstance(command, c.CancelAll):
        return "openOrders.cancelAll", {"symbol": command.symbol}
    if isinstance(command, c.AmendOrder):
        newest = {"newQty": format_amount(command.quantity), "origClientOrderId": command.client_id}
        return "order.amend.keepPriority", {"symbol": command.symbol, **newest}
    if isinstance(command, c.CancelReplace):
        return "order.cancelReplace", {
            "symbol": command.symbol,
            "cancelReplaceMode": "STOP_ON_FAILURE" if command.stop_on_failure else "ALLOW_FAILURE",
            "cancelOrderId": command.cancel_order_id,
            "newOrderRespType": "FULL",
            **_order(command.order),
        }
    if isinstance(command, c.PlaceList):
        return f"orderList.place.{enums.LIST_KINDS[command.list_kind].lower()}", _list(command)
    return None


def _list(command: c.PlaceList) -> dict[str, Any]:
    params: dict[str, Any] = {"symbol": command.symbol, "newOrderRespType": "FULL"}
    for prefix, spec in zip(_LIST_PREFIXES[command.list_kind], command.orders, strict=True):
        own = _order(spec)
        shared = {"above": "", "below": "", "pendingAbove": "pending", "pendingBelow": "pending"}
        for name in ("side", "quantity"):
            params[_named(shared.get(prefix, prefix), name)] = own.pop(name)
        params |= {_named(prefix, name): value for name, value in own.items()}
    return params


def _named(prefix: str, name: str) -> str:
    return prefix + name[0].upper() + name[1:] if prefix else name


def _order(spec: c.OrderSpec) -> dict[str, Any]:
    params: dict[str, Any] = {"side": enums.SIDES[spec.side], "type": enums.ORDER_TYPES[spec.type]}
    amounts = {
        "quantity": spec.quantity,
        "price": spec.price,
        "stopPrice": spec.stop_price,
        "icebergQty": spec.iceberg,
        "quoteOrderQty": spec.quote_quantity,
    }
    params |= {name: format_amount(units) for name, units in amounts.items() if units}
    if spec.type in (enums.LIMIT, enums.STOP_LOSS_LIMIT, enums.TAKE_PROFIT_LIMIT):
        params["timeInForce"] = enums.TIMES_IN_FORCE[spec.tif]
    if spec.client_id:
        params["newClientOrderId"] = spec.client_id
    if spec.stp >= 0:
        params["selfTradePreventionMode"] = enums.STP_MODES[spec.stp]
    if spec.trailing_delta:
        params["trailingDelta"] = spec.trailing_delta
    return params
