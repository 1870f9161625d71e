"""The retired way to place a pair: a limit order and a stop, without saying which of them is above."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import enums
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import (
    Parameters,
    Values,
    amount,
    client_id,
    mandatory,
    optional,
    side,
    time_in_force,
    whole,
)
from veighna_ext.exchange.server.trading import refusing
from veighna_ext.exchange.server.trading.client_ids import new_client_id
from veighna_ext.exchange.server.trading.order_form import strategy_type
from veighna_ext.exchange.server.trading.order_lists import LIST_PARAMETERS, place_list


def _place(call: Call) -> Any:
    values = call.values
    limit, stop = _limit(values), _stop(values)
    above_below = [limit, stop] if values["side"] == enums.SELL else [stop, limit]
    return place_list(call, enums.OCO, above_below)


def _limit(values: Values) -> OrderSpec:
    return OrderSpec(
        values["side"],
        enums.LIMIT_MAKER,
        values["quantity"],
        values["price"],
        client_id=values["limitClientOrderId"] or new_client_id(),
        stp=values["selfTradePreventionMode"],
        iceberg=values["limitIcebergQty"] or 0,
        strategy_id=values["limitStrategyId"],
        strategy_type=values["limitStrategyType"],
    )


def _stop(values: Values) -> OrderSpec:
    if values["stopPrice"] is None and values["trailingDelta"] is None:
        raise refusals.neither("stopPrice", "trailingDelta")
    price, tif = values["stopLimitPrice"], values["stopLimitTimeInForce"]
    if price is None:
        for name in ("stopLimitTimeInForce", "stopIcebergQty"):
            if values[name] is not None:
                raise refusals.not_required(name)
    elif tif is None:
        raise refusing.without("stopLimitTimeInForce")
    if values["stopIcebergQty"] and tif != enums.GTC:
        raise refusing.iceberg_not_resting("stopIcebergQty", "stopLimitTimeInForce")
    return OrderSpec(
        values["side"],
        enums.STOP_LOSS if price is None else enums.STOP_LOSS_LIMIT,
        values["quantity"],
        price or 0,
        tif or enums.GTC,
        values["stopClientOrderId"] or new_client_id(),
        values["selfTradePreventionMode"],
        values["stopPrice"] or 0,
        values["trailingDelta"] or 0,
        values["stopIcebergQty"] or 0,
        strategy_id=values["stopStrategyId"],
        strategy_type=values["stopStrategyType"],
    )


OPERATIONS = (
    Operation(
        _place,
        "orderList.place",
        "POST",
        "/api/v3/order/oco",
        Parameters(
            *LIST_PARAMETERS,
            mandatory("side", side),
            mandatory("quantity", amount),
            mandatory("price", amount),
            optional("limitClientOrderId", client_id),
            optional("limitStrategyId", whole),
            optional("limitStrategyType", strategy_type),
            optional("limitIcebergQty", amount),
            optional("trailingDelta", whole),
            optional("stopClientOrderId", client_id),
            optional("stopPrice", amount),
            optional("stopStrategyId", whole),
            optional("stopStrategyType", strategy_type),
            optional("stopLimitPrice", amount),
            optional("stopIcebergQty", amount),
            optional("stopLimitTimeInForce", time_in_force),
        ),
        is_signed=True,
        trades=True,
        orders=2,
        is_free=True,
    ),
)
