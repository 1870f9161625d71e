"""Questions about the past: orders, fills and lists, found by bisection, paged as Binance does."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TypeVar

from veighna_ext.exchange import errors
from veighna_ext.exchange.engine.accounts import Account, Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.venue import Venue

Item = TypeVar("Item")


def page(
    items: Sequence[Item],
    limit: int,
    time_of: Callable[[Item], int],
    start: int | None = None,
    end: int | None = None,
    *,
    in_order: bool = True,
) -> list[Item]:
    """
    A page of items in the order they happened.

    Without times the newest; from a start the oldest after it; with an end alone the newest before it. Where
    a replay was sent back in time, times are not in order and each item is looked at.
    """
    if not in_order and (start is not None or end is not None):
        items = [
            item
            for item in items
            if (start is None or time_of(item) >= start) and (end is None or time_of(item) <= end)
        ]
        return list(items[:limit] if start is not None else items[-limit:])
    first = 0 if start is None else bisect_left(items, start, key=time_of)
    last = len(items) if end is None else bisect_right(items, end, key=time_of)
    if start is None:
        return list(items[max(first, last - limit) : last])
    return list(items[first : min(last, first + limit)])


def order(desk: Desk, order_id: int | None = None, client_id: str = "") -> Order:
    """One order, open or not."""
    found: Order | None
    if order_id is not None:
        place = bisect_left(desk.orders, order_id, key=_order_id)
        found = desk.orders[place] if place < len(desk.orders) else None
        if found is None or found.id != order_id:
            raise errors.no_such_order()
        if client_id and found.client_id != client_id:
            raise errors.wrong_client_id()
        return found
    found = desk.by_client_id.get(client_id)
    if found is None:
        raise errors.no_such_order()
    return found


def orders(
    desk: Desk, limit: int, from_id: int | None = None, start: int | None = None, end: int | None = None
) -> list[Order]:
    """All orders of a desk: from an id on, or by the time they were placed."""
    if from_id is not None:
        first = bisect_left(desk.orders, from_id, key=_order_id)
        return desk.orders[first : first + limit]
    return page(desk.orders, limit, _order_time, start, end, in_order=not desk.market.went_back)


def open_orders(account: Account, symbol: str = "") -> list[Order]:
    """What is open, on one symbol or on all."""
    if symbol:
        desk = account.desks.get(symbol)
        return [] if desk is None else sorted(desk.open.values(), key=_order_id)
    return list(chain.from_iterable(open_orders(account, name) for name in sorted(account.desks)))


def fills(
    desk: Desk,
    limit: int,
    from_id: int | None = None,
    start: int | None = None,
    end: int | None = None,
    order_id: int | None = None,
) -> list[Fill]:
    """What a desk traded: of one order, from a trade id on, or by time."""
    made: Sequence[Fill] = desk.fills
    if order_id is not None:
        try:
            made = order(desk, order_id).fills or []
        except errors.Refused:
            return []
    if from_id is not None:
        first = bisect_left(made, from_id, key=_trade_id)
        return list(made[first : first + limit])
    return page(made, limit, _fill_time, start, end, in_order=not desk.market.went_back)


def order_list(account: Account, list_id: int | None = None, client_id: str = "") -> OrderList:
    """One order list, open or not."""
    if list_id is not None:
        place = bisect_left(account.lists, list_id, key=_list_id)
        if place < len(account.lists) and account.lists[place].id == list_id:
            return account.lists[place]
    elif client_id in account.lists_by_client_id:
        return account.lists_by_client_id[client_id]
    raise errors.no_such_list()


def order_lists(
    account: Account,
    limit: int,
    from_id: int | None = None,
    start: int | None = None,
    end: int | None = None,
) -> list[OrderList]:
    """All order lists of an account: from an id on, or by the time they were placed."""
    if from_id is not None:
        first = bisect_left(account.lists, from_id, key=_list_id)
        return account.lists[first : first + limit]
    in_order = not any(each.market.went_back for each in account.desks.values())
    return page(account.lists, limit, _list_time, start, end, in_order=in_order)


def open_order_lists(account: Account) -> list[OrderList]:
    """The order lists of which something is open."""
    return sorted(
        (each for desk in account.desks.values() for each in desk.open_lists.values()), key=_list_id
    )


def prevented_matches(
    desk: Desk, limit: int, match_id: int | None = None, order_id: int | None = None, from_id: int = 0
) -> list[PreventedMatch]:
    """Self-trades that were not made: one by its id, or those of an order."""
    market, account = desk.market, desk.account
    if match_id is not None:
        known = market.prevented[match_id : match_id + 1]
    elif order_id is not None:
        matches = market.prevented_of_order.get(order_id, [])
        first = bisect_left(matches, from_id, key=_match_id)
        known = matches[first : first + limit]
    else:
        return []
    return [each for each in known if account in (each.taker.desk.account, each.maker.desk.account)]


def amendments(
    venue: Venue, desk: Desk, order_id: int, limit: int, from_execution_id: int = 0
) -> list[Amendment]:
    """How an order was made smaller, oldest first."""
    made = venue.amendments.get((desk.market.symbol.name, order_id), [])
    if not made or made[0].order.desk is not desk:
        return []
    first = bisect_left(made, from_execution_id, key=_execution_id)
    return made[first : first + limit]


def _order_id(item: Order) -> int:
    return item.id


def _order_time(item: Order) -> int:
    return item.time


def _trade_id(item: Fill) -> int:
    return item.trade_id


def _fill_time(item: Fill) -> int:
    return item.time


def _list_id(item: OrderList) -> int:
    return item.id


def _list_time(item: OrderList) -> int:
    return item.time


def _match_id(item: PreventedMatch) -> int:
    return item.id


def _execution_id(item: Amendment) -> int:
    return item.execution_id
