"""The unfilled order count: Binance's own examples, its edges, and what answers tell of it."""

from __future__ import annotations

import pytest

from tests.exchange.server.limits.clock import DAY, SECOND, at
from veighna_ext.exchange.server.limits import Limit, LimitUse, OrderCounts, OverLimit

ME = 7
SOMEBODY_ELSE = 8
NOON = at("12:00:00")

PLACE, TAKES, MAKES = "placed", "first fill as taker", "first fill as maker"


def after(*happened: str, now: int = NOON) -> list[int]:
    """The count of 10 seconds after each event."""
    orders = OrderCounts()
    counts = []
    for event in happened:
        if event == PLACE:
            orders.add(ME, 1, now)
        else:
            orders.first_fill(ME, now, is_maker=event == MAKES)
        counts.append(orders.counts(ME, now)[0])
    return counts


def test_orders_that_take_do_not_add_up() -> None:
    assert after(PLACE, PLACE, TAKES, PLACE, PLACE, TAKES) == [1, 2, 1, 2, 3, 2]


def test_orders_that_make_take_five_off_but_never_below_zero() -> None:
    happened = (*[PLACE] * 5, MAKES, PLACE, PLACE, MAKES, PLACE)
    assert after(*happened) == [1, 2, 3, 4, 5, 0, 1, 2, 0, 1]


def test_a_fill_today_counts_today_whenever_the_order_was_placed() -> None:
    orders = OrderCounts()
    today, tomorrow = at("09:00:00"), at("12:00:00") + DAY
    orders.add(ME, 5, today)
    assert orders.counts(ME, today) == (5, 5)
    assert orders.counts(ME, at("00:00:00") + DAY) == (0, 0)
    orders.add(ME, 10, tomorrow)
    for _ in range(5):
        orders.first_fill(ME, tomorrow, is_maker=False)
    assert orders.counts(ME, tomorrow) == (5, 5)
    for _ in range(5):
        orders.first_fill(ME, tomorrow + 3600 * SECOND, is_maker=False)
    assert orders.counts(ME, tomorrow + 3600 * SECOND) == (0, 0)


def test_fills_give_no_credit() -> None:
    assert after(TAKES, MAKES, PLACE, PLACE) == [0, 0, 1, 2]


def test_ten_seconds_have_50_orders_and_not_one_more() -> None:
    orders = OrderCounts()
    for _ in range(50):
        orders.check(ME, 1, at("12:34:03"))
        orders.add(ME, 1, at("12:34:03"))
    with pytest.raises(OverLimit) as refused:
        orders.check(ME, 1, at("12:34:06.5"))
    assert refused.value.code == -1015
    assert refused.value.message == "Too many new orders; current limit is 50 orders per 10 SECOND."
    assert (refused.value.status, refused.value.retry_after) == (429, 4)
    orders.check(ME, 1, at("12:34:10"))


def test_an_order_list_counts_all_its_orders() -> None:
    orders = OrderCounts()
    orders.add(ME, 48, NOON)
    orders.check(ME, 2, NOON)
    with pytest.raises(OverLimit):
        orders.check(ME, 3, NOON)


def test_a_refused_order_is_not_counted() -> None:
    orders = OrderCounts()
    orders.add(ME, 50, NOON)
    with pytest.raises(OverLimit):
        orders.check(ME, 1, NOON)
    assert orders.counts(ME, NOON) == (50, 50)


def test_who_trades_may_go_on() -> None:
    orders = OrderCounts()
    for _ in range(500):
        orders.check(ME, 1, NOON)
        orders.add(ME, 1, NOON)
        orders.first_fill(ME, NOON, is_maker=False)


def test_a_day_has_160000_orders_and_ends_at_midnight_utc() -> None:
    orders = OrderCounts()
    orders.add(ME, 160_000, at("23:00:00"))
    with pytest.raises(OverLimit) as refused:
        orders.check(ME, 1, at("23:59:01"))
    assert refused.value.message == "Too many new orders; current limit is 160000 orders per 1 DAY."
    assert refused.value.retry_after == 59
    orders.check(ME, 1, at("00:00:00") + DAY)


def test_of_two_limits_the_longer_one_says_when_to_come_back() -> None:
    orders = OrderCounts(short=Limit("ORDERS", "SECOND", 10, 1), long=Limit("ORDERS", "DAY", 1, 1))
    orders.add(ME, 1, NOON)
    with pytest.raises(OverLimit) as refused:
        orders.check(ME, 1, NOON)
    assert refused.value.retry_after == 12 * 3600


def test_accounts_are_counted_apart() -> None:
    orders = OrderCounts()
    orders.add(ME, 50, NOON)
    orders.first_fill(SOMEBODY_ELSE, NOON, is_maker=True)
    orders.check(SOMEBODY_ELSE, 50, NOON)
    assert orders.counts(ME, NOON) == (50, 50)


def test_without_limits_nothing_is_refused_and_everything_counted() -> None:
    orders = OrderCounts(enabled=False)
    orders.add(ME, 200_000, NOON)
    orders.check(ME, 1, NOON)
    assert orders.counts(ME, NOON) == (200_000, 200_000)


def test_answers_tell_both_counts() -> None:
    orders = OrderCounts()
    orders.add(ME, 4031, at("11:00:00"))
    orders.add(ME, 12, NOON)
    assert orders.headers(ME, NOON) == {"X-MBX-ORDER-COUNT-10S": "12", "X-MBX-ORDER-COUNT-1D": "4043"}
    assert orders.uses(ME, NOON) == [
        LimitUse("ORDERS", "SECOND", 10, 50, 12),
        LimitUse("ORDERS", "DAY", 1, 160_000, 4043),
    ]
