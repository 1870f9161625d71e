"""Orders asked for: one, the open ones, all of them in pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader, trade_at
from tests.exchange.server.trading.test_new_order_refusals import missing, neither
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused

HOUR = 3600 * 1_000_000
MILLISECONDS = START // 1000


def test_an_order_is_told_whole(venue: Venue, trader: Trader, other: Trader) -> None:
    trader.limit("BUY", "40000", "2", newClientOrderId="mine")
    venue.clock.now = START + 5_000
    other.limit("SELL", "40000", "0.5")
    answer = trader.query(1)
    assert list(answer) == samples.ORDER
    assert answer == {
        "symbol": SYMBOL,
        "orderId": 1,
        "orderListId": -1,
        "clientOrderId": "mine",
        "price": "40000.00000000",
        "origQty": "2.00000000",
        "executedQty": "0.50000000",
        "cummulativeQuoteQty": "20000.00000000",
        "status": "PARTIALLY_FILLED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "stopPrice": "0.00000000",
        "icebergQty": "0.00000000",
        "time": MILLISECONDS,
        "updateTime": MILLISECONDS + 5,
        "isWorking": True,
        "workingTime": MILLISECONDS,
        "origQuoteOrderQty": "0.00000000",
        "selfTradePreventionMode": "NONE",
    }


def test_a_waiting_order_is_not_working(trader: Trader, other: Trader) -> None:
    trade_at(trader, other, "40000")
    placed = trader.place(
        "STOP_LOSS_LIMIT",
        "SELL",
        price="39000",
        timeInForce="GTC",
        stopPrice="39500",
        trailingDelta=10,
        icebergQty="0.5",
        strategyId=37463720,
        strategyType=1_000_000,
    )
    answer = trader.query(placed["orderId"])
    assert list(answer) == samples.ORDER_WITH_EVERYTHING
    assert (answer["isWorking"], answer["workingTime"], answer["trailingTime"]) == (False, -1, -1)
    assert (answer["stopPrice"], answer["icebergQty"]) == ("39500.00000000", "0.50000000")


def test_an_order_by_quote_amount_is_told_with_it(trader: Trader, other: Trader) -> None:
    other.limit("SELL", "40000", "5")
    placed = trader.place("MARKET", "BUY", None, quoteOrderQty="100000")
    assert trader.query(placed["orderId"])["origQuoteOrderQty"] == "100000.00000000"


def test_prevention_and_expiry_are_told_at_the_end(trader: Trader) -> None:
    trader.limit("BUY", "40000", "1")
    trader.limit("SELL", "40000", "1", selfTradePreventionMode="EXPIRE_MAKER")
    assert list(trader.query(1)) == samples.PREVENTED_ORDER
    assert (trader.query(1)["preventedMatchId"], trader.query(1)["preventedQuantity"]) == (0, "1.00000000")
    expired = trader.place("LIMIT", "BUY", price="30000", timeInForce="IOC")["orderId"]
    assert list(trader.query(expired)) == [*samples.ORDER, "expiryReason"]


def test_an_order_is_found_by_either_name(trader: Trader) -> None:
    trader.limit("BUY", "40000", newClientOrderId="mine")
    by_id = trader.query(1)
    assert trader.ask("order.status", symbol=SYMBOL, origClientOrderId="mine") == by_id
    assert trader.ask("order.status", symbol=SYMBOL, orderId=1, origClientOrderId="mine") == by_id


def test_an_order_that_is_not_ones_own_does_not_exist(trader: Trader, other: Trader) -> None:
    trader.limit("BUY", "40000", newClientOrderId="mine")
    none = Refused(-2013, "Order does not exist.")
    assert other.refusal("order.status", symbol=SYMBOL, orderId=1) == none
    assert other.refusal("order.status", symbol=SYMBOL, origClientOrderId="mine") == none
    assert trader.refusal("order.status", symbol="BNBUSDT", orderId=1) == none
    assert trader.refusal("order.status", symbol=SYMBOL, orderId=2) == none


def test_why_a_query_is_refused(trader: Trader) -> None:
    trader.limit("BUY", "40000", newClientOrderId="mine")
    assert trader.refusal("order.status", symbol=SYMBOL) == neither("origClientOrderId", "orderId")
    assert trader.refusal("order.status", orderId=1) == missing("symbol")
    assert trader.refusal("order.status", symbol="NOSUCH", orderId=1) == Refused(-1121, "Invalid symbol.")
    refusal = trader.refusal("order.status", symbol=SYMBOL, orderId=1, origClientOrderId="other")
    assert refusal == Refused(-2039, "Client order ID is not correct for this order ID.")
    refusal = trader.refusal("order.status", symbol=SYMBOL, orderId="one")
    assert refusal == Refused(
        -1100, "Illegal characters found in parameter 'orderId'; legal range is '^[0-9]{1,20}$'."
    )


# open orders


def test_open_orders_are_those_of_one_symbol_or_of_all(trader: Trader, other: Trader) -> None:
    first, second = (trader.limit("BUY", price)["orderId"] for price in ("30000", "30001"))
    trader.place("LIMIT", "BUY", symbol="BNBUSDT", price="500", timeInForce="GTC")
    other.limit("BUY", "30000")
    found = trader.ask("openOrders.status", symbol=SYMBOL)
    assert [each["orderId"] for each in found] == [first, second]
    assert [list(each) for each in found] == [samples.ORDER, samples.ORDER]
    everywhere = trader.ask("openOrders.status")
    assert [each["symbol"] for each in everywhere] == ["BNBUSDT", SYMBOL, SYMBOL]
    trader.ask("order.cancel", symbol=SYMBOL, orderId=first)
    assert [each["orderId"] for each in trader.ask("openOrders.status", symbol=SYMBOL)] == [second]


def test_of_a_symbol_that_does_not_exist_nothing_is_open(trader: Trader) -> None:
    assert trader.refusal("openOrders.status", symbol="NOSUCH") == Refused(-1121, "Invalid symbol.")


# all orders


@pytest.fixture
def hourly(venue: Venue, trader: Trader) -> list[int]:
    """Ten orders, one an hour; the ids."""
    placed = []
    for number in range(10):
        venue.clock.now = START + number * HOUR
        placed.append(trader.limit("BUY", "30000", "0.01")["orderId"])
    return placed


def ids(answer: Any) -> list[int]:
    return [each["orderId"] for each in answer]


def test_the_newest_orders_come_where_nothing_else_is_asked(trader: Trader, hourly: list[int]) -> None:
    trader.ask("order.cancel", symbol=SYMBOL, orderId=hourly[4])
    everything = trader.ask("allOrders", symbol=SYMBOL)
    assert ids(everything) == hourly
    assert everything[4]["status"] == "CANCELED"
    assert ids(trader.ask("allOrders", symbol=SYMBOL, limit=3)) == hourly[-3:]


def test_all_orders_are_paged_by_id(trader: Trader, hourly: list[int]) -> None:
    collected: list[int] = []
    following = 0
    while page := ids(trader.ask("allOrders", symbol=SYMBOL, orderId=following, limit=4)):
        collected += page
        following = page[-1] + 1
    assert collected == hourly


def test_all_orders_are_paged_by_time(trader: Trader, hourly: list[int]) -> None:
    hour = HOUR // 1000
    ask = {"symbol": SYMBOL, "limit": 2}
    assert ids(trader.ask("allOrders", **ask, startTime=MILLISECONDS + 3 * hour)) == hourly[3:5]
    assert ids(trader.ask("allOrders", **ask, endTime=MILLISECONDS + 3 * hour)) == hourly[2:4]
    both = {"startTime": MILLISECONDS + 3 * hour, "endTime": MILLISECONDS + 3 * hour}
    assert ids(trader.ask("allOrders", **ask, **both)) == hourly[3:4]
    in_microseconds = {"startTime": START + 3 * HOUR, "endTime": START + 4 * HOUR}
    assert ids(trader.ask("allOrders", symbol=SYMBOL, **in_microseconds)) == hourly[3:5]


def test_an_id_is_ignored_where_a_time_is_sent(trader: Trader, hourly: list[int]) -> None:
    found = trader.ask("allOrders", symbol=SYMBOL, orderId=hourly[8], endTime=MILLISECONDS)
    assert ids(found) == hourly[:1]


def test_a_day_at_most_lies_between_start_and_end(trader: Trader, hourly: list[int]) -> None:
    day = 24 * 3600 * 1000
    ask = {"symbol": SYMBOL, "startTime": MILLISECONDS}
    assert ids(trader.ask("allOrders", **ask, endTime=MILLISECONDS + day)) == hourly
    refusal = trader.refusal("allOrders", **ask, endTime=MILLISECONDS + day + 1)
    assert refusal == Refused(-1127, "More than 24 hours between startTime and endTime.")
    assert trader.refusal("allOrders", **ask, endTime=MILLISECONDS - 1) == missing("endTime")


def test_pages_have_a_largest_size(trader: Trader, hourly: list[int]) -> None:
    assert ids(trader.ask("allOrders", symbol=SYMBOL, limit=100_000)) == hourly
    refusal = trader.refusal("allOrders", symbol=SYMBOL, limit=0)
    assert refusal == Refused(-1130, "Data sent for parameter 'limit' is not valid.")
