"""Addresses and accounts that have gone leave nothing behind."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.exchange.server.limits.clock import DAY, MINUTE, SECOND, at
from veighna_ext.exchange.server.limits import ConnectionAttempts, OrderCounts, RequestLimits
from veighna_ext.exchange.server.limits.bans import Bans

MANY = 100_000
NOON = at("12:00:00")


@contextmanager
def measured() -> Iterator[Callable[[], int]]:
    """Gives how many bytes more there are than at the start."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def test_a_hundred_thousand_addresses_are_forgotten_with_their_interval() -> None:
    requests, connections = RequestLimits(), ConnectionAttempts()
    with measured() as grown:
        for number in range(MANY):
            ip = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            requests.charge(ip, 1, NOON)
            connections.attempt(ip, NOON)
        assert grown() > 50 * MANY
        requests.charge("127.0.0.1", 1, NOON + 5 * MINUTE)
        connections.attempt("127.0.0.1", NOON + 5 * MINUTE)
        assert grown() < 10_000


def test_a_hundred_thousand_accounts_are_forgotten_with_their_day() -> None:
    orders = OrderCounts()
    with measured() as grown:
        for account in range(MANY):
            orders.add(account, 1, NOON)
        assert grown() > 50 * MANY
        orders.add(1, 1, NOON + DAY)
        assert grown() < 10_000


def test_looking_leaves_nothing_behind() -> None:
    requests, orders = RequestLimits(), OrderCounts()
    with measured() as grown:
        for number in range(10_000):
            requests.used(f"10.0.{number >> 8}.{number & 255}", NOON)
            orders.check(number, 1, NOON)
            orders.counts(number, NOON)
            orders.first_fill(number, NOON, is_maker=False)
        assert grown() < 10_000


def test_old_bans_are_forgotten_while_requests_go_on() -> None:
    bans = Bans()
    for number in range(MANY):
        bans.begin(str(number), NOON + number)
    for _ in range(MANY):
        bans.until("127.0.0.1", NOON + 7 * DAY + SECOND)
    assert not bans.remembered


def test_bans_in_force_are_not_forgotten() -> None:
    bans = Bans()
    for number in range(10):
        bans.begin(str(number), NOON)
    for _ in range(100):
        bans.until("127.0.0.1", NOON + MINUTE)
    assert all(bans.until(str(number), NOON + MINUTE) for number in range(10))


def test_an_address_banned_again_does_not_keep_others_remembered() -> None:
    bans = Bans()
    bans.begin("10.0.0.7", NOON)
    bans.begin("10.0.0.8", NOON)
    bans.begin("10.0.0.7", NOON + DAY)
    for _ in range(10):
        bans.until("127.0.0.1", NOON + 7 * DAY)
    assert list(bans.remembered) == ["10.0.0.7"]
