"""Whatever traders send, an answer and the events after it tell the same story."""

from __future__ import annotations

from itertools import islice
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.exchanges import flow
from tests.exchange.server.user_data.random_requests import request_of
from tests.exchange.server.ws_api.client import Client, connecting
from veighna_ext.exchange.server.dispatch import Dispatcher
from veighna_ext.exchange.server.limits import OrderCounts, RequestLimits

STEPS = 60
ENDED = ("FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH")

Message = dict[str, Any]


class Books:
    """What a trader's program knows of its account, from events alone."""

    def __init__(self, account: Message) -> None:
        self.orders: dict[tuple[str, int], Message] = {}
        self.balances = {each["asset"]: (each["free"], each["locked"]) for each in account["balances"]}

    def take(self, event: Message) -> None:
        """Read an event."""
        if event["e"] == "executionReport" and event["x"] != "REJECTED":
            order = event["s"], event["i"]
            earlier = self.orders.get(order)
            assert earlier is None or earlier["X"] not in ENDED, "nothing happens after the end"
            assert (earlier is None) <= (event["x"] == "NEW"), "an order begins as NEW"
            self.orders[order] = event
        elif event["e"] == "outboundAccountPosition":
            self.balances |= {each["a"]: (each["f"], each["l"]) for each in event["B"]}


def agree_on_order(answer: Message, events: list[Message]) -> None:
    """A new order's answer is its state after all its events."""
    own = [each for each in events if each["e"] == "executionReport" and each["i"] == answer["orderId"]]
    last = own[-1]
    assert own[0]["x"] == "NEW"
    assert (own[0]["T"], own[0]["c"], own[0]["C"]) == (answer["transactTime"], answer["clientOrderId"], "")
    for name, field in (
        ("status", "X"), ("executedQty", "z"), ("cummulativeQuoteQty", "Z"), ("origQty", "q"), ("price", "p"),
        ("side", "S"), ("type", "o"), ("timeInForce", "f"), ("orderListId", "g"), ("symbol", "s"),
        ("selfTradePreventionMode", "V"), ("origQuoteOrderQty", "Q"),
    ):  # fmt: skip
        assert answer[name] == last[field], f"{name}: {answer} {own}"
    assert answer.get("workingTime", -1) == last.get("W", -1)
    assert answer.get("expiryReason") == last.get("eR")
    assert answer.get("preventedQuantity") == last.get("A")
    assert [
        (each["price"], each["qty"], each["commission"], each["commissionAsset"], each["tradeId"])
        for each in answer["fills"]
    ] == [(each["L"], each["l"], each["n"], each["N"], each["t"]) for each in own if each["x"] == "TRADE"]


def agree_on_cancel(answer: Message, events: list[Message]) -> None:
    """A cancelled order's answer, or those of a whole list, are what its events say."""
    reports = answer.get("orderReports", [answer])
    for report in reports:
        (event,) = [
            each
            for each in events
            if each["e"] == "executionReport" and each["i"] == report["orderId"] and each["x"] == "CANCELED"
        ]
        told = event["c"], event["C"], event["X"], event["z"], event["q"]
        names = ("clientOrderId", "origClientOrderId", "status", "executedQty", "origQty")
        assert told == tuple(report[name] for name in names)


def agree(method: str, answer: Message, events: list[Message]) -> None:
    """The answer to a request and the events that came with it do not contradict each other."""
    kinds = [each["x"] for each in events if each["e"] == "executionReport"]
    if "error" in answer:
        data = answer["error"].get("data") or {}
        if data.get("cancelResult") == "SUCCESS":
            agree_on_cancel(data["cancelResponse"], events)
            assert "REJECTED" in kinds
        else:
            assert events == [], f"{method} was refused: {answer}"
        return
    result = answer["result"]
    if method == "order.place":
        agree_on_order(result, events)
    elif method == "order.cancelReplace":
        agree_on_cancel(result["cancelResponse"], events)
        agree_on_order(result["newOrderResponse"], events)
    elif method == "order.cancel":
        agree_on_cancel(result, events)
    elif method == "openOrders.cancelAll":
        for each in result:
            agree_on_cancel(each, events)
    elif method == "order.amend.keepPriority":
        amended = result["amendedOrder"]
        event = next(
            each for each in events if each["e"] == "executionReport" and each["i"] == amended["orderId"]
        )
        assert (event["x"], event["q"], event["c"]) == ("REPLACED", amended["qty"], amended["clientOrderId"])
    else:
        assert events[0]["e"] == "listStatus"
        assert events[0]["g"] == result["orderListId"]
        assert [(each["s"], each["i"], each["c"]) for each in events[0]["O"]] == [
            (each["symbol"], each["orderId"], each["clientOrderId"]) for each in result["orders"]
        ]
    assert events[-1]["e"] == "outboundAccountPosition"


def agree_in_the_end(client: Client, number: int, books: Books) -> None:
    """What a program knows from events is what the venue answers."""
    account = client.ask_signed("account.status", by=number)["result"]
    for each in account["balances"]:
        assert books.balances[each["asset"]] == (each["free"], each["locked"])
    for (symbol, order_id), event in books.orders.items():
        order = client.ask_signed("order.status", by=number, symbol=symbol, orderId=order_id)["result"]
        told = event["X"], event["q"], event["z"], event["Z"]
        assert told == tuple(
            order[name] for name in ("status", "origQty", "executedQty", "cummulativeQuoteQty")
        )


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_answers_come_first_and_never_contradict_what_follows(seed: int) -> None:
    with connecting() as connect:
        client = connect()
        venue = client.venue
        venue.dispatcher = Dispatcher(venue.live, RequestLimits(enabled=False), OrderCounts(enabled=False))
        traders = {number: connect() for number in (1, 2)}
        books = {}
        for number, trader in traders.items():
            trader.subscribe(number)
            books[number] = Books(trader.ask_signed("account.status", by=number)["result"])
        for command in islice(flow(seed), STEPS):
            venue.clock.now = command.time
            request = request_of(command)
            asking = command.account if request is not None else 0  # type: ignore[attr-defined]
            if request is None:
                venue.live.submit(command)
            else:
                traders[asking].send_signed(*request, by=asking)
            for number, trader in traders.items():
                heard = trader.heard()
                if number == asking:
                    answer = heard.pop(0)
                    assert "id" in answer, "the answer comes first"
                events = [each["event"] for each in heard]
                if number == asking and request is not None:
                    agree(request[0], answer, events)
                for event in events:
                    books[number].take(event)
        for number, trader in traders.items():
            agree_in_the_end(trader, number, books[number])
            own = {
                (name, order.id)
                for name, desk in venue.account(number).desks.items()
                for order in desk.orders
            }
            assert set(books[number].orders) == own, "nobody hears of others' orders, and of all its own"
