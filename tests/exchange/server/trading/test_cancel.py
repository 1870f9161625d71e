"""Cancels: their reports, their ids, and why they are refused."""

from __future__ import annotations

import re

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader, trade_at
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused

UNKNOWN = Refused(-2011, "Unknown order sent.")


def test_a_cancel_is_reported_with_an_id_of_its_own(venue: Venue, trader: Trader) -> None:
    placed = trader.limit("BUY", "2000", "1", newClientOrderId="myOrder1")
    venue.clock.now = START + 5_000
    answer = trader.ask(
        "order.cancel", symbol=SYMBOL, orderId=placed["orderId"], newClientOrderId="cancelMyOrder1"
    )
    assert list(answer) == samples.CANCEL
    assert answer == {
        "symbol": SYMBOL,
        "origClientOrderId": "myOrder1",
        "orderId": 1,
        "orderListId": -1,
        "clientOrderId": "cancelMyOrder1",
        "transactTime": START // 1000 + 5,
        "price": "2000.00000000",
        "origQty": "1.00000000",
        "executedQty": "0.00000000",
        "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": "0.00000000",
        "status": "CANCELED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "selfTradePreventionMode": "NONE",
    }


def test_a_cancel_without_a_name_gets_one(trader: Trader) -> None:
    trader.limit("BUY", "2000", newClientOrderId="mine")
    answer = trader.ask("order.cancel", symbol=SYMBOL, origClientOrderId="mine")
    assert re.fullmatch("[0-9A-Za-z]{22}", answer["clientOrderId"])


def test_a_cancel_tells_what_the_order_had(trader: Trader, other: Trader) -> None:
    trade_at(trader, other, "40000")
    placed = trader.place(
        "STOP_LOSS_LIMIT",
        "SELL",
        price="39000",
        timeInForce="GTC",
        stopPrice="39500",
        trailingDelta=100,
        icebergQty="0.5",
        strategyId=37463720,
        strategyType=1_000_000,
    )
    answer = trader.ask("order.cancel", symbol=SYMBOL, orderId=placed["orderId"])
    assert list(answer) == samples.CANCEL_WITH_EVERYTHING


def test_a_partly_prevented_order_tells_so_when_it_is_canceled(trader: Trader) -> None:
    trader.limit("BUY", "40000", "3")
    trader.limit("SELL", "40000", "1", selfTradePreventionMode="DECREMENT")
    answer = trader.ask("order.cancel", symbol=SYMBOL, orderId=1)
    assert list(answer) == [*samples.CANCEL, "preventedQuantity"]
    assert answer["preventedQuantity"] == "1.00000000"


def test_an_order_must_be_named(trader: Trader) -> None:
    assert trader.refusal("order.cancel", symbol=SYMBOL) == Refused(
        -1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"
    )
    assert trader.refusal("order.cancel", orderId=1) == Refused(
        -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."
    )


def test_only_open_orders_of_ones_own_can_be_canceled(trader: Trader, other: Trader) -> None:
    placed = trader.limit("BUY", "40000", newClientOrderId="mine")["orderId"]
    assert other.refusal("order.cancel", symbol=SYMBOL, orderId=placed) == UNKNOWN
    assert other.refusal("order.cancel", symbol=SYMBOL, origClientOrderId="mine") == UNKNOWN
    assert trader.refusal("order.cancel", symbol="BNBUSDT", orderId=placed) == UNKNOWN
    trader.ask("order.cancel", symbol=SYMBOL, orderId=placed)
    assert trader.refusal("order.cancel", symbol=SYMBOL, orderId=placed) == UNKNOWN
    assert trader.refusal("order.cancel", symbol=SYMBOL, orderId=99) == UNKNOWN
    assert trader.refusal("order.cancel", symbol="NOSUCH", orderId=1) == Refused(-1121, "Invalid symbol.")


def test_both_names_must_mean_the_same_order(trader: Trader) -> None:
    placed = trader.limit("BUY", "40000", newClientOrderId="mine")["orderId"]
    sent = {"symbol": SYMBOL, "orderId": placed, "origClientOrderId": "another"}
    assert trader.refusal("order.cancel", **sent) == Refused(
        -2039, "Client order ID is not correct for this order ID."
    )
    trader.ask("order.cancel", **{**sent, "origClientOrderId": "mine"})


def test_a_cancel_may_be_restricted_to_a_status(trader: Trader, other: Trader) -> None:
    placed = trader.limit("BUY", "40000", "2")["orderId"]
    refused = Refused(-2011, "Order was not canceled due to cancel restrictions.")
    sent = {"symbol": SYMBOL, "orderId": placed}
    assert trader.refusal("order.cancel", **sent, cancelRestrictions="ONLY_PARTIALLY_FILLED") == refused
    other.limit("SELL", "40000", "1")
    assert trader.refusal("order.cancel", **sent, cancelRestrictions="ONLY_NEW") == refused
    answer = trader.ask("order.cancel", **sent, cancelRestrictions="ONLY_PARTIALLY_FILLED")
    assert answer["executedQty"] == "1.00000000"


def test_other_restrictions_do_not_exist(trader: Trader) -> None:
    refusal = trader.refusal("order.cancel", symbol=SYMBOL, orderId=1, cancelRestrictions="ONLY_OLD")
    assert refusal == Refused(-1145, "Invalid cancelRestrictions")


def test_cancel_all_reports_orders_and_lists_in_the_order_of_their_ids(trader: Trader, other: Trader) -> None:
    trade_at(other, other, "40000")
    first = trader.limit("BUY", "30000", newClientOrderId="first")["orderId"]
    pair = trader.ask(
        "orderList.place.oco",
        symbol=SYMBOL, side="SELL", quantity="1", aboveType="LIMIT_MAKER", abovePrice="45000",
        belowType="STOP_LOSS_LIMIT", belowPrice="34000", belowStopPrice="35000", belowTimeInForce="GTC",
    )  # fmt: skip
    last = trader.limit("BUY", "30001")["orderId"]
    trader.ask("order.place", symbol="BNBUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="1",
               price="500")  # fmt: skip
    answer = trader.ask("openOrders.cancelAll", symbol=SYMBOL)

    assert [list(each) for each in answer] == [samples.CANCEL, samples.LIST_WITH_REPORTS, samples.CANCEL]
    assert [each.get("orderId", each.get("orderListId")) for each in answer] == [
        first,
        pair["orderListId"],
        last,
    ]
    stop, limit = answer[1]["orderReports"]
    assert (list(stop), list(limit)) == (samples.CANCELED_STOP, samples.CANCEL)
    cancel_ids = {each["clientOrderId"] for each in (answer[0], stop, limit, answer[2])}
    assert len(cancel_ids) == 1
    assert re.fullmatch("[0-9A-Za-z]{22}", cancel_ids.pop())
    assert [each["symbol"] for each in trader.ask("openOrders.status")] == ["BNBUSDT"]


def test_cancel_all_of_nothing_is_refused(trader: Trader) -> None:
    assert trader.refusal("openOrders.cancelAll", symbol=SYMBOL) == UNKNOWN


@pytest.mark.parametrize("method", ["order.cancel", "openOrders.cancelAll"])
def test_cancels_of_a_list_member_end_its_whole_list(trader: Trader, method: str) -> None:
    pair = trader.ask(
        "orderList.place.oto",
        symbol=SYMBOL, workingType="LIMIT", workingSide="BUY", workingPrice="40000", workingQuantity="1",
        workingTimeInForce="GTC", pendingType="MARKET", pendingSide="SELL", pendingQuantity="1",
    )  # fmt: skip
    ids = [each["orderId"] for each in pair["orders"]]
    named = {"orderId": ids[1]} if method == "order.cancel" else {}
    answer = trader.ask(method, symbol=SYMBOL, **named)
    ended = answer if method == "order.cancel" else answer[0]
    assert list(ended) == samples.LIST_WITH_REPORTS
    assert (ended["contingencyType"], ended["listStatusType"]) == ("OTO", "ALL_DONE")
    assert ended["listOrderStatus"] == "ALL_DONE"
    assert [each["orderId"] for each in ended["orderReports"]] == ids
    assert [each["status"] for each in ended["orderReports"]] == ["CANCELED", "CANCELED"]
    assert ended["orders"] == pair["orders"]
