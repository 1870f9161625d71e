"""User data as it comes: every event of whatever traders can do, in its shape and in its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import UNSET

from tests.conformance.venue import Venue
from tests.exchange.server.process import Talk, running
from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import ApiAsker, Asker, RestAsker
from tests.exchange.server.shapes.conftest import trader
from tests.exchange.server.shapes.events import AccountPosition, ExecutionReport
from tests.exchange.server.shapes.reading import read
from tests.exchange.server.shapes.registry import REST
from tests.exchange.server.shapes.stage import ABOVE, BELOW, FAR_ABOVE, FAR_BELOW, MIDDLE, SYMBOL

Deed = Callable[[Asker, Asker], Any]


def reports(events: list[Any]) -> list[tuple[str, str]]:
    """What each execution report says that happened, and what the order has become."""
    return [(event.x, event.X) for event in events if event.e == "executionReport"]


def happened(heard: ApiAsker, asker: Asker) -> list[Any]:
    """Everything that was told so far: the last words are those of a deposit made for this."""
    deposit = {"asset": "SOL", "amount": "1"}
    asker.trader.venue.control("POST", f"/accounts/{asker.trader.api_key}/deposit", deposit)
    events: list[Any] = []
    while not events or getattr(events[-1], "a", "") != "SOL":
        events.append(heard.next_event())
    position = heard.next_event()
    assert [balance.a for balance in position.B] == ["SOL"]
    return events[:-1]


@pytest.fixture(autouse=True)
def a_last_price(first: Asker, second: Asker, quiet: object) -> None:
    """What waits for a price has one to be compared with."""
    stage.trade(second, first)


def _market(first: Asker, second: Asker) -> None:
    stage.resting(second, "SELL", MIDDLE)
    first.ask("order.place", **stage.order("BUY", "MARKET"))


def _two_fills(first: Asker, second: Asker) -> None:
    stage.resting(second, "SELL", MIDDLE)
    stage.resting(second, "SELL", ABOVE)
    first.ask("order.place", **stage.limit("BUY", ABOVE, quantity="0.02"))


def _made(first: Asker, second: Asker) -> None:
    stage.resting(first, "BUY", MIDDLE)
    second.ask("order.place", **stage.limit("SELL", MIDDLE))


def _cancelled(first: Asker, second: Asker) -> None:
    placed = stage.resting(first, strategyId=1, strategyType=1_000_001, icebergQty="0.005")
    first.ask("order.cancel", symbol=SYMBOL, orderId=placed.orderId)


def _amended(first: Asker, second: Asker) -> None:
    placed = stage.resting(first)
    first.ask("order.amend.keepPriority", symbol=SYMBOL, orderId=placed.orderId, newQty="0.005")


def _replaced(first: Asker, second: Asker) -> None:
    old = stage.resting(first)
    first.ask(
        "order.cancelReplace",
        **stage.limit("BUY", FAR_BELOW),
        cancelReplaceMode="STOP_ON_FAILURE",
        cancelOrderId=old.orderId,
    )


def _unfilled(first: Asker, second: Asker) -> None:
    first.ask("order.place", **stage.limit("BUY", MIDDLE, timeInForce="IOC"))


def _unfilled_at_all(first: Asker, second: Asker) -> None:
    first.ask("order.place", **stage.limit("BUY", MIDDLE, timeInForce="FOK"))


def _without_liquidity(first: Asker, second: Asker) -> None:
    stage.resting(second, "SELL", MIDDLE)
    first.ask("order.place", **stage.order("BUY", "MARKET", quantity="0.02"))


def _triggered(first: Asker, second: Asker) -> None:
    first.ask("order.place", **stage.order("SELL", "STOP_LOSS_LIMIT", stopPrice=BELOW, price=FAR_ABOVE))
    stage.trade(second, second, BELOW)
    stage.trade(second, second, MIDDLE)


def _trailing(first: Asker, second: Asker) -> None:
    placed = first.ask("order.place", **stage.order("SELL", "STOP_LOSS", trailingDelta=500))
    first.ask("order.cancel", symbol=SYMBOL, orderId=placed.orderId)


DEEDS: dict[str, tuple[Deed, list[tuple[str, str]]]] = {
    "an order rests": (lambda first, _: stage.resting(first), [("NEW", "NEW")]),
    "a market order is filled": (_market, [("NEW", "NEW"), ("TRADE", "FILLED")]),
    "an order is filled in parts": (
        _two_fills,
        [("NEW", "NEW"), ("TRADE", "PARTIALLY_FILLED"), ("TRADE", "FILLED")],
    ),
    "a resting order is filled": (_made, [("NEW", "NEW"), ("TRADE", "FILLED")]),
    "an order is cancelled": (_cancelled, [("NEW", "NEW"), ("CANCELED", "CANCELED")]),
    "an order is amended": (_amended, [("NEW", "NEW"), ("REPLACED", "NEW")]),
    "an order is replaced": (_replaced, [("NEW", "NEW"), ("CANCELED", "CANCELED"), ("NEW", "NEW")]),
    "an IOC order finds nobody": (_unfilled, [("NEW", "NEW"), ("EXPIRED", "EXPIRED")]),
    "a FOK order finds nobody": (_unfilled_at_all, [("NEW", "NEW"), ("EXPIRED", "EXPIRED")]),
    "a market order finds too few": (
        _without_liquidity,
        [("NEW", "NEW"), ("TRADE", "PARTIALLY_FILLED"), ("EXPIRED", "EXPIRED")],
    ),
    "an order is triggered": (_triggered, [("NEW", "NEW"), ("NEW", "NEW")]),
    "an order trails": (_trailing, [("NEW", "NEW"), ("CANCELED", "CANCELED")]),
    "both orders expire": (
        lambda first, _: stage.prevented(first, "EXPIRE_BOTH"),
        [("NEW", "NEW"), ("NEW", "NEW"), *[("TRADE_PREVENTION", "EXPIRED_IN_MATCH")] * 2],
    ),
    "the resting order expires": (
        lambda first, _: stage.prevented(first, "EXPIRE_MAKER"),
        [("NEW", "NEW"), ("NEW", "NEW"), ("TRADE_PREVENTION", "EXPIRED_IN_MATCH")],
    ),
    "the new order expires": (
        lambda first, _: stage.prevented(first, "EXPIRE_TAKER"),
        [("NEW", "NEW"), ("NEW", "NEW"), ("TRADE_PREVENTION", "EXPIRED_IN_MATCH")],
    ),
}
"""What traders do, and what the first of them hears of it."""


@pytest.mark.parametrize("deed", DEEDS)
def test_what_happens_is_told_in_its_shape(heard: ApiAsker, first: Asker, second: Asker, deed: str) -> None:
    happened(heard, first)
    act, expected = DEEDS[deed]
    act(first, second)
    events = happened(heard, first)
    assert reports(events) == expected
    assert events[-1].e == "outboundAccountPosition" or deed == "an order is triggered"


LISTS: dict[str, tuple[Deed, list[str]]] = {
    "a pair is placed": (lambda first, _: first.ask("orderList.place.oco", **stage.oco()), ["EXEC_STARTED"]),
    "a pair is cancelled": (
        lambda first, _: first.ask(
            "orderList.cancel",
            symbol=SYMBOL,
            orderListId=first.ask("orderList.place.oco", **stage.oco()).orderListId,
        ),
        ["EXEC_STARTED", "ALL_DONE"],
    ),
    "what waits is set off": (
        lambda first, second: (
            stage.resting(second, "SELL", MIDDLE),
            first.ask("orderList.place.otoco", **stage.otoco(MIDDLE)),
        ),
        ["EXEC_STARTED"],
    ),
    "a member gets another id": (
        lambda first, _: first.ask(
            "order.amend.keepPriority",
            symbol=SYMBOL,
            orderId=first.ask("orderList.place.oto", **stage.oto()).orders[0].orderId,
            newQty="0.005",
        ),
        ["EXEC_STARTED", "UPDATED"],
    ),
    "one of a pair is filled": (
        lambda first, second: (
            first.ask("orderList.place.oco", **stage.oco()),
            second.ask("order.place", **stage.limit("BUY", FAR_ABOVE)),
        ),
        ["EXEC_STARTED", "ALL_DONE"],
    ),
}


@pytest.mark.parametrize("deed", LISTS)
def test_what_happens_to_a_list_is_told_in_its_shape(
    heard: ApiAsker, first: Asker, second: Asker, deed: str
) -> None:
    happened(heard, first)
    act, expected = LISTS[deed]
    act(first, second)
    events = happened(heard, first)
    assert [event.l for event in events if event.e == "listStatus"] == expected
    assert all(event.g >= 0 for event in events if event.e == "executionReport")


def test_every_field_of_an_order_is_in_its_reports(heard: ApiAsker, first: Asker, second: Asker) -> None:
    happened(heard, first)
    placed = stage.resting(
        first, strategyId=3, strategyType=1_000_002, icebergQty="0.005", newClientOrderId="in-every-report"
    )
    report = heard.next_event()
    assert (report.c, report.j, report.J, report.F) == ("in-every-report", 3, 1_000_002, "0.00500000")
    assert (report.i, report.q, report.p) == (placed.orderId, placed.origQty, placed.price)
    assert placed.transactTime == report.O
    first.ask("order.cancel", symbol=SYMBOL, orderId=placed.orderId, newClientOrderId="the-cancel")
    last = [each for each in happened(heard, first) if each.e == "executionReport"][-1]
    assert (last.c, last.C) == ("the-cancel", "in-every-report")


def test_times_are_microseconds_where_they_were_asked_for(quiet: Venue, second: Asker) -> None:
    asker = ApiAsker(trader(quiet, "first"), "?timeUnit=MICROSECOND")
    asker.ask("userDataStream.subscribe.signature")
    _two_fills(asker, second)
    stage.prevented(asker)
    asker.ask("order.place", **stage.order("SELL", "STOP_LOSS", trailingDelta=500))
    asker.ask("orderList.place.otoco", **stage.otoco())
    assert len(happened(asker, asker)) > 10
    asker.close()


def test_money_that_comes_and_goes_is_told(heard: ApiAsker, first: Asker, quiet: Venue) -> None:
    happened(heard, first)
    quiet.control("POST", "/accounts/first/deposit", {"asset": "USDT", "amount": "100"})
    quiet.control("POST", "/accounts/first/withdraw", {"asset": "USDT", "amount": "40"})
    told = happened(heard, first)
    assert [event.d for event in told if event.e == "balanceUpdate"] == ["100.00000000", "-40.00000000"]
    assert [event.e for event in told] == ["balanceUpdate", "outboundAccountPosition"] * 2


def test_the_end_of_a_subscription_is_told(quiet: Venue) -> None:
    asker = ApiAsker(trader(quiet, "first"))
    number = asker.ask("userDataStream.subscribe.signature").subscriptionId
    asker.ask("userDataStream.unsubscribe", subscriptionId=number)
    assert asker.next_event().e == "eventStreamTerminated"
    asker.close()


def test_the_end_of_the_server_is_told(tmp_path: Any) -> None:
    options = ("--market", "manual", "--symbols", "BTCUSDT", "--account", "first:first-secret")
    with running(tmp_path, *options) as venue:
        asker = ApiAsker(trader(venue, "first"))
        asker.ask("userDataStream.subscribe.signature")
        market = Talk(venue, "/ws/btcusdt@trade")
        combined = Talk(venue, "/stream?streams=btcusdt@trade")
        venue.stop()
        assert asker.next_event().e == "serverShutdown"
        for talk in (market, combined):
            assert b"serverShutdown" in talk.receive()
            talk.close()
        asker.close()


def test_answers_and_reports_do_not_contradict_each_other(quiet: Venue, second: Asker) -> None:
    asker = ApiAsker(trader(quiet, "first"))
    asker.ask("userDataStream.subscribe.signature")
    stage.resting(second, "SELL", MIDDLE)
    placed = asker.ask("order.place", **stage.limit("BUY", MIDDLE, newOrderRespType="FULL"))
    told = [event for event in asker.events_until("outboundAccountPosition") if event.e == "executionReport"]
    fill, traded = placed.fills[0], told[-1]
    assert (fill.price, fill.qty, fill.commission, fill.commissionAsset, fill.tradeId) == (
        traded.L,
        traded.l,
        traded.n,
        traded.N,
        traded.t,
    )
    assert {event.i for event in told} == {placed.orderId}
    assert placed.icebergQty is UNSET
    asker.close()


@pytest.mark.parametrize("unit", ["", "?timeUnit=MICROSECOND"])
def test_a_retired_listen_key_brings_bare_events(quiet: Venue, unit: str) -> None:
    key = read(_by_key(quiet, "POST").body, REST["POST /api/v3/userDataStream"].forms[0]).listenKey
    talk = Talk(quiet, f"/ws/{key}{unit}")
    stage.resting(asker := RestAsker(trader(quiet, "first")))
    asker.close()
    for form in (ExecutionReport, AccountPosition):
        read(talk.receive(), form, in_microseconds=bool(unit))
    for verb in ("PUT", "DELETE"):
        read(_by_key(quiet, verb, f"?listenKey={key}").body, REST[f"{verb} /api/v3/userDataStream"].forms[0])
    talk.close()


def _by_key(venue: Venue, verb: str, query: str = "") -> Any:
    somebody = trader(venue, "first")
    answer = somebody.send(verb, f"/api/v3/userDataStream{query}", headers={"X-MBX-APIKEY": "first"})
    somebody.close()
    assert answer.status == 200
    return answer
