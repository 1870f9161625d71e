"""Orders over the WebSocket API are the orders of REST."""

from __future__ import annotations

from tests.conformance.asserting import amount, has, no_complaints, refused
from tests.conformance.marks import journey
from tests.conformance.players import Played
from tests.conformance.test_orders import CANCELLED, FOUND, PLACED


@journey("orders_over_websocket")
def test_an_order_is_placed_seen_replaced_and_cancelled(saw: Played, client: str) -> None:
    placed = saw.one("placed")["answer"]
    assert set(placed) == PLACED
    status = saw.one("status")["answer"]
    assert set(status) == FOUND
    has(status, orderId=placed["orderId"], status="NEW", price="19.00000000")
    assert [order["orderId"] for order in saw.one("open")["answer"]] == [placed["orderId"]]
    replaced = saw.one("replaced")["answer"]
    if client != "ccxt":
        has(replaced, cancelResult="SUCCESS", newOrderResult="SUCCESS")
    cancelled = saw.one("cancelled")["answer"]
    assert set(cancelled) == CANCELLED
    has(cancelled, orderId=replaced["newOrderResponse"]["orderId"], status="CANCELED")


@journey("orders_over_websocket")
def test_a_market_order_is_filled(saw: Played) -> None:
    bought = saw.one("bought")["answer"]
    has(bought, status="FILLED", executedQty="2.00000000", cummulativeQuoteQty="40.00000000")
    (trade,) = saw.one("trades")["answer"]
    has(trade, orderId=bought["orderId"], price="20.00000000", qty="2.00000000", isBuyer=True, isMaker=False)
    assert trade["id"] == bought["fills"][0]["tradeId"]


@journey("orders_over_websocket")
def test_all_are_cancelled_and_a_test_is_not_placed(saw: Played) -> None:
    (order,) = saw.one("cancelled_all")["answer"]
    has(order, type="STOP_LOSS_LIMIT", status="CANCELED", stopPrice="15.00000000")
    for step in saw.all("tested"):
        assert step["answer"] == {}
    for step in saw.all("amended"):
        has(step["answer"]["amendedOrder"], status="NEW", qty="1.00000000")


@journey("orders_over_websocket")
def test_refusals_are_those_of_rest(saw: Played) -> None:
    refused(saw.one("unknown"), -2011, "Unknown order sent.")
    refused(saw.one("too_small"), -1013, "Filter failure: NOTIONAL")


@journey("orders_over_websocket")
def test_the_account_has_paid(saw: Played) -> None:
    account = saw.one("account")["answer"]
    money = next(balance for balance in account["balances"] if balance["asset"] == "USDT")
    assert amount(money["free"]) == 10_000 - 40
    assert amount(money["locked"]) == 0
    statuses = [order["status"] for order in saw.one("all_orders")["answer"]]
    assert statuses[:4] == ["CANCELED", "CANCELED", "FILLED", "CANCELED"]


@journey("orders_over_websocket")
def test_the_client_finds_nothing_wrong(saw: Played) -> None:
    no_complaints(saw.complaints)
