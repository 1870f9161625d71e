"""What an archive tells about the past, as the objects the venue would have kept."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from veighna_ext.exchange.archive.archive import Archive
from veighna_ext.exchange.engine.accounts import Account, Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import Market, PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.past import Past, Span
from veighna_ext.exchange.engine.rows import amendment_from, list_from, order_from
from veighna_ext.exchange.engine.venue import Venue

_AMONG = "IN (SELECT value FROM json_each(?))"
_decode = msgspec.msgpack.Decoder().decode


class _Pages(NamedTuple):
    """A table that is read in pages: whose rows they are, and what they are sorted by."""

    table: str
    owner: str
    keys: tuple[str, ...]
    columns: str


_ORDERS = _Pages("orders", "desk", ("id",), "id, list, row")
_FILLS = _Pages("fills", "desk", ("trade", "number"), "order_id, row")
_LISTS = _Pages("lists", "account", ("id",), "desk, id, row")


class ArchivedPast(Past):
    """
    Answers from the archive; orders come without their fills.

    What a crash left in the archive and in memory too is memory's: fills and matches that have not been moved
    are not looked at here, and who asks for orders and lists puts memory's in their place.
    """

    def __init__(self, venue: Venue, archive: Archive) -> None:
        self._venue = venue
        self._archive = archive

    def order(self, desk: Desk, order_id: int) -> Order | None:
        """An order by its id."""
        rows = self._archive.ask(
            "SELECT id, list, row FROM orders WHERE desk = ? AND id = ?", self._number(desk), order_id
        )
        return next(iter(self._orders(desk, rows)), None)

    def order_called(self, desk: Desk, client_id: str) -> Order | None:
        """The latest order of one of the trader's own ids."""
        found = self._archive.ask(
            "SELECT id FROM names WHERE desk = ? AND client_id = ? ORDER BY sequence DESC LIMIT 1",
            self._number(desk),
            client_id,
        )
        return self.order(desk, found[0][0]) if found else None

    def orders(self, desk: Desk, span: Span) -> list[Order]:
        """A page of orders; without their fills."""
        return self._orders(desk, self._page(_ORDERS, self._number(desk), span))

    def fills(self, desk: Desk, span: Span) -> list[Fill]:
        """A page of fills."""
        rows = self._page(_FILLS, self._number(desk), span, "AND number < ?", desk.moved.fills)
        return self._fills(desk, rows)

    def fills_of(self, desk: Desk, order_id: int) -> list[Fill]:
        """What one order traded."""
        rows = self._archive.ask(
            "SELECT order_id, row FROM fills INDEXED BY fills_by_order "
            "WHERE desk = ? AND order_id = ? AND number < ? ORDER BY trade, number",
            self._number(desk),
            order_id,
            desk.moved.fills,
        )
        return self._fills(desk, rows)

    def order_list(self, account: Account, list_id: int) -> OrderList | None:
        """An order list by its id."""
        rows = self._archive.ask(
            "SELECT desk, id, row FROM lists WHERE account = ? AND id = ?", account.id, list_id
        )
        return next(iter(self._lists(account, rows)), None)

    def order_list_called(self, account: Account, client_id: str) -> OrderList | None:
        """The latest order list of one of the trader's own ids."""
        rows = self._archive.ask(
            "SELECT desk, id, row FROM lists INDEXED BY lists_by_client_id "
            "WHERE account = ? AND client_id = ? ORDER BY id DESC LIMIT 1",
            account.id,
            client_id,
        )
        return next(iter(self._lists(account, rows)), None)

    def order_lists(self, account: Account, span: Span) -> list[OrderList]:
        """A page of order lists."""
        return self._lists(account, self._page(_LISTS, account.id, span))

    def prevented_match(self, market: Market, match_id: int) -> PreventedMatch | None:
        """A prevented match by its id."""
        rows = self._archive.ask(
            "SELECT id, taker_account, maker_account, row FROM matches WHERE symbol = ? AND id = ?",
            market.symbol.name,
            match_id,
        )
        return next(iter(self._matches(market, rows)), None)

    def prevented_matches_of(
        self, market: Market, order_id: int, limit: int, from_id: int
    ) -> list[PreventedMatch]:
        """The matches of an order that were prevented, from an id on."""
        wanted = market.symbol.name, order_id, from_id, market.moved_matches
        rows = self._archive.ask(
            " UNION ALL ".join(
                f"SELECT id, taker_account, maker_account, row FROM matches INDEXED BY matches_by_{side} "
                f"WHERE symbol = ? AND {side} = ? AND id >= ? AND id < ?"
                for side in ("taker", "maker")
            )
            + " ORDER BY id LIMIT ?",
            *wanted,
            *wanted,
            limit,
        )
        return self._matches(market, rows)

    def amendments(self, desk: Desk, order_id: int) -> list[Amendment]:
        """How an order was made smaller."""
        packed = self._archive.ask(
            "SELECT rows FROM amendments WHERE desk = ? AND order_id = ?", self._number(desk), order_id
        )
        order = self.order(desk, order_id) if packed else None
        if order is None:
            return []
        return [amendment_from(order, row) for row in self._unpacked(packed[0][0]) or ()]

    def _number(self, desk: Desk) -> int:
        return self._archive.desks.get((desk.account.id, desk.market.symbol.name), -1)

    def _page(
        self, pages: _Pages, owner: int, span: Span, condition: str = "", *values: int
    ) -> list[tuple[Any, ...]]:
        table, owned, key = pages.table, f"{pages.owner} = ?", pages.keys[0]
        wanted, bounds = "", list(values)
        for sign, time, direction in ((">=", span.start, "ASC"), ("<=", span.end, "DESC")):
            if time is None or span.from_id is not None:
                continue
            if span.in_order:
                # later ones have higher ids: the page is one piece of the table
                wanted += (
                    f" AND {key} {sign} (SELECT {key} FROM {table} INDEXED BY {table}_by_time"
                    f" WHERE {owned} AND time {sign} ? ORDER BY time {direction}, {key} {direction} LIMIT 1)"
                )
                bounds += [owner, time]
            else:
                wanted += f" AND time {sign} ?"
                bounds.append(time)
        if span.from_id is not None:
            wanted += f" AND {key} >= ?"
            bounds.append(span.from_id)
        order = ", ".join(each + (" DESC" if span.is_newest else "") for each in pages.keys)
        rows = self._archive.ask(
            f"SELECT {pages.columns} FROM {table} "
            f"WHERE {owned} {condition} {wanted} ORDER BY {order} LIMIT ?",
            owner,
            *bounds,
            span.limit,
        )
        return rows[::-1] if span.is_newest else rows

    def _unpacked(self, packed: bytes) -> list[Any] | None:
        try:
            row: list[Any] = _decode(packed)
        except (msgspec.DecodeError, ValueError) as error:
            self._archive.complain(error)
            return None
        return row

    def _orders(self, desk: Desk, rows: Iterable[tuple[Any, ...]]) -> list[Order]:
        made: dict[int, Order] = {}
        list_ids = set()
        for order_id, list_id, packed in rows:
            row = self._unpacked(packed)
            if row is None:
                continue
            made[order_id] = order_from(desk, row)
            if list_id is not None:
                list_ids.add(list_id)
        if list_ids:
            self._tie(desk, made, list_ids)
        return list(made.values())

    def _tie(self, desk: Desk, made: dict[int, Order], list_ids: set[int]) -> None:
        """Give orders their lists, which may have other orders too."""
        packed = self._archive.ask(
            f"SELECT row FROM lists WHERE account = ? AND id {_AMONG}",
            desk.account.id,
            str(sorted(list_ids)),
        )
        lists = [row for (each,) in packed if (row := self._unpacked(each)) is not None]
        others = self._single(desk, {number for row in lists for number in row[-1]} - made.keys())
        known = {**others, **made}
        for row in lists:
            list_from(desk, row, [known[number] for number in row[-1] if number in known])

    def _single(self, desk: Desk, ids: set[int]) -> dict[int, Order]:
        """Orders by their ids, without their lists."""
        if not ids:
            return {}
        found = self._archive.ask(
            f"SELECT id, row FROM orders WHERE desk = ? AND id {_AMONG}",
            self._number(desk),
            str(sorted(ids)),
        )
        return {
            order_id: order_from(desk, row)
            for order_id, packed in found
            if (row := self._unpacked(packed)) is not None
        }

    def _known(self, desk: Desk, ids: set[int]) -> dict[int, Order]:
        """Orders by their ids: memory's where it still has them."""
        known: dict[int, Order] = {}
        for order_id in ids:
            place = bisect_left(desk.orders, order_id, key=_id)
            if place < len(desk.orders) and desk.orders[place].id == order_id:
                known[order_id] = desk.orders[place]
        missing = ids - known.keys()
        if missing:
            rows = self._archive.ask(
                f"SELECT id, list, row FROM orders WHERE desk = ? AND id {_AMONG}",
                self._number(desk),
                str(sorted(missing)),
            )
            known.update((order.id, order) for order in self._orders(desk, rows))
        return known

    def _fills(self, desk: Desk, rows: list[tuple[Any, ...]]) -> list[Fill]:
        orders = self._known(desk, {order_id for order_id, _ in rows})
        made = []
        for order_id, packed in rows:
            row, order = self._unpacked(packed), orders.get(order_id)
            if row is None or order is None:
                continue
            trade_id, _, price, quantity, commission, asset, time, is_maker = row
            made.append(Fill(trade_id, order, price, quantity, commission, asset, time, is_maker))
        return made

    def _lists(self, account: Account, rows: list[tuple[Any, ...]]) -> list[OrderList]:
        desks = {self._number(desk): desk for desk in account.desks.values()}
        unpacked = [(desks[number], self._unpacked(packed)) for number, _, packed in rows]
        ids: defaultdict[Desk, set[int]] = defaultdict(set)
        for desk, row in unpacked:
            if row is not None:
                ids[desk].update(row[-1])
        # never memory's: an order there belongs to its list there
        orders = {desk: self._single(desk, wanted) for desk, wanted in ids.items()}
        return [
            list_from(desk, row, [orders[desk][number] for number in row[-1] if number in orders[desk]])
            for desk, row in unpacked
            if row is not None
        ]

    def _matches(self, market: Market, rows: list[tuple[Any, ...]]) -> list[PreventedMatch]:
        symbol = market.symbol.name
        ids: defaultdict[Desk, set[int]] = defaultdict(set)
        found = []
        for match_id, taker_account, maker_account, packed in rows:
            row = self._unpacked(packed)
            if row is None:
                continue
            taker_desk = self._venue.desk(taker_account, symbol)
            maker_desk = self._venue.desk(maker_account, symbol)
            ids[taker_desk].add(row[0])
            ids[maker_desk].add(row[1])
            found.append((match_id, taker_desk, maker_desk, row))
        orders = {desk: self._known(desk, wanted) for desk, wanted in ids.items()}
        made = []
        for match_id, taker_desk, maker_desk, (taker_id, maker_id, *rest) in found:
            taker, maker = orders[taker_desk].get(taker_id), orders[maker_desk].get(maker_id)
            if taker is not None and maker is not None:
                made.append(PreventedMatch(match_id, taker, maker, *rest))
        return made


def _id(order: Order) -> int:
    return order.id
