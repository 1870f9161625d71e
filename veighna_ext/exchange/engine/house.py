"""The house: the market maker's ladder, its traders' hits, and the trades of a replayed tape."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.commands import TapeTrade
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.book import shrink
from veighna_ext.exchange.engine.ending import leave_book, lock, release
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.matching import NO_LIMIT, match
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.placing import execute
from veighna_ext.exchange.engine.triggers import settle

Quotes = list[tuple[int, int, int]]


def quantities(market: Market, side: int) -> dict[int, int]:
    """What the house has resting at each price of a side."""
    return {price: sum(order.left for order in orders) for price, orders in market.house[side].items()}


def move(market: Market, desk: Desk, quotes: Quotes, hits: Quotes, now: int) -> None:
    """Make the house's resting quantities what they shall be, then let its traders hit the book."""
    set_quotes(market, desk, quotes, now)
    for side, quantity, limit in hits:
        order = _new_order(market, desk, side, limit, quantity, enums.IOC, now)
        match(market, order, limit or NO_LIMIT, NO_LIMIT, now)
        settle(market, now)


def set_quotes(market: Market, desk: Desk, quotes: Quotes, now: int) -> None:
    """Take away first, then add: a ladder that moves never meets itself."""
    for side, price, quantity in quotes:
        present = _present(market, side, price)
        if quantity < present:
            _take_away(market, side, price, present - quantity)
    for side, price, quantity in quotes:
        present = _present(market, side, price)
        if quantity <= present:
            continue
        order = _new_order(market, desk, side, price, quantity - present, enums.GTC, now)
        execute(market, order, 0, now)
        if market.touched_prices:
            settle(market, now)


def tape_trade(market: Market, desk: Desk, trade: TapeTrade) -> None:
    """
    A trade happened on the tape.

    Orders it traded through are filled, at its own price the queue is served up to its quantity; the public
    record shows the tape's trade and nothing else. What it sets off meets the ladder that stands afterwards.
    """
    price, now = trade.price, trade.time
    side = enums.SELL if trade.buyer_is_maker else enums.BUY
    total = trade.quantity
    for level in market.book.sides[1 - side]:
        if level.price == price or (level.price < price) == (side == enums.SELL):
            break
        total += level.quantity
    order = _new_order(market, desk, side, price, total, enums.IOC, now)
    market.last_trade_id = market.replayed_trade = market.last_trade_id + 1
    match(market, order, price, NO_LIMIT, now)
    market.replayed_trade = None
    market.tape.record(market.last_trade_id, now, price, trade.quantity, trade.buyer_is_maker, order.id)
    market.last_price = price
    market.touched_prices = []
    set_quotes(market, desk, trade.quotes, now)
    market.touched_prices.append(price)
    settle(market, now)


def _new_order(market: Market, desk: Desk, side: int, price: int, quantity: int, tif: int, now: int) -> Order:
    market.last_order_id = order_id = market.last_order_id + 1
    order = Order(
        order_id, desk, side, enums.LIMIT, tif, price, quantity, "", enums.NO_STP, now, now, quantity
    )
    order.working_time = now
    return order


def _present(market: Market, side: int, price: int) -> int:
    standing = market.house[side].get(price)
    return sum(order.left for order in standing) if standing else 0


def _take_away(market: Market, side: int, price: int, quantity: int) -> None:
    """Shrink the house's newest orders first: what traders queue behind stays where it is."""
    orders = market.house[side][price]
    level = orders[-1].level
    assert level is not None
    while quantity:
        newest = orders[-1]
        if newest.left <= quantity:
            quantity -= newest.left
            leave_book(market, newest)
            release(newest)
        else:
            shrink(newest, quantity)
            newest.quantity -= quantity
            lock(newest, newest.need())
            quantity = 0
    market.depth.level_changed(side, price, level.quantity - level.hidden)
