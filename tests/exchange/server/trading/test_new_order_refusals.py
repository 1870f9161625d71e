"""Why a new order is refused: what its type needs and does not need, in Binance's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading.asking import Trader, order, trade_at
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.errors import Refused

PRICED = {"price": "40000"}
LIMIT = {**PRICED, "timeInForce": "GTC"}
STOP = {"stopPrice": "41000"}


def missing(name: str) -> Refused:
    return Refused(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def neither(name: str, other: str) -> Refused:
    return Refused(-1102, f"Param '{name}' or '{other}' must be sent, but both were empty/null!")


def unwanted(name: str) -> Refused:
    return Refused(-1106, f"Parameter '{name}' sent when not required.")


def without(name: str, **sent: Any) -> dict[str, Any]:
    """What is sent, but for one parameter."""
    return {each: value for each, value in sent.items() if each != name}


@pytest.mark.parametrize("name", ["symbol", "side", "type"])
def test_every_order_needs_a_symbol_a_side_and_a_type(trader: Trader, name: str) -> None:
    sent = without(name, **order("LIMIT", "BUY", "1", **LIMIT))
    assert trader.refusal("order.place", **sent) == missing(name)


@pytest.mark.parametrize(
    ("kind", "sent", "name"),
    [
        ("LIMIT", LIMIT, "timeInForce"),
        ("LIMIT", LIMIT, "price"),
        ("LIMIT_MAKER", PRICED, "price"),
        ("STOP_LOSS_LIMIT", {**LIMIT, **STOP}, "timeInForce"),
        ("STOP_LOSS_LIMIT", {**LIMIT, **STOP}, "price"),
        ("TAKE_PROFIT_LIMIT", {**LIMIT, **STOP}, "timeInForce"),
        ("TAKE_PROFIT_LIMIT", {**LIMIT, **STOP}, "price"),
    ],
)
def test_a_type_names_what_it_misses(trader: Trader, kind: str, sent: dict[str, str], name: str) -> None:
    assert trader.refusal("order.place", **order(kind, "BUY", **without(name, **sent))) == missing(name)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("LIMIT", LIMIT),
        ("LIMIT_MAKER", PRICED),
        ("STOP_LOSS", STOP),
        ("STOP_LOSS_LIMIT", {**LIMIT, **STOP}),
        ("TAKE_PROFIT", STOP),
        ("TAKE_PROFIT_LIMIT", {**LIMIT, **STOP}),
    ],
)
def test_every_type_but_market_needs_a_quantity(trader: Trader, kind: str, sent: dict[str, str]) -> None:
    assert trader.refusal("order.place", **order(kind, "BUY", None, **sent)) == missing("quantity")


def test_the_time_in_force_is_missed_first(trader: Trader) -> None:
    assert trader.refusal("order.place", **order("LIMIT", "BUY", None)) == missing("timeInForce")


def test_a_market_order_needs_one_quantity_of_two(trader: Trader) -> None:
    refusal = trader.refusal("order.place", **order("MARKET", "BUY", None))
    assert refusal == neither("quantity", "quoteOrderQty")
    refusal = trader.refusal("order.place", **order("MARKET", "BUY", "1", quoteOrderQty="100"))
    assert refusal == unwanted("quoteOrderQty")


@pytest.mark.parametrize("kind", ["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"])
def test_a_conditional_order_needs_a_stop_price_or_a_trailing_delta(trader: Trader, kind: str) -> None:
    sent = LIMIT if "LIMIT" in kind else {}
    assert trader.refusal("order.place", **order(kind, "BUY", **sent)) == neither(
        "stopPrice", "trailingDelta"
    )


@pytest.mark.parametrize(
    ("kind", "sent", "unwanted_ones"),
    [
        ("LIMIT", LIMIT, {"quoteOrderQty": "1", **STOP, "trailingDelta": "100"}),
        ("MARKET", {}, {**LIMIT, **STOP, "trailingDelta": "100", "icebergQty": "0.5"}),
        ("LIMIT_MAKER", PRICED, {"timeInForce": "GTC", "quoteOrderQty": "1", **STOP, "trailingDelta": "9"}),
        ("STOP_LOSS", STOP, {**LIMIT, "quoteOrderQty": "1", "icebergQty": "0.5"}),
        ("STOP_LOSS_LIMIT", {**LIMIT, **STOP}, {"quoteOrderQty": "1"}),
        ("TAKE_PROFIT", STOP, {**LIMIT, "quoteOrderQty": "1", "icebergQty": "0.5"}),
        ("TAKE_PROFIT_LIMIT", {**LIMIT, **STOP}, {"quoteOrderQty": "1"}),
    ],
)
def test_a_type_refuses_what_it_does_not_need(
    trader: Trader, kind: str, sent: dict[str, str], unwanted_ones: dict[str, str]
) -> None:
    for name, value in unwanted_ones.items():
        refusal = trader.refusal("order.place", **order(kind, "BUY", **{**sent, name: value}))
        assert refusal == unwanted(name)


def test_of_a_market_order_the_time_in_force_is_refused_before_the_price(trader: Trader) -> None:
    refusal = trader.refusal("order.place", **order("MARKET", "BUY", **LIMIT))
    assert refusal == unwanted("timeInForce")


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("side", "buy", Refused(-1117, "Invalid side.")),
        ("type", "STOP", Refused(-1116, "Invalid orderType.")),
        ("timeInForce", "GTX", Refused(-1115, "Invalid timeInForce.")),
        ("symbol", "NOSUCH", Refused(-1121, "Invalid symbol.")),
        ("strategyType", "999999", Refused(-1134, "strategyType was less than 1000000.")),
        ("newOrderRespType", "ALL",
         Refused(-1130, "Data sent for parameter 'newOrderRespType' is not valid.")),
        ("selfTradePreventionMode", "MAYBE",
         Refused(-1130, "Data sent for parameter 'selfTradePreventionMode' is not valid.")),
        ("selfTradePreventionMode", "TRANSFER",
         Refused(-1013, "This symbol does not allow the specified self-trade prevention mode.")),
        ("quantity", "1e-05", Refused(
            -1100, "Illegal characters found in parameter 'quantity'; legal range is "
            "'^([0-9]{1,20})(\\.[0-9]{1,20})?$'.")),
        ("quantity", "0.123456789", Refused(-1111, "Parameter 'quantity' has too much precision.")),
        ("quantity", "99999999999999999999", Refused(-1108, "Parameter 'quantity' overflowed.")),
        ("quantity", "0", Refused(-1013, "Invalid quantity.")),
        ("price", "0", Refused(-1013, "Invalid price.")),
        ("price", "40000.001", Refused(-1013, "Filter failure: PRICE_FILTER")),
        ("quantity", "0.000001", Refused(-1013, "Filter failure: LOT_SIZE")),
        ("quantity", "0.0001", Refused(-1013, "Filter failure: NOTIONAL")),
        ("quantity", "1000", Refused(-1013, "Filter failure: NOTIONAL")),
        ("newClientOrderId", "a.b", Refused(
            -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is "
            "'^[a-zA-Z0-9-_]{1,36}$'.")),
        ("newClientOrderId", "", Refused(-1105, "Parameter 'newClientOrderId' was empty.")),
        ("reduceOnly", "true", Refused(
            -1104, "Not all sent parameters were read; read '6' parameter(s) but was sent '7'.")),
        ("pegPriceType", "PRIMARY_PEG", Refused(-1013, "Pegged orders are not supported for this symbol.")),
        ("pegPriceType", "BEST", Refused(-1210, "Invalid pegPriceType.")),
        ("pegOffsetType", "PERCENT", Refused(-1211, "Invalid pegOffsetType.")),
    ],
)  # fmt: skip
def test_values_that_mean_nothing_are_refused(
    trader: Trader, name: str, value: str, refused: Refused
) -> None:
    assert trader.refusal("order.place", **{**order("LIMIT", "BUY", **LIMIT), name: value}) == refused


@pytest.mark.parametrize(
    ("iceberg", "tif", "refused"),
    [
        ("2", "GTC", Refused(-2010, "IcebergQty exceeds QTY.")),
        ("0.5", "IOC", Refused(-1014, "Unsupported order combination.")),
        ("0.001", "GTC", Refused(-1013, "Filter failure: ICEBERG_PARTS")),
        ("0.000001", "GTC", Refused(-1013, "Filter failure: LOT_SIZE")),
    ],
)
def test_icebergs_have_rules_of_their_own(trader: Trader, iceberg: str, tif: str, refused: Refused) -> None:
    sent = order("LIMIT", "BUY", price="40000", timeInForce=tif, icebergQty=iceberg)
    assert trader.refusal("order.place", **sent) == refused


def test_an_iceberg_of_nothing_is_a_plain_order(trader: Trader) -> None:
    answer = trader.limit("BUY", "40000", icebergQty="0")
    assert "icebergQty" not in answer


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (order("LIMIT", "SELL", "200", price="44000", timeInForce="GTC"),
         "Account has insufficient balance for requested action."),
        (order("LIMIT_MAKER", "BUY", price="40000"), "Order would immediately match and take."),
        (order("STOP_LOSS", "BUY", stopPrice="39000"), "Order would trigger immediately."),
        (order("LIMIT", "BUY", price="30000", timeInForce="GTC", newClientOrderId="taken"),
         "Duplicate order sent."),
        (order("MARKET", "SELL", None, quoteOrderQty="100"),
         "Order book liquidity is less than symbol minimum quantity."),
    ],
)  # fmt: skip
def test_the_matching_engine_has_one_code_and_many_texts(
    trader: Trader, other: Trader, sent: dict[str, Any], message: str
) -> None:
    trade_at(trader, other, "40000")
    other.limit("SELL", "40000")
    trader.place("STOP_LOSS", "BUY", stopPrice="90000", newClientOrderId="taken")
    refusal = trader.refusal("order.place", **sent)
    assert (refusal, refusal.status) == (Refused(-2010, message), 400)


def test_a_halted_market_is_closed(venue: Venue, trader: Trader) -> None:
    venue.exchange.submit(c.SetStatus(START, "BTCUSDT", enums.HALT))
    refusal = trader.refusal("order.place", **order("LIMIT", "BUY", **LIMIT))
    assert refusal == Refused(-1013, "Market is closed.")
