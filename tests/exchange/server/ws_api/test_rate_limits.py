"""What answers of the WebSocket API say of limits, and what those hear who are over one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.exchange.server.access.signers import hmac_sender
from tests.exchange.server.venue import Venue
from tests.exchange.server.ws_api.client import Client, Connect
from veighna_ext.exchange.faults import OVERLOADED, REJECTED, TOO_MANY_REQUESTS, Faults
from veighna_ext.exchange.server.dispatch import Dispatcher
from veighna_ext.exchange.server.limits import Limit, OrderCounts, RequestLimits
from veighna_ext.exchange.server.user_data import UserData

MINUTE = 60_000
ORDER: dict[str, Any] = {
    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.1",
    "price": "40000",
}  # fmt: skip
WEIGHT_USE = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
ORDER_USES = [
    {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 50},
    {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 160_000},
]


@pytest.fixture(autouse=True)
def standing_clock(venue: Venue) -> None:
    """The clock on the wall was once set wrong, far into the future: until then no interval ends."""
    venue.live.latest = 4_102_444_801_000_000


def limited(venue: Venue, *, weight: int = 6000, orders: int = 50) -> None:
    """From now on the venue allows for so much only, nothing of it used yet."""
    venue.dispatcher = Dispatcher(
        venue.live,
        RequestLimits(weight=Limit("REQUEST_WEIGHT", "MINUTE", 1, weight)),
        OrderCounts(short=Limit("ORDERS", "SECOND", 10, orders)),
    )


def counts(answer: dict[str, Any]) -> list[int]:
    """How far each limit is used."""
    return [each["count"] for each in answer["rateLimits"]]


def test_an_answer_tells_the_weight_that_its_address_has_used(connect: Connect) -> None:
    first, second = connect(), connect()
    answer = first.ask("ping")

    assert answer["rateLimits"] == [WEIGHT_USE | {"count": 1}]
    assert list(answer) == ["id", "status", "result", "rateLimits"]
    assert list(answer["rateLimits"][0]) == ["rateLimitType", "interval", "intervalNum", "limit", "count"]
    assert counts(second.ask("session.status")) == [3]


def test_an_order_tells_its_accounts_counts_first(client: Client) -> None:
    answer = client.ask_signed("order.place", **ORDER)

    assert answer["status"] == 200
    assert answer["rateLimits"] == [
        ORDER_USES[0] | {"count": 1},
        ORDER_USES[1] | {"count": 1},
        WEIGHT_USE | {"count": counts(answer)[2]},
    ]
    assert counts(client.ask_signed("order.place", by=2, **ORDER))[:2] == [1, 1]


def test_a_refused_order_tells_the_counts_too(client: Client) -> None:
    answer = client.ask_signed("order.place", **ORDER | {"quantity": "90000"})

    assert answer["status"] == 400
    assert list(answer) == ["id", "status", "error", "rateLimits"]
    assert [each["rateLimitType"] for each in answer["rateLimits"]] == ["ORDERS", "ORDERS", "REQUEST_WEIGHT"]


@pytest.mark.parametrize(
    "method", ["order.cancel", "order.status", "account.rateLimits.orders", "order.test"]
)
def test_requests_that_place_nothing_tell_only_the_weight(client: Client, method: str) -> None:
    answer = client.ask_signed(method)

    assert [each["rateLimitType"] for each in answer["rateLimits"]] == ["REQUEST_WEIGHT"]


def test_every_kind_of_refusal_costs_weight(client: Client) -> None:
    stranger = "x" * 64, hmac_sender("secret")
    used = 0
    for answer in (
        client.ask("nix"),
        client.ask("time", symbol="BTCUSDT"),
        client.ask("order.place"),
        client.ask_signed("order.place", by=stranger, **ORDER),
    ):
        assert answer["status"] in (400, 401)
        now_used = counts(answer)[-1]
        assert now_used > used
        used = now_used
    client.send("no json")
    client.heard()
    assert counts(client.ask("ping")) == [used + 2]


def test_whoever_is_over_the_weight_is_told_when_to_come_back(connect: Connect) -> None:
    limited(connect().venue, weight=20)
    clients = [connect(), connect(time_divisor=1)]
    for _ in range(20):
        assert clients[0].ask("ping")["status"] == 200
    answers = [each.ask("ping") for each in clients]

    for answer, divisor in zip(answers, (1000, 1), strict=True):
        assert answer["status"] == 429
        assert answer["error"] == {
            "code": -1003,
            "msg": "Too much request weight used; current limit is 20 request weight per 1 MINUTE. "
            "Please use WebSocket Streams for live updates to avoid polling the API.",
            "data": {
                "serverTime": 4_102_444_801_000_000 // divisor,
                "retryAfter": 4_102_444_860_000_000 // divisor,
            },
        }
    assert counts(answers[1]) == [22]


def test_a_message_that_is_no_request_is_limited_like_any_other(connect: Connect) -> None:
    limited(connect().venue, weight=1)
    client = connect()
    client.send("no json")
    client.send("no json")
    first, second = client.heard()

    assert (first["status"], second["status"]) == (400, 429)
    assert set(second["error"]["data"]) == {"serverTime", "retryAfter"}


def test_whoever_does_not_stop_is_banned(connect: Connect) -> None:
    limited(connect().venue, weight=1)
    client = connect()
    statuses = [client.ask("ping")["status"] for _ in range(103)]

    assert statuses == [200, *[429] * 100, 418, 418]
    error = client.ask("ping")["error"]
    assert error["msg"] == (
        f"Way too much request weight used; IP banned until {error['data']['retryAfter']}. "
        "Please use WebSocket Streams for live updates to avoid bans."
    )
    assert error["data"]["retryAfter"] == error["data"]["serverTime"] + 2 * MINUTE


def test_an_account_over_its_orders_is_told_when_to_come_back(connect: Connect) -> None:
    limited(connect().venue, orders=2)
    client = connect()
    for _ in range(2):
        client.ask_signed("order.place", **ORDER)
    answer = client.ask_signed("order.place", **ORDER)

    assert answer["status"] == 429
    assert answer["error"]["code"] == -1015
    assert answer["error"]["msg"] == "Too many new orders; current limit is 2 orders per 10 SECOND."
    assert answer["error"]["data"]["retryAfter"] % 10_000 == 0
    assert counts(answer)[:2] == [2, 2]
    assert client.ask_signed("order.place", by=2, **ORDER)["status"] == 200


# faults on purpose


def test_a_rate_limit_that_is_a_fault_ends_like_a_real_one(client: Client) -> None:
    client.venue.live.faults.set(Faults(rate_limit_now=True), 1)
    answer = client.ask_signed("account.status")

    assert (answer["status"], answer["error"]["code"]) == (429, -1003)
    assert answer["error"]["msg"] == TOO_MANY_REQUESTS.message
    assert answer["error"]["data"]["retryAfter"] % MINUTE == 0
    assert client.ask_signed("account.status", by=2)["status"] == 200


def test_faults_answer_with_the_status_of_their_error(client: Client) -> None:
    client.venue.live.faults.set(Faults(reject_rate=1.0), 1)
    assert client.ask_signed("order.place", **ORDER)["error"] == {"code": -2010, "msg": REJECTED.message}

    client.venue.live.faults.set(Faults(error_rate=1.0), 1)
    answers = [client.ask_signed("account.status") for _ in range(40)]
    assert {(each["status"], each["error"]["code"]) for each in answers} == {
        (429, -1003), (503, OVERLOADED.code), (504, -1007),
    }  # fmt: skip


async def test_a_delayed_request_is_answered_later_and_judged_by_the_time_it_is_carried_out() -> None:
    venue = Venue()
    client = Client(venue, UserData(venue.live))
    venue.live.faults.set(Faults(latency_ms=(1.0, 1.0)), 1)
    for late, expected in ((0, 200), (5_001_000, 400)):
        client.send_signed("account.status", {})
        assert client.heard() == [], "not yet"
        venue.clock.now += late
        venue.live.latest += late
        while not (heard := client.heard()):
            await asyncio.sleep(0)
        assert heard[0]["status"] == expected
    assert heard[0]["error"]["code"] == -1021
