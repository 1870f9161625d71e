"""Price-time matching: one taking order against the other side of its book."""

from __future__ import annotations

from collections import deque

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.accounts import HOUSE, NO_TRADE_GROUP
from veighna_ext.exchange.engine.book import Level
from veighna_ext.exchange.engine.commission import charge
from veighna_ext.exchange.engine.ending import close_order, leave_book
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.self_trades import prevent

NO_LIMIT = -1


def match(market: Market, taker: Order, limit: int, budget: int, now: int) -> None:
    """
    Trade an order against the book up to its limit price.

    The taker's money is still free and is taken from there trade by trade; ``budget`` bounds what a buyer
    without a price may spend, ``NO_LIMIT`` where the price already does. What is left afterwards is the
    caller's to rest or end.
    """
    side = taker.side
    is_buy = side == enums.BUY
    other = 1 - side
    resting = market.book.sides[other]
    desk = taker.desk
    account = desk.account
    stp = taker.stp
    step = market.symbol.filters.step or 1
    keep = 0
    if market.half_fills and market.fills_only_half(account):
        keep = taker.left - taker.left // 2 // step * step
    while taker.left > keep:
        level = resting.best
        if level is None:
            return
        price = level.price
        if limit != NO_LIMIT and (price > limit if is_buy else price < limit):
            return
        maker = level.oldest
        assert maker is not None
        maker_desk = maker.desk
        if stp and account.same_trader(maker_desk.account):
            prevent(market, taker, maker, now)
            continue
        conditions = maker.conditions
        quantity = maker.left
        if conditions is not None and conditions.iceberg:
            quantity = conditions.shown
        if quantity > taker.left - keep:
            quantity = taker.left - keep
        if budget != NO_LIMIT:
            affordable = budget * UNIT // price // step * step
            if quantity > affordable:
                quantity = affordable
                if not quantity:
                    return
        if conditions is not None and conditions.order_list is not None:
            conditions.order_list.leg_works(maker, now)
        quote = price * quantity // UNIT
        budget = budget - quote if budget != NO_LIMIT else NO_LIMIT

        trade_id = market.replayed_trade
        is_printed = trade_id is None
        if trade_id is None:
            market.last_trade_id = trade_id = market.last_trade_id + 1
        if is_buy:
            desk.quote.free -= quote
            maker_desk.base.locked -= quantity
            maker.locked -= quantity
        else:
            desk.base.free -= quantity
            maker_desk.quote.locked -= quote
            maker.locked -= quote
        maker.left = left = maker.left - quantity
        maker.executed += quantity
        maker.spent += quote
        maker.updated = now
        taker.left -= quantity
        taker.executed += quantity
        taker.spent += quote
        taker.updated = now
        taker.status = enums.PARTIALLY_FILLED if taker.left else enums.FILLED
        level.quantity -= quantity
        if conditions is not None and conditions.iceberg:
            conditions.shown -= quantity
        if left:
            maker.status = enums.PARTIALLY_FILLED
            if conditions is not None and conditions.iceberg and not conditions.shown:
                resting.to_the_end(maker)
        else:
            maker.status = enums.FILLED
            leave_book(market, maker)
        market.last_price = price
        market.depth.level_changed(other, price, level.quantity - level.hidden)
        if is_printed:
            market.tape.record(trade_id, now, price, quantity, not is_buy, taker.id)
        touched = market.touched_prices
        if not touched or touched[-1] != price:
            touched.append(price)
        _receive(market, maker, trade_id, price, quantity, quote, now, True)
        _receive(market, taker, trade_id, price, quantity, quote, now, False)
        if not left:
            close_order(maker, now)


def _receive(
    market: Market,
    order: Order,
    trade_id: int,
    price: int,
    quantity: int,
    quote: int,
    now: int,
    is_maker: bool,
) -> None:
    """One side of a trade gets what it traded for, less the commission, and keeps the fill."""
    desk = order.desk
    account = desk.account
    market.last_execution_id += 1
    if order.side == enums.BUY:
        received, balance, fees = quantity, desk.base, market.base_fees
    else:
        received, balance, fees = quote, desk.quote, market.quote_fees
    balance.free += received
    if account.id == HOUSE:
        return
    commission = received * (desk.maker_rate if is_maker else desk.taker_rate) // UNIT
    if account.pays_in_bnb and commission:
        commission, asset = charge(market, desk, order.side, commission)
    else:
        balance.free -= commission
        fees.collected += commission
        asset = fees.asset
    fill = Fill(trade_id, order, price, quantity, commission, asset, now, is_maker)
    if order.fills is None:
        order.fills = [fill]
        if market.news.first_fill is not None:
            market.news.first_fill(account.id, is_maker)
    else:
        order.fills.append(fill)
    desk.fills.append(fill)
    if account.is_listening:
        market.news.execution(order, enums.X_TRADE, market.last_execution_id, now, fill)


def takeable(market: Market, taker: Order, limit: int) -> tuple[int, int]:
    """How much of an order the book would fill right now, and for how much money."""
    side = taker.side
    is_buy = side == enums.BUY
    wanted = taker.left
    taken = money = 0
    desk = taker.desk
    meets_itself = taker.stp != enums.NO_STP and (
        bool(desk.open) or desk.account.trade_group != NO_TRADE_GROUP
    )
    for level in market.book.sides[1 - side]:
        price = level.price
        if limit != NO_LIMIT and (price > limit if is_buy else price < limit):
            break
        if meets_itself:
            quantity, wanted = _takeable_at(level, taker, wanted)
        else:
            quantity = min(level.quantity, wanted)
            wanted -= quantity
        taken += quantity
        money += price * quantity // UNIT
        if not wanted:
            break
    return taken, money


def _takeable_at(level: Level, taker: Order, wanted: int) -> tuple[int, int]:
    """What one level would fill where self-trades are prevented, and what is wanted after it."""
    account, stp = taker.desk.account, taker.stp
    taken = 0
    queue = deque((maker, maker.left) for maker in level)
    while queue and wanted:
        maker, left = queue.popleft()
        if account.same_trader(maker.desk.account):
            if stp == enums.DECREMENT:
                wanted -= min(left, wanted)
            elif stp != enums.EXPIRE_MAKER:
                return taken, 0
            continue
        quantity = min(left, wanted)
        conditions = maker.conditions
        if conditions is not None and conditions.iceberg:
            quantity = min(quantity, conditions.shown if left == maker.left else conditions.iceberg)
        taken += quantity
        wanted -= quantity
        if left > quantity:
            queue.append((maker, left - quantity))
    return taken, wanted


def affordable(market: Market, side: int, money: int) -> int:
    """The quantity whose cost, or whose proceeds, come nearest to an amount of money without passing it."""
    step = market.symbol.filters.step or 1
    total = 0
    for level in market.book.sides[1 - side]:
        possible = money * UNIT // level.price // step * step
        if possible < level.quantity:
            return total + possible
        total += level.quantity
        money -= level.price * level.quantity // UNIT
    return total
