"""Order lists asked for: one, the open ones, all of them in pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader, trade_at
from tests.exchange.server.trading.list_requests import OCO
from tests.exchange.server.trading.test_new_order_refusals import neither
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused

HOUR = 3600 * 1_000_000
MILLISECONDS = START // 1000


@pytest.fixture(autouse=True)
def three_lists(venue: Venue, trader: Trader, other: Trader) -> None:
    """Three lists, an hour apart, the second of which was canceled."""
    trade_at(other, other, "40000")
    for number in range(3):
        venue.clock.now = START + number * HOUR
        trader.ask("orderList.place.oco", **{**OCO, "quantity": "0.1"}, listClientOrderId=f"list{number}")
    trader.ask("orderList.cancel", symbol=SYMBOL, orderListId=1)


def ids(answer: Any) -> list[int]:
    return [each["orderListId"] for each in answer]


def test_a_list_is_told_without_its_orders_reports(trader: Trader) -> None:
    answer = trader.ask("orderList.status", orderListId=0)
    assert list(answer) == samples.LIST
    assert {name: answer[name] for name in samples.LIST[:-1]} == {
        "orderListId": 0,
        "contingencyType": "OCO",
        "listStatusType": "EXEC_STARTED",
        "listOrderStatus": "EXECUTING",
        "listClientOrderId": "list0",
        "transactionTime": MILLISECONDS,
        "symbol": SYMBOL,
    }
    assert [list(each) for each in answer["orders"]] == [samples.MEMBER, samples.MEMBER]


def test_a_list_that_is_done_says_so(trader: Trader) -> None:
    answer = trader.ask("orderList.status", origClientOrderId="list1")
    assert (answer["listStatusType"], answer["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")


def test_the_senders_own_id_decides_where_both_are_sent(trader: Trader) -> None:
    assert trader.ask("orderList.status", orderListId=2, origClientOrderId="list0")["orderListId"] == 0


def test_a_list_that_is_not_ones_own_does_not_exist(trader: Trader, other: Trader) -> None:
    none = Refused(-2018, "Order list does not exist.")
    assert other.refusal("orderList.status", orderListId=0) == none
    assert other.refusal("orderList.status", origClientOrderId="list0") == none
    assert trader.refusal("orderList.status", orderListId=7) == none
    assert trader.refusal("orderList.status") == neither("origClientOrderId", "orderListId")


def test_open_lists_are_those_that_still_execute(trader: Trader, other: Trader) -> None:
    answer = trader.ask("openOrderLists.status")
    assert ids(answer) == [0, 2]
    assert [list(each) for each in answer] == [samples.LIST, samples.LIST]
    assert other.ask("openOrderLists.status") == []


def test_all_lists_come_in_pages_by_id_or_by_time(trader: Trader) -> None:
    assert ids(trader.ask("allOrderLists")) == [0, 1, 2]
    assert ids(trader.ask("allOrderLists", limit=2)) == [1, 2]
    assert ids(trader.ask("allOrderLists", fromId=1)) == [1, 2]
    assert ids(trader.ask("allOrderLists", fromId=0, limit=2)) == [0, 1]
    hour = HOUR // 1000
    assert ids(trader.ask("allOrderLists", startTime=MILLISECONDS + hour)) == [1, 2]
    assert ids(trader.ask("allOrderLists", endTime=MILLISECONDS + hour)) == [0, 1]
    assert ids(trader.ask("allOrderLists", fromId=2, endTime=MILLISECONDS)) == [0]
    refusal = trader.refusal("allOrderLists", startTime=MILLISECONDS, endTime=MILLISECONDS + 25 * hour)
    assert refusal == Refused(-1127, "More than 24 hours between startTime and endTime.")
