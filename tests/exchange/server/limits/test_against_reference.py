"""Limits count as a slow reference does, whatever happens when."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.limits.clock import DAY, MIDNIGHT, MINUTE, SECOND
from tests.exchange.server.limits.reference import FREE, ReferenceOrders, ReferenceRequests
from veighna_ext.exchange.server.limits import Limit, OrderCounts, OverLimit, RequestLimits

pauses = st.one_of(
    st.sampled_from([0, 0, 0, 1, SECOND, MINUTE - 1, MINUTE, 2 * MINUTE - 1, 2 * MINUTE, 4 * MINUTE]),
    st.sampled_from([7 * DAY - MINUTE, 7 * DAY, DAY]),
    st.integers(0, 6 * MINUTE),
)
requests = st.tuples(
    pauses,
    st.sampled_from("ab"),
    st.sampled_from([1, 1, 2, 5, 30]),
    st.sampled_from([1, 1, 2, 10, 130]),
    st.booleans(),
)


@given(st.integers(0, 10 * MINUTE), st.lists(requests, max_size=12))
def test_requests_are_refused_and_banned_as_the_reference_says(
    start: int, happened: list[tuple[int, str, int, int, bool]]
) -> None:
    limits = RequestLimits(
        weight=Limit("REQUEST_WEIGHT", "MINUTE", 1, 40), requests=Limit("RAW_REQUESTS", "MINUTE", 5, 150)
    )
    reference = ReferenceRequests(40, 150)
    now = MIDNIGHT + start
    for pause, ip, weight, times, is_free in happened:
        now += pause
        for _ in range(times):
            expected = reference.charge(ip, weight, now)
            try:
                limits.charge(ip, weight, now)
                status = FREE
            except OverLimit as refused:
                status = refused.status
            assert status == expected
            if status == FREE and is_free:
                limits.refund(ip, weight, now)
                reference.refund(ip, weight, now)
        assert limits.used(ip, now) == reference.used(ip, now)


orders = st.tuples(
    st.sampled_from([0, 0, SECOND, 10 * SECOND - 1, 10 * SECOND, 3 * 3600 * SECOND, DAY]),
    st.sampled_from([1, 2]),
    st.sampled_from(["place", "place", "list", "take", "make"]),
)


@given(st.integers(0, DAY), st.lists(orders, max_size=60))
def test_orders_are_counted_as_the_reference_says(start: int, happened: list[tuple[int, int, str]]) -> None:
    counts, reference = OrderCounts(), ReferenceOrders()
    now = MIDNIGHT + start
    for pause, account, event in happened:
        now += pause
        if event in {"place", "list"}:
            number = 1 if event == "place" else 3
            counts.add(account, number, now)
            reference.add(account, number, now)
        else:
            counts.first_fill(account, now, is_maker=event == "make")
            reference.add(account, -5 if event == "make" else -1, now)
        assert counts.counts(account, now) == reference.counts(account, now)
