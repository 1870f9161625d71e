"""
The venue's whole state as a stream of records, for snapshots; two equal venues give equal bytes.

Of what was moved out of memory they tell only how much it was. What a refused command may have touched, such
as an empty balance, is not part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

import msgspec

from veighna_ext.exchange import enums
from veighna_ext.exchange.commands import SetSource
from veighna_ext.exchange.engine.accounts import HOUSE, Account, Balance, Desk
from veighna_ext.exchange.engine.market import Market, PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList, remember
from veighna_ext.exchange.engine.past import NOTHING_MOVED
from veighna_ext.exchange.engine.rows import (
    amendment_from,
    amendment_row,
    fill_row,
    list_from,
    list_row,
    match_row,
    order_from,
    order_row,
)
from veighna_ext.exchange.engine.venue import Venue

NOBODY = -1
BLOCK = 10_000
"""Orders or fills in one record: bounds what a snapshot holds in memory at once."""


class Head(msgspec.Struct, array_like=True, tag=1):
    """Counters and totals of the venue."""

    last_list_id: int
    last_account_id: int
    deposits: dict[str, str]
    """Texts, like all totals: they may pass the 64 bits that an order's amounts keep."""
    collected: dict[str, str]
    sources: dict[str, list[SetSource]]


class AccountState(msgspec.Struct, array_like=True, tag=2):
    """An account without its orders."""

    id: int
    rates: tuple[int, int]
    special_rates: dict[str, tuple[int, int]]
    flags: tuple[bool, bool, bool, bool]
    trade_group: int
    keys: dict[str, bool]
    balances: dict[str, tuple[str, str]]
    starting_balances: dict[str, int]
    updated: int
    last_moved_list: int = NOTHING_MOVED


class Orders(msgspec.Struct, array_like=True, tag=3):
    """Some orders of one account on one symbol, by rising id."""

    account: int
    symbol: str
    orders: list[tuple[Any, ...]]


class Lists(msgspec.Struct, array_like=True, tag=4):
    """The order lists of one account on one symbol."""

    account: int
    symbol: str
    lists: list[tuple[int, str, int, int, str, list[int]]]


class Fills(msgspec.Struct, array_like=True, tag=5):
    """Some fills of one account on one symbol, in the order they were made."""

    account: int
    symbol: str
    fills: list[tuple[int, int, int, int, int, str, int, bool]]
    of_orders_only: bool = False
    """Whether the desk has moved them already and only the orders still keep them."""


class DeskState(msgspec.Struct, array_like=True, tag=6):
    """What the orders of one account on one symbol do not tell themselves."""

    account: int
    symbol: str
    open: list[int]
    renamed: dict[str, int]
    """Client order ids that lead to another order than the youngest one that has them."""
    moved: tuple[int, int, int] = (0, 0, NOTHING_MOVED)
    """How many orders and fills, and the last order's id."""
    moved_fills_of: dict[int, int] = {}


class MarketState(msgspec.Struct, array_like=True, tag=7):
    """A symbol's counters and its queues, best price first."""

    symbol: str
    status: int
    counters: tuple[int, int, int, int]
    clock: tuple[int, bool]
    half_fills: list[int]
    queues: tuple[list[int], list[int]]
    waiting: list[int]
    prevented: list[tuple[int, ...]]
    amendments: list[tuple[int, str, str, int, int, int, int]]
    moved_matches: int = 0


Record: TypeAlias = Head | AccountState | Orders | Lists | Fills | DeskState | MarketState


def dump(venue: Venue) -> Iterator[Record]:
    """The records of a venue, in the order ``load`` wants them."""
    yield Head(
        venue.last_list_id,
        venue.last_account_id,
        {asset: str(amount) for asset, amount in sorted(venue.deposits.items())},
        {asset: str(treasury.collected) for asset, treasury in sorted(venue.treasuries.items())},
        venue.sources,
    )
    for account in venue.accounts.values():
        yield _account_state(account)
        for _, desk in sorted(account.desks.items()):
            yield from _desk_records(venue, desk)
    for market in venue.markets.values():
        yield _market_state(venue, market)


def _account_state(account: Account) -> AccountState:
    return AccountState(
        account.id,
        (account.maker_rate, account.taker_rate),
        account.special_rates,
        (account.pays_in_bnb, account.can_trade, account.can_withdraw, account.can_deposit),
        account.trade_group,
        account.keys,
        {
            asset: (str(balance.free), str(balance.locked))
            for asset, balance in sorted(account.balances.items())
            if balance.total
        },
        account.starting_balances,
        account.updated,
        account.last_moved_list,
    )


def _desk_records(venue: Venue, desk: Desk) -> Iterator[Record]:
    owner, symbol = desk.account.id, desk.market.symbol.name
    orders: Iterable[Order] = desk.orders
    if owner == HOUSE:
        resting = (order for side in desk.market.book.sides for order in side.orders())
        orders = sorted((order for order in resting if order.desk is desk), key=_id)
    for orders_block in _blocks(orders):
        yield Orders(owner, symbol, [order_row(order) for order in orders_block])
    ours = [each for each in desk.account.lists if each.desk is desk]
    if ours:
        yield Lists(owner, symbol, [list_row(each) for each in ours])
    for fills_block in _blocks(_kept_by_orders(desk)):
        yield Fills(owner, symbol, [fill_row(fill) for fill in fills_block], of_orders_only=True)
    for fills_block in _blocks(desk.fills):
        yield Fills(owner, symbol, [fill_row(fill) for fill in fills_block])
    moved = desk.moved
    if desk.orders or moved.orders:
        yield DeskState(
            owner,
            symbol,
            list(desk.open),
            _renamed(venue, desk),
            (moved.orders, moved.fills, moved.last_order_id),
            moved.fills_of,
        )


def _kept_by_orders(desk: Desk) -> Iterator[Fill]:
    fills_of = desk.moved.fills_of
    for order in desk.orders if fills_of else ():
        if order.id in fills_of:
            yield from (order.fills or [])[: fills_of[order.id]]


def _id(order: Order) -> int:
    return order.id


def _list_id(order_list: OrderList) -> int:
    return order_list.id


def _blocks(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while block := list(islice(iterator, BLOCK)):
        yield block


def _renamed(venue: Venue, desk: Desk) -> dict[str, int]:
    if not venue.amendments and not desk.moved.orders:
        return {}
    youngest = {order.client_id: order for order in desk.orders}
    renamed = {name: order.id for name, order in desk.by_client_id.items() if youngest.get(name) is not order}
    # who took these last was moved
    renamed.update((name, NOBODY) for name in youngest if name not in desk.by_client_id)
    return renamed


def _market_state(venue: Venue, market: Market) -> MarketState:
    name = market.symbol.name
    return MarketState(
        name,
        market.status,
        (market.last_order_id, market.last_trade_id, market.last_execution_id, market.last_price),
        (market.clock, market.went_back),
        sorted(market.half_fills),
        (
            [order.id for order in market.book.bids.orders()],
            [order.id for order in market.book.asks.orders()],
        ),
        [order.id for order in market.stops.orders()],
        [match_row(each) for each in market.prevented],
        [
            amendment_row(each)
            for (symbol, _), made in venue.amendments.items()
            if symbol == name
            for each in made
        ],
        market.moved_matches,
    )


def load(venue: Venue, records: Iterable[Record]) -> None:
    """Give a new venue the state of another one."""
    _Loader(venue).load(records)


class _Loader:
    """Puts records back; orders are found by symbol and id while it works."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._orders: defaultdict[str, dict[int, Order]] = defaultdict(dict)

    def load(self, records: Iterable[Record]) -> None:
        """Take every record in turn."""
        take: dict[type, Any] = {
            Head: self._head,
            AccountState: self._account,
            Orders: self._take_orders,
            Lists: self._lists,
            Fills: self._fills,
            DeskState: self._desk,
            MarketState: self._market,
        }
        for record in records:
            take[type(record)](record)
        for account in self._venue.accounts.values():
            account.lists.sort(key=_list_id)
            account.lists_by_client_id = {each.client_id: each for each in account.lists}

    def _head(self, head: Head) -> None:
        venue = self._venue
        venue.last_list_id = head.last_list_id
        venue.last_account_id = head.last_account_id
        venue.deposits = {asset: int(amount) for asset, amount in head.deposits.items()}
        venue.sources = head.sources
        for asset, collected in head.collected.items():
            venue.treasury(asset).collected = int(collected)

    def _account(self, state: AccountState) -> None:
        account = Account(state.id, *state.rates, state.updated)
        account.special_rates = state.special_rates
        account.pays_in_bnb, account.can_trade, account.can_withdraw, account.can_deposit = state.flags
        account.trade_group = state.trade_group
        account.keys = state.keys
        account.balances = {
            asset: Balance(int(free), int(locked)) for asset, (free, locked) in state.balances.items()
        }
        account.starting_balances = state.starting_balances
        account.last_moved_list = state.last_moved_list
        self._venue.accounts[account.id] = account
        for key in account.keys:
            self._venue.keys[key] = account

    def _take_orders(self, block: Orders) -> None:
        desk = self._venue.desk(block.account, block.symbol)
        known = self._orders[block.symbol]
        is_house = block.account == HOUSE
        for values in block.orders:
            order = order_from(desk, values)
            known[order.id] = order
            if not is_house:
                desk.orders.append(order)
                desk.by_client_id[order.client_id] = order

    def _lists(self, block: Lists) -> None:
        desk = self._venue.desk(block.account, block.symbol)
        known = self._orders[block.symbol]
        for row in block.lists:
            remember(list_from(desk, row, [known[order_id] for order_id in row[-1]]))

    def _fills(self, block: Fills) -> None:
        desk = self._venue.desk(block.account, block.symbol)
        known = self._orders[block.symbol]
        for trade_id, order_id, price, quantity, commission, asset, time, is_maker in block.fills:
            order = known[order_id]
            fill = Fill(trade_id, order, price, quantity, commission, asset, time, is_maker)
            if not block.of_orders_only:
                desk.fills.append(fill)
            if order.fills is None:
                order.fills = [fill]
            else:
                order.fills.append(fill)

    def _desk(self, state: DeskState) -> None:
        desk = self._venue.desk(state.account, state.symbol)
        known = self._orders[state.symbol]
        for order_id in state.open:
            order = desk.open[order_id] = known[order_id]
            desk.account.open_orders += 1
            desk.algo_orders += order.type >= enums.FIRST_CONDITIONAL
            desk.icebergs += order.conditions is not None and order.conditions.iceberg > 0
        for client_id, order_id in state.renamed.items():
            if order_id == NOBODY:
                del desk.by_client_id[client_id]
            else:
                desk.by_client_id[client_id] = known[order_id]
        moved = desk.moved
        moved.orders, moved.fills, moved.last_order_id = state.moved
        moved.fills_of = state.moved_fills_of

    def _market(self, state: MarketState) -> None:
        market = self._venue.markets[state.symbol]
        known = self._orders[state.symbol]
        market.status = state.status
        counters = state.counters
        market.last_order_id, market.last_trade_id, market.last_execution_id, market.last_price = counters
        market.clock, market.went_back = state.clock
        market.half_fills = set(state.half_fills)
        for side, queue in zip(market.book.sides, state.queues, strict=True):
            for order_id in queue:
                side.put_back(known[order_id])
        for order in sorted(known.values(), key=_id):
            if order.desk.account.id == HOUSE:
                market.house[order.side].setdefault(order.price, []).append(order)
        for order_id in state.waiting:
            market.stops.restore(known[order_id])
        market.moved_matches = state.moved_matches
        for match_id, (taker, maker, *rest) in enumerate(state.prevented, state.moved_matches):
            market.remember_prevented(PreventedMatch(match_id, known[taker], known[maker], *rest))
        amendments = self._venue.amendments
        for row in state.amendments:
            amendments.setdefault((state.symbol, row[0]), []).append(amendment_from(known[row[0]], row))
