"""Whatever is sent, the answer is JSON or a refusal: nothing else ever comes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.server.trading.asking import METHODS, Trader, order, trade_at
from tests.exchange.server.trading.list_requests import OCO, OLD_OCO, OPO, OPOCO, OTO, OTOCO
from tests.exchange.server.venue import Venue, open_venue
from veighna_ext.exchange import enums
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.limits import OrderCounts, RequestLimits
from veighna_ext.exchange.server.operations import Call
from veighna_ext.exchange.server.refusals import as_refusal, error_json

NUMBERS = ("0", "1", "2", "3", "0.5", "5", "38000", "39000", "40000", "41000", "1700000000000")
ODD = ("", "-1", "1e-5", "NaN", "9" * 20, "0." + "1" * 20, "true", "null", "[1]", "比特币", " ", "1 ")
RESPONSES = ("ACK", "RESULT", "FULL")
MODES = ("STOP_ON_FAILURE", "ALLOW_FAILURE", "CANCEL_ONLY", "ONLY_NEW", "PRIMARY_PEG", "TRANSFER")
NAMES = ("a", "b", "BTCUSDT", "BNBUSDT", "NOSUCH", "1000000")
VALUES = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from((*enums.SIDES, *enums.ORDER_TYPES, *enums.TIMES_IN_FORCE, *enums.STP_MODES)),
    st.sampled_from((*RESPONSES, *MODES, *NAMES)),
    st.sampled_from(ODD),
    st.text(max_size=8),
)

_PRICED = {"price": "39000", "timeInForce": "GTC"}
ORDERS = (
    order("LIMIT", "BUY", **_PRICED),
    order("LIMIT", "SELL", price="39000", timeInForce="IOC"),
    order("MARKET", "BUY"),
    order("MARKET", "SELL", None, quoteOrderQty="5000"),
    order("LIMIT_MAKER", "SELL", price="41000"),
    order("STOP_LOSS", "SELL", stopPrice="38000"),
    order("TAKE_PROFIT_LIMIT", "BUY", **_PRICED, stopPrice="39000", trailingDelta="100"),
)
STANDING = (
    ("openOrders.cancelAll", {"symbol": "BTCUSDT"}),
    ("order.place", order("LIMIT", "BUY", price="38000", timeInForce="GTC", newClientOrderId="a")),
    ("orderList.place.oco", {**OCO, "listClientOrderId": "a"}),
)
"""What stands at the beginning of each example, to be cancelled, amended and asked for."""
_ONE = {"symbol": "BTCUSDT", "origClientOrderId": "a"}
_NUMBERED = {"symbol": "BTCUSDT", "orderId": "7"}
_HISTORY = {"symbol": "BTCUSDT", "startTime": "1700000000000", "endTime": "1700000000000"}
GOOD: dict[str, tuple[dict[str, str], ...]] = {
    "order.place": ORDERS,
    "order.test": ORDERS,
    "sor.order.place": ORDERS[:1],
    "sor.order.test": ORDERS[:1],
    "order.cancelReplace": tuple(
        {**each, "cancelReplaceMode": "ALLOW_FAILURE", "cancelOrigClientOrderId": "a"} for each in ORDERS
    ),
    "order.cancel": (_ONE, _NUMBERED),
    "openOrders.cancelAll": ({"symbol": "BTCUSDT"},),
    "order.amend.keepPriority": ({**_ONE, "newQty": "0.5"},),
    "order.amendments": (_NUMBERED,),
    "orderList.place": (OLD_OCO,),
    "orderList.place.oco": (OCO,),
    "orderList.place.oto": (OTO,),
    "orderList.place.otoco": (OTOCO,),
    "orderList.place.opo": (OPO,),
    "orderList.place.opoco": (OPOCO,),
    "orderList.cancel": ({"symbol": "BTCUSDT", "listClientOrderId": "a"},),
    "order.status": (_ONE, _NUMBERED),
    "openOrders.status": ({}, {"symbol": "BTCUSDT"}),
    "allOrders": (_HISTORY, _NUMBERED),
    "orderList.status": ({"orderListId": "1"}, {"origClientOrderId": "a"}),
    "openOrderLists.status": ({},),
    "allOrderLists": ({"fromId": "0"}, {}),
    "myTrades": (_HISTORY, _NUMBERED),
    "myPreventedMatches": (_NUMBERED, {"symbol": "BTCUSDT", "preventedMatchId": "0"}),
    "myAllocations": (_HISTORY, _NUMBERED),
}


def requests() -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """A request that could be good, with a few parameters changed, added or taken away."""

    def of(method: str) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
        names = [*(each.name for each in METHODS[method].parameters.all), "unknown"]
        changes = st.dictionaries(st.sampled_from(names), st.none() | VALUES, max_size=3)
        sent = st.builds(changed, st.sampled_from(GOOD[method]), changes)
        return st.tuples(st.just(method), sent)

    return st.sampled_from(sorted(METHODS)).flatmap(of)


def changed(sent: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


@pytest.fixture(scope="module")
def market() -> Iterator[Venue]:
    """A market that traded, with a book on both sides; requests of all examples meet in it."""
    with open_venue() as venue:
        other = Trader(venue, 2)
        trade_at(other, other, "40000")
        for price in ("40500", "41500"):
            other.limit("SELL", price, "5")
        for price in ("39500", "38500"):
            other.limit("BUY", price, "5")
        yield venue
        # what was accepted can be written down, and none of it broke the venue
        assert other.state()
        other.limit("BUY", "30000")


@given(sent=st.lists(requests(), min_size=1, max_size=6), divisor=st.sampled_from((1, 1000)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_request_is_answered_or_refused(
    market: Venue, sent: list[tuple[str, dict[str, str]]], divisor: int
) -> None:
    caller = market.caller(1, divisor)
    for method, texts in STANDING:
        with suppress(Refused):
            METHODS[method].run(_call(market, method, texts, caller))
    for method, texts in sent:
        market.dispatcher.requests, market.dispatcher.orders = RequestLimits(), OrderCounts()
        operation = METHODS[method]
        try:
            answer: Any = operation.run(_call(market, method, texts, caller))
        except Refused as refused:
            told = msgspec.json.decode(error_json(as_refusal(refused)))
            assert told["code"] < 0
            assert told["msg"]
        else:
            assert msgspec.json.decode(msgspec.json.encode(answer)) == answer


def _call(market: Venue, method: str, texts: dict[str, str], caller: Any) -> Any:
    """Past the dispatcher, which would turn an unexpected exception into a refusal."""
    values = METHODS[method].parameters.read(texts)
    METHODS[method].weight_of(values)
    return Call(market.live, values, caller, market.live.now(), market.dispatcher.orders)
