"""What an account traded, what it did not trade with itself, and allocations, of which there are none."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader
from tests.exchange.server.trading.list_requests import OTO
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.errors import Refused

HOUR = 3600 * 1_000_000
MILLISECONDS = START // 1000
BAD_COMBINATION = Refused(-1128, "Combination of optional parameters invalid.")


@pytest.fixture
def hourly(venue: Venue, trader: Trader, other: Trader) -> None:
    """One buyer of 10 is filled in ten trades, one an hour."""
    trader.limit("BUY", "40000", "10")
    for number in range(10):
        venue.clock.now = START + number * HOUR
        other.limit("SELL", "40000")


def ids(answer: Any) -> list[int]:
    return [each["id"] for each in answer]


def subsets(names: tuple[str, ...]) -> list[frozenset[str]]:
    """Every choice of some of the names, none and all included."""
    sizes = range(len(names) + 1)
    return [frozenset(each) for each in chain.from_iterable(combinations(names, size) for size in sizes)]


@pytest.mark.usefixtures("hourly")
def test_a_trade_is_told_from_both_sides(trader: Trader, other: Trader) -> None:
    bought, sold = (each.ask("myTrades", symbol=SYMBOL, limit=1)[0] for each in (trader, other))
    assert list(bought) == samples.TRADE
    assert bought == {
        "symbol": SYMBOL,
        "id": 9,
        "orderId": 1,
        "orderListId": -1,
        "price": "40000.00000000",
        "qty": "1.00000000",
        "quoteQty": "40000.00000000",
        "commission": "0.00100000",
        "commissionAsset": "BTC",
        "time": MILLISECONDS + 9 * HOUR // 1000,
        "isBuyer": True,
        "isMaker": True,
        "isBestMatch": True,
    }
    assert (sold["isBuyer"], sold["isMaker"], sold["commission"], sold["commissionAsset"]) == (
        False,
        False,
        "40.00000000",
        "USDT",
    )


def test_a_trade_of_a_list_names_its_list(trader: Trader, other: Trader) -> None:
    trader.ask("orderList.place.oto", **OTO)
    other.limit("SELL", "39000", "0.5")
    assert trader.ask("myTrades", symbol=SYMBOL)[0]["orderListId"] == 0


@pytest.mark.usefixtures("hourly")
def test_trades_come_by_time_by_id_or_by_order(trader: Trader, other: Trader) -> None:
    def ask(**sent: Any) -> list[int]:
        return ids(trader.ask("myTrades", symbol=SYMBOL, **sent))

    hour = HOUR // 1000
    assert ask() == list(range(10))
    assert ask(limit=3) == [7, 8, 9]
    assert ask(fromId=4, limit=3) == [4, 5, 6]
    assert ask(startTime=MILLISECONDS + 4 * hour, limit=3) == [4, 5, 6]
    assert ask(endTime=MILLISECONDS + 4 * hour, limit=3) == [2, 3, 4]
    assert ask(startTime=MILLISECONDS + 4 * hour, endTime=MILLISECONDS + 5 * hour) == [4, 5]
    assert ask(orderId=1, limit=2) == [8, 9]
    assert ask(orderId=1, fromId=4, limit=2) == [4, 5]
    assert ask(orderId=99) == []
    assert ids(other.ask("myTrades", symbol=SYMBOL, orderId=4)) == [2]
    refusal = trader.refusal(
        "myTrades", symbol=SYMBOL, startTime=MILLISECONDS, endTime=MILLISECONDS + 25 * hour
    )
    assert refusal == Refused(-1127, "More than 24 hours between startTime and endTime.")


def check_combinations(
    trader: Trader, method: str, values: dict[str, int], allowed: set[frozenset[str]]
) -> None:
    """Exactly the allowed choices of parameters are answered."""
    for names in subsets(tuple(values)):
        sent = {"symbol": SYMBOL, **{name: values[name] for name in names}}
        if names in allowed:
            trader.ask(method, **sent)
        else:
            assert trader.refusal(method, **sent) == BAD_COMBINATION, names


def allowed(*names: str) -> set[frozenset[str]]:
    return {frozenset(each.split()) for each in names}


def test_trades_are_asked_for_in_the_documented_ways_only(trader: Trader) -> None:
    values = {"orderId": 1, "startTime": MILLISECONDS, "endTime": MILLISECONDS + 1, "fromId": 0}
    ways = allowed("", "orderId", "startTime", "endTime", "fromId", "startTime endTime", "orderId fromId")
    check_combinations(trader, "myTrades", values, ways)


# prevented matches


def prevent(trader: Trader, mode: str) -> None:
    """An own seller of 2 meets two own buyers of 1."""
    trader.limit("BUY", "40000")
    trader.limit("BUY", "40000")
    trader.limit("SELL", "40000", "2", selfTradePreventionMode=mode)


def test_a_prevented_match_is_told_by_its_id(venue: Venue, trader: Trader) -> None:
    venue.exchange.submit(c.SetAccount(START, 1, trade_group=1))
    prevent(trader, "EXPIRE_MAKER")
    (match,) = trader.ask("myPreventedMatches", symbol=SYMBOL, preventedMatchId=1)
    assert list(match) == samples.PREVENTED_MATCH
    assert match == {
        "symbol": SYMBOL,
        "preventedMatchId": 1,
        "takerOrderId": 3,
        "makerSymbol": SYMBOL,
        "makerOrderId": 2,
        "tradeGroupId": 1,
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "price": "40000.00000000",
        "makerPreventedQuantity": "1.00000000",
        "transactTime": MILLISECONDS,
    }


def test_both_quantities_are_told_where_both_orders_lost_some(trader: Trader, other: Trader) -> None:
    prevent(trader, "DECREMENT")
    found = trader.ask("myPreventedMatches", symbol=SYMBOL, orderId=3)
    assert [each["preventedMatchId"] for each in found] == [0, 1]
    assert list(found[0])[8:10] == ["takerPreventedQuantity", "makerPreventedQuantity"]
    assert found[0]["tradeGroupId"] == -1
    assert other.ask("myPreventedMatches", symbol=SYMBOL, orderId=3) == []


def test_prevented_matches_of_an_order_come_in_pages(trader: Trader) -> None:
    prevent(trader, "EXPIRE_MAKER")
    ask = {"symbol": SYMBOL, "orderId": 3}
    page = trader.ask("myPreventedMatches", **ask, fromPreventedMatchId=0, limit=1)
    assert [each["preventedMatchId"] for each in page] == [0]
    page = trader.ask("myPreventedMatches", **ask, fromPreventedMatchId=1)
    assert [each["preventedMatchId"] for each in page] == [1]


def test_prevented_matches_are_asked_for_in_the_documented_ways_only(trader: Trader) -> None:
    values = {"preventedMatchId": 0, "orderId": 1, "fromPreventedMatchId": 0, "limit": 5}
    ways = allowed(
        "preventedMatchId",
        "orderId",
        "orderId fromPreventedMatchId",
        "orderId fromPreventedMatchId limit",
    )
    check_combinations(trader, "myPreventedMatches", values, ways)


# allocations


def test_there_are_no_allocations(trader: Trader) -> None:
    assert trader.ask("myAllocations", symbol=SYMBOL) == []
    assert trader.refusal("myAllocations", symbol="NOSUCH") == Refused(-1121, "Invalid symbol.")
    two_days = {"startTime": MILLISECONDS, "endTime": MILLISECONDS + 48 * HOUR // 1000}
    assert trader.refusal("myAllocations", symbol=SYMBOL, **two_days).code == -1127


def test_allocations_are_asked_for_in_the_documented_ways_only(trader: Trader) -> None:
    values = {"startTime": 1, "endTime": 2, "fromAllocationId": 0, "orderId": 1}
    ways = allowed(
        "",
        "startTime",
        "endTime",
        "startTime endTime",
        "fromAllocationId",
        "orderId",
        "orderId fromAllocationId",
    )
    check_combinations(trader, "myAllocations", values, ways)
