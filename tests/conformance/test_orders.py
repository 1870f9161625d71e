"""Each type of order: placed, seen, replaced, cancelled, triggered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.asserting import amount, has, no_complaints, refused
from tests.conformance.marks import journey
from tests.conformance.players import Played
from tests.conformance.staging import QUIET

PLACED = {
    "symbol", "orderId", "orderListId", "clientOrderId", "transactTime", "price", "origQty", "executedQty",
    "origQuoteOrderQty", "cummulativeQuoteQty", "status", "timeInForce", "type", "side", "workingTime",
    "selfTradePreventionMode", "fills",
}  # fmt: skip
FOUND = {
    "symbol", "orderId", "orderListId", "clientOrderId", "price", "origQty", "executedQty",
    "cummulativeQuoteQty",
    "status", "timeInForce", "type", "side", "stopPrice", "icebergQty", "time", "updateTime", "isWorking",
    "workingTime", "origQuoteOrderQty", "selfTradePreventionMode",
}  # fmt: skip
CANCELLED = {
    "symbol", "origClientOrderId", "orderId", "orderListId", "clientOrderId", "transactTime", "price",
    "origQty",
    "executedQty", "origQuoteOrderQty", "cummulativeQuoteQty", "status", "timeInForce", "type", "side",
    "selfTradePreventionMode",
}  # fmt: skip
ACKNOWLEDGED = {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}
TYPES = {"LIMIT": "LIMIT", "LIMIT_MAKER": "LIMIT_MAKER", "ICEBERG": "LIMIT"}


def by_kind(saw: Played, step: str) -> dict[str, dict[str, Any]]:
    """The steps of that name by what they are about."""
    return {each["kind"]: each for each in saw.all(step)}


@journey("orders")
@pytest.mark.parametrize("kind", TYPES)
def test_a_resting_order_is_seen_and_cancelled(saw: Played, client: str, kind: str) -> None:
    step = by_kind(saw, "resting")[kind]
    order_id = step["placed"]["orderId"]
    has(step["found"], symbol=QUIET[client], orderId=order_id, status="NEW", type=TYPES[kind], isWorking=True)
    assert amount(step["found"]["executedQty"]) == 0
    assert [order["orderId"] for order in step["open"]] == [order_id]
    has(step["cancelled"], orderId=order_id, status="CANCELED")
    assert step["cancelled"]["origClientOrderId"] == step["placed"]["clientOrderId"]
    assert step["cancelled"]["clientOrderId"] != step["placed"]["clientOrderId"]
    has(step["after"], orderId=order_id, status="CANCELED")
    if step["client_id"]:
        assert step["placed"]["clientOrderId"] == step["client_id"]


@journey("orders")
def test_answers_have_binances_fields(saw: Played) -> None:
    step = by_kind(saw, "resting")["LIMIT"]
    assert set(step["placed"]) == PLACED
    assert set(step["found"]) == FOUND
    assert set(step["cancelled"]) == CANCELLED
    has(step["found"], orderListId=-1, timeInForce="GTC", side="BUY", selfTradePreventionMode="NONE")
    assert amount(step["found"]["price"]) == 19
    assert amount(step["found"]["origQty"]) == 1
    assert amount(by_kind(saw, "resting")["ICEBERG"]["found"]["icebergQty"]) == Decimal("0.5")


@journey("orders")
def test_a_test_order_is_not_placed(saw: Played) -> None:
    assert saw.one("tested")["answer"] == {}
    assert (
        by_kind(saw, "resting")["LIMIT"]["open"][0]["orderId"]
        == by_kind(saw, "resting")["LIMIT"]["placed"]["orderId"]
    )


@journey("orders")
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("IOC", "UNFILLED_IOC_QUANTITY_EXPIRED"),
        ("FOK", "UNFILLED_FOK_ORDER_EXPIRED"),
        ("MARKET", "INSUFFICIENT_LIQUIDITY"),
    ],
)
def test_what_cannot_wait_expires_in_an_empty_book(saw: Played, kind: str, reason: str) -> None:
    step = by_kind(saw, "unfilled")[kind]
    has(step["placed"], status="EXPIRED", fills=[], expiryReason=reason)
    has(step["after"], status="EXPIRED", expiryReason=reason, isWorking=True)


@journey("orders")
def test_a_market_order_takes_one_price_after_the_other(saw: Played) -> None:
    placed = by_kind(saw, "filled")["quantity"]["placed"]
    has(placed, status="FILLED", type="MARKET", timeInForce="GTC", executedQty="2.00000000")
    assert [(fill["price"], fill["qty"]) for fill in placed["fills"]] == [
        ("20.00000000", "1.00000000"),
        ("20.10000000", "1.00000000"),
    ]
    assert placed["cummulativeQuoteQty"] == "40.10000000"
    for fill in placed["fills"]:
        assert set(fill) == {"price", "qty", "commission", "commissionAsset", "tradeId"}
        assert amount(fill["commission"]) == amount(fill["qty"]) * Decimal("0.001")


@journey("orders")
def test_a_market_order_may_say_how_much_money(saw: Played) -> None:
    placed = by_kind(saw, "filled")["money"]["placed"]
    has(
        placed,
        status="FILLED",
        executedQty="2.00000000",
        origQty="2.00000000",
        cummulativeQuoteQty="40.20000000",
        origQuoteOrderQty="40.20000000",
    )


@journey("orders")
def test_a_maker_order_never_takes(saw: Played) -> None:
    refused(saw.one("would_take"), -2010, "Order would immediately match and take.")


@journey("orders")
@pytest.mark.parametrize(
    "kind", ["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "TRAILING"]
)
def test_a_stop_waits_until_it_is_cancelled(saw: Played, kind: str) -> None:
    step = by_kind(saw, "conditional")[kind]
    wanted = "STOP_LOSS" if kind == "TRAILING" else kind
    assert set(step["placed"]) >= ACKNOWLEDGED
    has(step["found"], status="NEW", type=wanted, isWorking=False, workingTime=-1)
    if kind == "TRAILING":
        has(step["found"], trailingDelta=500)
    else:
        assert amount(step["found"]["stopPrice"]) in (15, 25)
    has(step["cancelled"], status="CANCELED", type=wanted)


@journey("orders")
def test_a_stop_sells_when_the_market_falls_through_it(saw: Played) -> None:
    after = saw.one("triggered")["after"]
    has(after, status="FILLED", type="STOP_LOSS", executedQty="1.00000000", cummulativeQuoteQty="19.40000000")


@journey("orders")
def test_one_order_takes_the_place_of_another(saw: Played, client: str) -> None:
    step = saw.one("replaced")
    has(step["before"], status="CANCELED")
    has(step["after"], status="NEW", price="18.10000000", origQty="2.00000000")
    if client != "ccxt":
        has(step["answer"], cancelResult="SUCCESS", newOrderResult="SUCCESS")
        has(step["answer"]["cancelResponse"], status="CANCELED")


@journey("orders")
def test_what_is_gone_cannot_be_replaced(saw: Played) -> None:
    step = saw.one("replaced_what_is_gone")
    refused(step, -2022, "Order cancel-replace failed.")
    if step.get("data"):
        has(step["data"], cancelResult="FAILURE", newOrderResult="NOT_ATTEMPTED", newOrderResponse=None)
        assert step["data"]["cancelResponse"] == {"code": -2011, "msg": "Unknown order sent."}


@journey("orders")
def test_an_order_is_made_smaller_and_stays(saw: Played) -> None:
    for step in saw.all("amended"):
        has(step["answer"]["amendedOrder"], status="NEW", qty="1.50000000")


@journey("orders")
def test_everything_is_cancelled_at_once(saw: Played) -> None:
    step = saw.one("cancelled_all")
    assert {order["status"] for order in step["orders"]} == {"CANCELED"}
    assert len(step["orders"]) == 2
    assert step["open"] == []
    refused(saw.one("nothing_to_cancel"), -2011, "Unknown order sent.")


@journey("orders")
def test_all_orders_are_remembered(saw: Played) -> None:
    orders = saw.one("all_orders")["orders"]
    numbers = [order["orderId"] for order in orders]
    assert numbers == sorted(set(numbers))
    assert {order["status"] for order in orders} == {"CANCELED", "EXPIRED", "FILLED"}
    assert len(orders) >= 17


@journey("orders")
def test_the_client_finds_nothing_wrong(saw: Played) -> None:
    no_complaints(saw.complaints)
