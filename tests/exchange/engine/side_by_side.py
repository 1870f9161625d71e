"""The engine and the reference, given the same commands and compared."""

from __future__ import annotations

from typing import Any

from tests.exchange.engine.building import MAKER_RATE, START, TAKER_RATE, tape_of, venue_for_tests
from tests.exchange.engine.commands_strategy import ACCOUNTS, crowded_symbols
from tests.exchange.engine.reference import RefOrder, Refusal
from tests.exchange.engine.reference_venue import ReferenceVenue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.trading import Replacement, ReplaceRefused
from veighna_ext.exchange.errors import Refused


class SideBySide:
    """Both venues with the same accounts and money."""

    def __init__(self, funds: dict[str, int]) -> None:
        self.venue = venue_for_tests(ACCOUNTS, crowded_symbols(), funds=funds)
        self._trades = dict.fromkeys(self.venue.markets, 0)
        self.reference = ReferenceVenue(crowded_symbols())
        for number in range(1, ACCOUNTS + 1):
            self.reference.submit(c.OpenAccount(START, funds, MAKER_RATE, TAKER_RATE))
            # odd rates, so that commissions have to be rounded
            self.submit(c.SetRates(START, number, MAKER_RATE - 2_347, TAKER_RATE - 10_009))

    def submit(self, command: c.Command) -> None:
        """Give both the command; their answers, trades and balances must be the same."""
        ours, theirs = self._ask_engine(command), self._ask_reference(command)
        assert ours == theirs, f"answers: {ours} here, {theirs} in the reference"
        self._compare_trades()
        self._compare_money()

    def _ask_engine(self, command: c.Command) -> Any:
        try:
            return _said(self.venue.submit(command))
        except ReplaceRefused as refusal:
            return refusal.code, (_code(refusal.result.cancel_refusal), _code(refusal.result.order_refusal))
        except Refused as refusal:
            return refusal.code, ()

    def _ask_reference(self, command: c.Command) -> Any:
        try:
            return self.reference.submit(command)
        except Refusal as refusal:
            return refusal.code, refusal.halves

    def _compare_trades(self) -> None:
        for name, market in self.reference.markets.items():
            seen = self._trades[name]
            ours, theirs = tape_of(self.venue, name).trades, market.trades
            assert ours[seen:] == theirs[seen:], f"{name}: trades"
            self._trades[name] = len(ours)

    def _compare_money(self) -> None:
        reference = self.reference
        for number, trader in reference.traders.items():
            for asset, balance in self.venue.accounts[number].balances.items():
                locked = reference.locked(trader, asset)
                theirs = trader.owns[asset] - locked, locked
                assert (balance.free, balance.locked) == theirs, (
                    f"account {number}: {balance.free} {asset} free and {balance.locked} locked, not {theirs}"
                )

    def compare_open(self) -> None:
        """Every open order, its place in the queue and what it shows."""
        for name, theirs in self.reference.markets.items():
            market = self.venue.markets[name]
            assert market.last_price == theirs.last_price, f"{name}: last price"
            for side in market.book.sides:
                ours = [_seen(order) for order in side.orders()]
                assert ours == [_ref_seen(order) for order in theirs.queue(side.side)], f"{name}: queue"
            open_orders = self._open_orders(market)
            assert sorted(open_orders) == sorted(order.id for order in theirs.open), f"{name}: open orders"
            for order in theirs.open:
                _compare(name, open_orders[order.id], order)
            waiting = [order.id for order in market.stops.orders()]
            assert waiting == sorted(order.id for order in theirs.open if order.waits), f"{name}: stops"

    def compare_history(self) -> None:
        """Every order there ever was, and the commissions collected."""
        for name, theirs in self.reference.markets.items():
            desks = [account.desks.get(name) for account in self.venue.accounts.values()]
            ours = {order.id: order for desk in desks if desk for order in desk.orders}
            assert sorted(ours) == [order.id for order in theirs.orders], f"{name}: orders"
            for order in theirs.orders:
                _compare(name, ours[order.id], order)
        collected = {asset: treasury.collected for asset, treasury in self.venue.treasuries.items()}
        assert collected == {asset: self.reference.fees[asset] for asset in collected}, "commissions"
        for account in self.venue.accounts.values():
            for group in account.lists:
                assert group.is_open != self.reference.lists[group.id].is_done, f"list {group.id}"

    def _open_orders(self, market: Market) -> dict[int, Order]:
        name = market.symbol.name
        desks = [account.desks.get(name) for account in self.venue.accounts.values()]
        return {order.id: order for desk in desks if desk for order in desk.open.values()}


def _code(refusal: Refused | None) -> int | None:
    return refusal.code if refusal else None


def _said(answer: Any) -> Any:
    if isinstance(answer, Order):
        return [answer.id]
    if isinstance(answer, OrderList):
        return [order.id for order in answer.orders]
    if isinstance(answer, Replacement):
        return _code(answer.cancel_refusal), _code(answer.order_refusal)
    if isinstance(answer, Amendment):
        return [answer.order.id]
    if isinstance(answer, list):
        return sorted(order.id for order in answer)
    return None


def _seen(order: Order) -> tuple[int, int, int, int]:
    conditions = order.conditions
    shown = conditions.shown if conditions is not None and conditions.iceberg else order.left
    return order.id, order.price, order.left, shown


def _ref_seen(order: RefOrder) -> tuple[int, int, int, int]:
    return order.id, order.spec.price, order.left, order.shown


def _compare(name: str, ours: Order, theirs: RefOrder) -> None:
    conditions = ours.conditions
    here = {
        "account": ours.desk.account.id,
        "client_id": ours.client_id,
        "status": ours.status,
        "quantity": ours.quantity,
        "left": ours.left,
        "executed": ours.executed,
        "spent": ours.spent,
        "prevented": conditions.prevented if conditions else 0,
        "extreme": conditions.extreme if conditions else 0,
    }
    there = {"account": theirs.trader.id, **{key: getattr(theirs, key) for key in here if key != "account"}}
    assert here == there, f"{name} order {theirs.id}: {here} here, {there} in the reference"
    fills = [
        (fill.trade_id, fill.price, fill.quantity, fill.commission, fill.commission_asset, fill.is_maker)
        for fill in ours.fills or ()
    ]
    assert fills == theirs.fills, f"{name} order {theirs.id}: {fills} here, {theirs.fills} in the reference"
