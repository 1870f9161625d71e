"""Messages of a client on a connection for market streams."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.limits.clock import SECOND
from veighna_ext.exchange.server.limits import MessageBudget

gaps = st.lists(st.sampled_from([0, 1, 1000, 199_999, 200_000, SECOND - 1, SECOND, 3 * SECOND]), max_size=80)


def taken(budget: MessageBudget, times: list[int]) -> int:
    """How many messages pass before the connection is closed."""
    for number, now in enumerate(times):
        if not budget.take(now):
            return number
    return len(times)


def test_a_script_may_subscribe_to_fifteen_streams_at_once() -> None:
    assert taken(MessageBudget(), [0] * 100) == 15


def test_a_strict_venue_hears_five() -> None:
    assert taken(MessageBudget(strict=True), [0] * 100) == 5


def test_five_a_second_can_go_on_for_ever() -> None:
    times = list(range(0, 3600 * SECOND, SECOND // 5))
    assert taken(MessageBudget(), times) == len(times)
    assert taken(MessageBudget(strict=True), times) == len(times)


def test_six_a_second_end_the_connection() -> None:
    times = list(range(0, 60 * SECOND, SECOND // 6))
    assert taken(MessageBudget(strict=True), times) == 5
    assert taken(MessageBudget(), times) == 15


def test_seconds_are_not_those_of_the_clock() -> None:
    assert taken(MessageBudget(strict=True), [SECOND - 1] * 4 + [SECOND] * 4) == 5


def test_a_second_later_as_many_may_come_again() -> None:
    assert taken(MessageBudget(strict=True), [0] * 5 + [SECOND] * 5) == 10


def test_without_limits_anything_passes() -> None:
    assert taken(MessageBudget(enabled=False), [0] * 1000) == 1000


@given(gaps, st.booleans())
def test_no_span_of_time_has_more_than_five_a_second(gaps: list[int], strict: bool) -> None:
    times = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    most, span = (5, SECOND) if strict else (15, 3 * SECOND)
    expected = len(times)
    for number, now in enumerate(times):
        if sum(now - earlier < span for earlier in times[: number + 1]) > most:
            expected = number
            break
    assert taken(MessageBudget(strict=strict), times) == expected
