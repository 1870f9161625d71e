"""What a trade sets off: stops whose price was touched, orders that waited for another one to be filled."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.ending import NOT_PLACED, expire, lock
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.matching import NO_LIMIT, takeable
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.placing import execute


def settle(market: Market, now: int) -> None:
    """Let everything happen that the last trades set off, and what that sets off in turn."""
    while True:
        if market.touched_prices:
            prices, market.touched_prices = market.touched_prices, []
            for price in () if market.stops.is_quiet else prices:
                _touch(market, price, now)
        elif market.to_activate:
            market.to_activate.pop(0).activate(now)
        else:
            return


def _touch(market: Market, price: int, now: int) -> None:
    woken = market.stops.touch(price, now)
    for order in woken:
        assert order.conditions is not None
        order.conditions.triggered = True
    for order in woken:
        if order.is_open:
            _start(market, order, now)


def _start(market: Market, order: Order, now: int) -> None:
    """A waiting order's price has come: its money is freed and it goes to the book like a new one."""
    conditions = order.conditions
    assert conditions is not None
    if conditions.order_list is not None:
        conditions.order_list.leg_works(order, now)
    lock(order, 0)
    money = order.desk.quote.free
    if order.side == enums.BUY and order.type in enums.PRICELESS:
        needed = takeable(market, order, NO_LIMIT)[1]
        if needed > money:
            return expire(market, order, now, NOT_PLACED)
        money = needed
    order.working_time = order.updated = now
    market.last_execution_id += 1
    if order.desk.account.is_listening:
        market.news.execution(order, enums.X_NEW, market.last_execution_id, now)
    return execute(market, order, money, now)
