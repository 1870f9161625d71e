"""Orders made smaller where they stand, and the history of that."""

from __future__ import annotations

import re

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader, trade_at
from tests.exchange.server.trading.list_requests import OTO
from tests.exchange.server.trading.test_new_order_refusals import missing, neither
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused

AMEND = "order.amend.keepPriority"


def test_an_amended_order_is_told_with_both_its_names(venue: Venue, trader: Trader, other: Trader) -> None:
    trader.limit("BUY", "40000", "3", newClientOrderId="old")
    other.limit("SELL", "40000", "1")
    venue.clock.now = START + 9_000
    answer = trader.ask(AMEND, symbol=SYMBOL, orderId=1, newQty="2", newClientOrderId="new")
    assert list(answer) == samples.AMENDED
    assert answer["transactTime"] == START // 1000 + 9
    assert list(answer["amendedOrder"]) == samples.AMENDED_ORDER
    assert answer["amendedOrder"] == {
        "symbol": SYMBOL,
        "orderId": 1,
        "orderListId": -1,
        "origClientOrderId": "old",
        "clientOrderId": "new",
        "price": "40000.00000000",
        "qty": "2.00000000",
        "executedQty": "1.00000000",
        "preventedQty": "0.00000000",
        "quoteOrderQty": "0.00000000",
        "cumulativeQuoteQty": "40000.00000000",
        "status": "PARTIALLY_FILLED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "workingTime": START // 1000,
        "selfTradePreventionMode": "NONE",
    }


def test_an_amended_order_gets_a_new_name_where_none_is_sent(trader: Trader) -> None:
    trader.limit("BUY", "40000", "3", newClientOrderId="old")
    answer = trader.ask(AMEND, symbol=SYMBOL, origClientOrderId="old", newQty="2")
    assert re.fullmatch("[0-9A-Za-z]{22}", answer["amendedOrder"]["clientOrderId"])
    kept = trader.ask(AMEND, symbol=SYMBOL, orderId=1, newQty="1", newClientOrderId="old")
    assert kept["amendedOrder"]["clientOrderId"] == "old"


def test_a_pending_order_is_told_with_its_list(trader: Trader) -> None:
    pending = trader.ask("orderList.place.oto", **OTO, listClientOrderId="mine")["orders"][1]
    answer = trader.ask(AMEND, symbol=SYMBOL, orderId=pending["orderId"], newQty="0.5")
    assert list(answer) == samples.AMENDED_IN_A_LIST
    assert list(answer["amendedOrder"]) == samples.AMENDED_PENDING_ORDER
    assert answer["amendedOrder"]["status"] == "PENDING_NEW"
    assert list(answer["listStatus"]) == samples.AMENDED_LIST
    assert (answer["listStatus"]["listClientOrderId"], answer["listStatus"]["listOrderStatus"]) == (
        "mine",
        "EXECUTING",
    )
    assert [list(each) for each in answer["listStatus"]["orders"]] == [samples.MEMBER, samples.MEMBER]
    assert answer["listStatus"]["orders"][1]["clientOrderId"] == answer["amendedOrder"]["clientOrderId"]


def test_an_amended_iceberg_tells_what_it_hides(trader: Trader) -> None:
    trader.limit("BUY", "40000", "3", icebergQty="1", strategyId=5)
    answer = trader.ask(AMEND, symbol=SYMBOL, orderId=1, newQty="2")
    assert list(answer["amendedOrder"])[-5:] == [
        "side",
        "icebergQty",
        "workingTime",
        "strategyId",
        "selfTradePreventionMode",
    ]


def test_an_amended_stop_tells_what_it_waits_for(trader: Trader, other: Trader) -> None:
    trade_at(other, other, "40000")
    placed = trader.place("STOP_LOSS", "SELL", "2", stopPrice="39000")
    answer = trader.ask(AMEND, symbol=SYMBOL, orderId=placed["orderId"], newQty="1")
    assert list(answer["amendedOrder"])[-3:] == ["side", "stopPrice", "selfTradePreventionMode"]


@pytest.mark.parametrize(
    ("quantity", "refused"),
    [
        ("3", Refused(-2038, "The requested action would change no state; rejecting")),
        ("4", Refused(-2038, "Order amend (quantity increase) is not supported.")),
        ("0", Refused(-1013, "Invalid quantity.")),
        ("0.000001", Refused(-1013, "Filter failure: LOT_SIZE")),
        ("0.0001", Refused(-1013, "Filter failure: NOTIONAL")),
    ],
)
def test_an_order_can_only_be_made_smaller(trader: Trader, quantity: str, refused: Refused) -> None:
    trader.limit("BUY", "40000", "3")
    assert trader.refusal(AMEND, symbol=SYMBOL, orderId=1, newQty=quantity) == refused


def test_the_order_must_be_named_and_open(trader: Trader) -> None:
    trader.limit("BUY", "40000", "3", newClientOrderId="mine")
    assert trader.refusal(AMEND, symbol=SYMBOL, newQty="1") == neither("origClientOrderId", "orderId")
    assert trader.refusal(AMEND, symbol=SYMBOL, orderId=1) == missing("newQty")
    unknown = Refused(-2038, "Unknown order sent.")
    assert trader.refusal(AMEND, symbol=SYMBOL, orderId=2, newQty="1") == unknown
    refusal = trader.refusal(AMEND, symbol=SYMBOL, orderId=1, origClientOrderId="other", newQty="1")
    assert refusal == Refused(-2039, "Client order ID is not correct for this order ID.")


# the history


def test_amendments_are_listed_oldest_first_and_in_pages(venue: Venue, trader: Trader, other: Trader) -> None:
    trader.limit("BUY", "40000", "5", newClientOrderId="a")
    for number, (quantity, name) in enumerate((("4", "b"), ("3", "c"), ("2", "d")), 1):
        venue.clock.now = START + number * 1000
        trader.ask(AMEND, symbol=SYMBOL, orderId=1, newQty=quantity, newClientOrderId=name)
    made = trader.ask("order.amendments", symbol=SYMBOL, orderId=1)
    assert [list(each) for each in made] == [samples.AMENDMENT] * 3
    assert [(each["origClientOrderId"], each["newClientOrderId"]) for each in made] == [
        ("a", "b"),
        ("b", "c"),
        ("c", "d"),
    ]
    assert (made[0]["origQty"], made[0]["newQty"]) == ("5.00000000", "4.00000000")
    assert [each["time"] - START // 1000 for each in made] == [1, 2, 3]

    page = trader.ask("order.amendments", symbol=SYMBOL, orderId=1, limit=2)
    assert page == made[:2]
    rest = trader.ask(
        "order.amendments", symbol=SYMBOL, orderId=1, fromExecutionId=page[-1]["executionId"] + 1
    )
    assert rest == made[2:]
    assert other.ask("order.amendments", symbol=SYMBOL, orderId=1) == []
    assert trader.refusal("order.amendments", symbol=SYMBOL) == missing("orderId")
