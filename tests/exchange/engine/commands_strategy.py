"""
Random commands that fit together: prices so dense that orders meet, ids that exist and ids that do not.

Everything is drawn from one ``Random``: a seeded one for volume, hypothesis's own for shrinking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.exchange.engine.building import START, bnbusdt, btcusdt, dogebtc
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.engine.accounts import HOUSE
from veighna_ext.exchange.engine.venue import Venue
from veighna_ext.exchange.symbols import Symbol

ACCOUNTS = 5
FUNDS = {"USDT": 60 * UNIT, "BTC": 60_000_000, "BNB": UNIT, "DOGE": 400_000 * UNIT}
"""Little enough that an account runs out of something now and then."""
POOR = {"USDT": 3 * UNIT, "BTC": 3_000_000, "BNB": 10_000_000, "DOGE": 20_000 * UNIT}
"""So little that accounts can seldom pay for what they want."""
UNKNOWN = 987_654


@dataclass(frozen=True)
class Ground:
    """Where a symbol trades in these tests: its middle price, and the unit quantities are counted in."""

    middle: int
    lot: int


GROUNDS = {
    "BTCUSDT": Ground(parse_amount("100"), parse_amount("0.00123")),
    "BNBUSDT": Ground(parse_amount("30"), parse_amount("0.007")),
    "DOGEBTC": Ground(parse_amount("0.00000100"), 997 * UNIT),
}


def crowded_symbols() -> list[Symbol]:
    """Three symbols whose limits on open orders are low enough to be met."""
    symbols = [btcusdt(), bnbusdt(), dogebtc()]
    for symbol in symbols:
        rules = symbol.filters
        rules.max_orders, rules.max_algo_orders, rules.max_iceberg_orders = 9, 5, 3
        rules.max_order_lists, rules.max_order_amends, rules.iceberg_parts = 3, 3, 12
        rules.trailing_above = rules.trailing_below = (2, 1500)
    symbols[1].default_stp = enums.EXPIRE_MAKER
    symbols[2].allowed_stp = (enums.NO_STP, enums.EXPIRE_TAKER, enums.EXPIRE_BOTH, enums.DECREMENT)
    return symbols


class RandomCommands:
    """
    One command after the other, each drawn with the venue as it stands.

    What is frequent and what never happens differs from one run to the next.
    """

    def __init__(self, random: Random, venue: Venue, *, with_market: bool = False) -> None:
        self._random = random
        self._venue = venue
        self._names = list(venue.markets)
        self._now = START
        self._account = 0
        self._symbol = ""
        makers: list[tuple[int, Callable[[], c.Command]]] = [
            (34, self._limit),
            (6, self._market),
            (10, self._conditional),
            (14, self._cancel),
            (6, self._replace),
            (6, self._amend),
            (9, self._list),
            (2, self._cancel_list),
            (1, self._cancel_all),
            (2, self._wrong),
            (2, self._money),
            (1, self._account_setting),
            (2, self._rare),
        ]
        if with_market:
            makers += [(14, self._market_moves), (4, self._tape_trade), (1, self._fault)]
        self._makers = [
            maker for weight, maker in makers for _ in range(weight * random.choice((0, 1, 1, 1, 3)))
        ] + [self._limit] * 20
        self._spread = random.choice((2, 5, 8))
        """How many ticks around the middle prices lie."""
        self._iceberg_percent = random.choice((0, 15, 60))
        self._stp_percent = random.choice((0, 40, 90))
        self._trailing_percent = random.choice((5, 25, 70))

    def next(self) -> c.Command:
        """The next command."""
        random = self._random
        self._now += random.randrange(400_000)
        self._account = random.randint(1, ACCOUNTS)
        self._symbol = random.choice(self._names)
        return random.choice(self._makers)()

    def _chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def _price(self, away: int = 0) -> int:
        tick = self._venue.markets[self._symbol].symbol.filters.tick
        steps = self._random.randint(-self._spread, self._spread) + away
        return GROUNDS[self._symbol].middle + steps * tick

    def _quantity(self) -> int:
        return self._random.randint(1, 12) * GROUNDS[self._symbol].lot

    def _client_id(self) -> str:
        return f"c{self._random.randrange(12)}" if self._chance(30) else ""

    def _stp(self) -> int:
        if not self._chance(self._stp_percent):
            return -1
        return self._random.choice((*range(len(enums.STP_MODES)), enums.DECREMENT, enums.DECREMENT))

    def _place(self, order: c.OrderSpec) -> c.Command:
        return c.PlaceOrder(self._now, self._account, self._symbol, order)

    def _limit_spec(self, side: int) -> c.OrderSpec:
        random = self._random
        order = c.OrderSpec(side, quantity=self._quantity(), price=self._price(2 * side - 1))
        order.client_id, order.stp = self._client_id(), self._stp()
        kind = random.randrange(10)
        if kind == 0:
            order.tif = enums.IOC
        elif kind == 1:
            order.tif = enums.FOK
        elif kind <= 3:
            order.type = enums.LIMIT_MAKER
            order.price = self._price(6 * side - 3)
        if order.tif == enums.GTC and self._chance(self._iceberg_percent):
            order.iceberg = random.randint(1, 4) * GROUNDS[self._symbol].lot
        if self._chance(5):
            order.strategy_id = 7
        return order

    def _limit(self) -> c.Command:
        return self._place(self._limit_spec(self._random.randint(0, 1)))

    def _market_spec(self, side: int) -> c.OrderSpec:
        order = c.OrderSpec(side, enums.MARKET, quantity=self._quantity())
        order.client_id, order.stp = self._client_id(), self._stp()
        return order

    def _market(self) -> c.Command:
        order = self._market_spec(self._random.randint(0, 1))
        if self._chance(40):
            order.quote_quantity = order.quantity * self._price() // UNIT + self._random.randrange(1000)
            order.quantity = 0
        return self._place(order)

    def _conditional_spec(self, side: int, order_type: int) -> c.OrderSpec:
        random = self._random
        order = c.OrderSpec(side, order_type, quantity=self._quantity())
        order.client_id, order.stp = self._client_id(), self._stp()
        is_stop_loss = order_type in (enums.STOP_LOSS, enums.STOP_LOSS_LIMIT)
        rises = is_stop_loss == (side == enums.BUY)
        if not self._chance(self._trailing_percent):
            order.stop_price = self._price(4 if rises else -4)
        if not order.stop_price or self._chance(15):
            order.trailing_delta = random.choice((2, 3, 5, 8, 13, 50, 200))
        if order_type not in enums.PRICELESS:
            order.price = self._price()
            order.tif = random.choice((enums.GTC, enums.GTC, enums.GTC, enums.IOC, enums.FOK))
            if order.tif == enums.GTC and self._chance(self._iceberg_percent):
                order.iceberg = random.randint(1, 4) * GROUNDS[self._symbol].lot
        return order

    def _conditional(self) -> c.Command:
        random = self._random
        return self._place(self._conditional_spec(random.randint(0, 1), random.randint(3, 6)))

    def _pair_specs(self, side: int) -> list[c.OrderSpec]:
        random = self._random
        stop = self._conditional_spec(side, random.choice((enums.STOP_LOSS, enums.STOP_LOSS_LIMIT)))
        profit_type = random.choice(
            (enums.LIMIT_MAKER, enums.LIMIT_MAKER, enums.TAKE_PROFIT, enums.TAKE_PROFIT_LIMIT)
        )
        if profit_type == enums.LIMIT_MAKER:
            profit = self._limit_spec(side)
            profit.type, profit.tif = enums.LIMIT_MAKER, enums.GTC
            profit.price = self._price(10 * side - 5)
        else:
            profit = self._conditional_spec(side, profit_type)
        profit.quantity, profit.stp = stop.quantity, stop.stp
        pair = [profit, stop] if side == enums.SELL else [stop, profit]
        return pair[::-1] if self._chance(4) else pair

    def _list(self) -> c.Command:
        random = self._random
        kind = random.randrange(3)
        sides = random.randint(0, 1), random.randint(0, 1)
        orders: list[c.OrderSpec] = []
        if kind != enums.OCO:
            orders.append(self._limit_spec(sides[0]))
        if kind != enums.OTO:
            orders += self._pair_specs(sides[1])
        else:
            pending = random.randrange(7)
            if pending == enums.MARKET:
                orders.append(self._market_spec(sides[1]))
            elif pending <= enums.LIMIT_MAKER:
                orders.append(self._limit_spec(sides[1]))
            else:
                orders.append(self._conditional_spec(sides[1], pending))
        list_id = f"l{random.randrange(5)}" if self._chance(25) else ""
        return c.PlaceList(self._now, self._account, self._symbol, kind, orders, list_id)

    def _some_order(self) -> tuple[int, str]:
        """An id, a client id or both, mostly of an open order of the account."""
        random = self._random
        desk = self._venue.accounts[self._account].desks.get(self._symbol)
        if desk is None or not desk.open or self._chance(6):
            return random.choice(
                ((UNKNOWN, ""), (-1, "nobody"), (1, ""), (random.randint(1, 400), ""), (-1, "c3"))
            )
        order = desk.open[random.choice(list(desk.open))]
        way = random.randrange(10)
        if way < 5:
            return order.id, ""
        if way < 8:
            return -1, order.client_id
        return order.id, order.client_id if way == 8 else random.choice(("c1", "other"))

    def _only_status(self) -> int:
        return self._random.choice((-1, -1, -1, -1, -1, -1, enums.NEW, enums.PARTIALLY_FILLED))

    def _cancel(self) -> c.Command:
        return c.CancelOrder(
            self._now, self._account, self._symbol, *self._some_order(), "why", self._only_status()
        )

    def _cancel_all(self) -> c.Command:
        return c.CancelAll(self._now, self._account, self._symbol)

    def _replace(self) -> c.Command:
        random = self._random
        order_id, client_id = self._some_order()
        side = random.randint(0, 1)
        order = (
            self._limit_spec(side) if self._chance(80) else self._conditional_spec(side, random.randint(3, 6))
        )
        if client_id and self._chance(40):
            order.client_id = client_id
        return c.CancelReplace(
            self._now,
            self._account,
            self._symbol,
            order_id,
            client_id,
            order,
            stop_on_failure=self._chance(50),
            new_client_id="gone",
            only_status=self._only_status(),
            cancel_only=self._chance(5),
        )

    def _amend(self) -> c.Command:
        random = self._random
        order_id, client_id = self._some_order()
        new_id = random.choice(("", "", f"c{random.randrange(12)}", client_id))
        quantity = random.randint(1, 9) * GROUNDS[self._symbol].lot
        return c.AmendOrder(self._now, self._account, self._symbol, quantity, order_id, client_id, new_id)

    def _cancel_list(self) -> c.Command:
        random = self._random
        desk = self._venue.accounts[self._account].desks.get(self._symbol)
        open_lists = list(desk.open_lists.values()) if desk else []
        if not open_lists or self._chance(10):
            some = random.choice(((UNKNOWN, ""), (random.randint(0, 60), ""), (-1, "l1"), (-1, "nobody")))
        else:
            chosen = random.choice(open_lists)
            some = (chosen.id, "") if self._chance(50) else (-1, chosen.client_id)
        return c.CancelList(self._now, self._account, self._symbol, *some)

    def _wrong(self) -> c.Command:
        """An order nobody should send."""
        random = self._random
        order = self._limit_spec(random.randint(0, 1))
        mistake = random.randrange(14)
        if mistake == 0:
            self._account = UNKNOWN
        elif mistake == 1:
            self._symbol = "NOSUCH"
        elif mistake == 2:
            order.price = 0
        elif mistake == 3:
            order.quantity = 0
        elif mistake == 4:
            order.quantity += random.choice((1, self._venue.markets[self._symbol].symbol.filters.step // 2))
        elif mistake == 5:
            order.price += self._venue.markets[self._symbol].symbol.filters.tick // 2 + 1_000_003
        elif mistake == 6:
            order.type = enums.MARKET
        elif mistake == 7:
            order.iceberg = order.quantity + GROUNDS[self._symbol].lot
        elif mistake == 8:
            order.iceberg, order.tif = order.quantity, enums.IOC
        elif mistake == 9:
            order.stop_price, order.stp = order.price, enums.NO_STP
        elif mistake == 10:
            order.type = enums.STOP_LOSS_LIMIT
        elif mistake == 11:
            order = self._conditional_spec(order.side, enums.TAKE_PROFIT_LIMIT)
            order.trailing_delta = random.choice((1, 1501))
        elif mistake == 12:
            order.quote_quantity = UNIT
        else:
            order.quantity *= 100_000
        return self._place(order)

    def _money(self) -> c.Command:
        random = self._random
        asset = random.choice(list(FUNDS))
        amount = random.choice((1, 3, -1, -2)) * FUNDS[asset] // random.choice((1, 4, 16)) + random.randrange(
            9
        )
        return c.Deposit(self._now, self._account, asset, amount)

    def _account_setting(self) -> c.Command:
        random = self._random
        if self._chance(30):
            symbol = random.choice(("", *self._names))
            return c.SetRates(
                self._now, self._account, random.randrange(200_000), random.randrange(400_000), symbol
            )
        group = random.choice((-1, -1, 1, 2))
        command = c.SetAccount(self._now, self._account, pays_in_bnb=self._chance(50), trade_group=group)
        command.can_trade = self._chance(90)
        return command

    def _rare(self) -> c.Command:
        halted = [name for name, market in self._venue.markets.items() if market.status != enums.TRADING]
        if halted:
            return c.SetStatus(self._now, halted[0], enums.TRADING)
        if self._chance(30):
            return c.ResetAccount(self._now, self._account)
        return c.SetStatus(self._now, self._symbol, enums.HALT)

    def _quotes(self, middle: int) -> list[tuple[int, int, int]]:
        random = self._random
        tick = self._venue.markets[self._symbol].symbol.filters.tick
        levels: dict[tuple[int, int], int] = {
            (side, price): 0
            for side, standing in enumerate(self._venue.markets[self._symbol].house)
            for price in standing
            if self._chance(50)
        }
        for distance in range(1, random.randint(1, 5)):
            for side, sign in ((enums.BUY, -1), (enums.SELL, 1)):
                price = middle + sign * distance * tick
                levels[side, price] = random.randint(0, 9) * GROUNDS[self._symbol].lot
        return [(side, price, quantity) for (side, price), quantity in levels.items()]

    def _market_moves(self) -> c.Command:
        random = self._random
        hits = [
            (random.randint(0, 1), self._quantity(), self._price() if self._chance(70) else 0)
            for _ in range(random.choice((0, 0, 1, 3)))
        ]
        return c.MarketMoves(self._now, self._symbol, self._quotes(self._price()), hits)

    def _tape_trade(self) -> c.Command:
        price = self._price()
        return c.TapeTrade(
            self._now, self._symbol, price, self._quantity(), self._chance(50), self._quotes(price)
        )

    def _fault(self) -> c.Command:
        if self._chance(10):
            return c.CloseAccount(self._now, self._account)
        account = self._random.choice((-1, self._account, HOUSE + 1))
        return c.SetFaults(self._now, account, self._chance(30))
