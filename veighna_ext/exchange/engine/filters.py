"""The filters: what an order must keep to be taken, each with Binance's refusal."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.engine.accounts import Account, Desk
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.stops import waits_for_a_rise
from veighna_ext.exchange.errors import Refused, filter_failure, unsupported_combination
from veighna_ext.exchange.symbols import ExchangeFilters, SymbolFilters


def check_order(market: Market, desk: Desk, spec: OrderSpec, limits: ExchangeFilters, now: int) -> None:
    """Refuse an order that breaks a filter; the checks every order needs come first and inline."""
    rules = market.symbol.filters
    price, quantity = spec.price, spec.quantity
    if price:
        if (rules.tick and price % rules.tick) or price < rules.min_price or price > rules.max_price > 0:
            raise filter_failure("PRICE_FILTER")
        if rules.percent_up[0]:
            lowest, highest = market.price_limits(now)[spec.side]
            if highest and (price > highest or price < lowest):
                raise filter_failure("PERCENT_PRICE_BY_SIDE" if rules.percent_by_side else "PERCENT_PRICE")
    if quantity and (
        (rules.step and quantity % rules.step)
        or quantity < rules.min_quantity
        or quantity > rules.max_quantity > 0
    ):
        raise filter_failure("LOT_SIZE")
    if price:
        money = price * quantity // UNIT
        if money < rules.min_notional or money > rules.max_notional > 0:
            raise filter_failure(_notional_name(rules))
    else:
        _check_priceless(market, spec, now)
    if rules.max_orders and len(desk.open) >= rules.max_orders:
        raise filter_failure("MAX_NUM_ORDERS")
    if spec.stop_price or spec.trailing_delta or spec.iceberg:
        _check_conditions(market, desk, spec)
    if rules.max_position and spec.side == enums.BUY:
        _check_position(desk, quantity, rules.max_position)
    if limits.max_orders or limits.max_algo_orders or limits.max_iceberg_orders:
        check_exchange(desk.account, spec, limits)


def _notional_name(rules: SymbolFilters) -> str:
    return "NOTIONAL" if rules.notional_is_range else "MIN_NOTIONAL"


def _check_priceless(market: Market, spec: OrderSpec, now: int) -> None:
    """Market orders, and stops that become one, have a lot size and a notional of their own."""
    rules = market.symbol.filters
    quantity = spec.quantity
    if spec.type == enums.MARKET and quantity:
        step, most = rules.market_step, rules.market_max_quantity
        if (step and quantity % step) or quantity < rules.market_min_quantity or quantity > most > 0:
            raise filter_failure("MARKET_LOT_SIZE")
    money = spec.quote_quantity
    if not money:
        reference = spec.stop_price or market.average_price(rules.notional_minutes, now)
        if not reference:
            return
        money = reference * quantity // UNIT
    if (rules.min_notional_for_market and money < rules.min_notional) or (
        rules.max_notional_for_market and money > rules.max_notional > 0
    ):
        raise filter_failure(_notional_name(rules))


def _check_conditions(market: Market, desk: Desk, spec: OrderSpec) -> None:
    rules = market.symbol.filters
    stop_price = spec.stop_price
    if spec.type < enums.FIRST_CONDITIONAL and not spec.iceberg:
        raise unsupported_combination()
    if stop_price and (
        (rules.tick and stop_price % rules.tick)
        or stop_price < rules.min_price
        or stop_price > rules.max_price > 0
    ):
        raise filter_failure("PRICE_FILTER")
    if spec.iceberg:
        check_iceberg(rules, spec)
        if rules.max_iceberg_orders and desk.icebergs >= rules.max_iceberg_orders:
            raise filter_failure("MAX_NUM_ICEBERG_ORDERS")
    if (
        spec.type >= enums.FIRST_CONDITIONAL
        and rules.max_algo_orders
        and desk.algo_orders >= rules.max_algo_orders
    ):
        raise filter_failure("MAX_NUM_ALGO_ORDERS")
    if spec.trailing_delta:
        rises = waits_for_a_rise(spec.side, spec.type)
        least, most = rules.trailing_above if rises else rules.trailing_below
        if spec.trailing_delta < least or spec.trailing_delta > most > 0:
            raise filter_failure("TRAILING_DELTA")


def check_iceberg(rules: SymbolFilters, spec: OrderSpec) -> None:
    """The shown part of an iceberg is a lot of its own, and there may not be too many of them."""
    iceberg = spec.iceberg
    if (
        (rules.step and iceberg % rules.step)
        or iceberg < rules.min_quantity
        or iceberg > rules.max_quantity > 0
    ):
        raise filter_failure("LOT_SIZE")
    if rules.iceberg_parts and -(-spec.quantity // iceberg) > rules.iceberg_parts:
        raise filter_failure("ICEBERG_PARTS")


def _check_position(desk: Desk, quantity: int, most: int) -> None:
    position = desk.base.total + sum(order.left for order in desk.open.values() if order.side == enums.BUY)
    if position + quantity > most:
        raise Refused(-2010, "Filter failure: MAX_POSITION")


def check_exchange(account: Account, spec: OrderSpec, limits: ExchangeFilters) -> None:
    """The limits over all symbols of one account."""
    if account.open_orders >= limits.max_orders > 0:
        raise filter_failure("EXCHANGE_MAX_NUM_ORDERS")
    if spec.type < enums.FIRST_CONDITIONAL and not spec.iceberg:
        return
    desks = account.desks.values()
    if (
        spec.type >= enums.FIRST_CONDITIONAL
        and sum(desk.algo_orders for desk in desks) >= limits.max_algo_orders > 0
    ):
        raise filter_failure("EXCHANGE_MAX_NUM_ALGO_ORDERS")
    if spec.iceberg and sum(desk.icebergs for desk in desks) >= limits.max_iceberg_orders > 0:
        raise filter_failure("EXCHANGE_MAX_NUM_ICEBERG_ORDERS")


def check_list(market: Market, desk: Desk, specs: list[OrderSpec], limits: ExchangeFilters) -> None:
    """Whether an account may have one more order list open, and has room for all its orders."""
    rules = market.symbol.filters
    desks = desk.account.desks.values()
    if len(desk.open_lists) >= rules.max_order_lists > 0:
        raise filter_failure("MAX_NUM_ORDER_LISTS")
    if sum(len(other.open_lists) for other in desks) >= limits.max_order_lists > 0:
        raise filter_failure("EXCHANGE_MAX_NUM_ORDER_LISTS")
    algos = sum(spec.type >= enums.FIRST_CONDITIONAL for spec in specs)
    icebergs = sum(spec.iceberg > 0 for spec in specs)
    for name, more, here, most, everywhere, most_everywhere in (
        ("MAX_NUM_ORDERS", len(specs), len(desk.open), rules.max_orders,
         desk.account.open_orders, limits.max_orders),
        ("MAX_NUM_ALGO_ORDERS", algos, desk.algo_orders, rules.max_algo_orders,
         sum(other.algo_orders for other in desks), limits.max_algo_orders),
        ("MAX_NUM_ICEBERG_ORDERS", icebergs, desk.icebergs, rules.max_iceberg_orders,
         sum(other.icebergs for other in desks), limits.max_iceberg_orders),
    ):  # fmt: skip
        if more and here + more > most > 0:
            raise filter_failure(name)
        if more and everywhere + more > most_everywhere > 0:
            raise filter_failure(f"EXCHANGE_{name}")
