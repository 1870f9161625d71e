"""Orders and order lists: taken in, cancelled, replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums, errors
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.ending import cancel as cancel_one
from veighna_ext.exchange.engine.filters import check_list
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.order_lists import OrderList, check_pair_types, start_list, stop_first
from veighna_ext.exchange.engine.placing import check, tell_rejected
from veighna_ext.exchange.engine.placing import place as take_in
from veighna_ext.exchange.engine.triggers import settle

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.venue import Venue


class Replacement:
    """What became of both halves of a cancel-replace; a half that was refused carries its refusal."""

    __slots__ = ("cancel_refusal", "canceled", "order", "order_refusal")

    def __init__(self) -> None:
        self.canceled: Order | None = None
        self.cancel_refusal: errors.Refused | None = None
        self.order: Order | None = None
        self.order_refusal: errors.Refused | None = None


class ReplaceRefused(errors.Refused):
    """Neither half of a cancel-replace was done; nothing has changed."""

    def __init__(self, result: Replacement) -> None:
        super().__init__(-2022, "Order cancel-replace failed.")
        self.result = result


def place(venue: Venue, command: c.PlaceOrder) -> Order:
    """A new order."""
    desk = venue.desk(command.account, command.symbol)
    market, now, spec = desk.market, command.time, command.order
    if not venue.trusts_commands:
        check(market, desk, spec, venue.limits, now)
    order = take_in(market, desk, spec, now)
    if market.touched_prices or market.to_activate:
        settle(market, now)
    return order


def cancel(venue: Venue, command: c.CancelOrder) -> Order | OrderList:
    """Cancel one order, or the list it belongs to."""
    desk = venue.desk(command.account, command.symbol)
    order = open_order(desk, command.order_id, command.client_id)
    if command.only_status >= 0 and order.status != command.only_status:
        raise errors.cancel_restricted()
    return cancel_order(order, command.time, command.new_client_id)


def cancel_all(venue: Venue, command: c.CancelAll) -> list[Order]:
    """Cancel everything an account has open on a symbol."""
    desk = venue.desk(command.account, command.symbol)
    if not desk.open:
        raise errors.unknown_order()
    return cancel_orders(list(desk.open.values()), command.time, command.new_client_id)


def cancel_replace(venue: Venue, command: c.CancelReplace) -> Replacement:
    """Cancel one order and place another; the first may succeed without the second."""
    desk = venue.desk(command.account, command.symbol)
    market, now = desk.market, command.time
    if not market.symbol.cancel_replace_allowed:
        raise errors.unavailable("Order cancel-replace is not supported for this symbol.")
    result = Replacement()
    try:
        old: Order | None = open_order(desk, command.cancel_order_id, command.cancel_client_id)
    except errors.Refused as refusal:
        old, result.cancel_refusal = None, refusal
    if old is not None and command.only_status >= 0 and old.status != command.only_status:
        old, result.cancel_refusal = None, errors.cancel_restricted()
    if not command.cancel_only:
        try:
            check(market, desk, command.order, venue.limits, now)
        except errors.Refused as refusal:
            # the filters speak before anything happens, the matching engine once the old order is gone
            if refusal.code != errors.NEW_ORDER_REJECTED or refusal.message.startswith("Filter"):
                raise
    if old is None and (command.stop_on_failure or command.cancel_only):
        raise ReplaceRefused(result)
    if old is not None:
        cancel_order(old, now, command.new_client_id)
        result.canceled = old
    if command.cancel_only:
        return result
    try:
        check(market, desk, command.order, venue.limits, now)
        result.order = take_in(market, desk, command.order, now)
        settle(market, now)
    except errors.Refused as refusal:
        result.order_refusal = refusal
        if result.canceled is None:
            raise ReplaceRefused(result) from refusal
        tell_rejected(market, desk, command.order, refusal, now)
    return result


def place_list(venue: Venue, command: c.PlaceList) -> OrderList:
    """Orders that depend on each other, placed together or not at all."""
    desk = venue.desk(command.account, command.symbol)
    market, now, specs = desk.market, command.time, command.orders
    if not (market.symbol.oco_allowed if command.list_kind == enums.OCO else market.symbol.oto_allowed):
        raise errors.unsupported_list(enums.LIST_KINDS[command.list_kind])
    if command.list_kind == enums.OCO:
        check_pair_types(specs[0], specs[1])
        specs = stop_first(*specs)
    else:
        if specs[0].type not in (enums.LIMIT, enums.LIMIT_MAKER) or any(
            spec.quote_quantity for spec in specs
        ):
            raise errors.unsupported_combination()
        if command.list_kind == enums.OTOCO:
            check_pair_types(specs[1], specs[2])
            specs = [specs[0], *stop_first(specs[1], specs[2])]
    named = [spec.client_id for spec in specs if spec.client_id]
    if len(set(named)) < len(named):
        raise errors.duplicate_order()
    for spec in specs:
        check(market, desk, spec, venue.limits, now)
    check_list(market, desk, specs, venue.limits)
    earlier = desk.account.lists_by_client_id.get(command.list_client_id)
    if earlier is not None and earlier.is_open:
        raise errors.duplicate_order()
    list_id = venue.last_list_id + 1
    client_id = command.list_client_id or f"list-{list_id}"
    order_list = OrderList(list_id, client_id, command.list_kind, desk, now)
    start_list(order_list, specs, now)
    venue.last_list_id = list_id
    settle(market, now)
    return order_list


def cancel_list(venue: Venue, command: c.CancelList) -> OrderList:
    """Cancel every order of a list."""
    desk = venue.desk(command.account, command.symbol)
    if command.list_id >= 0:
        order_list = desk.open_lists.get(command.list_id)
    else:
        order_list = desk.account.lists_by_client_id.get(command.list_client_id)
    if order_list is None or not order_list.is_open or order_list.desk is not desk:
        raise errors.unknown_list()
    if command.list_client_id and command.list_client_id != order_list.client_id:
        raise errors.unknown_list()
    order_list.cancel(command.time, command.new_client_id)
    return order_list


def open_order(desk: Desk, order_id: int, client_id: str) -> Order:
    if order_id >= 0:
        order = desk.open.get(order_id)
        if order is not None and client_id and order.client_id != client_id:
            raise errors.wrong_client_id()
    else:
        order = desk.by_client_id.get(client_id)
        if order is not None and order.client_id != client_id:
            order = None
    if order is None or order.status > enums.LAST_OPEN_STATUS:
        raise errors.unknown_order()
    return order


def cancel_order(order: Order, now: int, cancel_id: str = "") -> Order | OrderList:
    """Cancel an open order, with all of its list where it belongs to one."""
    order_list = order.conditions.order_list if order.conditions else None
    if order_list is not None and order_list.is_open:
        order_list.cancel(now, cancel_id)
        return order_list
    cancel_one(order.desk.market, order, now, cancel_id)
    return order


def cancel_orders(orders: list[Order], now: int, cancel_id: str = "") -> list[Order]:
    """Cancel open orders one after the other, whole lists at once."""
    for order in orders:
        if order.is_open:
            cancel_order(order, now, cancel_id)
    return orders
