"""Limits and refusals as JSON, to the letter of Binance's documents."""

from __future__ import annotations

import msgspec
import pytest

from tests.exchange.server.limits.clock import MINUTE, at
from veighna_ext.exchange.server.limits import EXCHANGE_LIMITS, OrderCounts, OverLimit, RequestLimits
from veighna_ext.exchange.server.limits.refusing import banned
from veighna_ext.exchange.server.refusals import error_json

NOON = at("12:00:00")


def shape(value: object) -> object:
    """What a client reads."""
    return msgspec.json.decode(msgspec.json.encode(value))


def test_the_exchange_information_lists_the_limits() -> None:
    assert shape(EXCHANGE_LIMITS) == [
        {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000},
        {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 50},
        {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 160_000},
        {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 300_000},
    ]


def test_an_answer_about_an_order_tells_three_limits() -> None:
    requests, orders = RequestLimits(), OrderCounts()
    requests.charge("127.0.0.1", 321, NOON)
    orders.add(1, 12, NOON)
    assert shape([*orders.uses(1, NOON), requests.use("127.0.0.1", NOON)]) == [
        {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 50, "count": 12},
        {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 160_000, "count": 12},
        {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
        | {"count": 321},
    ]


def test_fields_come_in_the_order_of_the_documents() -> None:
    assert msgspec.json.encode(EXCHANGE_LIMITS[0].used(3)) == (
        b'{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000,"count":3}'
    )


def test_the_websocket_api_tells_when_to_come_back_in_the_unit_of_the_connection() -> None:
    ban = banned(NOON + 1234, NOON + 2 * MINUTE + 1234)
    assert ban.times() == {"serverTime": NOON // 1000 + 1, "retryAfter": NOON // 1000 + 120_002}
    assert ban.times(1) == {"serverTime": NOON + 1234, "retryAfter": NOON + 2 * MINUTE + 1234}


def test_the_body_of_rest_is_code_and_message_alone() -> None:
    orders = OrderCounts()
    orders.add(1, 50, NOON)
    with pytest.raises(OverLimit) as refused:
        orders.check(1, 1, NOON)
    assert msgspec.json.decode(error_json(refused.value)) == {
        "code": -1015,
        "msg": "Too many new orders; current limit is 50 orders per 10 SECOND.",
    }
