"""Answers about order lists, while they wait, work and end; and about orders that are replaced or amended."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import ApiAsker, Asker, Refused, RestAsker
from tests.exchange.server.shapes.stage import ABOVE, BELOW, FAR_ABOVE, FAR_BELOW, MIDDLE, QUANTITY, SYMBOL

TOLD = ["ACK", "RESULT", "FULL", None]
PAIRS: dict[str, dict[str, Any]] = {
    "a limit above and a stop below": {},
    "icebergs": {"aboveIcebergQty": "0.005", "belowIcebergQty": "0.005"},
    "strategies": {"aboveStrategyId": 1, "belowStrategyId": 2, "belowStrategyType": 1_000_000},
    "ids": {
        "listClientOrderId": "the-pair",
        "aboveClientOrderId": "its-above",
        "belowClientOrderId": "its-below",
    },
    "a stop that trails": {"belowTrailingDelta": 100},
    "a profit above": {"aboveType": "TAKE_PROFIT", "aboveStopPrice": ABOVE, "abovePrice": None},
    "a stop that becomes a market order": {
        "belowType": "STOP_LOSS",
        "belowPrice": None,
        "belowTimeInForce": None,
    },
}


@pytest.fixture(autouse=True)
def a_last_price(first: Asker, second: Asker, quiet: object) -> None:
    """What waits for a price has one to be compared with."""
    stage.trade(second, first)


def without_nothing(sent: dict[str, Any]) -> dict[str, Any]:
    """Parameters without those that are not to be sent."""
    return {name: value for name, value in sent.items() if value is not None}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("told", TOLD)
def test_a_pair_is_told_from_its_beginning_to_its_end(first: Asker, pair: str, told: str | None) -> None:
    sent = stage.oco(newOrderRespType=told, **PAIRS[pair])
    placed = first.ask("orderList.place.oco", **without_nothing(sent))
    listed = first.ask("orderList.status", orderListId=placed.orderListId)
    assert [each.orderId for each in listed.orders] == [each.orderId for each in placed.orders]
    orders = first.ask("openOrders.status", symbol=SYMBOL)
    assert {order.orderListId for order in orders} == {placed.orderListId}
    assert first.ask("openOrderLists.status") == [listed]
    ended = first.ask("orderList.cancel", symbol=SYMBOL, orderListId=placed.orderListId)
    assert {report.orderId for report in ended.orderReports} == {order.orderId for order in orders}
    assert first.ask("orderList.status", orderListId=placed.orderListId).listOrderStatus == "ALL_DONE"


@pytest.mark.parametrize("told", TOLD)
def test_the_retired_way_to_place_a_pair_is_answered_alike(first: Asker, told: str | None) -> None:
    placed = first.ask("orderList.place", **without_nothing(stage.old_oco(newOrderRespType=told)))
    assert {placed.contingencyType, placed.listOrderStatus} == {"OCO", "EXECUTING"}


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("fills", [False, True])
@pytest.mark.parametrize("kind", ["oto", "otoco"])
def test_a_list_whose_first_order_works(
    first: Asker, second: Asker, told: str | None, fills: bool, kind: str
) -> None:
    if fills:
        stage.resting(second, "SELL", MIDDLE)
    sent = {"oto": stage.oto, "otoco": stage.otoco}[kind](MIDDLE if fills else BELOW, newOrderRespType=told)
    placed = first.ask(f"orderList.place.{kind}", **without_nothing(sent))
    working, *pending = placed.orders
    if told != "ACK":
        # what a fill sets off is not told yet
        assert {report.status for report in placed.orderReports[1:]} == {"PENDING_NEW"}
        assert placed.orderReports[0].status == ("FILLED" if fills else "NEW")
    asked = [first.ask("order.status", symbol=SYMBOL, orderId=each.orderId) for each in (working, *pending)]
    assert {order.status for order in asked[1:]} == ({"NEW"} if fills else {"PENDING_NEW"})
    ended = first.ask("order.cancel", symbol=SYMBOL, orderId=pending[0].orderId)
    assert ended.listOrderStatus == "ALL_DONE"


def test_a_pending_market_order(first: Asker) -> None:
    sent = stage.oto(pendingType="MARKET", pendingPrice=None, pendingTimeInForce=None)
    placed = first.ask("orderList.place.oto", **without_nothing(sent))
    assert placed.orderReports[1].type == "MARKET"
    member = placed.orders[1].orderId
    amended = first.ask("order.amend.keepPriority", symbol=SYMBOL, orderId=member, newQty="0.005")
    assert amended.amendedOrder.status == "PENDING_NEW"
    assert {order.status for order in first.ask("openOrders.status", symbol=SYMBOL)} == {"NEW", "PENDING_NEW"}


def test_one_leg_of_a_pair_ends_the_other(first: Asker, second: Asker) -> None:
    placed = first.ask("orderList.place.oco", **stage.oco())
    second.ask("order.place", **stage.limit("BUY", FAR_ABOVE))
    ended = [first.ask("order.status", symbol=SYMBOL, orderId=each.orderId) for each in placed.orders]
    expired = [order for order in ended if order.status == "EXPIRED"]
    assert [order.expiryReason for order in expired] == ["OCO_TRIGGER"]
    assert first.ask("allOrderLists", limit=1000)[-1].listOrderStatus == "ALL_DONE"
    stage.trade(second, first)


def test_everything_is_cancelled_at_once(first: Asker) -> None:
    stage.resting(first)
    first.ask("orderList.place.oto", **stage.oto())
    first.ask("orderList.place.oco", **stage.oco())
    stage.resting(first, "SELL")
    ended = first.ask("openOrders.cancelAll", symbol=SYMBOL)
    assert sorted(type(each).__name__ for each in ended) == ["Cancelled"] * 2 + ["CancelledList"] * 2
    with pytest.raises(Refused, match="-2011"):
        first.ask("openOrders.cancelAll", symbol=SYMBOL)


@pytest.mark.parametrize("told", [None, "ACK", "RESULT", "FULL"])
@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
def test_an_order_is_replaced(first: Asker, told: str | None, mode: str) -> None:
    old = stage.resting(first)
    sent = {**stage.limit("BUY", FAR_BELOW), "newOrderRespType": told, "cancelReplaceMode": mode}
    sent["cancelOrderId"] = old.orderId
    replaced = first.ask("order.cancelReplace", **without_nothing(sent))
    assert replaced.cancelResponse.orderId == old.orderId < replaced.newOrderResponse.orderId


@pytest.mark.parametrize(
    ("mode", "cancels", "places", "told"),
    [
        ("STOP_ON_FAILURE", False, True, ("FAILURE", "NOT_ATTEMPTED", -2022, 400)),
        ("STOP_ON_FAILURE", True, False, ("SUCCESS", "FAILURE", -2021, 409)),
        ("ALLOW_FAILURE", False, True, ("FAILURE", "SUCCESS", -2021, 409)),
        ("ALLOW_FAILURE", True, False, ("SUCCESS", "FAILURE", -2021, 409)),
        ("ALLOW_FAILURE", False, False, ("FAILURE", "FAILURE", -2022, 400)),
    ],
)
def test_half_a_replacement_says_which_half(
    first: Asker, second: Asker, mode: str, cancels: bool, places: bool, told: tuple[str, str, int, int]
) -> None:
    old = stage.resting(first)
    stage.resting(second, "SELL", MIDDLE)
    price = FAR_BELOW if places else MIDDLE
    new = stage.order("BUY", "LIMIT_MAKER", price=price, newOrderRespType="RESULT")
    cancelled = {"cancelReplaceMode": mode, "cancelOrderId": old.orderId if cancels else 999_999}
    with pytest.raises(Refused) as refused:
        first.ask("order.cancelReplace", **new, **cancelled)
    data = refused.value.data
    assert (data.cancelResult, data.newOrderResult, refused.value.code, refused.value.status) == told


@pytest.mark.parametrize("placed_as", ["alone", "in a list"])
def test_an_amended_order_tells_what_it_was(first: Asker, placed_as: str) -> None:
    if placed_as == "alone":
        order = stage.resting(first, icebergQty="0.005", strategyId=5)
    else:
        order = first.ask("orderList.place.oto", **stage.oto()).orderReports[0]
    ids = {"symbol": SYMBOL, "orderId": order.orderId}
    amended = first.ask("order.amend.keepPriority", **ids, newQty="0.008", newClientOrderId="smaller")
    again = first.ask("order.amend.keepPriority", **ids, newQty="0.006")
    assert amended.amendedOrder.origClientOrderId == order.clientOrderId
    assert again.amendedOrder.origClientOrderId == "smaller"
    history = first.ask("order.amendments", **ids)
    assert [(each.origQty, each.newQty) for each in history] == [
        (QUANTITY, "0.00800000"),
        ("0.00800000", "0.00600000"),
    ]
    with pytest.raises(Refused, match="-2038"):
        first.ask("order.amend.keepPriority", **ids, newQty="0.02")


def test_answers_come_in_microseconds_to_those_who_want_them(first: Asker) -> None:
    asker = first
    if isinstance(first, RestAsker):
        first.in_microseconds = True
    else:
        asker = ApiAsker(first.trader, "?timeUnit=MICROSECOND")
    placed = asker.ask("orderList.place.otoco", **stage.otoco(newOrderRespType="FULL"))
    asker.ask("order.amend.keepPriority", symbol=SYMBOL, orderId=placed.orders[0].orderId, newQty="0.005")
    asker.ask("order.amendments", symbol=SYMBOL, orderId=placed.orders[0].orderId)
    asker.ask("allOrders", symbol=SYMBOL)
    asker.ask("allOrderLists")
    asker.ask("myTrades", symbol=SYMBOL)
    asker.ask("account.status")
    asker.ask("orderList.cancel", symbol=SYMBOL, orderListId=placed.orderListId)
    _, taker = stage.prevented(asker)
    asker.ask("myPreventedMatches", symbol=SYMBOL, orderId=taker.orderId)
    if asker is not first:
        asker.close()
