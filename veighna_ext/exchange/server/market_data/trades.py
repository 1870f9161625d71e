"""What was traded: trade by trade, or each taker's order at each price."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange.amounts import format_amount, quote_amount
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.market_data.choosing import SYMBOL
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import (
    Parameters,
    last_moment,
    mandatory,
    moment,
    number_up_to,
    optional,
    whole,
)
from veighna_ext.exchange.statistics import Trade

_LIMIT = optional("limit", number_up_to(1000), default=500)
_FROM_ID = optional("fromId", whole)


def _recent(call: Call) -> list[dict[str, Any]]:
    return _listed(call, call.record().trades.recent(call.values["limit"]))


def _historical(call: Call) -> list[dict[str, Any]]:
    first = call.values["fromId"]
    if first is None:
        return _recent(call)
    return _listed(call, call.record().trades.from_id(first, call.values["limit"]))


def _listed(call: Call, trades: list[Trade]) -> list[dict[str, Any]]:
    text, time = format_amount, call.time
    return [
        {
            "id": trade_id,
            "price": text(price),
            "qty": text(quantity),
            "quoteQty": text(quote_amount(price, quantity)),
            "time": time(made),
            "isBuyerMaker": buyer_is_maker,
            "isBestMatch": True,
        }
        for trade_id, price, quantity, made, buyer_is_maker in trades
    ]


def _block_trades(call: Call) -> list[dict[str, Any]]:
    """Nobody trades blocks here."""
    call.market()
    return []


def _aggregates(call: Call) -> list[dict[str, Any]]:
    values = call.values
    first, start, end = values["fromId"], values["startTime"], values["endTime"]
    if first is not None and (start is not None or end is not None):
        raise refusals.bad_combination()
    text, time = format_amount, call.time
    return [
        {
            "a": each.aggregate_id,
            "p": text(each.price),
            "q": text(each.quantity),
            "f": each.first_id,
            "l": each.last_id,
            "T": time(each.time),
            "m": each.buyer_is_maker,
            "M": True,
        }
        for each in call.record().aggregates.query(first, start, end, values["limit"])
    ]


OPERATIONS = (
    Operation(_recent, "trades.recent", "GET", "/api/v3/trades", Parameters(SYMBOL, _LIMIT), weight=25),
    Operation(
        _historical,
        "trades.historical",
        "GET",
        "/api/v3/historicalTrades",
        Parameters(SYMBOL, _LIMIT, _FROM_ID),
        weight=25,
    ),
    Operation(
        _block_trades,
        "blockTrades.historical",
        "GET",
        "/api/v3/historicalBlockTrades",
        Parameters(SYMBOL, mandatory("fromId", whole), _LIMIT),
        weight=25,
    ),
    Operation(
        _aggregates,
        "trades.aggregate",
        "GET",
        "/api/v3/aggTrades",
        Parameters(SYMBOL, _FROM_ID, optional("startTime", moment), optional("endTime", last_moment), _LIMIT),
        weight=4,
    ),
)
