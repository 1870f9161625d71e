"""The symbol table: built in, or in the shape of exchangeInfo."""

from __future__ import annotations

from typing import Any

import pytest

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import parse_amount
from veighna_ext.exchange.listing import LARGEST_AMOUNT, UnknownSymbols, listed
from veighna_ext.exchange.symbols import BadSymbolTable, symbol_as_info, symbol_from_info


def info(**changes: Any) -> dict[str, Any]:
    """An entry of exchangeInfo."""
    entry: dict[str, Any] = {
        "symbol": "BTCUSDT",
        "baseAsset": "BTC",
        "quoteAsset": "USDT",
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "icebergAllowed": False,
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"},
            {"filterType": "ICEBERG_PARTS", "limit": 10},
            {"filterType": "MIN_NOTIONAL", "minNotional": "5", "applyToMarket": True, "avgPriceMins": 5},
            {
                "filterType": "PERCENT_PRICE",
                "multiplierUp": "1.3",
                "multiplierDown": "0.7",
                "avgPriceMins": 5,
            },
        ],
    }
    return {**entry, **changes}


def test_an_entry_of_exchange_info_is_read_and_given_back() -> None:
    symbol = symbol_from_info(info())
    assert symbol.filters.tick == parse_amount("0.01")
    assert symbol.default_stp == enums.EXPIRE_MAKER
    assert not symbol.iceberg_allowed
    given_back = symbol_as_info(symbol)
    assert symbol_from_info(given_back) == symbol
    kinds = [each["filterType"] for each in given_back["filters"]]
    assert "MIN_NOTIONAL" in kinds
    assert "PERCENT_PRICE" in kinds
    percent = next(each for each in given_back["filters"] if each["filterType"] == "PERCENT_PRICE")
    assert percent["multiplierUp"] == "1.3"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"filters": [{"filterType": "MAGIC"}]}, "unknown filter MAGIC"),
        ({"filters": [{"filterType": "LOT_SIZE", "minQty": "a bit"}]}, "a bit"),
        ({"orderTypes": ["LIMIT", "FANCY"]}, "BTCUSDT"),
        ({"baseAsset": None, "filters": None}, "BTCUSDT"),
    ],
)
def test_a_bad_entry_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadSymbolTable, match=said):
        symbol_from_info(info(**changes))


def test_a_tick_and_a_step_that_make_amounts_inexact_are_refused() -> None:
    fine = [
        {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": "0.00001"},
        {"filterType": "LOT_SIZE", "minQty": "0", "maxQty": "0", "stepSize": "0.0001"},
    ]
    with pytest.raises(BadSymbolTable, match="coarser tick or step"):
        symbol_from_info(info(filters=fine))


def test_the_built_in_symbols_are_complete_and_come_back_from_their_own_info() -> None:
    symbols = listed()
    assert sum(symbol.quote == "USDT" for symbol in symbols) >= 20
    assert {symbol.quote for symbol in symbols} >= {"USDT", "BTC", "ETH"}
    for symbol in symbols:
        assert symbol_from_info(symbol_as_info(symbol)) == symbol
        rules = symbol.filters
        assert 0 < rules.min_quantity <= rules.market_max_quantity < rules.max_quantity
        assert rules.max_quantity <= LARGEST_AMOUNT < 2**63
        assert rules.max_price * 2 < 2**63


def test_named_symbols_are_listed_in_any_case_and_unknown_ones_are_named() -> None:
    assert [symbol.name for symbol in listed(["ethbtc", " BTCUSDT "])] == ["BTCUSDT", "ETHBTC"]
    with pytest.raises(UnknownSymbols, match="DOGEDOGE is not listed; choose from BTCUSDT"):
        listed(["BTCUSDT", "dogedoge"])
