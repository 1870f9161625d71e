"""What is traded here and by which rules."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.limits import EXCHANGE_LIMITS
from veighna_ext.exchange.server.market_data import choosing
from veighna_ext.exchange.server.market_data.choosing import ONE_OR_SOME, STATUS
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, Values, flag, optional
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol, symbol_as_info

OURS = "SPOT"
"""The permission that every symbol here asks for."""
PERMISSIONS = frozenset((OURS, "MARGIN", "LEVERAGED", *(f"TRD_GRP_{number:03}" for number in range(2, 26))))

_encode = msgspec.json.Encoder().encode
_LIMITS = _encode(EXCHANGE_LIMITS)


def permissions(name: str, text: str) -> frozenset[str]:
    """One permission, or a JSON array of some."""
    asked = [text]
    if text.startswith("["):
        try:
            asked = msgspec.json.decode(text, type=list[str])
        except msgspec.DecodeError:
            raise refusals.invalid(name) from None
    if not asked or not PERMISSIONS.issuperset(asked):
        raise refusals.invalid(name)
    return frozenset(asked)


def exchange_filters(limits: ExchangeFilters) -> list[dict[str, Any]]:
    """The limits over all symbols, as filters."""
    found = (
        ("EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders", limits.max_orders),
        ("EXCHANGE_MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", limits.max_algo_orders),
        ("EXCHANGE_MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders", limits.max_iceberg_orders),
        ("EXCHANGE_MAX_NUM_ORDER_LISTS", "maxNumOrderLists", limits.max_order_lists),
    )
    return [{"filterType": kind, name: most} for kind, name, most in found if most]


class _Entry:
    """One symbol's entry as JSON, with and without its permission sets, for as long as its rules stand."""

    __slots__ = ("bare", "full", "status", "symbol")

    def __init__(self, market: Market) -> None:
        self.symbol: Symbol = market.symbol
        self.status = market.status
        info = symbol_as_info(market.symbol, market.status)
        self.full = _encode(info)
        self.bare = _encode(info | {"permissionSets": []})


_entries: WeakKeyDictionary[Market, _Entry] = WeakKeyDictionary()


def _entry(market: Market) -> _Entry:
    entry = _entries.get(market)
    if entry is None or entry.symbol is not market.symbol or entry.status != market.status:
        entry = _entries[market] = _Entry(market)
    return entry


def _exchange_info(call: Call) -> msgspec.Raw:
    entries = [_entry(market) for market in _asked(call)]
    shows_sets = call.values["showPermissionSets"]
    listed = b",".join([entry.full if shows_sets else entry.bare for entry in entries])
    return msgspec.Raw(
        b'{"timezone":"UTC","serverTime":%d,"rateLimits":%b,"exchangeFilters":%b,"symbols":[%b]}'
        % (call.time(call.now), _LIMITS, _encode(exchange_filters(call.live.venue.limits)), listed)
    )


def _asked(call: Call) -> list[Market]:
    values = call.values
    name, names, asked = values["symbol"], values["symbols"], values["permissions"]
    if name is None and names is None:
        return [] if asked is not None and OURS not in asked else choosing.some(call)
    if name is not None and names is not None:
        raise choosing.both_sent()
    if asked is not None or values["symbolStatus"] is not None:
        raise refusals.bad_combination()
    return choosing.some(call) if name is None else [call.market()]


def _execution_rules(call: Call) -> dict[str, Any]:
    """No symbol here has an execution rule."""
    if sum(value is not None for value in call.values.values()) > 1:
        raise refusals.bad_combination()
    markets = choosing.some(call) if call.values["symbol"] is None else [call.market()]
    return {"symbolRules": [{"symbol": market.symbol.name, "rules": []} for market in markets]}


def _weight_of_rules(values: Values) -> int:
    if values["symbol"] is not None:
        return 2
    return min(2 * len(values["symbols"]), 40) if values["symbols"] else 40


OPERATIONS = (
    Operation(
        _exchange_info,
        "exchangeInfo",
        "GET",
        "/api/v3/exchangeInfo",
        Parameters(
            *ONE_OR_SOME,
            optional("permissions", permissions),
            optional("showPermissionSets", flag, default=True),
            STATUS,
        ),
        weight=20,
    ),
    Operation(
        _execution_rules,
        "executionRules",
        "GET",
        "/api/v3/executionRules",
        Parameters(*ONE_OR_SOME, STATUS),
        weight=_weight_of_rules,
    ),
)
