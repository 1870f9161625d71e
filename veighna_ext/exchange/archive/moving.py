"""
Which closed orders, fills and prevented matches leave memory: the oldest, piece by piece.

What is moved no longer changes. A fill or a match goes before its orders, and an order with its whole list:
whatever is in memory refers to nothing that is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from veighna_ext.exchange.archive.tables import Rows
from veighna_ext.exchange.engine.accounts import HOUSE, Account, Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import Market, PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.rows import Row, amendment_row, fill_row, list_row, match_row, order_row
from veighna_ext.exchange.engine.venue import Venue

PIECE = 200
"""Orders in a piece, or fills or matches: a fraction of a millisecond."""
LOOKED_AT = 10_000
"""Orders that are looked at for one piece where most of them stay."""

_encode = msgspec.msgpack.Encoder().encode


class Piece:
    """Rows to be written, and how memory forgets what they hold once they are."""

    def __init__(self) -> None:
        self.rows: Rows = defaultdict(list)
        self.names: list[tuple[int, str, int]] = []
        """Client order ids, each with the desk's number before it and the order it leads to behind it."""
        self.size = 0
        """How many orders, fills and matches it moves."""
        self._forget: Callable[[], None] = _nothing

    def when_written(self, size: int, forget: Callable[[], None]) -> Piece:
        """Say how memory forgets; returns the piece."""
        self.size = size
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


def pieces(venue: Venue, number_of: Callable[[Desk], int], kept: int, size: int = PIECE) -> Iterator[Piece]:
    """
    All that can be moved, but for the newest of each desk; these share what is to be kept.

    Pieces have to be written and forgotten in this order. What becomes old meanwhile is for another time: the
    newcomers of one desk do not hold up the next.
    """
    desks = [
        desk
        for account in venue.accounts.values()
        for desk in account.desks.values()
        if account.id != HOUSE and desk.orders
    ]
    # of orders, and as many fills and matches: about half of what is to be kept, so that a round is worth it
    share = max(kept // (4 * len(desks)), 1) if desks else 0
    first_kept = {
        market: max(market.next_match_id - share, market.moved_matches) for market in venue.markets.values()
    }
    for market, match_id in first_kept.items():
        yield from _matches(market, match_id, size)
    for desk in desks:
        yield from _DeskRound(venue, desk, number_of(desk), share, first_kept[desk.market]).pieces(size)


def _matches(market: Market, first_kept: int, size: int) -> Iterator[Piece]:
    symbol = market.symbol.name
    for match_id in range(market.moved_matches, first_kept, size):
        # earlier pieces may have been forgotten by now, or not yet
        place = match_id - market.moved_matches
        some = market.prevented[place : place + min(size, first_kept - match_id)]
        piece = Piece()
        piece.rows["matches"] = [
            (
                symbol, match.id, match.taker.id, match.maker.id, match.taker.desk.account.id,
                match.maker.desk.account.id, _encode(match_row(match)),
            )
            for match in some
        ]  # fmt: skip
        yield piece.when_written(len(some), partial(_forget_matches, market, some))


def _forget_matches(market: Market, some: list[PreventedMatch]) -> None:
    del market.prevented[: len(some)]
    market.moved_matches += len(some)
    for match in some:
        for order in (match.taker, match.maker):
            of_order = market.prevented_of_order[order.id]
            del of_order[0]
            if not of_order:
                del market.prevented_of_order[order.id]


class _DeskRound:
    """
    One desk's share of a round: from where on everything stays, fixed when it begins.

    Its own counts run ahead of the desk's, which change only when memory forgets.
    """

    def __init__(self, venue: Venue, desk: Desk, number: int, share: int, first_match_kept: int) -> None:
        self._desk = desk
        self._number = number
        self._symbol = desk.market.symbol.name
        self._amendments = venue.amendments
        self._orders_moved = desk.moved.orders
        self._fills_moved = desk.moved.fills
        self._fills_going = max(len(desk.fills) - share, 0)
        self._first_order_kept = desk.orders[max(len(desk.orders) - share, 0)].id
        self._first_trade_kept = (
            desk.fills[self._fills_going].trade_id if desk.fills else desk.market.last_trade_id + 1
        )
        self._first_match_kept = first_match_kept

    def pieces(self, size: int) -> Iterator[Piece]:
        """Its fills, then its orders."""
        while self._fills_going:
            yield self._fills(size)
        next_id, orders = 0, self._desk.orders
        while True:
            # earlier pieces may have been forgotten by now, or not yet
            place = bisect_left(orders, next_id, key=_order_id)
            end = bisect_left(orders, self._first_order_kept, key=_order_id)
            if place >= end:
                return
            going, next_id = self._orders(place, min(place + LOOKED_AT, end), size)
            yield going.piece(self._count(len(going.orders)))

    def _fills(self, size: int) -> Piece:
        desk, number, next_fill = self._desk, self._number, self._fills_moved
        place = next_fill - desk.moved.fills
        some = desk.fills[place : place + min(size, self._fills_going)]
        self._fills_going -= len(some)
        piece = Piece()
        piece.rows["fills"] = [
            (number, fill.trade_id, place, fill.time, fill.order.id, _encode(fill_row(fill)))
            for place, fill in enumerate(some, next_fill)
        ]
        piece.rows["desks"] = [self._count(fills=len(some))]
        return piece.when_written(len(some), partial(_forget_fills, desk, some))

    def _count(self, orders: int = 0, fills: int = 0) -> Row:
        self._orders_moved += orders
        self._fills_moved += fills
        return self._number, self._desk.account.id, self._symbol, self._orders_moved, self._fills_moved

    def _orders(self, place: int, end: int, size: int) -> tuple[_Going, int]:
        """A piece of orders, and the id to go on from."""
        desk, orders = self._desk, self._desk.orders
        going = _Going(desk, self._number, self._amendments)
        while place < end and len(going.orders) < size:
            order = orders[place]
            order_list = order.conditions.order_list if order.conditions is not None else None
            if order_list is None:
                place += 1
                if self._may_go(order):
                    going.take(order)
            else:
                # its orders stand together
                place += len(order_list.orders)
                if all(self._may_go(each) for each in order_list.orders):
                    going.take_list(order_list)
        return going, orders[place - 1].id + 1

    def _may_go(self, order: Order) -> bool:
        if order.is_open or (order.fills and order.fills[-1].trade_id >= self._first_trade_kept):
            return False
        matches = self._desk.market.prevented_of_order.get(order.id)
        return matches is None or matches[-1].id < self._first_match_kept


def _forget_fills(desk: Desk, some: list[Fill]) -> None:
    del desk.fills[: len(some)]
    moved = desk.moved
    moved.fills += len(some)
    for fill in some:
        order_id = fill.order.id
        moved.fills_of[order_id] = moved.fills_of.get(order_id, 0) + 1


class _Going:
    """Orders of one desk that leave memory together."""

    def __init__(self, desk: Desk, number: int, amendments: dict[tuple[str, int], list[Amendment]]) -> None:
        self.orders: list[Order] = []
        self._lists: list[OrderList] = []
        self._names: list[tuple[str, Order]] = []
        """The client order ids that lead to them."""
        self._amendments = amendments
        self._desk = desk
        self._symbol = desk.market.symbol.name
        self._number = number
        self._piece = Piece()

    def take(self, order: Order, list_id: int | None = None) -> None:
        """One more order."""
        self.orders.append(order)
        order_id = order.id
        row = self._number, order_id, order.time, list_id, _encode(order_row(order))
        self._piece.rows["orders"].append(row)
        self._take_name(order.client_id, order)
        if self._amendments and (self._symbol, order_id) in self._amendments:
            self._take_amendments(order, self._amendments[self._symbol, order_id])

    def _take_amendments(self, order: Order, amendments: list[Amendment]) -> None:
        packed = _encode([amendment_row(each) for each in amendments])
        self._piece.rows["amendments"].append((self._number, order.id, packed))
        for name in {each.old_client_id for each in amendments} - {order.client_id}:
            self._take_name(name, order)

    def _take_name(self, name: str, order: Order) -> None:
        if self._desk.by_client_id.get(name) is order:
            self._piece.names.append((self._number, name, order.id))
            self._names.append((name, order))

    def take_list(self, order_list: OrderList) -> None:
        """One more list, with its orders."""
        self._lists.append(order_list)
        for order in order_list.orders:
            self.take(order, order_list.id)
        self._piece.rows["lists"].append(
            (
                order_list.account.id, order_list.id, self._number, order_list.time, order_list.client_id,
                _encode(list_row(order_list)),
            )
        )  # fmt: skip

    def piece(self, desk_row: Row) -> Piece:
        """What was taken; nothing where all that was looked at stays."""
        if not self.orders:
            return self._piece
        self._piece.rows["desks"] = [desk_row]
        return self._piece.when_written(len(self.orders), self._forget)

    def _forget(self) -> None:
        desk, moved = self._desk, self._desk.moved
        gone = {order.id for order in self.orders}
        first = bisect_left(desk.orders, self.orders[0].id, key=_order_id)
        last = bisect_left(desk.orders, self.orders[-1].id, key=_order_id) + 1
        desk.orders[first:last] = [order for order in desk.orders[first:last] if order.id not in gone]
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
                moved.fills_of.pop(order.id, None)
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


def _order_id(order: Order) -> int:
    return order.id


def _list_id(order_list: OrderList) -> int:
    return order_list.id


def _nothing() -> None:
    pass
