"""What an account traded, and what it did not trade with itself."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange import queries
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, Values, number_up_to, optional, whole
from veighna_ext.exchange.server.trading.cancelling import ORDER_ID
from veighna_ext.exchange.server.trading.order_form import SYMBOL
from veighna_ext.exchange.server.trading.paging import (
    END,
    LIMIT,
    START,
    check_together,
    combinations,
    period,
)
from veighna_ext.exchange.server.trading.shapes.fills import account_trade, prevented_match

_TRADE_NAMES = ("orderId", "startTime", "endTime", "fromId")
_TRADES = combinations("", "orderId", "startTime", "endTime", "fromId", "startTime endTime", "orderId fromId")
_PREVENTED_NAMES = ("preventedMatchId", "orderId", "fromPreventedMatchId", "limit")
_PREVENTED = combinations(
    "preventedMatchId",
    "orderId",
    "orderId fromPreventedMatchId",
    "orderId fromPreventedMatchId limit",
)
_ALLOCATION_NAMES = ("startTime", "endTime", "fromAllocationId", "orderId")
_ALLOCATIONS = combinations(
    "", "startTime", "endTime", "startTime endTime", "fromAllocationId", "orderId", "orderId fromAllocationId"
)


def _trades(call: Call) -> Any:
    values = call.values
    check_together(values, _TRADE_NAMES, _TRADES)
    start, end = period(values)
    found = queries.fills(call.desk(), values["limit"], values["fromId"], start, end, values["orderId"])
    return [account_trade(fill, call.caller.time_divisor) for fill in found]


def _weight_of_trades(values: Values) -> int:
    return 20 if values["orderId"] is None else 5


def _prevented(call: Call) -> Any:
    values = call.values
    check_together(values, _PREVENTED_NAMES, _PREVENTED)
    found = queries.prevented_matches(
        call.desk(),
        values["limit"] or 500,
        values["preventedMatchId"],
        values["orderId"],
        values["fromPreventedMatchId"] or 0,
    )
    return [prevented_match(match, call.caller.time_divisor) for match in found]


def _weight_of_prevented(values: Values) -> int:
    return 20 if values["preventedMatchId"] is None else 2


def _allocations(call: Call) -> Any:
    """No order was ever routed to another book."""
    check_together(call.values, _ALLOCATION_NAMES, _ALLOCATIONS)
    period(call.values)
    call.market()
    return []


OPERATIONS = (
    Operation(
        _trades,
        "myTrades",
        "GET",
        "/api/v3/myTrades",
        Parameters(SYMBOL, ORDER_ID, START, END, optional("fromId", whole), LIMIT),
        weight=_weight_of_trades,
        is_signed=True,
    ),
    Operation(
        _prevented,
        "myPreventedMatches",
        "GET",
        "/api/v3/myPreventedMatches",
        Parameters(
            SYMBOL,
            optional("preventedMatchId", whole),
            ORDER_ID,
            optional("fromPreventedMatchId", whole),
            optional("limit", number_up_to(1000)),
        ),
        weight=_weight_of_prevented,
        is_signed=True,
        weight_without_symbol=2,
    ),
    Operation(
        _allocations,
        "myAllocations",
        "GET",
        "/api/v3/myAllocations",
        Parameters(SYMBOL, START, END, optional("fromAllocationId", whole), LIMIT, ORDER_ID),
        weight=20,
        is_signed=True,
    ),
)
