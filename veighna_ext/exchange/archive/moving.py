"""
Which closed orders, fills and prevented matches leave memory: the oldest, in slices.

What is moved no longer changes. A fill or a match goes before its orders, and an order with its whole list:
whatever is in memory refers to nothing that is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import msgspec

from veighna_ext.exchange.archive.tables import Rows
from veighna_ext.exchange.engine.accounts import HOUSE, Account, Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import Market, PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.rows import amendment_row, fill_row, list_row, match_row, order_row
from veighna_ext.exchange.engine.venue import Venue

PIECE = 100
"""
Orders taken between two pauses, five times as many fills, or a hundred times as many orders only looked at.

That is a fraction of a millisecond.
"""

Item = TypeVar("Item")

_encode = msgspec.msgpack.Encoder().encode


class Slice:
    """Rows to be written, and how memory forgets what they hold once they are."""

    def __init__(self) -> None:
        self.rows: Rows = defaultdict(list)
        self.gone_names: list[tuple[int, str]] = []
        """The desk's number and a client order id nobody has any more."""
        self._forget: Callable[[], None] = _nothing

    def when_written(self, forget: Callable[[], None]) -> Slice:
        """Say how memory forgets; returns the slice."""
        self._forget = forget
        return self

    def forget(self) -> None:
        """They are written: memory forgets them, and so does this."""
        forget, self._forget = self._forget, _nothing
        forget()


def held(venue: Venue) -> int:
    """How many closed orders, fills and prevented matches are in memory."""
    return sum(
        len(desk.orders) - len(desk.open) + len(desk.fills)
        for account in venue.accounts.values()
        for desk in account.desks.values()
        if account.id != HOUSE
    ) + sum(len(market.prevented) for market in venue.markets.values())


def slices(venue: Venue, number_of: Callable[[Desk], int], kept: int, size: int) -> Iterator[Slice]:
    """
    All that can be moved, but for the newest of each desk; these share what is to be kept.

    Each slice has to be forgotten before the next one is asked for. An empty one comes where a pause may be
    made. What becomes old meanwhile is for another time: the newcomers of one desk do not hold up the next.
    """
    desks = [
        desk
        for account in venue.accounts.values()
        for desk in account.desks.values()
        if account.id != HOUSE and desk.orders
    ]
    # of orders, and as many fills and matches: about half of what is to be kept, so that a round is worth it
    share = max(kept // (4 * len(desks)), 1) if desks else 0
    # what refers to orders goes first: it would keep them
    for market in list(venue.markets.values()):
        yield from _matches(market, share, size)
    for desk in desks:
        yield from _fills(desk, number_of(desk), share, size)
        yield from _orders(venue, desk, number_of(desk), share, size)


def _shares(count: int, size: int) -> Iterator[int]:
    """Parts of a number, none of them larger than a size."""
    while count > 0:
        yield min(count, size)
        count -= size


def _pieces(items: list[Item]) -> Iterator[list[Item]]:
    for first in range(0, len(items), 5 * PIECE):
        yield items[first : first + 5 * PIECE]


def _matches(market: Market, kept: int, size: int) -> Iterator[Slice]:
    symbol = market.symbol.name
    for count in _shares(len(market.prevented) - kept, size):
        some = market.prevented[:count]
        each_slice = Slice()
        for piece in _pieces(some):
            yield _PAUSE
            each_slice.rows["matches"] += [
                (
                    symbol, match.id, match.taker.id, match.maker.id, match.taker.desk.account.id,
                    match.maker.desk.account.id, _encode(match_row(match)),
                )
                for match in piece
            ]  # fmt: skip
        yield each_slice.when_written(partial(_forget_matches, market, some))


def _forget_matches(market: Market, some: list[PreventedMatch]) -> None:
    del market.prevented[: len(some)]
    market.moved_matches += len(some)
    for match in some:
        for order in (match.taker, match.maker):
            of_order = market.prevented_of_order[order.id]
            del of_order[0]
            if not of_order:
                del market.prevented_of_order[order.id]


def _fills(desk: Desk, number: int, kept: int, size: int) -> Iterator[Slice]:
    for count in _shares(len(desk.fills) - kept, size):
        some = desk.fills[:count]
        each_slice = Slice()
        place = desk.moved.fills
        for piece in _pieces(some):
            yield _PAUSE
            each_slice.rows["fills"] += [
                (number, fill.trade_id, place, fill.time, fill.order.id, _encode(fill_row(fill)))
                for place, fill in enumerate(piece, place)
            ]
            place += len(piece)
        moved = desk.moved.orders, desk.moved.fills + len(some)
        each_slice.rows["desks"] = [(number, desk.account.id, desk.market.symbol.name, *moved)]
        yield each_slice.when_written(partial(_forget_fills, desk, some))


def _forget_fills(desk: Desk, some: list[Fill]) -> None:
    del desk.fills[: len(some)]
    moved = desk.moved
    moved.fills += len(some)
    for fill in some:
        order_id = fill.order.id
        moved.fills_of[order_id] = moved.fills_of.get(order_id, 0) + 1


def _orders(venue: Venue, desk: Desk, number: int, kept: int, size: int) -> Iterator[Slice]:
    first, end = 0, len(desk.orders) - kept
    while first < end:
        going = _Going(venue, desk, number)
        place = first
        while place < end and len(going.orders) < size:
            yield _PAUSE
            enough = min(len(going.orders) + PIECE, size)
            last = min(place + 100 * PIECE, end)
            while place < last and len(going.orders) < enough:
                order = desk.orders[place]
                order_list = order.conditions.order_list if order.conditions is not None else None
                if order_list is None:
                    place += 1
                    if _may_go(desk, order):
                        going.take(order)
                else:
                    # its orders stand together
                    place += len(order_list.orders)
                    if not order_list.is_open and all(_may_go(desk, each) for each in order_list.orders):
                        going.take_list(order_list)
        if going.orders:
            yield going.all(slice(first, place))
        first, end = place - len(going.orders), end - len(going.orders)


def _may_go(desk: Desk, order: Order) -> bool:
    return (
        not order.is_open
        and order.id not in desk.market.prevented_of_order
        and (not order.fills or desk.moved.fills_of.get(order.id) == len(order.fills))
    )


class _Going:
    """Orders of one desk that leave memory together."""

    def __init__(self, venue: Venue, desk: Desk, number: int) -> None:
        self.orders: list[Order] = []
        self._lists: list[OrderList] = []
        self._names: list[tuple[str, Order]] = []
        """The client order ids that lead to them."""
        self._amendments = venue.amendments
        self._desk = desk
        self._symbol = desk.market.symbol.name
        self._number = number
        self._slice = Slice()
        self._order_rows = self._slice.rows["orders"]
        self._name_rows = self._slice.rows["names"]

    def take(self, order: Order, list_id: int | None = None) -> None:
        """One more order."""
        self.orders.append(order)
        order_id, name = order.id, order.client_id
        self._order_rows.append((self._number, order_id, order.time, list_id, _encode(order_row(order))))
        if self._desk.by_client_id.get(name) is order:
            self._name_rows.append((self._number, name, order_id))
            self._names.append((name, order))
        if self._amendments and (self._symbol, order_id) in self._amendments:
            self._take_amendments(order, self._amendments[self._symbol, order_id])

    def _take_amendments(self, order: Order, amendments: list[Amendment]) -> None:
        packed = _encode([amendment_row(each) for each in amendments])
        self._slice.rows["amendments"].append((self._number, order.id, packed))
        for name in sorted({each.old_client_id for each in amendments} - {order.client_id}):
            if self._desk.by_client_id.get(name) is order:
                self._slice.gone_names.append((self._number, name))
                self._names.append((name, order))

    def take_list(self, order_list: OrderList) -> None:
        """One more list, with its orders."""
        self._lists.append(order_list)
        for order in order_list.orders:
            self.take(order, order_list.id)
        self._slice.rows["lists"].append(
            (
                order_list.account.id, order_list.id, self._number, order_list.time, order_list.client_id,
                _encode(list_row(order_list)),
            )
        )  # fmt: skip

    def all(self, places: slice) -> Slice:
        """What was taken; it stands in these places, among others."""
        desk, moved = self._desk, self._desk.moved
        counts = moved.orders + len(self.orders), moved.fills
        self._slice.rows["desks"] = [(self._number, desk.account.id, self._symbol, *counts)]
        return self._slice.when_written(partial(self._forget, places))

    def _forget(self, places: slice) -> None:
        desk, moved = self._desk, self._desk.moved
        gone = {order.id for order in self.orders}
        desk.orders[places] = [order for order in desk.orders[places] if order.id not in gone]
        moved.orders += len(gone)
        moved.last_order_id = max(moved.last_order_id, self.orders[-1].id)
        leading = desk.by_client_id
        for name, order in self._names:
            # another order may have taken it meanwhile
            if leading.get(name) is order:
                del leading[name]
        for order in self.orders:
            if self._amendments:
                self._amendments.pop((self._symbol, order.id), None)
            if order.fills:
                del moved.fills_of[order.id]
                # they refer to it: without them it is gone at once
                order.fills = None
        for each in self._lists:
            _forget_list(desk.account, each)


def _forget_list(account: Account, order_list: OrderList) -> None:
    del account.lists[bisect_left(account.lists, order_list.id, key=_list_id)]
    account.last_moved_list = max(account.last_moved_list, order_list.id)
    if account.lists_by_client_id.get(order_list.client_id) is order_list:
        del account.lists_by_client_id[order_list.client_id]
    order_list.orders = []


def _list_id(order_list: OrderList) -> int:
    return order_list.id


def _nothing() -> None:
    pass


_PAUSE = Slice()
