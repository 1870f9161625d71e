"""Orders and what belongs to them as plain rows, as snapshots and the archive keep them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.order import Conditions, Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList

Row: TypeAlias = tuple[Any, ...]


def order_row(order: Order) -> Row:
    """An order without its fills and its list."""
    conditions = order.conditions
    return (
        order.id, order.side, order.type, order.tif, order.price, order.quantity, order.left, order.executed,
        order.spent, order.status, order.client_id, order.stp, order.time, order.updated, order.working_time,
        order.locked, None if conditions is None else _conditions_row(conditions),
    )  # fmt: skip


def order_from(desk: Desk, row: Sequence[Any]) -> Order:
    """The order of a row."""
    (
        order_id, side, order_type, tif, price, quantity, left, executed, spent, status, client_id, stp, time,
        updated, working_time, locked, conditions,
    ) = row  # fmt: skip
    order = Order(
        order_id, desk, side, order_type, tif, price, quantity, client_id, stp, time, updated, left, executed,
        spent, status, working_time, locked,
    )  # fmt: skip
    if conditions is not None:
        order.conditions = _conditions_from(conditions)
    return order


def _conditions_row(conditions: Conditions) -> Row:
    return (
        conditions.stop_price, conditions.trailing_delta, conditions.trailing_time, conditions.extreme,
        conditions.triggered, conditions.iceberg, conditions.shown, conditions.strategy_id,
        conditions.strategy_type, conditions.quote_quantity, conditions.prevented,
        conditions.prevented_match_id, conditions.expiry_reason,
    )  # fmt: skip


def _conditions_from(row: Sequence[Any]) -> Conditions:
    conditions = Conditions()
    (
        conditions.stop_price, conditions.trailing_delta, conditions.trailing_time, conditions.extreme,
        conditions.triggered, conditions.iceberg, conditions.shown, conditions.strategy_id,
        conditions.strategy_type, conditions.quote_quantity, conditions.prevented,
        conditions.prevented_match_id, conditions.expiry_reason,
    ) = row  # fmt: skip
    return conditions


def fill_row(fill: Fill) -> Row:
    """A fill, with its order's id."""
    return (
        fill.trade_id, fill.order.id, fill.price, fill.quantity, fill.commission, fill.commission_asset,
        fill.time, fill.is_maker,
    )  # fmt: skip


def list_row(order_list: OrderList) -> Row:
    """An order list, with its orders' ids."""
    return (
        order_list.id, order_list.client_id, order_list.kind, order_list.time, order_list.status,
        [order.id for order in order_list.orders],
    )  # fmt: skip


def list_from(desk: Desk, row: Sequence[Any], orders: list[Order]) -> OrderList:
    """The order list of a row, with its orders."""
    list_id, client_id, kind, time, status, _ = row
    order_list = OrderList(list_id, client_id, kind, desk, time)
    order_list.status = status
    order_list.orders = orders
    for order in orders:
        if order.conditions is not None:
            order.conditions.order_list = order_list
    return order_list


def match_row(match: PreventedMatch) -> Row:
    """A prevented match, with its orders' ids; its own id is its place."""
    return (
        match.taker.id, match.maker.id, match.mode, match.price, match.taker_quantity, match.maker_quantity,
        match.trade_group, match.time,
    )  # fmt: skip


def amendment_row(amendment: Amendment) -> Row:
    """An amendment, with its order's id."""
    return (
        amendment.order.id, amendment.old_client_id, amendment.new_client_id, amendment.old_quantity,
        amendment.new_quantity, amendment.execution_id, amendment.time,
    )  # fmt: skip


def amendment_from(order: Order, row: Sequence[Any]) -> Amendment:
    """The amendment of a row."""
    _, old_client_id, new_client_id, old_quantity, new_quantity, execution_id, time = row
    amendment = Amendment(order, execution_id, old_client_id, old_quantity, time)
    amendment.new_client_id, amendment.new_quantity = new_client_id, new_quantity
    return amendment
