"""Questions about the past are answered in pages, as Binance pages them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.exchanges import FUNDS, SETUP, START, flow
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import queries
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import Exchange

TIMES = st.none() | st.integers(START, START + 3000 * 50_000)


def busy_exchange() -> Exchange:
    """An exchange in which two accounts have done all kinds of things."""
    exchange = Exchange.in_memory(SETUP, START)
    for _ in range(2):
        exchange.submit(c.OpenAccount(START, FUNDS, UNIT // 1000, UNIT // 1000))
    commands = flow(11)
    for _ in range(3000):
        try:
            exchange.submit(next(commands))
        except Refused:
            continue
    return exchange


EXCHANGE = busy_exchange()
DESKS = [desk for number in (1, 2) for desk in EXCHANGE.venue.account(number).desks.values()]


def one_page(
    items: list[object], times: list[int], limit: int, start: int | None, end: int | None
) -> list[object]:
    """What Binance's rule says, read word by word."""
    wanted = [
        item
        for item, time in zip(items, times, strict=True)
        if (start is None or time >= start) and (end is None or time <= end)
    ]
    return wanted[:limit] if start is not None else wanted[-limit:]


@given(st.sampled_from(DESKS), st.integers(1, 1000), TIMES, TIMES)
def test_orders_and_fills_come_by_time(desk: Desk, limit: int, start: int | None, end: int | None) -> None:
    orders = one_page(list(desk.orders), [each.time for each in desk.orders], limit, start, end)
    assert queries.orders(desk, limit, start=start, end=end) == orders
    fills = one_page(list(desk.fills), [each.time for each in desk.fills], limit, start, end)
    assert queries.fills(desk, limit, start=start, end=end) == fills


@given(st.sampled_from(DESKS), st.integers(1, 50), st.integers(-1, 2000))
def test_orders_and_fills_come_by_id(desk: Desk, limit: int, first: int) -> None:
    assert (
        queries.orders(desk, limit, from_id=first)
        == [each for each in desk.orders if each.id >= first][:limit]
    )
    trades = [each for each in desk.fills if each.trade_id >= first][:limit]
    assert queries.fills(desk, limit, from_id=first) == trades


def test_every_order_is_found_by_its_id_and_by_its_traders_id() -> None:
    for desk in DESKS:
        for order in desk.orders:
            assert queries.order(desk, order.id) is order
            assert queries.order(desk, client_id=order.client_id).client_id == order.client_id


def test_an_order_of_somebody_else_does_not_exist() -> None:
    one, other = (EXCHANGE.venue.account(number).desks["BTCUSDT"] for number in (1, 2))
    with pytest.raises(Refused) as refusal:
        queries.order(one, other.orders[0].id)
    assert refusal.value.code == -2013
    with pytest.raises(Refused) as refusal:
        queries.order(one, one.orders[0].id, "another")
    assert refusal.value.code == -2039


def test_the_fills_of_an_order_are_its_own() -> None:
    for desk in DESKS:
        filled = [order for order in desk.orders if order.fills]
        for order in random.Random(1).sample(filled, 20):
            expected = [each for each in desk.fills if each.order is order]
            assert queries.fills(desk, 1000, order_id=order.id) == expected
            assert sum(each.quantity for each in expected) == order.executed


def test_order_lists_are_the_accounts_over_all_symbols() -> None:
    account = EXCHANGE.venue.account(1)
    assert {each.symbol for each in account.lists} == {"BTCUSDT", "BNBUSDT"}
    middle = account.lists[len(account.lists) // 2]
    assert queries.order_list(account, middle.id) is middle
    assert queries.order_list(account, client_id=middle.client_id) is middle
    assert queries.order_lists(account, 3, from_id=middle.id)[0] is middle
    assert queries.order_lists(account, 5) == account.lists[-5:]
    assert queries.open_order_lists(account) == [each for each in account.lists if each.is_open]
    with pytest.raises(Refused, match="does not exist"):
        queries.order_list(account, 10**9)


def test_prevented_matches_are_found_by_id_and_by_order() -> None:
    desk = EXCHANGE.venue.account(1).desks["BTCUSDT"]
    matches = [each for each in desk.market.prevented if each.taker.desk is desk]
    assert matches
    first = matches[0]
    assert queries.prevented_matches(desk, 10, match_id=first.id) == [first]
    assert first in queries.prevented_matches(desk, 10, order_id=first.maker.id)
    other = EXCHANGE.venue.account(2).desks["BTCUSDT"]
    assert queries.prevented_matches(other, 10, match_id=first.id) == []


def test_open_orders_are_what_is_open_by_rising_id() -> None:
    account = EXCHANGE.venue.account(1)
    everything = queries.open_orders(account)
    assert everything
    assert all(each.is_open for each in everything)
    on_one = queries.open_orders(account, "BTCUSDT")
    assert on_one == sorted(on_one, key=lambda each: each.id)
    assert {each.desk.market.symbol.name for each in everything} == {"BTCUSDT", "BNBUSDT"}


def test_amendments_are_the_owners_oldest_first() -> None:
    (symbol, order_id), made = next(iter(EXCHANGE.venue.amendments.items()))
    desk = made[0].order.desk
    assert queries.amendments(EXCHANGE.venue, desk, order_id, 10) == made
    after = made[-1].execution_id + 1
    assert queries.amendments(EXCHANGE.venue, desk, order_id, 10, from_execution_id=after) == []
    other = EXCHANGE.venue.account(3 - desk.account.id).desks[symbol]
    assert queries.amendments(EXCHANGE.venue, other, order_id, 10) == []
