"""Every filter of the filter document: what just passes, what just fails, and with which refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, order, pair, refused
from veighna_ext.exchange.commands import OrderSpec

PRICE = {
    "filterType": "PRICE_FILTER",
    "minPrice": "0.00000100",
    "maxPrice": "100000.00000000",
    "tickSize": "0.00000100",
}
LOT = {
    "filterType": "LOT_SIZE",
    "minQty": "0.00100000",
    "maxQty": "100000.00000000",
    "stepSize": "0.00100000",
}
MARKET_LOT = {**LOT, "filterType": "MARKET_LOT_SIZE", "minQty": "0.01", "maxQty": "10", "stepSize": "0.002"}
PERCENT = {
    "filterType": "PERCENT_PRICE",
    "multiplierUp": "1.3000",
    "multiplierDown": "0.7000",
    "avgPriceMins": 5,
}
BY_SIDE = {
    "filterType": "PERCENT_PRICE_BY_SIDE",
    "bidMultiplierUp": "1.2",
    "bidMultiplierDown": "0.2",
    "askMultiplierUp": "5",
    "askMultiplierDown": "0.8",
    "avgPriceMins": 1,
}
NOTIONAL = {
    "filterType": "NOTIONAL",
    "minNotional": "10.00000000",
    "applyMinToMarket": False,
    "maxNotional": "10000.00000000",
    "applyMaxToMarket": False,
    "avgPriceMins": 5,
}
MIN_NOTIONAL = {
    "filterType": "MIN_NOTIONAL",
    "minNotional": "0.00100000",
    "applyToMarket": True,
    "avgPriceMins": 5,
}
TRAILING = {
    "filterType": "TRAILING_DELTA",
    "minTrailingAboveDelta": 10,
    "maxTrailingAboveDelta": 2000,
    "minTrailingBelowDelta": 20,
    "maxTrailingBelowDelta": 1000,
}
RICH = {"BTC": "1000000", "ETH": "1000000", "USDT": "100000000000"}


def passes(spec: OrderSpec, *filters: dict[str, Any], average: str = "0") -> None:
    """A market with these filters takes the order."""
    exchange = Exchange(pair("BTCUSDT", *filters))
    exchange.average_price(average)
    exchange.trader(**RICH).place(spec)


def fails(name: str, spec: OrderSpec, *filters: dict[str, Any], average: str = "0") -> None:
    """A market with these filters refuses the order, and this filter is why."""
    with refused(-1013, f"Filter failure: {name}"):
        passes(spec, *filters, average=average)


# PRICE_FILTER


@pytest.mark.parametrize("price", ["0.000001", "0.000002", "99999.999999", "100000"])
def test_price_filter_passes(price: str) -> None:
    passes(order("LIMIT", "SELL", "1", at=price), PRICE)
    passes(order("STOP_LOSS_LIMIT", "SELL", "1", at="1", stop=price), PRICE)


@pytest.mark.parametrize("price", ["0.0000009", "0.0000015", "99999.9999995", "100000.000001"])
def test_price_filter_fails(price: str) -> None:
    fails("PRICE_FILTER", order("LIMIT", "SELL", "1", at=price), PRICE)
    fails("PRICE_FILTER", order("LIMIT_MAKER", "SELL", "1", at=price), PRICE)
    fails("PRICE_FILTER", order("STOP_LOSS_LIMIT", "SELL", "1", at="1", stop=price), PRICE)
    fails("PRICE_FILTER", order("TAKE_PROFIT", "SELL", "1", stop=price), PRICE)


@pytest.mark.parametrize(
    ("rule", "price"), [("minPrice", "0.0000005"), ("maxPrice", "100000.000001"), ("tickSize", "1.0000005")]
)
def test_a_rule_of_the_price_filter_set_to_0_is_switched_off(rule: str, price: str) -> None:
    others = {"tickSize": "0.00000001"} if rule == "minPrice" else {}
    passes(order("LIMIT", "SELL", "1", at=price), {**PRICE, **others, rule: "0.00000000"})


# LOT_SIZE and MARKET_LOT_SIZE


@pytest.mark.parametrize("quantity", ["0.001", "0.002", "99999.999", "100000"])
def test_lot_size_passes(quantity: str) -> None:
    passes(order("LIMIT", "SELL", quantity, at="1"), LOT)
    passes(order("MARKET", "SELL", quantity), LOT)


@pytest.mark.parametrize("quantity", ["0.0009", "0.0015", "99999.9995", "100000.001"])
def test_lot_size_fails(quantity: str) -> None:
    fails("LOT_SIZE", order("LIMIT", "SELL", quantity, at="1"), LOT)
    fails("LOT_SIZE", order("MARKET", "SELL", quantity), LOT)
    fails("LOT_SIZE", order("STOP_LOSS", "SELL", quantity, stop="1"), LOT)


@pytest.mark.parametrize("shown", ["0.001", "5", "10"])
def test_lot_size_holds_for_the_iceberg_quantity_and_passes(shown: str) -> None:
    passes(order("LIMIT", "SELL", "10", at="1", iceberg=shown), LOT)


@pytest.mark.parametrize("shown", ["0.0005", "5.0001"])
def test_lot_size_holds_for_the_iceberg_quantity_and_fails(shown: str) -> None:
    fails("LOT_SIZE", order("LIMIT", "SELL", "10", at="1", iceberg=shown), LOT)


@pytest.mark.parametrize("quantity", ["0.01", "0.012", "9.998", "10"])
def test_market_lot_size_passes(quantity: str) -> None:
    passes(order("MARKET", "SELL", quantity), LOT, MARKET_LOT)


@pytest.mark.parametrize("quantity", ["0.008", "0.011", "9.999", "10.002"])
def test_market_lot_size_fails_for_market_orders_only(quantity: str) -> None:
    fails("MARKET_LOT_SIZE", order("MARKET", "SELL", quantity), LOT, MARKET_LOT)
    passes(order("LIMIT", "SELL", quantity, at="1"), LOT, MARKET_LOT)


# PERCENT_PRICE and PERCENT_PRICE_BY_SIDE


@pytest.mark.parametrize("price", ["70", "130"])
def test_percent_price_passes(price: str) -> None:
    for side in ("BUY", "SELL"):
        passes(order("LIMIT", side, "1", at=price), PERCENT, average="100")


@pytest.mark.parametrize("price", ["69.99999999", "130.00000001"])
def test_percent_price_fails(price: str) -> None:
    for side in ("BUY", "SELL"):
        fails("PERCENT_PRICE", order("LIMIT", side, "1", at=price), PERCENT, average="100")


@pytest.mark.parametrize(("side", "price"), [("BUY", "20"), ("BUY", "120"), ("SELL", "80"), ("SELL", "500")])
def test_percent_price_by_side_passes(side: str, price: str) -> None:
    passes(order("LIMIT", side, "1", at=price), BY_SIDE, average="100")


@pytest.mark.parametrize(
    ("side", "price"),
    [("BUY", "19.99999999"), ("BUY", "120.00000001"), ("SELL", "79.99999999"), ("SELL", "500.00000001")],
)
def test_percent_price_by_side_fails(side: str, price: str) -> None:
    fails("PERCENT_PRICE_BY_SIDE", order("LIMIT", side, "1", at=price), BY_SIDE, average="100")


def test_a_limit_between_two_units_belongs_to_neither_side() -> None:
    # 70 % of 1.00000001 is 0.700000007: 0.70000000 is too low
    fails("PERCENT_PRICE", order("LIMIT", "BUY", "1", at="0.7"), PERCENT, average="1.00000001")
    passes(order("LIMIT", "BUY", "1", at="0.70000001"), PERCENT, average="1.00000001")


def test_before_the_first_trade_no_price_is_too_far_away() -> None:
    passes(order("LIMIT", "BUY", "1", at="1000"), PERCENT)


def test_without_an_average_the_last_price_counts() -> None:
    exchange = Exchange(pair("BTCUSDT", {**PERCENT, "avgPriceMins": 0}))
    trader = exchange.trader()
    exchange.average_price("1000")
    exchange.trades("100")
    trader.limit("BUY", "1", at="130")
    with refused(-1013, "Filter failure: PERCENT_PRICE"):
        trader.limit("BUY", "1", at="130.01")


def test_orders_without_a_price_are_not_measured() -> None:
    passes(order("STOP_LOSS", "SELL", "1", stop="1"), PERCENT, average="100")


# MIN_NOTIONAL and NOTIONAL


def test_min_notional_passes_and_fails() -> None:
    passes(order("LIMIT", "BUY", "0.1", at="0.01"), MIN_NOTIONAL)
    fails("MIN_NOTIONAL", order("LIMIT", "BUY", "0.1", at="0.00999999"), MIN_NOTIONAL)


def test_min_notional_holds_for_market_orders_at_the_average_price() -> None:
    passes(order("MARKET", "BUY", "0.00001"), MIN_NOTIONAL, average="100")
    fails("MIN_NOTIONAL", order("MARKET", "BUY", "0.00000999"), MIN_NOTIONAL, average="100")
    passes(order("MARKET", "BUY", "0.00000999"), {**MIN_NOTIONAL, "applyToMarket": False}, average="100")


def test_without_an_average_a_market_order_is_measured_at_the_last_price() -> None:
    exchange = Exchange(pair("BTCUSDT", {**MIN_NOTIONAL, "avgPriceMins": 0}))
    exchange.average_price("1")
    exchange.trades("100")
    trader = exchange.trader()
    trader.market("BUY", "0.00001")
    with refused(-1013, "Filter failure: MIN_NOTIONAL"):
        trader.market("BUY", "0.00000999")


@pytest.mark.parametrize("quantity", ["0.1", "100"])
def test_notional_passes(quantity: str) -> None:
    passes(order("LIMIT", "BUY", quantity, at="100"), NOTIONAL)


@pytest.mark.parametrize("quantity", ["0.09999999", "100.00000001"])
def test_notional_fails(quantity: str) -> None:
    fails("NOTIONAL", order("LIMIT", "BUY", quantity, at="100"), NOTIONAL)


@pytest.mark.parametrize(
    ("rule", "quantity"), [("applyMinToMarket", "0.09999999"), ("applyMaxToMarket", "100.00000001")]
)
def test_notional_holds_for_market_orders_where_it_says_so(rule: str, quantity: str) -> None:
    passes(order("MARKET", "SELL", quantity), NOTIONAL, average="100")
    fails("NOTIONAL", order("MARKET", "SELL", quantity), {**NOTIONAL, rule: True}, average="100")


def test_of_a_quote_amount_the_amount_itself_is_measured() -> None:
    strict = {**NOTIONAL, "applyMinToMarket": True}
    fails("NOTIONAL", order("MARKET", "BUY", worth="9.99999999"), strict, average="100")
    exchange = Exchange(pair("BTCUSDT", strict))
    exchange.trader().limit("SELL", "1", at="100")
    expect_status(exchange.trader().market("BUY", worth="10"), "FILLED")


# TRAILING_DELTA

ABOVE = [("STOP_LOSS", "BUY"), ("TAKE_PROFIT", "SELL")]
BELOW = [("STOP_LOSS", "SELL"), ("TAKE_PROFIT", "BUY")]


@pytest.mark.parametrize(
    ("kind", "side", "delta"),
    [(*each, delta) for each in ABOVE for delta in (10, 2000)]
    + [(*each, delta) for each in BELOW for delta in (20, 1000)],
)
def test_trailing_delta_passes(kind: str, side: str, delta: int) -> None:
    passes(order(kind, side, "1", trailing=delta), TRAILING)
    passes(order(kind + "_LIMIT", side, "1", at="1", trailing=delta), TRAILING)


@pytest.mark.parametrize(
    ("kind", "side", "delta"),
    [(*each, delta) for each in ABOVE for delta in (9, 2001)]
    + [(*each, delta) for each in BELOW for delta in (19, 1001)],
)
def test_trailing_delta_fails(kind: str, side: str, delta: int) -> None:
    fails("TRAILING_DELTA", order(kind, side, "1", trailing=delta), TRAILING)
    fails("TRAILING_DELTA", order(kind + "_LIMIT", side, "1", at="1", trailing=delta), TRAILING)


# icebergs


def test_iceberg_parts_passes_and_fails() -> None:
    parts = {"filterType": "ICEBERG_PARTS", "limit": 10}
    passes(order("LIMIT", "SELL", "10", at="1", iceberg="1"), parts)
    passes(order("LIMIT", "SELL", "9.5", at="1", iceberg="1"), parts)
    fails("ICEBERG_PARTS", order("LIMIT", "SELL", "10.00000001", at="1", iceberg="1"), parts)


# one after the other


def test_an_order_that_breaks_no_filter_passes_them_all() -> None:
    coarse = {**PRICE, "minPrice": "0.00001", "tickSize": "0.00001"}
    position = {"filterType": "MAX_POSITION", "maxPosition": "1000001"}
    filters = coarse, LOT, MARKET_LOT, PERCENT, NOTIONAL, TRAILING, position
    passes(order("LIMIT", "BUY", "1", at="100"), *filters, average="100")
    fails("LOT_SIZE", order("LIMIT", "BUY", "1.0001", at="100"), *filters, average="100")
