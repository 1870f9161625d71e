"""What each operation costs, counts, and needs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.trading.asking import METHODS, SYMBOL, Trader
from tests.exchange.server.trading.list_requests import OCO, OLD_OCO, OTO, OTOCO
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.catalogue import METHODS as ALL_METHODS
from veighna_ext.exchange.server.operations import by_route
from veighna_ext.exchange.server.trading import OPERATIONS

TRADES: dict[str, tuple[str, int]] = {
    "order.place": ("POST /api/v3/order", 1),
    "order.test": ("POST /api/v3/order/test", 0),
    "order.cancel": ("DELETE /api/v3/order", 0),
    "openOrders.cancelAll": ("DELETE /api/v3/openOrders", 0),
    "order.cancelReplace": ("POST /api/v3/order/cancelReplace", 1),
    "order.amend.keepPriority": ("PUT /api/v3/order/amend/keepPriority", 0),
    "orderList.place": ("POST /api/v3/order/oco", 2),
    "orderList.place.oco": ("POST /api/v3/orderList/oco", 2),
    "orderList.place.oto": ("POST /api/v3/orderList/oto", 2),
    "orderList.place.otoco": ("POST /api/v3/orderList/otoco", 3),
    "orderList.place.opo": ("POST /api/v3/orderList/opo", 2),
    "orderList.place.opoco": ("POST /api/v3/orderList/opoco", 3),
    "orderList.cancel": ("DELETE /api/v3/orderList", 0),
    "sor.order.place": ("POST /api/v3/sor/order", 1),
    "sor.order.test": ("POST /api/v3/sor/order/test", 0),
}
QUERIES: dict[str, tuple[str, dict[str, str], int]] = {
    "order.status": ("GET /api/v3/order", {"symbol": SYMBOL, "orderId": "1"}, 4),
    "openOrders.status": ("GET /api/v3/openOrders", {}, 80),
    "allOrders": ("GET /api/v3/allOrders", {"symbol": SYMBOL}, 20),
    "orderList.status": ("GET /api/v3/orderList", {"orderListId": "1"}, 4),
    "openOrderLists.status": ("GET /api/v3/openOrderList", {}, 6),
    "allOrderLists": ("GET /api/v3/allOrderList", {}, 20),
    "myTrades": ("GET /api/v3/myTrades", {"symbol": SYMBOL}, 20),
    "myPreventedMatches": ("GET /api/v3/myPreventedMatches", {"symbol": SYMBOL, "orderId": "1"}, 20),
    "myAllocations": ("GET /api/v3/myAllocations", {"symbol": SYMBOL}, 20),
    "order.amendments": ("GET /api/v3/order/amendments", {"symbol": SYMBOL, "orderId": "1"}, 4),
}
FREE = {name for name in TRADES if "test" not in name and name != "order.amend.keepPriority"}


def test_every_operation_is_asked_for_by_its_documented_name() -> None:
    assert set(METHODS) == {*TRADES, *QUERIES}
    routes = by_route(OPERATIONS)
    names = {method: route for method, (route, _) in TRADES.items()}
    names |= {method: route for method, (route, _, _) in QUERIES.items()}
    for method, route in names.items():
        verb, path = route.split()
        assert routes[path][verb] is METHODS[method]


def test_every_operation_is_signed_and_trading_needs_the_right_to() -> None:
    for method, operation in METHODS.items():
        assert operation.is_signed
        assert operation.trades is (method in TRADES)


@pytest.mark.parametrize("method", TRADES)
def test_orders_are_counted_one_by_one(method: str) -> None:
    assert METHODS[method].orders == TRADES[method][1]


def test_orders_and_cancels_that_succeed_are_free() -> None:
    assert {method for method, operation in METHODS.items() if operation.is_free} == FREE


@pytest.mark.parametrize("method", QUERIES)
def test_queries_have_their_documented_weights(method: str) -> None:
    _, sent, weight = QUERIES[method]
    assert METHODS[method].weight_of(METHODS[method].parameters.read(sent)) == weight


@pytest.mark.parametrize(
    ("method", "sent", "weight"),
    [
        ("openOrders.status", {"symbol": SYMBOL}, 6),
        ("myTrades", {"symbol": SYMBOL, "orderId": "1"}, 5),
        ("myPreventedMatches", {"symbol": SYMBOL, "preventedMatchId": "1"}, 2),
    ],
)
def test_narrower_queries_cost_less(method: str, sent: dict[str, str], weight: int) -> None:
    assert METHODS[method].weight_of(METHODS[method].parameters.read(sent)) == weight


def test_amending_costs_its_weight_whatever_comes_of_it() -> None:
    assert METHODS["order.amend.keepPriority"].weight == 4


@pytest.mark.parametrize(
    ("method", "sent", "weight"),
    [
        ("order.amend.keepPriority", {"symbol": SYMBOL, "orderId": "1", "newQty": "1"}, 4),
        ("order.amend.keepPriority", {"symbol": SYMBOL, "orderId": "1"}, 4),
        ("account.commission", {}, 20),
        ("order.place", {"symbol": SYMBOL}, 1),
        ("myPreventedMatches", {"symbol": "NOSUCH", "orderId": "1"}, 2),
        ("myPreventedMatches", {"symbol": "no symbol", "orderId": "1"}, 2),
        ("myPreventedMatches", {"symbol": SYMBOL}, 20),
    ],
)
def test_what_is_refused_costs_what_it_always_costs(
    venue: Venue, trader: Trader, method: str, sent: dict[str, Any], weight: int
) -> None:
    operation = ALL_METHODS[method]
    with pytest.raises(Refused):
        venue.ask(operation, trader.number, **sent)
    assert venue.dispatcher.requests.used(venue.caller().address, venue.live.real_now()) == weight


@pytest.mark.parametrize(
    ("method", "sent", "orders"),
    [
        ("orderList.place", OLD_OCO, 2),
        ("orderList.place.oco", OCO, 2),
        ("orderList.place.oto", OTO, 2),
        ("orderList.place.otoco", OTOCO, 3),
    ],
)
def test_a_list_counts_all_its_orders(
    venue: Venue, trader: Trader, method: str, sent: dict[str, str], orders: int
) -> None:
    before = venue.orders.counts(1, venue.live.real_now())[1]
    trader.ask(method, **sent)
    assert venue.orders.counts(1, venue.live.real_now())[1] == before + orders
