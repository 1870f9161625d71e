"""Order lists: one cancels the other (OCO), one triggers the other (OTO), one triggers a pair (OTOCO)."""

from __future__ import annotations

from veighna_ext.exchange import enums, errors
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.ending import NOT_PLACED, cancel, expire, lock, open_order, waits_for_price
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Conditions, Order
from veighna_ext.exchange.engine.placing import create, enter, register, reserve, worst_case

EXECUTING = "EXECUTING"
ALL_DONE = "ALL_DONE"
PHASE_ONE_EXPIRED = "OTO_PHASE_ONE_EXPIRED"
"""Why orders expire whose working order ended without being filled."""
STOPS = frozenset({enums.STOP_LOSS, enums.STOP_LOSS_LIMIT})
_MISPLACED = {
    ("limit", enums.BUY): (-1165, "buy", "below"),
    ("limit", enums.SELL): (-1166, "sell", "above"),
    ("stop loss", enums.BUY): (-1196, "buy", "above"),
    ("stop loss", enums.SELL): (-1197, "sell", "below"),
    ("take profit", enums.BUY): (-1198, "buy", "below"),
    ("take profit", enums.SELL): (-1199, "sell", "above"),
}


class OrderList:
    """Orders of one account on one symbol that depend on each other."""

    def __init__(self, list_id: int, client_id: str, kind: int, desk: Desk, time: int) -> None:
        self.id = list_id
        self.client_id = client_id
        self.kind = kind
        self.desk = desk
        self.market = desk.market
        self.account = desk.account
        self.time = time
        self.status = EXECUTING
        self.orders: list[Order] = []
        self._is_ending = False
        """Whether the list itself ends orders, whose ends then mean nothing to it."""

    @property
    def symbol(self) -> str:
        """The symbol all its orders are for."""
        return self.market.symbol.name

    @property
    def contingency(self) -> str:
        """How its orders depend on each other, as Binance names it."""
        return "OCO" if self.kind == enums.OCO else "OTO"

    @property
    def is_open(self) -> bool:
        """Whether one of its orders can still change."""
        return self.status == EXECUTING

    @property
    def working(self) -> Order | None:
        """The order that has to be filled before the others are placed."""
        return None if self.kind == enums.OCO else self.orders[0]

    @property
    def pair(self) -> list[Order]:
        """The two orders of which one ends the other."""
        return self.orders if self.kind == enums.OCO else self.orders[1:] if self.kind == enums.OTOCO else []

    def leg_works(self, order: Order, now: int) -> None:
        """One order of a pair is about to trade: the other one ends, and it holds what it needs alone."""
        pair = self.pair
        if order in pair:
            other = pair[1] if order is pair[0] else pair[0]
            if other.is_open:
                self._expire([other], enums.OCO_TRIGGER, now)
            if order.locked != order.need():
                lock(order, order.need())

    def tied_to(self, order: Order) -> list[Order]:
        """The open orders of which only one can trade, so that they share money and are of one size."""
        pair = self.pair
        return [leg for leg in pair if leg.is_open] if order in pair else [order]

    def hold_less(self, order: Order) -> None:
        """An order became smaller: free what none of those tied to it can spend any more."""
        legs = self.tied_to(order)
        need = max(worst_case(self.market, leg) if waits_for_price(leg) else leg.need() for leg in legs)
        for leg in legs:
            if leg.locked > need:
                lock(leg, need)

    def leg_ended(self, order: Order, now: int) -> None:
        """One of the orders has reached its last status: end, or begin, what depends on it."""
        if self._is_ending:
            return
        if order is not self.working:
            self._expire(self.pair, enums.OCO_TRIGGER, now)
        elif order.status == enums.FILLED:
            self.market.to_activate.append(self)
        else:
            self._expire(self.orders, PHASE_ONE_EXPIRED, now)
        if self.is_open and not any(each.is_open for each in self.orders):
            self._close(ALL_DONE, now)

    def _expire(self, orders: list[Order], reason: str, now: int) -> None:
        self._is_ending = True
        for order in orders:
            if order.is_open:
                expire(self.market, order, now, reason)
        self._is_ending = False

    def cancel(self, now: int, cancel_id: str = "") -> None:
        """End every order of the list because its trader asks for it."""
        self._is_ending = True
        for order in self.orders:
            if order.is_open:
                cancel(self.market, order, now, cancel_id)
        self._is_ending = False
        self._close(ALL_DONE, now)

    def activate(self, now: int) -> None:
        """The working order is filled: place the orders that waited for it."""
        waiting = [order for order in self.orders[1:] if order.status == enums.PENDING_NEW]
        for order in waiting:
            order.status = enums.NEW
            order.updated = now
        try:
            if self.kind == enums.OTOCO:
                check_pair(self.market, waiting)
                place_pair(self.market, waiting, now)
            else:
                enter(self.market, waiting[0], reserve(self.market, waiting[0]), now)
        except errors.Refused:
            for order in waiting:
                order.status = enums.PENDING_NEW
            self._expire(waiting, NOT_PLACED, now)
            self._close(ALL_DONE, now)

    def _close(self, status: str, now: int) -> None:
        self.status = status
        self.desk.open_lists.pop(self.id, None)
        self.tell("ALL_DONE", now)

    def tell(self, status_type: str, now: int) -> None:
        """Report the list's own status, if its account listens."""
        if self.account.is_listening:
            self.market.news.list_changed(self, status_type, now)


def check_pair(market: Market, pair: list[Order]) -> None:
    """Above and below must lie above and below the market, one of them a stop and the other not."""
    stop, other = pair
    above, below = (stop, other) if stop.side == enums.BUY else (other, stop)
    last = market.last_price
    above_price, below_price = _meaning(above), _meaning(below)
    bad = (above_price and below_price and above_price <= below_price) or (
        last and ((above_price and above_price <= last) or (below_price and below_price >= last))
    )
    if bad:
        raise errors.wrong_price_relationship()


def _meaning(order: Order) -> int:
    """The price that has to lie on the right side of the market; 0 for a stop that only trails."""
    if order.type in (enums.LIMIT_MAKER, enums.TAKE_PROFIT_LIMIT):
        return order.price
    assert order.conditions is not None
    return order.conditions.stop_price


def check_pair_types(above: OrderSpec, below: OrderSpec) -> None:
    """A pair is one stop loss and one limit maker or take profit, alike, each where it belongs."""
    if (above.side, above.quantity) != (below.side, below.quantity):
        raise errors.unsupported_combination()
    types = {above.type, below.type}
    if types & {enums.LIMIT, enums.MARKET}:
        raise errors.Refused(-1158, "Order type not supported in OCO.")
    if types == {enums.LIMIT_MAKER}:
        raise errors.Refused(-1168, "At least one OCO order must be contingent.")
    for spec, is_above in ((above, True), (below, False)):
        is_stop = spec.type in STOPS
        if is_above != (is_stop == (spec.side == enums.BUY)):
            name = "limit" if spec.type == enums.LIMIT_MAKER else "stop loss" if is_stop else "take profit"
            code, side, place = _MISPLACED[name, spec.side]
            raise errors.Refused(code, f"A {name} order in a {side} OCO must be {place}.")


def stop_first(above: OrderSpec, below: OrderSpec) -> list[OrderSpec]:
    """A pair in the order of its ids: the stop loss comes first."""
    return [above, below] if above.type in STOPS else [below, above]


def place_pair(market: Market, pair: list[Order], now: int) -> None:
    """Both orders of a pair share one lock, as large as the dearer of them; a resting one holds it."""
    shared = max(reserve(market, order) for order in pair)
    holder = next((order for order in pair if order.type == enums.LIMIT_MAKER), pair[0])
    for order in pair:
        if order is not holder:
            enter(market, order, 0, now)
    enter(market, holder, shared, now)
    lock(holder, shared)


def start_list(order_list: OrderList, specs: list[OrderSpec], now: int) -> None:
    """Place checked orders as a list; refused as a whole, or placed as a whole."""
    market, desk = order_list.market, order_list.desk
    first_id = market.last_order_id
    orders = order_list.orders = [create(market, desk, spec, now) for spec in specs]
    for order in orders:
        conditions = order.conditions = order.conditions or Conditions()
        conditions.order_list = order_list
    try:
        if order_list.kind == enums.OCO:
            check_pair(market, orders)
            money = max(reserve(market, order) for order in orders)
        else:
            money = reserve(market, orders[0])
    except errors.Refused:
        market.last_order_id = first_id
        raise
    for order in orders:
        register(order)
    remember(order_list)
    order_list.tell("EXEC_STARTED", now)
    if order_list.kind == enums.OCO:
        place_pair(market, orders, now)
        return
    for order in orders[1:]:
        order.status = enums.PENDING_NEW
        open_order(order)
        market.last_execution_id += 1
        if desk.account.is_listening:
            market.news.execution(order, enums.X_NEW, market.last_execution_id, now)
    enter(market, orders[0], money, now)


def remember(order_list: OrderList) -> None:
    """The list exists from now on: its trader can ask for it."""
    account = order_list.account
    account.lists.append(order_list)
    account.lists_by_client_id[order_list.client_id] = order_list
    if order_list.is_open:
        order_list.desk.open_lists[order_list.id] = order_list
