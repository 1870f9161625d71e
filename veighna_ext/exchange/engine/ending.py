"""How orders end: filled, cancelled, expired; money, queue and desk are left as if they had never been."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.accounts import HOUSE
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Conditions, Order

NOT_PLACED = "REJECTED"
"""Why an order expires that waited and then could not be placed."""


def leave_book(market: Market, order: Order) -> None:
    """Take a resting order out of its queue."""
    market.book.sides[order.side].remove(order)
    if order.desk.account.id == HOUSE:
        standing = market.house[order.side]
        orders = standing[order.price]
        orders.remove(order)
        if not orders:
            del standing[order.price]


def close_order(order: Order, now: int) -> None:
    """An order has reached its last status: its desk no longer counts it, its list goes on."""
    desk = order.desk
    if desk.account.id == HOUSE:
        return
    conditions = order.conditions
    if desk.open.pop(order.id, None) is not None:
        desk.account.open_orders -= 1
        if order.type >= enums.FIRST_CONDITIONAL:
            desk.algo_orders -= 1
        if conditions is not None and conditions.iceberg:
            desk.icebergs -= 1
    if conditions is not None and conditions.order_list is not None:
        conditions.order_list.leg_ended(order, now)


def open_order(order: Order) -> None:
    """An order stays for a while: its desk counts it."""
    desk = order.desk
    desk.open[order.id] = order
    desk.account.open_orders += 1
    if order.type >= enums.FIRST_CONDITIONAL:
        desk.algo_orders += 1
    if order.conditions is not None and order.conditions.iceberg:
        desk.icebergs += 1


def release(order: Order) -> None:
    """Free what an order still holds."""
    locked = order.locked
    if locked:
        balance = order.desk.quote if order.side == enums.BUY else order.desk.base
        balance.locked -= locked
        balance.free += locked
        order.locked = 0


def lock(order: Order, amount: int) -> None:
    """Hold an amount of what an order spends, instead of what it held so far."""
    balance = order.desk.quote if order.side == enums.BUY else order.desk.base
    change = amount - order.locked
    balance.free -= change
    balance.locked += change
    order.locked = amount


def stop_working(market: Market, order: Order) -> None:
    """Take an order from wherever it waits or rests, and free its money."""
    level = order.level
    if level is not None:
        leave_book(market, order)
        market.depth.level_changed(order.side, level.price, level.quantity - level.hidden)
    elif order.status != enums.PENDING_NEW and waits_for_price(order):
        market.stops.remove(order)
    release(order)


def waits_for_price(order: Order) -> bool:
    """Whether an open order stands in the stop book."""
    conditions = order.conditions
    return order.type >= enums.FIRST_CONDITIONAL and conditions is not None and not conditions.triggered


def expire(market: Market, order: Order, now: int, reason: str, status: int = enums.EXPIRED) -> None:
    """End what is left of an order; what it has filled stays filled."""
    stop_working(market, order)
    order.status = status
    order.updated = now
    if reason:
        conditions = order.conditions
        if conditions is None:
            conditions = order.conditions = Conditions()
        conditions.expiry_reason = reason
    market.last_execution_id += 1
    if order.desk.account.is_listening:
        market.news.execution(order, enums.X_EXPIRED, market.last_execution_id, now)
    close_order(order, now)


def cancel(market: Market, order: Order, now: int, cancel_id: str = "") -> None:
    """End an order because its trader asks for it."""
    stop_working(market, order)
    order.status = enums.CANCELED
    order.updated = now
    market.last_execution_id += 1
    if order.desk.account.is_listening:
        market.news.execution(
            order,
            enums.X_CANCELED,
            market.last_execution_id,
            now,
            client_id=cancel_id,
            original_client_id=order.client_id,
        )
    close_order(order, now)
