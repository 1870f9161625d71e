"""Binance's other markets, which clients look for while they connect: there are none here."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import SIGNING, Parameters, optional, symbol, text


def _no_pairs(_call: Call) -> list[dict[str, Any]]:
    return []


def _no_contracts(call: Call) -> dict[str, Any]:
    return {
        "timezone": "UTC",
        "serverTime": call.time(call.now),
        "rateLimits": [],
        "exchangeFilters": [],
        "assets": [],
        "symbols": [],
    }


# open to everybody, but some clients sign whatever they send to /sapi
_PAIRS = Parameters(optional("symbol", symbol), *(optional(name, text) for name in SIGNING))

OPERATIONS = (
    Operation(_no_pairs, verb="GET", path="/sapi/v1/margin/allPairs", parameters=_PAIRS),
    Operation(_no_pairs, verb="GET", path="/sapi/v1/margin/isolated/allPairs", parameters=_PAIRS),
    Operation(_no_contracts, verb="GET", path="/fapi/v1/exchangeInfo"),
    Operation(_no_contracts, verb="GET", path="/dapi/v1/exchangeInfo"),
)
