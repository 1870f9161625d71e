"""How the reference trades: one order after the other against a sorted list, then whatever that sets off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.exchange.engine.reference import (
    PRICELESS,
    Purse,
    RefList,
    RefMarket,
    RefOrder,
    Refusal,
    Trader,
    crosses,
    is_self_trade,
    outlook,
)
from veighna_ext.exchange import enums as e
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.symbols import Symbol


class ReferenceMatching:
    """Matching, triggers and lists; what commands there are is told by ``ReferenceVenue``."""

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        self.markets = {symbol.name: RefMarket(symbol) for symbol in symbols}
        self.traders: dict[int, Trader] = {}
        self.purses: list[Purse] = []
        self.fees: Counter[str] = Counter()
        self.now = 0
        self._rank = 0

    def locked(self, trader: Trader, asset: str) -> int:
        return sum(purse.held for purse in self.purses if purse.trader is trader and purse.asset == asset)

    def free(self, trader: Trader, asset: str) -> int:
        return trader.owns[asset] - self.locked(trader, asset)

    def put_aside(self, purse: Purse) -> None:
        """Fill the purse of orders that begin to rest or wait."""
        purse.held = max(order.need() for order in purse.orders if order.rank or order.waits)
        self.purses.append(purse)

    def take_back(self, purse: Purse) -> None:
        """Leave in a purse only what its orders can still spend."""
        needs = [order.need() for order in purse.orders if order.rank or order.waits]
        purse.held = min(purse.held, max(needs, default=0))
        if not purse.held and purse in self.purses:
            self.purses.remove(purse)

    def reserve(self, order: RefOrder) -> int:
        """What the order may spend; refused if the market forbids it or the money is not there."""
        market, spec = order.market, order.spec
        facing = market.queue(1 - order.side)
        if spec.type == e.LIMIT_MAKER and facing and crosses(order, facing[0].spec.price):
            raise Refusal(-2010)
        money = order.need()
        if order.is_conditional:
            if spec.stop_price and market.last_price and not spec.trailing_delta:
                reached = market.last_price - spec.stop_price
                if (reached >= 0) if order.needs_a_rise else (reached <= 0):
                    raise Refusal(-2010)
        elif spec.quote_quantity:
            order.quantity = order.left = self.worth(order)
            if order.quantity < max(market.symbol.filters.min_quantity, 1):
                raise Refusal(-2010)
            money = spec.quote_quantity if order.side == e.BUY else order.quantity
        elif spec.type == e.MARKET and order.side == e.BUY:
            money = outlook(order)[1]
        if money > self.free(order.trader, order.purse.asset):
            raise Refusal(-2010)
        return money

    @staticmethod
    def worth(order: RefOrder) -> int:
        """How many lots a quote quantity pays for, or how many have to be sold for it."""
        step, money, total = order.market.symbol.filters.step, order.spec.quote_quantity, 0
        for maker in order.market.queue(1 - order.side):
            lots = min(maker.left, money * UNIT // maker.spec.price // step * step)
            total += lots
            money -= maker.spec.price * lots // UNIT
            if lots < maker.left:
                break
        return total

    def enter(self, order: RefOrder, money: int) -> None:
        if order.is_conditional:
            self.let_wait(order)
            self.put_aside(order.purse)
        else:
            self.execute(order, money)

    def let_wait(self, order: RefOrder) -> None:
        order.waits = True
        if not order.spec.stop_price:
            order.follows, order.extreme = True, order.market.last_price
        self.keep_open(order)

    def rest(self, order: RefOrder) -> None:
        self._rank += 1
        order.rank, order.shown = self._rank, min(order.spec.iceberg or order.left, order.left)
        self.keep_open(order)

    @staticmethod
    def keep_open(order: RefOrder) -> None:
        if order not in order.market.open:
            order.market.open.append(order)

    def execute(self, order: RefOrder, money: int) -> None:
        """Trade what can be traded; the rest of the order rests or expires."""
        if order.spec.tif == e.FOK and order.spec.type not in PRICELESS and outlook(order)[0] < order.left:
            return self.end(order, e.EXPIRED)
        self.trade(order, money)
        if not order.left:
            return self.end(order, order.status)
        if order.spec.tif != e.GTC or order.spec.type in PRICELESS:
            return self.end(order, e.EXPIRED)
        self.rest(order)
        return self.put_aside(order.purse)

    def trade(self, taker: RefOrder, money: int) -> None:
        market, step = taker.market, taker.market.symbol.filters.step
        while taker.left:
            facing = market.queue(1 - taker.side)
            if not facing or not crosses(taker, facing[0].spec.price):
                return
            maker = facing[0]
            price = maker.spec.price
            if is_self_trade(taker, maker):
                self.prevent(taker, maker)
                continue
            quantity = min(taker.left, maker.shown)
            if taker.side == e.BUY and taker.spec.type in PRICELESS:
                quantity = min(quantity, money * UNIT // price // step * step)
                if not quantity:
                    return
            self.end_other_leg(maker)
            quote = price * quantity // UNIT
            money -= quote
            trade_id = len(market.trades)
            market.trades.append((trade_id, self.now, price, quantity, taker.side == e.SELL))
            market.last_price = price
            market.touched.append(price)
            for order in (maker, taker):
                order.left -= quantity
                order.executed += quantity
                order.spent += quote
                order.status = e.PARTIALLY_FILLED if order.left else e.FILLED
                order.trader.owns[order.purse.asset] -= quote if order.side == e.BUY else quantity
            maker.shown -= quantity
            if maker.left and not maker.shown:
                self.rest(maker)
            self.take_back(maker.purse)
            for order in (maker, taker):
                self.receive(order, trade_id, price, quantity, order is maker)
            if not maker.left:
                self.end(maker, e.FILLED)

    def receive(self, order: RefOrder, trade_id: int, price: int, quantity: int, is_maker: bool) -> None:
        """Pay an order out, less the commission."""
        trader, symbol = order.trader, order.market.symbol
        asset, amount = (
            (symbol.base, quantity) if order.side == e.BUY else (symbol.quote, price * quantity // UNIT)
        )
        rates = trader.special_rates.get(symbol.name, trader.rates)
        trader.owns[asset] += amount
        commission = amount * rates[0 if is_maker else 1] // UNIT
        if trader.pays_in_bnb and commission and order.purse.asset != "BNB":
            in_bnb = self.in_bnb(asset, commission * 3 // 4)
            if in_bnb is not None and self.free(trader, "BNB") >= in_bnb:
                asset, commission = "BNB", in_bnb
        trader.owns[asset] -= commission
        self.fees[asset] += commission
        order.fills.append((trade_id, price, quantity, commission, asset, is_maker))

    def in_bnb(self, asset: str, amount: int) -> int | None:
        """An amount in BNB at the last prices: directly, or by way of USDT."""
        if asset == "BNB":
            return amount
        if price := self.last_price("BNB" + asset):
            return amount * UNIT // price
        if price := self.last_price(asset + "BNB"):
            return amount * price // UNIT
        if price := self.last_price(asset + "USDT"):
            return self.in_bnb("USDT", amount * price // UNIT)
        return None

    def last_price(self, name: str) -> int:
        return self.markets[name].last_price if name in self.markets else 0

    def prevent(self, taker: RefOrder, maker: RefOrder) -> None:
        """Take away what would have traded, as the taker's mode says."""
        both = min(taker.left, maker.left)
        from_taker, from_maker = {
            e.EXPIRE_TAKER: (taker.left, 0),
            e.EXPIRE_MAKER: (0, maker.left),
            e.EXPIRE_BOTH: (taker.left, maker.left),
            e.DECREMENT: (both, both),
        }[taker.stp]
        for order, quantity in ((maker, from_maker), (taker, from_taker)):
            order.left -= quantity
            order.prevented += quantity
            order.shown = min(order.shown, order.left)
            if not order.left:
                order.status = e.EXPIRED_IN_MATCH
        if from_maker:
            self.take_back(maker.purse)
        if not maker.left:
            self.end(maker, e.EXPIRED_IN_MATCH)

    def close(self, order: RefOrder, status: int) -> None:
        """Take an order away from wherever it is."""
        order.status, order.rank, order.waits = status, 0, False
        if order in order.market.open:
            order.market.open.remove(order)
        self.take_back(order.purse)

    def end(self, order: RefOrder, status: int) -> None:
        """An order ends, and with it, or after it, whatever depends on it."""
        self.close(order, status)
        group = order.group
        if group is None or group.is_done:
            return
        is_working = group.kind != e.OCO and order is group.orders[0]
        if is_working and status == e.FILLED:
            order.market.to_activate.append(group)
            return
        for other in group.orders if is_working else group.pair:
            if other.is_open:
                self.close(other, e.EXPIRED)
        group.is_done = not any(other.is_open for other in group.orders)

    def end_other_leg(self, order: RefOrder) -> None:
        """One order of a pair begins to work: the other one ends."""
        for other in order.group.pair if order.group and order in order.group.pair else []:
            if other is not order and other.is_open:
                self.close(other, e.EXPIRED)

    def cancel(self, order: RefOrder) -> list[RefOrder]:
        """Cancel an order and every other one of its list."""
        orders = order.group.orders if order.group and not order.group.is_done else [order]
        for each in orders:
            if each.is_open:
                self.close(each, e.CANCELED)
        if order.group:
            order.group.is_done = True
        return orders

    def check_pair(self, pair: list[RefOrder]) -> None:
        """The pair's prices must lie above and below the last price."""
        last = pair[0].market.last_price
        above, below = (
            each.spec.price
            if each.spec.type in (e.LIMIT_MAKER, e.TAKE_PROFIT_LIMIT)
            else each.spec.stop_price
            for each in (pair if pair[0].spec.side == e.BUY else reversed(pair))
        )
        prices = [price for price in (below, last, above) if price]
        if prices != sorted(set(prices)):
            raise Refusal(-2010)

    def place_pair(self, pair: list[RefOrder]) -> None:
        purse = Purse(pair[0].trader, pair[0].purse.asset, pair)
        for order in pair:
            order.purse = purse
            self.let_wait(order) if order.is_conditional else self.rest(order)
        self.put_aside(purse)

    def activate(self, group: RefList) -> None:
        """The first order was filled: the others are placed, or end if they cannot be."""
        waiting = [order for order in group.orders if order.status == e.PENDING_NEW]
        for order in waiting:
            order.status = e.NEW
        try:
            if group.pair:
                self.check_pair(waiting)
                for order in waiting:
                    self.reserve(order)
                self.place_pair(waiting)
            else:
                self.enter(waiting[0], self.reserve(waiting[0]))
        except Refusal:
            for order in waiting:
                self.close(order, e.EXPIRED)
            group.is_done = True

    def settle(self, market: RefMarket) -> None:
        """What the last trades set off, and what that sets off."""
        while market.touched or market.to_activate:
            if market.touched:
                prices, market.touched = market.touched, []
                for price in prices:
                    self.touch(market, price)
            else:
                self.activate(market.to_activate.pop(0))

    def touch(self, market: RefMarket, price: int) -> None:
        """The orders that wait for this price start, nearest stop price first, trailing ones last."""
        waiting = sorted((order for order in market.open if order.waits), key=lambda order: order.id)
        reached = [
            order
            for order in waiting
            if not order.follows
            and (price >= order.spec.stop_price if order.needs_a_rise else price <= order.spec.stop_price)
        ]
        reached.sort(key=lambda o: (0, o.spec.stop_price) if o.needs_a_rise else (1, -o.spec.stop_price))
        started = [order for order in reached if not order.spec.trailing_delta]
        started += [order for order in waiting if order.follows and self.turned_back(order, price)]
        for order in reached:
            if order.spec.trailing_delta:
                order.follows, order.extreme = True, price
        for order in started:
            order.waits = False
        for order in started:
            if order.is_open:
                self.end_other_leg(order)
                self.take_back(order.purse)
                is_market_buy = order.side == e.BUY and order.spec.type in PRICELESS
                money = outlook(order)[1] if is_market_buy else 0
                if money > self.free(order.trader, order.purse.asset):
                    self.end(order, e.EXPIRED)
                else:
                    self.execute(order, money)

    @staticmethod
    def turned_back(order: RefOrder, price: int) -> bool:
        """Whether the price has come back far enough from the best one since the order follows it."""
        if not order.extreme:
            order.extreme = price
        if order.side == e.BUY:
            order.extreme = min(order.extreme, price)
            return (price - order.extreme) * 10_000 >= order.extreme * order.spec.trailing_delta
        order.extreme = max(order.extreme, price)
        return (order.extreme - price) * 10_000 >= order.extreme * order.spec.trailing_delta
