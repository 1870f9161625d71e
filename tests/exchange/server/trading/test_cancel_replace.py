"""Cancel-replace: every line of the documents' table, with its status, its code and its data."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import SYMBOL, Trader, order, told
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused

GOOD = {"type": "LIMIT", "side": "BUY", "quantity": "1", "price": "30001", "timeInForce": "GTC"}
WOULD_TAKE = {"type": "LIMIT_MAKER", "side": "BUY", "quantity": "1", "price": "45000"}
UNKNOWN = {"code": -2011, "msg": "Unknown order sent."}
TAKES = {"code": -2010, "msg": "Order would immediately match and take."}
TOO_MANY = {"code": -1015, "msg": "Too many new orders; current limit is 160000 orders per 1 DAY."}


def sent(order_id: int, mode: str, new: dict[str, str], **more: Any) -> dict[str, Any]:
    """The parameters of a cancel-replace."""
    return {"symbol": SYMBOL, "cancelReplaceMode": mode, "cancelOrderId": order_id, **new, **more}


@pytest.fixture
def resting(trader: Trader, other: Trader) -> int:
    """An order to be replaced, below a seller at 44,000."""
    other.limit("SELL", "44000")
    answer = trader.limit("BUY", "30000", newClientOrderId="old")
    order_id: int = answer["orderId"]
    return order_id


def status_of(trader: Trader, order_id: int) -> str:
    status: str = trader.query(order_id)["status"]
    return status


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
def test_both_halves_succeed(trader: Trader, resting: int, mode: str) -> None:
    answer = trader.ask("order.cancelReplace", **sent(resting, mode, GOOD, cancelNewClientOrderId="cancel"))
    assert list(answer) == samples.REPLACEMENT
    assert (answer["cancelResult"], answer["newOrderResult"]) == ("SUCCESS", "SUCCESS")
    assert list(answer["cancelResponse"]) == samples.CANCEL
    assert (answer["cancelResponse"]["origClientOrderId"], answer["cancelResponse"]["clientOrderId"]) == (
        "old",
        "cancel",
    )
    assert list(answer["newOrderResponse"]) == samples.FULL
    assert (status_of(trader, resting), answer["newOrderResponse"]["status"]) == ("CANCELED", "NEW")


def test_the_new_order_is_told_as_briefly_as_asked_and_may_take_the_old_name(
    trader: Trader, resting: int
) -> None:
    asked = sent(resting, "STOP_ON_FAILURE", GOOD, newOrderRespType="ACK", newClientOrderId="old")
    answer = trader.ask("order.cancelReplace", **asked)
    assert list(answer["newOrderResponse"]) == samples.ACK
    assert answer["newOrderResponse"]["clientOrderId"] == "old"


def test_a_cancel_that_fails_stops_the_new_order(trader: Trader, resting: int) -> None:
    refusal = trader.refusal("order.cancelReplace", **sent(99, "STOP_ON_FAILURE", GOOD))
    assert (refusal, refusal.status) == (Refused(-2022, "Order cancel-replace failed."), 400)
    assert list(told(refusal)) == samples.REPLACEMENT
    assert refusal.data == {
        "cancelResult": "FAILURE",
        "newOrderResult": "NOT_ATTEMPTED",
        "cancelResponse": UNKNOWN,
        "newOrderResponse": None,
    }


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
def test_the_old_order_is_gone_where_the_new_one_fails(trader: Trader, resting: int, mode: str) -> None:
    refusal = trader.refused("order.cancelReplace", **sent(resting, mode, WOULD_TAKE))
    assert (refusal, refusal.status) == (Refused(-2021, "Order cancel-replace partially failed."), 409)
    assert (told(refusal)["cancelResult"], told(refusal)["newOrderResult"]) == ("SUCCESS", "FAILURE")
    assert list(told(refusal)["cancelResponse"]) == samples.CANCEL
    assert told(refusal)["newOrderResponse"] == TAKES
    assert status_of(trader, resting) == "CANCELED"


def test_the_new_order_is_placed_although_the_cancel_fails_where_that_is_allowed(
    trader: Trader, resting: int
) -> None:
    refusal = trader.refused("order.cancelReplace", **sent(99, "ALLOW_FAILURE", GOOD))
    assert (refusal, refusal.status) == (Refused(-2021, "Order cancel-replace partially failed."), 409)
    assert (told(refusal)["cancelResult"], told(refusal)["newOrderResult"]) == ("FAILURE", "SUCCESS")
    assert told(refusal)["cancelResponse"] == UNKNOWN
    assert status_of(trader, told(refusal)["newOrderResponse"]["orderId"]) == "NEW"


def test_both_halves_may_fail(trader: Trader, resting: int) -> None:
    refusal = trader.refusal("order.cancelReplace", **sent(99, "ALLOW_FAILURE", WOULD_TAKE))
    assert (refusal, refusal.status) == (Refused(-2022, "Order cancel-replace failed."), 400)
    assert refusal.data == {
        "cancelResult": "FAILURE",
        "newOrderResult": "FAILURE",
        "cancelResponse": UNKNOWN,
        "newOrderResponse": TAKES,
    }


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
def test_filters_speak_before_anything_happens(trader: Trader, resting: int, mode: str) -> None:
    refusal = trader.refusal("order.cancelReplace", **sent(resting, mode, {**GOOD, "price": "30000.001"}))
    assert (refusal, refusal.data) == (Refused(-1013, "Filter failure: PRICE_FILTER"), None)


def test_the_cancel_may_be_restricted(trader: Trader, resting: int) -> None:
    asked = sent(resting, "STOP_ON_FAILURE", GOOD, cancelRestrictions="ONLY_PARTIALLY_FILLED")
    refusal = trader.refusal("order.cancelReplace", **asked)
    assert told(refusal)["cancelResponse"] == {
        "code": -2011,
        "msg": "Order was not canceled due to cancel restrictions.",
    }


def test_of_a_list_the_named_order_alone_is_reported_and_all_are_canceled(trader: Trader) -> None:
    pair = trader.ask(
        "orderList.place.oto",
        symbol=SYMBOL, workingType="LIMIT", workingSide="BUY", workingPrice="30000", workingQuantity="1",
        workingTimeInForce="GTC", pendingType="MARKET", pendingSide="SELL", pendingQuantity="1",
    )  # fmt: skip
    working, pending = (each["orderId"] for each in pair["orders"])
    answer = trader.ask("order.cancelReplace", **sent(working, "STOP_ON_FAILURE", GOOD))
    assert answer["cancelResponse"]["orderId"] == working
    assert (status_of(trader, working), status_of(trader, pending)) == ("CANCELED", "CANCELED")


# over the order limit


@pytest.fixture
def over_limit(venue: Venue, resting: int) -> int:
    """An order of an account that may place no more for now."""
    venue.orders.add(1, 160_000, venue.live.real_now())
    return resting


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
def test_over_the_limit_nothing_is_done_unless_asked_for(trader: Trader, over_limit: int, mode: str) -> None:
    refusal = trader.refusal("order.cancelReplace", **sent(over_limit, mode, GOOD))
    assert (refusal.code, refusal.message, refusal.status) == (-1015, TOO_MANY["msg"], 429)
    assert status_of(trader, over_limit) == "NEW"


@pytest.mark.parametrize(
    ("mode", "rest", "socket"), [("STOP_ON_FAILURE", 429, 409), ("ALLOW_FAILURE", 409, 409)]
)
@pytest.mark.parametrize("is_rest", [True, False])
def test_over_the_limit_the_cancel_alone_may_be_done(
    trader: Trader, over_limit: int, mode: str, rest: int, socket: int, is_rest: bool
) -> None:
    asked = sent(over_limit, mode, GOOD, orderRateLimitExceededMode="CANCEL_ONLY")
    refusal = Trader(trader.venue, 1, by_socket=not is_rest).refused("order.cancelReplace", **asked)
    assert (refusal.code, refusal.status) == (-2021, rest if is_rest else socket)
    assert (told(refusal)["cancelResult"], told(refusal)["newOrderResult"]) == ("SUCCESS", "FAILURE")
    assert told(refusal)["newOrderResponse"] == TOO_MANY
    assert status_of(trader, over_limit) == "CANCELED"


@pytest.mark.parametrize(
    ("mode", "status", "outcome", "answer"),
    [("STOP_ON_FAILURE", 429, "NOT_ATTEMPTED", None), ("ALLOW_FAILURE", 400, "FAILURE", TOO_MANY)],
)
def test_over_the_limit_the_cancel_may_fail_too(
    trader: Trader, over_limit: int, mode: str, status: int, outcome: str, answer: Any
) -> None:
    asked = sent(99, mode, GOOD, orderRateLimitExceededMode="CANCEL_ONLY")
    refusal = trader.refusal("order.cancelReplace", **asked)
    assert (refusal.code, refusal.status) == (-2022, status)
    assert (told(refusal)["newOrderResult"], told(refusal)["newOrderResponse"]) == (outcome, answer)


def test_within_the_limit_cancel_only_replaces_as_usual(trader: Trader, resting: int) -> None:
    asked = sent(resting, "STOP_ON_FAILURE", GOOD, orderRateLimitExceededMode="CANCEL_ONLY")
    assert trader.ask("order.cancelReplace", **asked)["newOrderResult"] == "SUCCESS"


def counted(venue: Venue) -> int:
    """How many orders of the first trader count today."""
    return venue.orders.counts(1, venue.live.real_now())[1]


def test_an_order_counts_once_whatever_becomes_of_it(venue: Venue, trader: Trader, resting: int) -> None:
    before = counted(venue)
    trader.refused("order.cancelReplace", **sent(99, "STOP_ON_FAILURE", GOOD))
    assert counted(venue) == before + 1
    trader.refused("order.cancelReplace", **sent(resting, "STOP_ON_FAILURE", WOULD_TAKE))
    assert counted(venue) == before + 2
    resting = trader.limit("BUY", "30000")["orderId"]
    trader.ask("order.cancelReplace", **sent(resting, "STOP_ON_FAILURE", GOOD))
    assert counted(venue) == before + 4


def test_an_order_that_no_filter_lets_pass_does_not_count(venue: Venue, trader: Trader, resting: int) -> None:
    before = counted(venue)
    trader.refused("order.cancelReplace", **sent(resting, "ALLOW_FAILURE", {**GOOD, "price": "30000.001"}))
    assert counted(venue) == before


# parameters


def test_the_order_to_cancel_must_be_named(trader: Trader) -> None:
    asked = {"symbol": SYMBOL, "cancelReplaceMode": "ALLOW_FAILURE", **GOOD}
    assert trader.refusal("order.cancelReplace", **asked) == Refused(
        -1102, "Param 'cancelOrigClientOrderId' or 'cancelOrderId' must be sent, but both were empty/null!"
    )


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("cancelReplaceMode", "MAYBE",
         Refused(-1130, "Data sent for parameter 'cancelReplaceMode' is not valid.")),
        ("orderRateLimitExceededMode", "WAIT",
         Refused(-1130, "Data sent for parameter 'orderRateLimitExceededMode' is not valid.")),
        ("cancelRestrictions", "ONLY_OLD", Refused(-1145, "Invalid cancelRestrictions")),
        ("stopPrice", "1", Refused(-1106, "Parameter 'stopPrice' sent when not required.")),
    ],
)  # fmt: skip
def test_bad_parameters_are_refused_before_anything_happens(
    trader: Trader, resting: int, name: str, value: str, refused: Refused
) -> None:
    asked = {**sent(resting, "ALLOW_FAILURE", GOOD), name: value}
    assert trader.refusal("order.cancelReplace", **asked) == refused


def test_the_mode_is_mandatory(trader: Trader, resting: int) -> None:
    asked = {**order("LIMIT", "BUY", price="30000", timeInForce="GTC"), "cancelOrderId": resting}
    assert trader.refusal("order.cancelReplace", **asked) == Refused(
        -1102, "Mandatory parameter 'cancelReplaceMode' was not sent, was empty/null, or malformed."
    )
