"""Order lists as they are placed: every kind, by the documents' samples."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader, trade_at
from tests.exchange.server.trading.list_requests import OCO, OTO, OTOCO
from tests.exchange.server.venue import Venue


@pytest.fixture(autouse=True)
def last_price(other: Trader) -> None:
    """The last price is 40,000."""
    trade_at(other, other, "40000")


def types(answer: Any) -> list[str]:
    return [each["type"] for each in answer["orderReports"]]


def statuses(answer: Any) -> list[str]:
    return [each["status"] for each in answer["orderReports"]]


def test_an_oco_lists_its_stop_first(trader: Trader) -> None:
    answer = trader.ask("orderList.place.oco", **OCO, listClientOrderId="mine", belowClientOrderId="stop")
    assert list(answer) == samples.LIST_WITH_REPORTS
    assert {name: answer[name] for name in samples.LIST[:-1]} == {
        "orderListId": 0,
        "contingencyType": "OCO",
        "listStatusType": "EXEC_STARTED",
        "listOrderStatus": "EXECUTING",
        "listClientOrderId": "mine",
        "transactionTime": START // 1000,
        "symbol": SYMBOL,
    }
    stop, limit = answer["orderReports"]
    assert [list(each) for each in answer["orders"]] == [samples.MEMBER, samples.MEMBER]
    assert answer["orders"][0] == {"symbol": SYMBOL, "orderId": stop["orderId"], "clientOrderId": "stop"}
    assert (list(stop), list(limit)) == (samples.STOP_IN_A_LIST, samples.RESULT)
    assert (types(answer), statuses(answer)) == (["STOP_LOSS_LIMIT", "LIMIT_MAKER"], ["NEW", "NEW"])
    assert stop["orderId"] < limit["orderId"]
    assert (stop["workingTime"], limit["workingTime"]) == (-1, START // 1000)
    assert (stop["orderListId"], limit["orderListId"]) == (0, 0)


def test_a_buying_oco_lists_its_stop_first_too(trader: Trader) -> None:
    answer = trader.ask(
        "orderList.place.oco",
        symbol=SYMBOL, side="BUY", quantity="1", aboveType="STOP_LOSS_LIMIT", abovePrice="42000",
        aboveStopPrice="41000", aboveTimeInForce="GTC", aboveIcebergQty="0.5", belowType="LIMIT_MAKER",
        belowPrice="39000",
    )  # fmt: skip
    stop, limit = answer["orderReports"]
    assert types(answer) == ["STOP_LOSS_LIMIT", "LIMIT_MAKER"]
    assert list(stop) == samples.ICEBERG_STOP_IN_A_LIST
    assert (stop["stopPrice"], stop["icebergQty"]) == ("41000.00000000", "0.50000000")
    assert stop["orderId"] < limit["orderId"]


@pytest.mark.parametrize(("wanted", "fields"), [("ACK", samples.ACK), ("FULL", samples.FULL)])
def test_the_reports_are_as_long_as_asked_for(trader: Trader, wanted: str, fields: list[str]) -> None:
    answer = trader.ask("orderList.place.oco", **OCO, newOrderRespType=wanted)
    assert list(answer["orderReports"][1]) == fields


def test_lists_and_their_orders_get_names_that_are_not_sent(trader: Trader) -> None:
    answer = trader.ask("orderList.place.otoco", **OTOCO)
    names = [answer["listClientOrderId"], *(each["clientOrderId"] for each in answer["orders"])]
    assert len(set(names)) == 4
    assert all(re.fullmatch("[0-9A-Za-z]{22}", name) for name in names)


def test_an_oto_waits_with_its_pending_order(trader: Trader) -> None:
    answer = trader.ask("orderList.place.oto", **OTO)
    assert list(answer) == samples.LIST_WITH_REPORTS
    assert answer["contingencyType"] == "OTO"
    assert statuses(answer) == ["NEW", "PENDING_NEW"]
    assert [list(each) for each in answer["orderReports"]] == [samples.RESULT, samples.RESULT]
    working, pending = answer["orderReports"]
    assert (pending["price"], pending["origQty"]) == ("0.00000000", "1.00000000")
    assert (working["workingTime"], pending["workingTime"]) == (START // 1000, -1)


@pytest.mark.parametrize("wanted", ["ACK", "RESULT", "FULL"])
def test_what_a_filled_working_order_sets_off_is_not_told_yet(
    trader: Trader, other: Trader, wanted: str
) -> None:
    other.limit("SELL", "39000")
    other.limit("BUY", "38000")
    answer = trader.ask("orderList.place.oto", **OTO, newOrderRespType=wanted)
    assert (answer["listStatusType"], answer["listOrderStatus"]) == ("EXEC_STARTED", "EXECUTING")
    working, pending = answer["orderReports"]
    if wanted == "ACK":
        assert list(pending) == samples.ACK
    else:
        assert (working["status"], pending["status"]) == ("FILLED", "PENDING_NEW")
        assert (pending["executedQty"], pending["cummulativeQuoteQty"]) == ("0.00000000", "0.00000000")
        assert (pending["workingTime"], pending.get("fills", [])) == (-1, [])
    assert trader.query(pending["orderId"])["status"] == "FILLED"


def test_what_trails_after_a_filled_working_order_does_not_trail_yet(trader: Trader, other: Trader) -> None:
    other.limit("SELL", "39000")
    sent = {**OTO, "pendingType": "STOP_LOSS", "pendingTrailingDelta": "100"}
    pending = trader.ask("orderList.place.oto", **sent)["orderReports"][1]
    assert (pending["trailingDelta"], pending["trailingTime"]) == (100, -1)
    assert trader.query(pending["orderId"])["trailingTime"] == START // 1000


def test_a_working_order_that_expires_is_told_with_what_it_takes_along(trader: Trader) -> None:
    answer = trader.ask("orderList.place.oto", **{**OTO, "workingTimeInForce": "FOK"})
    assert (answer["listStatusType"], answer["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")
    assert statuses(answer) == ["EXPIRED", "EXPIRED"]
    assert [each["expiryReason"] for each in answer["orderReports"]] == [
        "UNFILLED_FOK_ORDER_EXPIRED",
        "OTO_PHASE_ONE_EXPIRED",
    ]


def test_an_otoco_lists_its_working_order_then_the_stop_then_the_other(trader: Trader) -> None:
    answer = trader.ask("orderList.place.otoco", **OTOCO)
    assert answer["contingencyType"] == "OTO"
    assert types(answer) == ["LIMIT", "STOP_LOSS_LIMIT", "LIMIT_MAKER"]
    assert statuses(answer) == ["NEW", "PENDING_NEW", "PENDING_NEW"]
    assert [list(each) for each in answer["orderReports"]] == [
        samples.RESULT,
        samples.STOP_IN_A_LIST,
        samples.RESULT,
    ]
    ids = [each["orderId"] for each in answer["orders"]]
    assert ids == sorted(ids)


@pytest.mark.parametrize("side", ["SELL", "BUY"])
def test_the_old_way_to_place_a_pair_finds_out_what_is_above(trader: Trader, side: str) -> None:
    price, stop = ("41000", "39000") if side == "SELL" else ("39000", "41000")
    answer = trader.ask(
        "orderList.place",
        symbol=SYMBOL, side=side, quantity="1", price=price, stopPrice=stop, limitClientOrderId="limit",
        stopClientOrderId="stop", limitIcebergQty="0.5", limitStrategyId=1, limitStrategyType=1_000_000,
    )  # fmt: skip
    assert list(answer) == samples.LIST_WITH_REPORTS
    assert types(answer) == ["STOP_LOSS", "LIMIT_MAKER"]
    assert [each["clientOrderId"] for each in answer["orders"]] == ["stop", "limit"]
    assert list(answer["orderReports"][0]) == samples.STOP_IN_A_LIST
    limit = answer["orderReports"][1]
    assert (limit["icebergQty"], limit["strategyId"], limit["strategyType"]) == ("0.50000000", 1, 1_000_000)


def test_the_old_way_makes_a_stop_limit_of_a_stop_with_a_price(trader: Trader) -> None:
    answer = trader.ask(
        "orderList.place",
        symbol=SYMBOL, side="SELL", quantity="1", price="41000", stopPrice="39000", stopLimitPrice="38000",
        stopLimitTimeInForce="GTC", trailingDelta=100, stopIcebergQty="0.5",
    )  # fmt: skip
    stop = answer["orderReports"][0]
    assert (stop["type"], stop["price"], stop["stopPrice"]) == (
        "STOP_LOSS_LIMIT",
        "38000.00000000",
        "39000.00000000",
    )
    assert (stop["trailingDelta"], stop["icebergQty"]) == (100, "0.50000000")


def test_a_canceled_list_reports_the_orders_this_ended(venue: Venue, trader: Trader, other: Trader) -> None:
    placed = trader.ask("orderList.place.oco", **OCO, listClientOrderId="mine")
    other.limit("BUY", "41000", "0.4")
    venue.clock.now = START + 7_000
    answer = trader.ask(
        "orderList.cancel", symbol=SYMBOL, orderListId=0, listClientOrderId="mine", newClientOrderId="cancel"
    )
    assert list(answer) == samples.LIST_WITH_REPORTS
    assert (answer["listStatusType"], answer["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")
    assert answer["transactionTime"] == START // 1000 + 7
    assert answer["orders"] == placed["orders"]
    (report,) = answer["orderReports"]
    assert list(report) == samples.CANCEL
    assert (report["type"], report["executedQty"], report["clientOrderId"]) == (
        "LIMIT_MAKER",
        "0.40000000",
        "cancel",
    )
