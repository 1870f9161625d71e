"""A client meets the venue: clock, listing, account."""

from __future__ import annotations

import time
from decimal import Decimal

from tests.conformance.asserting import amount, has, no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played
from tests.conformance.staging import BALANCES

LISTED = {"BTCUSDT": ("0.01", "0.00001"), "ETHUSDT": ("0.01", "0.0001"), "ETHBTC": ("0.00001", "0.001")}
SYMBOL_FIELDS = {
    "symbol", "status", "baseAsset", "baseAssetPrecision", "quoteAsset", "quotePrecision",
    "quoteAssetPrecision",
    "baseCommissionPrecision", "quoteCommissionPrecision", "orderTypes", "icebergAllowed", "ocoAllowed",
    "otoAllowed", "opoAllowed", "quoteOrderQtyMarketAllowed", "allowTrailingStop", "cancelReplaceAllowed",
    "amendAllowed", "pegInstructionsAllowed", "isSpotTradingAllowed", "isMarginTradingAllowed", "filters",
    "permissions", "permissionSets", "defaultSelfTradePreventionMode", "allowedSelfTradePreventionModes",
}  # fmt: skip


@journey("connecting")
def test_the_venues_clock_is_ours(saw: Played) -> None:
    assert abs(saw.one("clock")["time"] - time.time() * 1000) < 300_000
    assert saw.one("ping")["answer"] == {}


@journey("connecting")
def test_the_client_reads_the_rules_of_every_market(saw: Played) -> None:
    symbols = saw.one("listing")["symbols"]
    assert len(symbols) >= 24
    assert all(symbol["active"] for symbol in symbols.values())
    for name, (tick, step) in LISTED.items():
        rules = symbols[name]
        assert Decimal(str(rules["tick"])) == Decimal(tick)
        assert Decimal(str(rules["step"])) == Decimal(step)
        assert Decimal(str(rules["least_notional"])) > 0


@journey("connecting")
def test_the_listing_has_binances_fields(saw: Played) -> None:
    info = saw.one("exchange_info")["info"]
    assert {limit["rateLimitType"] for limit in info["rateLimits"]} == {
        "REQUEST_WEIGHT",
        "ORDERS",
        "RAW_REQUESTS",
    }
    has(info, timezone="UTC")
    for symbol in info["symbols"]:
        assert set(symbol) == SYMBOL_FIELDS
        kinds = {rule["filterType"] for rule in symbol["filters"]}
        assert {"PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "NOTIONAL", "MAX_NUM_ORDERS"} <= kinds
    one = saw.one("exchange_info")["one"]
    assert one is None or [symbol["symbol"] for symbol in one["symbols"]] == ["BTCUSDT"]


@journey("connecting")
def test_a_new_account_has_its_balances(saw: Played) -> None:
    account = saw.one("account")["account"]
    has(account, canTrade=True, accountType="SPOT", permissions=["SPOT"])
    free = {balance["asset"]: amount(balance["free"]) for balance in account["balances"]}
    assert {asset: free[asset] for asset in BALANCES} == {
        asset: Decimal(text) for asset, text in BALANCES.items()
    }


@journey("connecting")
def test_other_ways_to_start_work_as_well(saw: Played, client: str) -> None:
    seen = saw.one("other_ways")
    if client == "ccxt":
        has(seen, kinds=["spot"], status="ok", fee=0.001)
        assert seen["markets"] == len(saw.one("listing")["symbols"])
    elif client == "python-binance":
        assert seen["balances"] >= len(BALANCES)
        assert 0 < amount(seen["quote"]["b"]) < amount(seen["quote"]["a"])
    elif client == "binance-connector":
        assert 0 < int(seen["x-mbx-used-weight-1m"]) < 6000
    else:
        (limit,) = seen["limits"]
        has(limit, rateLimitType="REQUEST_WEIGHT", interval="MINUTE", intervalNum=1)
        assert 0 < limit["count"] < 6000


@journey("connecting")
def test_listen_keys_are_retired(saw: Played) -> None:
    for step in saw.all("listen_key"):
        assert step["status"] in (404, 410), step


@journey("connecting")
def test_the_client_finds_nothing_wrong(saw: Played) -> None:
    no_complaints(saw.complaints)
