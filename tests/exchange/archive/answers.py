"""Everything an exchange can be asked about the past, as plain values that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from veighna_ext.exchange import queries
from veighna_ext.exchange.engine.accounts import HOUSE, Account, Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.rows import amendment_row, list_row, match_row, order_row
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import Exchange

Plain = Any
Item = TypeVar("Item")


def accounts(exchange: Exchange) -> list[Account]:
    """The traders' accounts."""
    return [account for account in exchange.venue.accounts.values() if account.id != HOUSE]


def desks(exchange: Exchange) -> list[Desk]:
    """Every desk of every trader."""
    return [account.desks[name] for account in accounts(exchange) for name in sorted(account.desks)]


def plain_order(order: Order) -> Plain:
    """An order with its list and the orders of it."""
    order_list = order.conditions.order_list if order.conditions is not None else None
    return order_row(order), None if order_list is None else plain_list(order_list)


def plain_list(order_list: OrderList) -> Plain:
    """An order list, with its orders as they stand."""
    owner = order_list.account.id, order_list.symbol
    return owner, list_row(order_list), [order_row(order) for order in order_list.orders]


def plain_fill(fill: Fill) -> Plain:
    """A fill with its order."""
    return (
        fill.trade_id, fill.price, fill.quantity, fill.commission, fill.commission_asset, fill.time,
        fill.is_maker, plain_order(fill.order),
    )  # fmt: skip


def plain_match(match: PreventedMatch) -> Plain:
    """A prevented match with both orders and their owners."""
    return (
        match.id, match_row(match), plain_order(match.taker), plain_order(match.maker),
        match.taker.desk.account.id, match.maker.desk.account.id,
    )  # fmt: skip


def plain_amendment(amendment: Amendment) -> Plain:
    """An amendment with its order."""
    return amendment_row(amendment), plain_order(amendment.order)


def order_or_refusal(desk: Desk, order_id: int | None = None, client_id: str = "") -> Plain:
    """One order, or why there is none."""
    try:
        return plain_order(queries.order(desk, order_id, client_id))
    except Refused as refusal:
        return refusal.code, refusal.message


def list_or_refusal(account: Account, list_id: int | None = None, client_id: str = "") -> Plain:
    """One order list, or why there is none."""
    try:
        return plain_list(queries.order_list(account, list_id, client_id))
    except Refused as refusal:
        return refusal.code, refusal.message


def everything(exchange: Exchange, names: Iterable[str] = ()) -> Plain:
    """All there is to know, page by page and one by one; by these client order ids and by those there are."""
    answers: list[Plain] = []
    for account in accounts(exchange):
        lists = pages(partial(queries.order_lists, account), _list_id)
        answers.append([plain_list(each) for each in lists])
        answers.append([each.id for each in queries.order_lists(account, 10**9, 0)])
        answers.append([list_or_refusal(account, each.id) for each in lists])
        answers.append([list_or_refusal(account, client_id=each.client_id) for each in lists])
        answers.append([each.id for each in queries.open_order_lists(account)])
    answers += [of_desk(exchange, desk, names) for desk in desks(exchange)]
    return answers


def of_desk(exchange: Exchange, desk: Desk, names: Iterable[str] = ()) -> Plain:
    """All there is to know about one desk."""
    orders = pages(partial(queries.orders, desk), _order_id)
    matches = desk.market.next_match_id
    return {
        "orders": [plain_order(each) for each in orders],
        "one by one": [order_or_refusal(desk, each.id) for each in orders],
        "named": [
            order_or_refusal(desk, client_id=name)
            for name in sorted({*names, *(order.client_id for order in orders)})
        ],
        "at once": [each.id for each in queries.orders(desk, 10**9, 0)],
        "since ever": [each.id for each in queries.orders(desk, 10**9, start=0)],
        "newest": [each.id for each in queries.orders(desk, 1000)],
        "open": [each.id for each in queries.open_orders(desk.account, desk.market.symbol.name)],
        "fills": [plain_fill(each) for each in queries.fills(desk, 10**9, 0)],
        "newest fills": [each.trade_id for each in queries.fills(desk, 1000)],
        "of each order": [
            [plain_fill(each) for each in queries.fills(desk, 1000, order_id=order.id)] for order in orders
        ],
        "matches": [
            [plain_match(match) for match in queries.prevented_matches(desk, 10, match_id=number)]
            for number in range(matches + 1)
        ],
        "matches of each order": [
            [match.id for match in queries.prevented_matches(desk, 10, order_id=order.id)] for order in orders
        ],
        "amendments": [
            [plain_amendment(each) for each in queries.amendments(exchange.venue, desk, order.id, 100)]
            for order in orders
        ],
    }


def pages(ask: Callable[[int, int], list[Item]], id_of: Callable[[Item], int], limit: int = 50) -> list[Item]:
    """All of a history, asked for page by page."""
    found: list[Item] = []
    while True:
        page = ask(limit, id_of(found[-1]) + 1 if found else 0)
        if not page:
            return found
        found += page


def _order_id(order: Order) -> int:
    return order.id


def _list_id(order_list: OrderList) -> int:
    return order_list.id
