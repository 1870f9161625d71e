"""Self-trade prevention: what happens instead of a trade between two orders of one trader."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.book import shrink
from veighna_ext.exchange.engine.ending import close_order, lock, stop_working
from veighna_ext.exchange.engine.market import Market, PreventedMatch
from veighna_ext.exchange.engine.order import Conditions, Order


def prevent(market: Market, taker: Order, maker: Order, now: int) -> None:
    """Apply the taker's mode to a match with its own trader's order, and record it."""
    mode = taker.stp
    price = maker.price
    takers, makers = taker.left, maker.left
    if mode == enums.EXPIRE_TAKER:
        prevented_taker, prevented_maker = takers, 0
    elif mode == enums.EXPIRE_MAKER:
        prevented_taker, prevented_maker = 0, makers
    elif mode == enums.EXPIRE_BOTH:
        prevented_taker, prevented_maker = takers, makers
    else:
        prevented_taker = prevented_maker = min(takers, makers)
    group = taker.desk.account.trade_group
    match_id = market.next_match_id
    market.remember_prevented(
        PreventedMatch(match_id, taker, maker, mode, price, prevented_taker, prevented_maker, group, now)
    )
    trade = min(takers, makers)
    if prevented_maker:
        _reduce(market, maker, prevented_maker, match_id, now, taker, trade)
    if prevented_taker:
        _reduce(market, taker, prevented_taker, match_id, now, maker, trade)


def _reduce(
    market: Market, order: Order, quantity: int, match_id: int, now: int, counter: Order, trade: int
) -> None:
    conditions = order.conditions
    if conditions is None:
        conditions = order.conditions = Conditions()
    conditions.prevented += quantity
    conditions.prevented_match_id = match_id
    order.updated = now
    level = order.level
    if quantity == order.left:
        # out of the queue first: the level still counts what is left
        if level is not None:
            stop_working(market, order)
        order.left = 0
        order.status = enums.EXPIRED_IN_MATCH
    else:
        shrink(order, quantity)
        if level is not None:
            _hold_less(order)
            market.depth.level_changed(order.side, level.price, level.quantity - level.hidden)
    market.last_execution_id += 1
    if order.desk.account.is_listening:
        market.news.execution(
            order,
            enums.X_PREVENTION,
            market.last_execution_id,
            now,
            last_prevented=quantity,
            counter_order_id=counter.id,
            prevented_trade=trade,
        )
    if not order.left and level is not None:
        close_order(order, now)


def _hold_less(order: Order) -> None:
    conditions = order.conditions
    if conditions is not None and conditions.order_list is not None:
        conditions.order_list.hold_less(order)
    else:
        lock(order, order.need())
