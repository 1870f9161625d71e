"""The reference's commands: what is refused, and what the others do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests.exchange.engine.reference import (
    PRICELESS,
    STOP_LOSSES,
    RefList,
    RefMarket,
    RefOrder,
    Refusal,
    Trader,
)
from tests.exchange.engine.reference_matching import ReferenceMatching
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums as e
from veighna_ext.exchange.symbols import Symbol


class ReferenceVenue(ReferenceMatching):
    """Takes the engine's commands; the answers name the orders they are about."""

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        super().__init__(symbols)
        self.lists: list[RefList] = []
        self.what_to_do: dict[type[c.Command], Callable[[Any], Any]] = {
            c.OpenAccount: self.open_account,
            c.PlaceOrder: self.place_order,
            c.CancelOrder: self.cancel_order,
            c.CancelAll: self.cancel_all,
            c.CancelReplace: self.cancel_replace,
            c.AmendOrder: self.amend,
            c.PlaceList: self.place_list,
            c.CancelList: self.cancel_list,
            c.Deposit: self.deposit,
            c.SetAccount: self.set_account,
            c.SetRates: self.set_rates,
            c.SetStatus: self.set_status,
            c.ResetAccount: self.reset_account,
        }

    def submit(self, command: c.Command) -> Any:
        """Carry a command out, or raise a ``Refusal``."""
        self.now = command.time
        return self.what_to_do[type(command)](command)

    def whose(self, command: Any) -> tuple[Trader, RefMarket]:
        if command.account not in self.traders:
            raise Refusal(-2008)
        if command.symbol not in self.markets:
            raise Refusal(-1121)
        return self.traders[command.account], self.markets[command.symbol]

    def open_account(self, command: c.OpenAccount) -> None:
        number = len(self.traders) + 1
        rates = command.maker_rate, command.taker_rate
        self.traders[number] = Trader(number, rates, Counter(command.balances))

    def check(self, trader: Trader, market: RefMarket, spec: c.OrderSpec, client_id: str) -> None:
        """Refuse an order for what it is and for what is open already."""
        if not market.is_trading:
            raise Refusal(-1013)
        if not trader.can_trade:
            raise Refusal(-2010)
        symbol, is_conditional = market.symbol, spec.type >= e.STOP_LOSS
        if spec.stp >= 0 and spec.stp not in symbol.allowed_stp:
            raise Refusal(-1013)
        if spec.iceberg and (spec.tif != e.GTC or spec.type in PRICELESS):
            raise Refusal(-1014)
        if spec.iceberg > spec.quantity:
            raise Refusal(-2010)
        if is_conditional != bool(spec.stop_price or spec.trailing_delta):
            raise Refusal(-1014)
        if spec.quote_quantity and (spec.type != e.MARKET or spec.quantity):
            raise Refusal(-1014)
        if spec.price and spec.type in PRICELESS:
            raise Refusal(-1014)
        if self.breaks_a_filter(trader, market, spec):
            raise Refusal(-1013)
        if client_id and self.by_client_id(trader, market, client_id):
            raise Refusal(-2010)

    def breaks_a_filter(self, trader: Trader, market: RefMarket, spec: c.OrderSpec) -> bool:
        rules = market.symbol.filters
        prices = [price for price in (spec.price, spec.stop_price) if price]
        quantities = [quantity for quantity in (spec.quantity, spec.iceberg) if quantity]
        mine = self.open_orders(trader, market)
        algos = [order for order in mine if order.is_conditional]
        icebergs = [order for order in mine if order.spec.iceberg]
        is_conditional = spec.type >= e.STOP_LOSS
        least, most = rules.trailing_above
        return (
            (not spec.price and spec.type not in PRICELESS)
            or not (spec.quantity or spec.quote_quantity)
            or any(price % rules.tick or not rules.min_price <= price <= rules.max_price for price in prices)
            or any(q % rules.step or not rules.min_quantity <= q <= rules.max_quantity for q in quantities)
            or len(mine) >= rules.max_orders
            or (is_conditional and len(algos) >= rules.max_algo_orders)
            or (spec.iceberg > 0 and len(icebergs) >= rules.max_iceberg_orders)
            or (spec.iceberg > 0 and spec.quantity > spec.iceberg * rules.iceberg_parts)
            or (spec.trailing_delta > 0 and not least <= spec.trailing_delta <= most)
        )

    @staticmethod
    def open_orders(trader: Trader, market: RefMarket) -> list[RefOrder]:
        return [order for order in market.open if order.trader is trader]

    def by_client_id(self, trader: Trader, market: RefMarket, client_id: str) -> RefOrder | None:
        mine = self.open_orders(trader, market)
        return next((order for order in mine if order.client_id == client_id), None)

    def find(self, trader: Trader, market: RefMarket, order_id: int, client_id: str) -> RefOrder:
        """The open order that is meant."""
        if order_id < 0:
            found = self.by_client_id(trader, market, client_id)
        else:
            mine = self.open_orders(trader, market)
            found = next((order for order in mine if order.id == order_id), None)
            if found and client_id and found.client_id != client_id:
                raise Refusal(-2039)
        if found is None:
            raise Refusal(-2011)
        return found

    def create(self, trader: Trader, market: RefMarket, spec: c.OrderSpec, behind: int = 0) -> RefOrder:
        number = len(market.orders) + 1 + behind
        name = spec.client_id or f"{market.symbol.name}-{number}"
        stp = market.symbol.default_stp if spec.stp < 0 else spec.stp
        return RefOrder(number, trader, market, spec, name, stp, spec.quantity, spec.quantity)

    def place(self, trader: Trader, market: RefMarket, spec: c.OrderSpec) -> RefOrder:
        order = self.create(trader, market, spec)
        money = self.reserve(order)
        market.orders.append(order)
        self.enter(order, money)
        self.settle(market)
        return order

    def place_order(self, command: c.PlaceOrder) -> list[int]:
        trader, market = self.whose(command)
        self.check(trader, market, command.order, command.order.client_id)
        return [self.place(trader, market, command.order).id]

    def find_to_cancel(
        self, command: c.CancelOrder | c.CancelReplace, order_id: int, client_id: str
    ) -> RefOrder:
        order = self.find(*self.whose(command), order_id, client_id)
        if command.only_status not in (-1, order.status):
            raise Refusal(-2011)
        return order

    def cancel_order(self, command: c.CancelOrder) -> list[int]:
        order = self.find_to_cancel(command, command.order_id, command.client_id)
        return [each.id for each in self.cancel(order)]

    def cancel_all(self, command: c.CancelAll) -> list[int]:
        orders = self.open_orders(*self.whose(command))
        if not orders:
            raise Refusal(-2011)
        for order in orders:
            if order.is_open:
                self.cancel(order)
        return sorted(order.id for order in orders)

    def cancel_replace(self, command: c.CancelReplace) -> tuple[int | None, int | None]:
        """The codes of both halves that failed, none where they did not."""
        trader, market = self.whose(command)
        old, failure, new_id = None, None, command.order.client_id
        try:
            if not command.cancel_only:
                self.check(trader, market, command.order, new_id)
        except Refusal as refusal:
            # the filters speak before anything happens, the market once the old order is gone
            if refusal.code != -2010:
                raise
        try:
            old = self.find_to_cancel(command, command.cancel_order_id, command.cancel_client_id)
            self.cancel(old)
        except Refusal as refusal:
            failure = refusal.code
            if command.stop_on_failure or command.cancel_only:
                raise Refusal(-2022, failure, None) from None
        if command.cancel_only:
            return failure, None
        try:
            self.check(trader, market, command.order, new_id)
            self.place(trader, market, command.order)
        except Refusal as refusal:
            if old is None:
                raise Refusal(-2022, failure, refusal.code) from None
            return failure, refusal.code
        return failure, None

    def amend(self, command: c.AmendOrder) -> list[int]:
        trader, market = self.whose(command)
        try:
            order = self.find(trader, market, command.order_id, command.client_id)
        except Refusal as refusal:
            raise Refusal(-2038 if refusal.code == -2011 else refusal.code) from None
        pair = order.group.pair if order.group else []
        tied = [each for each in pair if each.is_open] if order in pair else [order]
        rules = market.symbol.filters
        for each in tied:
            if command.quantity >= each.quantity:
                raise Refusal(-2038)
            if command.quantity % rules.step or command.quantity < rules.min_quantity:
                raise Refusal(-1013)
            if command.quantity <= each.executed + each.prevented or order.amended >= rules.max_order_amends:
                raise Refusal(-2038)
        namesake = self.by_client_id(trader, market, command.new_client_id)
        if namesake is not None and namesake is not order:
            raise Refusal(-2038)
        for each in tied:
            each.left -= each.quantity - command.quantity
            each.quantity = command.quantity
            each.shown = min(each.shown, each.left)
        self.take_back(order.purse)
        order.amended += 1
        order.client_id = command.new_client_id or f"{market.symbol.name}-{order.id}-{order.amended}"
        return [order.id]

    def place_list(self, command: c.PlaceList) -> list[int]:
        trader, market = self.whose(command)
        specs, kind = command.orders, command.list_kind
        if kind != e.OCO and specs[0].type not in (e.LIMIT, e.LIMIT_MAKER):
            raise Refusal(-1014)
        if kind != e.OTO:
            self.check_pair_types(*specs[-2:])
            specs = [*specs[:-2], *sorted(specs[-2:], key=lambda spec: spec.type not in STOP_LOSSES)]
        names = [spec.client_id for spec in specs if spec.client_id]
        if len(names) > len(set(names)):
            raise Refusal(-2010)
        for spec in specs:
            self.check(trader, market, spec, spec.client_id)
        mine = [each for each in self.lists if each.trader is trader and not each.is_done]
        rules = market.symbol.filters
        if sum(each.market is market for each in mine) >= rules.max_order_lists:
            raise Refusal(-1013)
        for is_counted, most in (
            (lambda spec: True, rules.max_orders),
            (lambda spec: spec.type >= e.STOP_LOSS, rules.max_algo_orders),
            (lambda spec: spec.iceberg > 0, rules.max_iceberg_orders),
        ):
            more = sum(map(is_counted, specs))
            if (
                more
                and more + sum(is_counted(order.spec) for order in self.open_orders(trader, market)) > most
            ):
                raise Refusal(-1013)
        if any(each.client_id == command.list_client_id for each in mine):
            raise Refusal(-2010)
        name = command.list_client_id or f"list-{len(self.lists)}"
        group = RefList(len(self.lists), name, kind, trader, market)
        orders = [self.create(trader, market, spec, behind) for behind, spec in enumerate(specs)]
        if kind == e.OCO:
            self.check_pair(orders)
        money = max(self.reserve(order) for order in (orders if kind == e.OCO else orders[:1]))
        group.orders = orders
        market.orders += orders
        self.lists.append(group)
        for order in orders:
            order.group = group
        if kind == e.OCO:
            self.place_pair(orders)
        else:
            for order in orders[1:]:
                order.status = e.PENDING_NEW
                self.keep_open(order)
            self.enter(orders[0], money)
        self.settle(market)
        return [order.id for order in orders]

    @staticmethod
    def check_pair_types(above: c.OrderSpec, below: c.OrderSpec) -> None:
        types = (above.type, below.type)
        if e.LIMIT in types or e.MARKET in types:
            raise Refusal(-1158)
        if types == (e.LIMIT_MAKER, e.LIMIT_MAKER):
            raise Refusal(-1168)
        for spec, is_above in ((above, True), (below, False)):
            is_stop = spec.type in STOP_LOSSES
            if (is_stop == (spec.side == e.BUY)) != is_above:
                code = -1165 if spec.type == e.LIMIT_MAKER else -1196 if is_stop else -1198
                raise Refusal(code - spec.side)

    def cancel_list(self, command: c.CancelList) -> list[int]:
        trader, market = self.whose(command)
        for group in self.lists:
            if group.is_done or group.trader is not trader or group.market is not market:
                continue
            if group.id == command.list_id or (
                command.list_id < 0 and group.client_id == command.list_client_id
            ):
                return [order.id for order in self.cancel(group.orders[0])]
        raise Refusal(-2011)

    def trader(self, command: Any) -> Trader:
        if command.account not in self.traders:
            raise Refusal(-2008)
        return self.traders[command.account]

    def deposit(self, command: c.Deposit) -> None:
        trader = self.trader(command)
        if self.free(trader, command.asset) + command.amount < 0:
            raise Refusal(-2010)
        trader.owns[command.asset] += command.amount

    def set_account(self, command: c.SetAccount) -> None:
        trader = self.trader(command)
        trader.can_trade = command.can_trade
        trader.pays_in_bnb = command.pays_in_bnb
        trader.group = command.trade_group

    def set_rates(self, command: c.SetRates) -> None:
        trader = self.trader(command)
        rates = command.maker_rate, command.taker_rate
        if command.symbol:
            trader.special_rates[command.symbol] = rates
        else:
            trader.rates = rates

    def set_status(self, command: c.SetStatus) -> None:
        self.markets[command.symbol].is_trading = command.status == e.TRADING

    def reset_account(self, command: c.ResetAccount) -> None:
        trader = self.trader(command)
        for market in self.markets.values():
            for order in self.open_orders(trader, market):
                if order.is_open:
                    self.cancel(order)
        trader.owns = Counter(trader.start)
