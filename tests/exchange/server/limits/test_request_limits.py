"""Request weight per minute and requests per five minutes, of each address."""

from __future__ import annotations

import pytest

from tests.exchange.server.limits.clock import MINUTE, at
from veighna_ext.exchange.server.limits import Limit, LimitUse, OverLimit, RequestLimits

HOME = "127.0.0.1"
OTHER = "10.0.0.7"
NOON = at("12:00:00")


def spend(limits: RequestLimits, weight: int, now: int, ip: str = HOME) -> None:
    """Use so much weight in requests of at most 250, the heaviest there are."""
    while weight:
        limits.charge(ip, min(weight, 250), now)
        weight -= min(weight, 250)


def test_a_minute_has_6000_of_weight_and_not_one_more() -> None:
    limits = RequestLimits()
    spend(limits, 5999, NOON)
    limits.charge(HOME, 1, NOON)
    with pytest.raises(OverLimit) as refused:
        limits.charge(HOME, 1, at("12:00:12.5"))
    assert refused.value.code == -1003
    assert refused.value.message == (
        "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
        "Please use WebSocket Streams for live updates to avoid polling the API."
    )
    assert refused.value.status == 429
    assert refused.value.retry_after == 48


@pytest.mark.parametrize(
    ("time", "wait"), [("12:00:00", 60), ("12:00:00.000001", 60), ("12:00:59", 1), ("12:00:59.999999", 1)]
)
def test_who_waits_as_long_as_told_is_let_in_again(time: str, wait: int) -> None:
    limits = RequestLimits()
    spend(limits, 6000, NOON)
    with pytest.raises(OverLimit) as refused:
        limits.charge(HOME, 1, at(time))
    assert refused.value.retry_after == wait
    limits.charge(HOME, 1, at(time) + wait * 1_000_000)


def test_minutes_are_those_of_the_clock() -> None:
    limits = RequestLimits()
    spend(limits, 6000, at("12:00:59.999999"))
    assert limits.used(HOME, at("12:00:59.999999")) == 6000
    assert limits.used(HOME, at("12:01:00")) == 0
    spend(limits, 6000, at("12:01:00"))


def test_weight_is_counted_for_each_address() -> None:
    limits = RequestLimits()
    spend(limits, 6000, NOON)
    limits.charge(OTHER, 20, NOON)
    assert limits.used(OTHER, NOON) == 20


def test_refused_requests_cost_their_weight_too() -> None:
    limits = RequestLimits()
    spend(limits, 6000, NOON)
    with pytest.raises(OverLimit):
        limits.charge(HOME, 80, NOON)
    assert limits.used(HOME, NOON) == 6080


def test_an_order_that_succeeds_costs_nothing() -> None:
    limits = RequestLimits()
    for _ in range(7000):
        limits.charge(HOME, 1, NOON)
        limits.refund(HOME, 1, NOON)
    assert limits.used(HOME, NOON) == 0


def test_an_order_answered_in_the_next_minute_gives_that_minute_nothing_back() -> None:
    limits = RequestLimits()
    limits.charge(HOME, 1, at("12:00:59.9"))
    limits.charge(HOME, 20, at("12:01:00"))
    limits.refund(HOME, 1, at("12:00:59.9"))
    assert limits.used(HOME, at("12:01:00")) == 20


def test_five_minutes_have_300000_requests_free_or_not() -> None:
    limits = RequestLimits()
    for _ in range(300_000):
        limits.charge(HOME, 1, at("12:05:00"))
        limits.refund(HOME, 1, at("12:05:00"))
    with pytest.raises(OverLimit) as refused:
        limits.charge(HOME, 1, at("12:08:00"))
    assert (refused.value.code, refused.value.status) == (-1003, 429)
    assert refused.value.retry_after == 120
    limits.charge(HOME, 1, at("12:10:00"))


def test_of_two_limits_the_longer_one_says_when_to_come_back() -> None:
    limits = RequestLimits(
        weight=Limit("REQUEST_WEIGHT", "MINUTE", 1, 2), requests=Limit("RAW_REQUESTS", "MINUTE", 5, 2)
    )
    spend(limits, 2, NOON)
    limits.refund(HOME, 1, NOON)
    limits.charge(HOME, 0, NOON + MINUTE)
    with pytest.raises(OverLimit) as refused:
        limits.charge(HOME, 3, NOON + MINUTE)
    assert refused.value.retry_after == 240


def test_a_clock_that_is_set_back_begins_another_minute() -> None:
    limits = RequestLimits()
    spend(limits, 6000, at("12:01:00"))
    spend(limits, 6000, at("12:00:30"))
    assert limits.used(HOME, at("12:00:30")) == 6000


def test_without_limits_nothing_is_refused_and_everything_counted() -> None:
    limits = RequestLimits(enabled=False)
    for _ in range(400):
        limits.charge(HOME, 250, NOON)
    assert limits.used(HOME, NOON) == 100_000


def test_answers_tell_the_used_weight() -> None:
    limits = RequestLimits()
    spend(limits, 321, NOON)
    assert limits.headers(HOME, NOON) == {"X-MBX-USED-WEIGHT": "321", "X-MBX-USED-WEIGHT-1M": "321"}
    assert limits.use(HOME, NOON) == LimitUse("REQUEST_WEIGHT", "MINUTE", 1, 6000, 321)
