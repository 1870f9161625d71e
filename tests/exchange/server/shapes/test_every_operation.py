"""Whatever the venue offers is asked of a running server, by each way there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.venue import Venue
from tests.exchange.server.access.signers import ed25519_sender
from tests.exchange.server.process import Trader
from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import ApiAsker, Asker, Refused, RestAsker
from tests.exchange.server.shapes.conftest import trader
from tests.exchange.server.shapes.registry import route
from tests.exchange.server.shapes.stage import SYMBOL
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.operations import Operation

Requests = Callable[[Asker], dict[str, Any]]
"""What to ask, after making the situation that gives an answer with something in it."""


def plain(**sent: Any) -> Requests:
    """A request that needs no situation."""
    return lambda _asker: sent


def after(situation: Callable[[Asker], dict[str, Any]]) -> Requests:
    """A request about what was made just before."""
    return situation


def _resting(asker: Asker) -> dict[str, Any]:
    return {"symbol": SYMBOL, "orderId": stage.resting(asker).orderId}


def _amended(asker: Asker) -> dict[str, Any]:
    placed = stage.resting(asker)
    asker.ask("order.amend.keepPriority", symbol=SYMBOL, orderId=placed.orderId, newQty="0.005")
    return {"symbol": SYMBOL, "orderId": placed.orderId}


def _prevented(asker: Asker) -> dict[str, Any]:
    _, taker = stage.prevented(asker)
    return {"symbol": SYMBOL, "orderId": taker.orderId}


def _listed(asker: Asker) -> dict[str, Any]:
    placed = asker.ask("orderList.place.oto", **stage.oto())
    return {"orderListId": placed.orderListId}


def _replaced(asker: Asker) -> dict[str, Any]:
    return {
        **stage.limit("BUY", stage.FAR_BELOW),
        "cancelReplaceMode": "STOP_ON_FAILURE",
        "cancelOrderId": stage.resting(asker).orderId,
    }


def _several(asker: Asker) -> dict[str, Any]:
    stage.resting(asker)
    asker.ask("orderList.place.oto", **stage.oto())
    return {"symbol": SYMBOL}


def _subscribed(asker: Asker) -> dict[str, Any]:
    return asker.ask("userDataStream.subscribe.signature") and {}


ONE = plain(symbol=SYMBOL)
REQUESTS: dict[str, Requests] = {
    "GET /api/v3/klines": plain(symbol=SYMBOL, interval="1m"),
    "GET /api/v3/uiKlines": plain(symbol=SYMBOL, interval="1h"),
    "GET /api/v3/historicalBlockTrades": plain(symbol=SYMBOL, fromId=0),
    "GET /api/v3/exchangeInfo": plain(),
    "GET /api/v3/executionRules": plain(),
    "GET /api/v3/ping": plain(),
    "GET /api/v3/time": plain(),
    "POST /api/v3/order": plain(**stage.limit("BUY", stage.BELOW)),
    "POST /api/v3/order/test": plain(**stage.limit("BUY", stage.BELOW), computeCommissionRates=True),
    "DELETE /api/v3/order": after(_resting),
    "DELETE /api/v3/openOrders": after(_several),
    "POST /api/v3/order/cancelReplace": after(_replaced),
    "PUT /api/v3/order/amend/keepPriority": after(lambda asker: {**_resting(asker), "newQty": "0.005"}),
    "POST /api/v3/order/oco": plain(**stage.old_oco()),
    "POST /api/v3/orderList/oco": plain(**stage.oco()),
    "POST /api/v3/orderList/oto": plain(**stage.oto()),
    "POST /api/v3/orderList/otoco": plain(**stage.otoco()),
    "POST /api/v3/orderList/opo": plain(**stage.opo()),
    "POST /api/v3/orderList/opoco": plain(
        **{name: value for name, value in stage.otoco().items() if name != "pendingQuantity"}
    ),
    "DELETE /api/v3/orderList": after(lambda asker: {"symbol": SYMBOL, **_listed(asker)}),
    "POST /api/v3/sor/order": plain(**stage.limit("BUY", stage.BELOW)),
    "POST /api/v3/sor/order/test": plain(**stage.limit("BUY", stage.BELOW)),
    "GET /api/v3/account": plain(),
    "GET /api/v3/rateLimit/order": plain(),
    "GET /api/v3/order": after(_resting),
    "GET /api/v3/openOrders": after(lambda asker: {"symbol": _resting(asker)["symbol"]}),
    "GET /api/v3/order/amendments": after(_amended),
    "GET /api/v3/orderList": after(_listed),
    "GET /api/v3/allOrderList": after(lambda asker: _listed(asker) and {}),
    "GET /api/v3/openOrderList": after(lambda asker: _listed(asker) and {}),
    "GET /api/v3/myPreventedMatches": after(_prevented),
    "userDataStream.unsubscribe": after(_subscribed),
    "GET /sapi/v1/asset/tradeFee": plain(),
    "GET /sapi/v1/margin/allPairs": plain(),
    "GET /sapi/v1/margin/isolated/allPairs": plain(),
}
"""What is asked; where nothing is named, about the one symbol."""

REFUSED_HERE = {
    "GET /api/v3/referencePrice": -2043,
    "GET /api/v3/referencePrice/calculation": -2043,
    "POST /api/v3/orderList/opo": -1013,
    "POST /api/v3/orderList/opoco": -1013,
    "POST /api/v3/sor/order": -1013,
    "POST /api/v3/sor/order/test": -1013,
}
"""What no symbol of this venue has, and the code it is refused with."""
MAY_BE_EMPTY = {
    "GET /api/v3/historicalBlockTrades",
    "GET /api/v3/executionRules",
    "GET /api/v3/myAllocations",
    "GET /sapi/v1/capital/deposit/hisrec",
    "GET /sapi/v1/capital/withdraw/history",
    "GET /sapi/v1/margin/allPairs",
    "GET /sapi/v1/margin/isolated/allPairs",
}
"""What never has anything to tell here."""


def _name(operation: Operation) -> str:
    return route(operation) if operation.path else operation.method


@pytest.fixture(scope="module")
def traded(quiet: Venue) -> None:
    """There have been trades, of both accounts."""
    first, second = RestAsker(trader(quiet, "first")), RestAsker(trader(quiet, "second"))
    stage.trade(first, second)
    stage.trade(second, first)
    first.close()
    second.close()


@pytest.fixture
def logged_on(quiet: Venue) -> Iterator[ApiAsker]:
    """A connection that is logged on."""
    asker = ApiAsker(Trader.opened(quiet, {"USDT": "1000"}, ed25519_sender()))
    asker.ask("session.logon")
    asker.is_logged_on = True
    yield asker
    asker.close()


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.path], ids=_name)
def test_rest_answers_in_its_shape(operation: Operation, quiet: Venue, traded: None) -> None:
    _ask(RestAsker(trader(quiet, "first")), operation)


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.method], ids=lambda each: each.method
)
def test_the_websocket_api_answers_in_its_shape(
    operation: Operation, quiet: Venue, traded: None, request: pytest.FixtureRequest
) -> None:
    if operation.method in ("session.logon", "userDataStream.subscribe"):
        _ask(request.getfixturevalue("logged_on"), operation)
    else:
        _ask(ApiAsker(trader(quiet, "first")), operation)


def _ask(asker: Asker, operation: Operation) -> None:
    name = _name(operation)
    known = {each.name for each in operation.parameters.all}
    requests = REQUESTS.get(name) or (ONE if "symbol" in known else plain())
    try:
        sent = requests(asker)
        if name in REFUSED_HERE:
            with pytest.raises(Refused) as refusal:
                asker.carry_out(operation, **sent)
            assert refusal.value.code == REFUSED_HERE[name]
            return
        answer = asker.carry_out(operation, **sent)
        assert not isinstance(answer, list) or answer or name in MAY_BE_EMPTY or "subscriptions" in name
    finally:
        asker.close()
