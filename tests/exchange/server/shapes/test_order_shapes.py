"""Answers about orders of every type, in every state, as much of each as was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import Asker, Refused
from tests.exchange.server.shapes.orders import Ack, Full, Queried, Result
from tests.exchange.server.shapes.stage import ABOVE, BELOW, FAR_ABOVE, MIDDLE, QUANTITY, SYMBOL

RESTING: dict[str, dict[str, Any]] = {
    "LIMIT": {"side": "BUY", "price": BELOW},
    "LIMIT_MAKER": {"side": "SELL", "price": ABOVE},
    "STOP_LOSS": {"side": "SELL", "stopPrice": BELOW},
    "STOP_LOSS_LIMIT": {"side": "BUY", "stopPrice": ABOVE, "price": FAR_ABOVE},
    "TAKE_PROFIT": {"side": "SELL", "stopPrice": ABOVE},
    "TAKE_PROFIT_LIMIT": {"side": "BUY", "stopPrice": BELOW, "price": BELOW},
}
ADDITIONS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a strategy": {"strategyId": 7, "strategyType": 1_000_000},
    "an id": {"newClientOrderId": "a-word_of-its-sender"},
    "an iceberg": {"icebergQty": "0.005"},
    "a mode against self-trades": {"selfTradePreventionMode": "EXPIRE_TAKER"},
}


@pytest.fixture(autouse=True)
def a_last_price(first: Asker, second: Asker, quiet: object) -> None:
    """What waits for a price has one to be compared with."""
    stage.trade(second, first)


@pytest.mark.parametrize("kind", RESTING)
@pytest.mark.parametrize(("told", "form"), [("ACK", Ack), ("RESULT", Result), ("FULL", Full), (None, None)])
def test_a_new_order_is_told_as_much_as_was_asked_for(
    first: Asker, kind: str, told: str | None, form: Any
) -> None:
    more = {} if told is None else {"newOrderRespType": told}
    placed = first.ask("order.place", **stage.order(side_of(kind), kind, **rest(kind)), **more)
    assert type(placed) is (form or (Full if kind == "LIMIT" else Ack))


@pytest.mark.parametrize(
    ("kind", "addition"),
    [
        (kind, addition)
        for kind in RESTING
        for addition in ADDITIONS
        # what will be a market order is never an iceberg
        if addition != "an iceberg" or kind not in ("STOP_LOSS", "TAKE_PROFIT")
    ],
)
def test_what_its_sender_added_comes_back_in_every_answer(first: Asker, kind: str, addition: str) -> None:
    more = ADDITIONS[addition]
    order = stage.order(side_of(kind), kind, **rest(kind), newOrderRespType="FULL", **more)
    placed = first.ask("order.place", **order)
    ids = {"symbol": SYMBOL, "orderId": placed.orderId}
    asked = first.ask("order.status", **ids)
    listed = first.ask("openOrders.status", symbol=SYMBOL)
    cancelled = first.ask("order.cancel", **ids)
    assert [each.orderId for each in listed] == [placed.orderId]
    for answer in (placed, asked, listed[0], cancelled):
        assert answer.strategyId == more.get("strategyId", UNSET)
        assert answer.strategyType == more.get("strategyType", UNSET)
        if not isinstance(answer, Queried):
            assert (answer.icebergQty is UNSET) == ("icebergQty" not in more)
    assert cancelled.origClientOrderId == placed.clientOrderId


@pytest.mark.parametrize("kind", ["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"])
@pytest.mark.parametrize("has_stop_price", [True, False])
def test_an_order_that_trails_the_market_says_how(first: Asker, kind: str, has_stop_price: bool) -> None:
    more = {**rest(kind), "trailingDelta": 100, "newOrderRespType": "RESULT"}
    if not has_stop_price:
        del more["stopPrice"]
    placed = first.ask("order.place", **stage.order(side_of(kind), kind, **more))
    asked = first.ask("order.status", symbol=SYMBOL, orderId=placed.orderId)
    cancelled = first.ask("order.cancel", symbol=SYMBOL, orderId=placed.orderId)
    for answer in (placed, asked, cancelled):
        assert answer.trailingDelta == 100
        assert (answer.trailingTime == -1) == has_stop_price
    assert (placed.stopPrice is UNSET) != has_stop_price


@pytest.mark.parametrize("told", ["ACK", "RESULT", "FULL"])
@pytest.mark.parametrize("amount", [{"quantity": QUANTITY}, {"quantity": None, "quoteOrderQty": "400"}])
def test_a_market_order_is_filled(first: Asker, second: Asker, told: str, amount: dict[str, Any]) -> None:
    stage.resting(second, "SELL", MIDDLE)
    placed = first.ask("order.place", **stage.order("BUY", "MARKET", newOrderRespType=told, **amount))
    asked = first.ask("order.status", symbol=SYMBOL, orderId=placed.orderId)
    assert asked.status == "FILLED"
    assert asked.origQuoteOrderQty == ("0.00000000" if amount["quantity"] else "400.00000000")
    trades = first.ask("myTrades", symbol=SYMBOL, orderId=placed.orderId)
    assert [(each.qty, each.isMaker) for each in trades] == [(QUANTITY, False)]


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("MARKET", {}, "INSUFFICIENT_LIQUIDITY"),
        ("LIMIT", {"price": MIDDLE, "timeInForce": "IOC"}, "UNFILLED_IOC_QUANTITY_EXPIRED"),
        ("LIMIT", {"price": MIDDLE, "timeInForce": "FOK"}, "UNFILLED_FOK_ORDER_EXPIRED"),
    ],
)
@pytest.mark.parametrize("told", ["RESULT", "FULL"])
def test_what_expires_says_why(first: Asker, kind: str, more: dict[str, Any], reason: str, told: str) -> None:
    placed = first.ask("order.place", **stage.order("BUY", kind, newOrderRespType=told, **more))
    assert (placed.status, placed.expiryReason) == ("EXPIRED", reason)
    assert first.ask("order.status", symbol=SYMBOL, orderId=placed.orderId).expiryReason == reason


def test_a_partly_filled_order_is_told_in_all_its_states(first: Asker, second: Asker) -> None:
    placed = first.ask("order.place", **stage.limit("BUY", MIDDLE, quantity="0.02"))
    second.ask("order.place", **stage.limit("SELL", MIDDLE))
    ids = {"symbol": SYMBOL, "orderId": placed.orderId}
    assert first.ask("order.status", **ids).status == "PARTIALLY_FILLED"
    amended = first.ask("order.amend.keepPriority", **ids, newQty="0.015")
    assert amended.amendedOrder.status == "PARTIALLY_FILLED"
    cancelled = first.ask("order.cancel", **ids, cancelRestrictions="ONLY_PARTIALLY_FILLED")
    assert (cancelled.executedQty, cancelled.origQty) == (QUANTITY, "0.01500000")
    with pytest.raises(Refused, match="-2011: Unknown order sent"):
        first.ask("order.cancel", **ids)


@pytest.mark.parametrize("mode", ["EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT"])
@pytest.mark.parametrize("told", ["RESULT", "FULL"])
def test_a_prevented_self_trade_is_told_by_both_orders(first: Asker, mode: str, told: str) -> None:
    maker, taker = stage.prevented(first, mode, newOrderRespType=told, quantity="0.02")
    (match,) = first.ask("myPreventedMatches", symbol=SYMBOL, orderId=taker.orderId)
    assert (match.takerOrderId, match.makerOrderId) == (taker.orderId, maker.orderId)
    assert first.ask("myPreventedMatches", symbol=SYMBOL, preventedMatchId=match.preventedMatchId) == [match]
    ended = [first.ask("order.status", symbol=SYMBOL, orderId=each.orderId) for each in (maker, taker)]
    loses = {"EXPIRE_MAKER": (0,), "EXPIRE_TAKER": (1,)}.get(mode, (0, 1))
    for place, order in enumerate(ended):
        assert (order.preventedMatchId is UNSET) == (place not in loses)


@pytest.mark.parametrize("kind", RESTING)
def test_a_tested_order_is_not_placed(first: Asker, kind: str) -> None:
    order = stage.order(side_of(kind), kind, **rest(kind))
    first.ask("order.test", **order)
    first.ask("order.test", **order, computeCommissionRates=True)
    assert first.ask("openOrders.status", symbol=SYMBOL) == []


def test_orders_of_all_symbols_are_listed_together(first: Asker) -> None:
    stage.resting(first)
    first.ask("order.place", **{**stage.limit("BUY", "2000.00"), "symbol": "ETHUSDT"})
    assert {order.symbol for order in first.ask("openOrders.status")} == {"BTCUSDT", "ETHUSDT"}
    first.ask("openOrders.cancelAll", symbol="ETHUSDT")


def test_everything_that_ever_was_is_listed(first: Asker) -> None:
    orders = first.ask("allOrders", symbol=SYMBOL, limit=1000)
    assert {"FILLED"} <= {order.status for order in orders}
    first.ask("allOrders", symbol=SYMBOL, orderId=orders[0].orderId, limit=5)
    first.ask("allOrders", symbol=SYMBOL, startTime=stage.minutes_ago(60))
    first.ask("myTrades", symbol=SYMBOL, startTime=stage.minutes_ago(60), limit=3)
    first.ask("myTrades", symbol=SYMBOL, fromId=0)


def side_of(kind: str) -> str:
    """The side of a resting order."""
    return str(RESTING[kind]["side"])


def rest(kind: str) -> dict[str, Any]:
    """What a resting order has besides."""
    return {name: value for name, value in RESTING[kind].items() if name != "side"}
