"""How an order comes in: checked, funded, matched, and what is left of it rests, waits or ends."""

from __future__ import annotations

from veighna_ext.exchange import enums, errors
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.engine.accounts import HOUSE, Desk
from veighna_ext.exchange.engine.ending import close_order, expire, lock, open_order
from veighna_ext.exchange.engine.filters import check_order
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.matching import NO_LIMIT, affordable, match, takeable
from veighna_ext.exchange.engine.order import Conditions, Order
from veighna_ext.exchange.engine.stops import BIPS, waits_for_a_rise
from veighna_ext.exchange.symbols import ExchangeFilters

_UNSUPPORTED = {
    enums.LIMIT: "Limit",
    enums.MARKET: "Market",
    enums.LIMIT_MAKER: "Limit maker",
    enums.STOP_LOSS: "Stop loss",
    enums.STOP_LOSS_LIMIT: "Stop loss limit",
    enums.TAKE_PROFIT: "Take profit",
    enums.TAKE_PROFIT_LIMIT: "Take profit limit",
}

_REJECT_REASONS = {
    errors.insufficient_balance().message: "INSUFFICIENT_BALANCES",
    errors.would_trigger().message: "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY",
    errors.would_take().message: "WOULD_MATCH_IMMEDIATELY",
}


def check(market: Market, desk: Desk, spec: OrderSpec, limits: ExchangeFilters, now: int) -> None:
    """Refuse an order that could not be placed whatever the account owns; nothing changes."""
    if market.status != enums.TRADING:
        raise errors.market_closed()
    if not desk.account.can_trade:
        raise errors.rejected("This account may not place or cancel orders.")
    symbol = market.symbol
    order_type = spec.type
    if order_type != enums.LIMIT or spec.iceberg or spec.stp >= 0:
        _check_kind(market, spec)
    if order_type not in enums.PRICELESS and not spec.price:
        raise errors.Refused(-1013, "Invalid price.")
    if spec.quote_quantity:
        if order_type != enums.MARKET:
            raise errors.unsupported_combination()
    elif not spec.quantity:
        raise errors.Refused(-1013, "Invalid quantity.")
    check_order(market, desk, spec, limits, now)
    if spec.client_id:
        earlier = desk.by_client_id.get(spec.client_id)
        if (
            earlier is not None
            and earlier.status <= enums.LAST_OPEN_STATUS
            and earlier.client_id == spec.client_id
        ):
            raise errors.duplicate_order()
    if order_type not in symbol.order_types:
        raise errors.unsupported(_UNSUPPORTED[order_type])


def _check_kind(market: Market, spec: OrderSpec) -> None:
    symbol = market.symbol
    if spec.stp >= 0 and spec.stp not in symbol.allowed_stp:
        raise errors.stp_not_allowed()
    if spec.iceberg:
        if not symbol.iceberg_allowed:
            raise errors.unsupported("Iceberg")
        if spec.tif != enums.GTC or spec.type in enums.PRICELESS:
            raise errors.unsupported_combination()
        if spec.iceberg > spec.quantity:
            raise errors.rejected("IcebergQty exceeds QTY.")
    if spec.trailing_delta and not symbol.trailing_allowed:
        raise errors.unsupported("Trailing stop")
    is_conditional = spec.type >= enums.FIRST_CONDITIONAL
    if is_conditional != bool(spec.stop_price or spec.trailing_delta):
        raise errors.unsupported_combination()
    if spec.quote_quantity:
        if spec.type != enums.MARKET or spec.quantity:
            raise errors.unsupported_combination()
        if not symbol.quote_quantity_allowed:
            raise errors.unavailable("Quote order qty market orders are not support for this symbol.")
    if spec.price and spec.type in enums.PRICELESS:
        raise errors.unsupported_combination()


def place(market: Market, desk: Desk, spec: OrderSpec, now: int) -> Order:
    """Take a checked order in: refuse it for lack of money, or create it, match it and settle the rest."""
    order = create(market, desk, spec, now)
    try:
        money = reserve(market, order)
    except errors.Refused:
        market.last_order_id -= 1
        raise
    register(order)
    enter(market, order, money, now)
    return order


def enter(market: Market, order: Order, money: int, now: int) -> None:
    """An order whose money is there goes to the book, or waits for its price."""
    market.last_execution_id += 1
    if order.type >= enums.FIRST_CONDITIONAL:
        lock(order, money)
        if order.id not in order.desk.open:
            open_order(order)
        market.stops.add(order, market.last_price, now)
        _tell_new(market, order, now)
    else:
        order.working_time = now
        if order.desk.account.is_listening:
            _tell_new(market, order, now)
        execute(market, order, money, now)


def create(market: Market, desk: Desk, spec: OrderSpec, now: int) -> Order:
    """The order itself, with the symbol's next id."""
    market.last_order_id = order_id = market.last_order_id + 1
    stp = spec.stp if spec.stp >= 0 else market.symbol.default_stp
    client_id = spec.client_id or f"{market.symbol.name}-{order_id}"
    order = Order(
        order_id, desk, spec.side, spec.type, spec.tif, spec.price, spec.quantity, client_id, stp,
        now, now, spec.quantity,
    )  # fmt: skip
    if spec.type or spec.iceberg or spec.strategy_id is not None or spec.strategy_type is not None:
        conditions = order.conditions = Conditions()
        conditions.stop_price = spec.stop_price
        conditions.trailing_delta = spec.trailing_delta
        conditions.iceberg = spec.iceberg
        conditions.quote_quantity = spec.quote_quantity
        conditions.strategy_id = spec.strategy_id
        conditions.strategy_type = spec.strategy_type
    return order


def register(order: Order) -> None:
    """The order exists from now on: its trader can ask for it."""
    desk = order.desk
    desk.orders.append(order)
    desk.by_client_id[order.client_id] = order


def _tell_new(market: Market, order: Order, now: int) -> None:
    if order.desk.account.is_listening:
        market.news.execution(order, enums.X_NEW, market.last_execution_id, now)


def tell_rejected(market: Market, desk: Desk, spec: OrderSpec, refusal: errors.Refused, now: int) -> None:
    """An order was refused after the one it replaces had been cancelled: reported, but without an id."""
    market.last_execution_id += 1
    if desk.account.is_listening:
        order = create(market, desk, spec, now)
        market.last_order_id -= 1
        order.id, order.client_id, order.status = -1, spec.client_id, enums.REJECTED
        reason = _REJECT_REASONS.get(refusal.message, "NONE")
        market.news.execution(order, enums.X_REJECTED, market.last_execution_id, now, reject_reason=reason)


def reserve(market: Market, order: Order) -> int:
    """What the order may cost at worst; refused where the rules forbid it or more is needed than is free."""
    is_buy = order.side == enums.BUY
    order_type = order.type
    if order_type == enums.LIMIT_MAKER and _would_take(market, order):
        raise errors.would_take()
    if order_type >= enums.FIRST_CONDITIONAL:
        if would_trigger(market, order):
            raise errors.would_trigger()
        money = worst_case(market, order)
    elif order_type == enums.MARKET:
        money = _market_need(market, order)
    else:
        money = order.price * order.left // UNIT if is_buy else order.left
        if money <= 0:
            raise errors.rejected("Price * QTY is zero or less.")
    if money > (order.desk.quote.free if is_buy else order.desk.base.free):
        raise errors.insufficient_balance()
    return money


def _would_take(market: Market, order: Order) -> bool:
    best = market.book.sides[1 - order.side].best
    return best is not None and (
        order.price >= best.price if order.side == enums.BUY else order.price <= best.price
    )


def would_trigger(market: Market, order: Order) -> bool:
    """Whether the market already stands where the stop waits for it; a trailing one may start there."""
    last, conditions = market.last_price, order.conditions
    assert conditions is not None
    stop_price = conditions.stop_price
    if not last or not stop_price or conditions.trailing_delta:
        return False
    return last >= stop_price if waits_for_a_rise(order.side, order.type) else last <= stop_price


def worst_case(market: Market, order: Order) -> int:
    """What a waiting order holds: by its limit price, else its stop price, else where it would trail to."""
    if order.side == enums.SELL:
        return order.left
    conditions = order.conditions
    assert conditions is not None
    price = order.price or conditions.stop_price
    if not price:
        price = market.last_price * (BIPS + conditions.trailing_delta) // BIPS
    return price * order.left // UNIT


def _market_need(market: Market, order: Order) -> int:
    money = order.conditions.quote_quantity if order.conditions else 0
    if money:
        rules = market.symbol.filters
        if market.book.sides[1 - order.side].best is None:
            raise errors.rejected("Order book liquidity is less than symbol minimum quantity.")
        quantity = affordable(market, order.side, money)
        if quantity < max(rules.min_quantity, 1):
            raise errors.too_thin()
        if quantity < rules.market_min_quantity:
            raise errors.rejected(
                "Order book liquidity is less than `MARKET_LOT_SIZE` filter minimum quantity."
            )
        most = rules.max_quantity or quantity, rules.market_max_quantity or quantity
        order.quantity = order.left = min(quantity, *most)
        return money if order.side == enums.BUY else order.quantity
    if order.side == enums.SELL:
        return order.left
    return takeable(market, order, NO_LIMIT)[1]


def execute(market: Market, order: Order, money: int, now: int) -> None:
    """Match an order whose money is free, then let the rest stand or end."""
    order_type, tif = order.type, order.tif
    if order_type in enums.PRICELESS:
        match(market, order, NO_LIMIT, money if order.side == enums.BUY else NO_LIMIT, now)
        if order.left:
            return expire(market, order, now, enums.NO_LIQUIDITY)
    elif tif == enums.FOK and takeable(market, order, order.price)[0] < order.left:
        return expire(market, order, now, enums.UNFILLED_FOK)
    else:
        best = market.book.sides[1 - order.side].best
        if best is not None and (
            best.price <= order.price if order.side == enums.BUY else best.price >= order.price
        ):
            match(market, order, order.price, NO_LIMIT, now)
        if order.left:
            if tif == enums.GTC:
                return rest(market, order, now)
            return expire(market, order, now, enums.UNFILLED_IOC)
    return close_order(order, now)


def rest(market: Market, order: Order, now: int) -> None:
    """What is left of an order joins the queue at its price, its money locked."""
    if market.half_fills:
        best = market.book.sides[1 - order.side].best
        if best is not None and (
            best.price <= order.price if order.side == enums.BUY else best.price >= order.price
        ):
            return expire(market, order, now, enums.NO_LIQUIDITY)
    desk = order.desk
    if order.side == enums.BUY:
        need, balance = order.price * order.left // UNIT, desk.quote
    else:
        need, balance = order.left, desk.base
    balance.free += order.locked - need
    balance.locked += need - order.locked
    order.locked = need
    level = market.book.sides[order.side].add(order)
    if desk.account.id == HOUSE:
        market.house[order.side].setdefault(order.price, []).append(order)
    elif order.id not in desk.open:
        open_order(order)
    return market.depth.level_changed(order.side, order.price, level.quantity - level.hidden)
