"""Which symbols there are, by which rules, and what of it a client can leave out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.exchange.exchanges import SETUP
from tests.exchange.server.market_data.asking import SYMBOLS, ask, refusal
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.listing import LIMITS
from veighna_ext.exchange.symbols import symbol_from_info

COMBINED = (-1128, "Combination of optional parameters invalid.")
BOTH = (
    -1128,
    "Combination of optional parameters invalid. Recommendation: 'symbol' and 'symbols' cannot both be sent.",
)


def names(info: dict[str, Any]) -> list[str]:
    """The symbols an answer lists."""
    return [each["symbol"] for each in info["symbols"]]


def test_all_symbols_are_listed_with_the_venues_limits(venue: Venue) -> None:
    venue.exchange.submit(c.SetLimits(venue.clock.now, LIMITS))
    info = ask(venue, "exchangeInfo")
    assert list(info) == ["timezone", "serverTime", "rateLimits", "exchangeFilters", "symbols"]
    assert info["serverTime"] == venue.clock.now // 1000
    assert names(info) == SYMBOLS
    assert {each["rateLimitType"] for each in info["rateLimits"]} == {
        "REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS",
    }  # fmt: skip
    assert info["rateLimits"][0] == {
        "rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000,
    }  # fmt: skip
    assert info["exchangeFilters"] == [
        {"filterType": "EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders": 1000},
        {"filterType": "EXCHANGE_MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 200},
        {"filterType": "EXCHANGE_MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": 1000},
        {"filterType": "EXCHANGE_MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 100},
    ]


def test_a_symbol_has_the_documented_fields_and_can_be_read_back(venue: Venue) -> None:
    (info,) = ask(venue, "exchangeInfo", symbol="BNBUSDT")["symbols"]
    assert list(info) == [
        "symbol", "status", "baseAsset", "baseAssetPrecision", "quoteAsset", "quotePrecision",
        "quoteAssetPrecision", "baseCommissionPrecision", "quoteCommissionPrecision", "orderTypes",
        "icebergAllowed", "ocoAllowed", "otoAllowed", "opoAllowed", "quoteOrderQtyMarketAllowed",
        "allowTrailingStop", "cancelReplaceAllowed", "amendAllowed", "pegInstructionsAllowed",
        "isSpotTradingAllowed", "isMarginTradingAllowed", "filters", "permissions", "permissionSets",
        "defaultSelfTradePreventionMode", "allowedSelfTradePreventionModes",
    ]  # fmt: skip
    assert info["permissionSets"] == [["SPOT"]]
    assert symbol_from_info(info) == SETUP.symbols[1]


def test_named_symbols_alone_are_listed(venue: Venue) -> None:
    assert names(ask(venue, "exchangeInfo", symbol="BTCUSDT")) == ["BTCUSDT"]
    assert names(ask(venue, "exchangeInfo", symbols=["BNBUSDT", "BTCUSDT"])) == ["BNBUSDT", "BTCUSDT"]


def test_permission_sets_can_be_left_out(venue: Venue) -> None:
    for shown, sets in ((True, [["SPOT"]]), (False, [])):
        info = ask(venue, "exchangeInfo", showPermissionSets=shown)
        assert [each["permissionSets"] for each in info["symbols"]] == [sets, sets]


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("SPOT", SYMBOLS),
        (["SPOT"], SYMBOLS),
        (["MARGIN", "SPOT"], SYMBOLS),
        ("MARGIN", []),
        (["LEVERAGED", "TRD_GRP_025"], []),
    ],
)
def test_a_permission_nobody_needs_here_lists_nothing(venue: Venue, asked: Any, listed: list[str]) -> None:
    assert names(ask(venue, "exchangeInfo", permissions=asked)) == listed


@pytest.mark.parametrize("asked", ["spot", "[]", '["SPOT",1]', '["SPOT"', ["SPOT", "NONE"]])
def test_a_permission_that_does_not_exist_is_refused(venue: Venue, asked: Any) -> None:
    assert refusal(venue, "exchangeInfo", permissions=asked) == (
        -1130, "Data sent for parameter 'permissions' is not valid.",
    )  # fmt: skip


def test_a_status_chooses_symbols_and_shows(venue: Venue) -> None:
    venue.exchange.submit(c.SetStatus(venue.clock.now, "BNBUSDT", enums.HALT))
    assert names(ask(venue, "exchangeInfo", symbolStatus="TRADING")) == ["BTCUSDT"]
    (halted,) = ask(venue, "exchangeInfo", symbolStatus="HALT")["symbols"]
    assert (halted["symbol"], halted["status"]) == ("BNBUSDT", "HALT")
    assert names(ask(venue, "exchangeInfo", symbolStatus="BREAK")) == []
    venue.exchange.submit(c.SetStatus(venue.clock.now, "BNBUSDT", enums.TRADING))
    assert ask(venue, "exchangeInfo", symbol="BNBUSDT")["symbols"][0]["status"] == "TRADING"


def test_changed_rules_and_new_symbols_show_at_once(venue: Venue) -> None:
    before = ask(venue, "exchangeInfo")
    changed = replace(SETUP.symbols[0], filters=replace(SETUP.symbols[0].filters, max_orders=7))
    venue.exchange.submit(c.ListSymbol(venue.clock.now, changed))
    venue.exchange.submit(
        c.ListSymbol(venue.clock.now, replace(SETUP.symbols[1], name="BNBBTC", quote="BTC"))
    )
    after = ask(venue, "exchangeInfo")
    assert names(after) == [*SYMBOLS, "BNBBTC"]
    assert {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 7} in after["symbols"][0]["filters"]
    assert after["symbols"][1] == before["symbols"][1]


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        ({"symbol": "BTCUSDT", "symbols": ["BNBUSDT"]}, BOTH),
        ({"symbol": "BTCUSDT", "permissions": "SPOT"}, COMBINED),
        ({"symbols": ["BTCUSDT"], "permissions": "SPOT"}, COMBINED),
        ({"symbol": "BTCUSDT", "symbolStatus": "TRADING"}, COMBINED),
        ({"symbols": ["BTCUSDT"], "symbolStatus": "TRADING"}, COMBINED),
        ({"symbol": "NOSUCH"}, (-1121, "Invalid symbol.")),
        ({"symbols": ["BTCUSDT", "NOSUCH"]}, (-1121, "Invalid symbol.")),
        ({"symbolStatus": "AUCTION"}, (-1122, "Invalid symbolStatus.")),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(
    venue: Venue, sent: dict[str, Any], refused: tuple[int, str]
) -> None:
    assert refusal(venue, "exchangeInfo", **sent) == refused


def test_no_symbol_has_an_execution_rule(venue: Venue) -> None:
    nothing = [{"symbol": name, "rules": []} for name in SYMBOLS]
    assert ask(venue, "executionRules") == {"symbolRules": nothing}
    assert ask(venue, "executionRules", symbols=["BNBUSDT"]) == {"symbolRules": nothing[1:]}
    assert ask(venue, "executionRules", symbolStatus="HALT") == {"symbolRules": []}
    assert refusal(venue, "executionRules", symbol="NOSUCH") == (-1121, "Invalid symbol.")
    assert refusal(venue, "executionRules", symbol="BTCUSDT", symbolStatus="TRADING") == COMBINED
    assert refusal(venue, "executionRules", symbol="BTCUSDT", symbols=["BTCUSDT"]) == COMBINED
