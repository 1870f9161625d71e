"""Orders made smaller where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums, errors
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.book import shrink
from veighna_ext.exchange.engine.ending import lock, waits_for_price
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.placing import worst_case
from veighna_ext.exchange.engine.trading import open_order

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.venue import Venue


class Amendment:
    """An order was made smaller."""

    __slots__ = (
        "execution_id",
        "new_client_id",
        "new_quantity",
        "old_client_id",
        "old_quantity",
        "order",
        "time",
    )

    def __init__(
        self, order: Order, execution_id: int, old_client_id: str, old_quantity: int, time: int
    ) -> None:
        self.order = order
        self.execution_id = execution_id
        self.old_client_id = old_client_id
        self.new_client_id = order.client_id
        self.old_quantity = old_quantity
        self.new_quantity = order.quantity
        self.time = time


def amend(venue: Venue, command: c.AmendOrder) -> Amendment:
    """Make an order smaller; it keeps its place in the queue."""
    desk = venue.desk(command.account, command.symbol)
    market, now = desk.market, command.time
    try:
        order = open_order(desk, command.order_id, command.client_id)
    except errors.Refused as refusal:
        if refusal.code == errors.CANCEL_REJECTED:
            raise errors.amend_rejected(refusal.message) from None
        raise
    made = venue.amendments.get((command.symbol, order.id), [])
    order_list = order.conditions.order_list if order.conditions else None
    tied = order_list.tied_to(order) if order_list is not None else [order]
    for each in tied:
        _check_amend(market, each, command.quantity, len(made))
    if command.new_client_id and command.new_client_id != order.client_id:
        earlier = desk.by_client_id.get(command.new_client_id)
        if earlier is not None and earlier.is_open and earlier.client_id == command.new_client_id:
            raise errors.amend_rejected(errors.duplicate_order().message)
    old_client_id, old_quantity = order.client_id, order.quantity
    for each in tied:
        _shrink(market, each, command.quantity)
        each.updated = now
    if order_list is not None:
        order_list.hold_less(order)
    else:
        # a stop that only trails could need more than when it was placed: it never takes more
        need = worst_case(market, order) if waits_for_price(order) else order.need()
        lock(order, min(order.locked, need))
    order.client_id = command.new_client_id or f"{order.desk.market.symbol.name}-{order.id}-{len(made) + 1}"
    desk.by_client_id[order.client_id] = order
    market.last_execution_id += 1
    amendment = Amendment(order, market.last_execution_id, old_client_id, old_quantity, now)
    venue.amendments.setdefault((command.symbol, order.id), []).append(amendment)
    if desk.account.is_listening:
        venue.news.execution(
            order, enums.X_REPLACED, market.last_execution_id, now, original_client_id=old_client_id
        )
    for each in tied:
        if each is not order:
            market.last_execution_id += 1
            if desk.account.is_listening:
                venue.news.execution(each, enums.X_REPLACED, market.last_execution_id, now)
    if order_list is not None and order.client_id != old_client_id:
        order_list.tell("UPDATED", now)
    return amendment


def _check_amend(market: Market, order: Order, quantity: int, made: int) -> None:
    rules = market.symbol.filters
    if not market.symbol.amend_allowed:
        raise errors.amend_rejected("Order amend is not supported for this symbol.")
    if quantity == order.quantity:
        raise errors.amend_rejected("The requested action would change no state; rejecting")
    if quantity > order.quantity:
        raise errors.amend_rejected("Order amend (quantity increase) is not supported.")
    if (rules.step and quantity % rules.step) or quantity < rules.min_quantity:
        raise errors.filter_failure("LOT_SIZE")
    prevented = order.conditions.prevented if order.conditions else 0
    if quantity <= order.executed + prevented:
        raise errors.amend_rejected("The requested action would change no state; rejecting")
    if order.price and order.price * quantity // UNIT < rules.min_notional:
        raise errors.filter_failure("NOTIONAL" if rules.notional_is_range else "MIN_NOTIONAL")
    if rules.max_order_amends and made >= rules.max_order_amends:
        raise errors.amend_rejected("Filter failure: MAX_NUM_ORDER_AMENDS")


def _shrink(market: Market, order: Order, quantity: int) -> None:
    shrink(order, order.quantity - quantity)
    order.quantity = quantity
    level = order.level
    if level is not None:
        market.depth.level_changed(order.side, order.price, level.quantity - level.hidden)
