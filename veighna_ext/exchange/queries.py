"""
Questions about the past: orders, fills and lists, paged as Binance does.

What is in memory is found by bisection; what was moved out of it is asked of the markets' past.
"""

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
from veighna_ext.exchange.engine.past import Past, Span
from veighna_ext.exchange.engine.venue import Venue

Item = TypeVar("Item")


def page(
    items: Sequence[Item], span: Span, id_of: Callable[[Item], int], time_of: Callable[[Item], int]
) -> list[Item]:
    """
    A page of items in the order they happened.

    Without times the newest; from a start the oldest after it; with an end alone the newest before it. Where
    a replay was sent back in time, times are not in order and each item is looked at.
    """
    limit, from_id, start, end, in_order = span
    if from_id is not None:
        first = bisect_left(items, from_id, key=id_of)
        return list(items[first : first + limit])
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
    if order_id is not None:
        found = _order_by_id(desk, order_id)
        if found is None:
            raise errors.no_such_order()
        if client_id and found.client_id != client_id:
            raise errors.wrong_client_id()
        return found
    found = desk.by_client_id.get(client_id)
    past = desk.market.past
    if found is None and past is not None and desk.moved.orders:
        found = past.order_called(desk, client_id)
    if found is None or found.client_id != client_id:
        raise errors.no_such_order()
    return found


def _order_by_id(desk: Desk, order_id: int) -> Order | None:
    place = bisect_left(desk.orders, order_id, key=_order_id)
    if place < len(desk.orders) and desk.orders[place].id == order_id:
        return desk.orders[place]
    past = desk.market.past
    if past is None or order_id > desk.moved.last_order_id:
        return None
    return past.order(desk, order_id)


def orders(
    desk: Desk, limit: int, from_id: int | None = None, start: int | None = None, end: int | None = None
) -> list[Order]:
    """All orders of a desk: from an id on, or by the time they were placed."""
    span = Span(limit, from_id, start, end, not desk.market.went_back)
    recent = page(desk.orders, span, _order_id, _order_time)
    past = desk.market.past
    if past is None or _is_all(recent, span, desk.moved.last_order_id, _order_id):
        return recent
    return _merged(past.orders(desk, span), recent, span, _order_id)


def _is_all(recent: list[Item], span: Span, last_moved: int, id_of: Callable[[Item], int]) -> bool:
    """Whether nothing that was moved out of memory belongs to a page, as far as its ids tell."""
    if span.from_id is not None:
        return span.from_id > last_moved
    if span.is_newest and len(recent) == span.limit:
        return id_of(recent[0]) > last_moved
    return last_moved < 0


def _merged(older: list[Item], recent: list[Item], span: Span, id_of: Callable[[Item], int]) -> list[Item]:
    """Both parts of a page by rising id; what is in both is memory's."""
    found = {id_of(each): each for each in older}
    found.update((id_of(each), each) for each in recent)
    merged = [found[number] for number in sorted(found)]
    return merged[-span.limit :] if span.is_newest else merged[: span.limit]


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
    span = Span(limit, from_id, start, end, not desk.market.went_back)
    if order_id is not None:
        return page(_fills_of(desk, order_id), span, _trade_id, _fill_time)
    recent = page(desk.fills, span, _trade_id, _fill_time)
    past = desk.market.past
    if past is None or not desk.moved.fills or _begins_later(span, desk.fills):
        return recent
    if span.is_newest:
        missing = limit - len(recent)
        return past.fills(desk, span._replace(limit=missing)) + recent if missing else recent
    return (past.fills(desk, span) + recent)[:limit]


def _fills_of(desk: Desk, order_id: int) -> list[Fill]:
    try:
        found = order(desk, order_id)
    except errors.Refused:
        return []
    past = desk.market.past
    if found.executed and found.fills is None and past is not None:
        return past.fills_of(desk, order_id)
    return found.fills or []


def _begins_later(span: Span, in_memory: list[Fill]) -> bool:
    """Whether a page begins after the first fill in memory."""
    if not in_memory:
        return False
    if span.from_id is not None:
        return span.from_id > in_memory[0].trade_id
    return span.in_order and span.start is not None and span.start > in_memory[0].time


def order_list(account: Account, list_id: int | None = None, client_id: str = "") -> OrderList:
    """One order list, open or not."""
    past = _past_of(account)
    found: OrderList | None = None
    if list_id is not None:
        place = bisect_left(account.lists, list_id, key=_list_id)
        if place < len(account.lists) and account.lists[place].id == list_id:
            found = account.lists[place]
        elif past is not None and list_id <= account.last_moved_list:
            found = past.order_list(account, list_id)
    else:
        found = account.lists_by_client_id.get(client_id)
        if past is not None and (found is None or found.id < account.last_moved_list):
            moved = past.order_list_called(account, client_id)
            if found is None or (moved is not None and moved.id > found.id):
                found = moved
    if found is None:
        raise errors.no_such_list()
    return found


def order_lists(
    account: Account,
    limit: int,
    from_id: int | None = None,
    start: int | None = None,
    end: int | None = None,
) -> list[OrderList]:
    """All order lists of an account: from an id on, or by the time they were placed."""
    in_order = not any(each.market.went_back for each in account.desks.values())
    span = Span(limit, from_id, start, end, in_order)
    recent = page(account.lists, span, _list_id, _list_time)
    past = _past_of(account)
    if past is None or _is_all(recent, span, account.last_moved_list, _list_id):
        return recent
    return _merged(past.order_lists(account, span), recent, span, _list_id)


def _past_of(account: Account) -> Past | None:
    """Lists belong to markets: an account that has none of these has no past."""
    return next((desk.market.past for desk in account.desks.values()), None)


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
    past = market.past if market.moved_matches else None
    known: list[PreventedMatch] = []
    if match_id is not None:
        one = market.prevented_match(match_id)
        if one is None and past is not None and match_id < market.moved_matches:
            one = past.prevented_match(market, match_id)
        known = [one] if one is not None else []
    elif order_id is not None:
        if past is not None and from_id < market.moved_matches:
            known = past.prevented_matches_of(market, order_id, limit, from_id)
        recent = market.prevented_of_order.get(order_id, [])
        first = bisect_left(recent, from_id, key=_match_id)
        known = (known + recent[first : first + limit])[:limit]
    return [each for each in known if account in (each.taker.desk.account, each.maker.desk.account)]


def amendments(
    venue: Venue, desk: Desk, order_id: int, limit: int, from_execution_id: int = 0
) -> list[Amendment]:
    """How an order was made smaller, oldest first."""
    made = venue.amendments.get((desk.market.symbol.name, order_id), [])
    past = desk.market.past
    if not made and past is not None and order_id <= desk.moved.last_order_id:
        made = past.amendments(desk, order_id)
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
