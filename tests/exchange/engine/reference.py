"""
A slow venue, so plain that it can be read through: lists are searched and sorted, sums are added up.

It shares nothing with the engine but the commands, the enums and the symbol table. Here are its parts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums as e
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.symbols import Symbol

STOP_LOSSES = (e.STOP_LOSS, e.STOP_LOSS_LIMIT)
PRICELESS = (e.MARKET, e.STOP_LOSS, e.TAKE_PROFIT)
OPEN = (e.NEW, e.PENDING_NEW, e.PARTIALLY_FILLED)


class Refusal(Exception):
    """The command is refused with a code; for a cancel-replace, with the codes of its halves."""

    def __init__(self, code: int, *halves: int | None) -> None:
        super().__init__(code)
        self.code = code
        self.halves = halves


@dataclass(eq=False)
class Trader:
    """One account: all it owns, locked or not, and how it pays."""

    id: int
    rates: tuple[int, int]
    owns: Counter[str]
    special_rates: dict[str, tuple[int, int]] = field(default_factory=dict)
    pays_in_bnb: bool = False
    can_trade: bool = True
    group: int = -1

    def __post_init__(self) -> None:
        self.start = Counter(self.owns)


@dataclass(eq=False)
class Purse:
    """Money put aside for an order, or for a pair of which only one order can ever spend it."""

    trader: Trader
    asset: str
    orders: list[RefOrder]
    held: int = 0


@dataclass(eq=False)
class RefList:
    """Orders that depend on each other."""

    id: int
    client_id: str
    kind: int
    trader: Trader
    market: RefMarket
    orders: list[RefOrder] = field(default_factory=list)
    is_done: bool = False

    @property
    def pair(self) -> list[RefOrder]:
        return {e.OCO: self.orders, e.OTO: [], e.OTOCO: self.orders[1:]}[self.kind]


@dataclass(eq=False)
class RefOrder:
    """One order; ``rank`` is its place in time while it rests, 0 while it does not."""

    id: int
    trader: Trader
    market: RefMarket
    spec: c.OrderSpec
    client_id: str
    stp: int
    quantity: int
    left: int
    executed: int = 0
    spent: int = 0
    prevented: int = 0
    status: int = e.NEW
    rank: int = 0
    shown: int = 0
    waits: bool = False
    follows: bool = False
    extreme: int = 0
    amended: int = 0
    group: RefList | None = None
    fills: list[tuple[int, int, int, int, str, bool]] = field(default_factory=list)
    """Trade id, price, quantity, commission, its asset, whether as the maker."""

    def __post_init__(self) -> None:
        symbol = self.market.symbol
        asset = symbol.quote if self.side == e.BUY else symbol.base
        self.purse = Purse(self.trader, asset, [self])

    @property
    def side(self) -> int:
        return self.spec.side

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_conditional(self) -> bool:
        return self.spec.type >= e.STOP_LOSS

    @property
    def needs_a_rise(self) -> bool:
        return (self.spec.type in STOP_LOSSES) == (self.side == e.BUY)

    def need(self) -> int:
        """What it spends if everything that is left trades at the worst price it knows."""
        if self.side == e.SELL:
            return self.left
        trail = self.market.last_price * (10_000 + self.spec.trailing_delta) // 10_000
        return (self.spec.price or self.spec.stop_price or trail) * self.left // UNIT


@dataclass(eq=False)
class RefMarket:
    """One symbol."""

    symbol: Symbol
    orders: list[RefOrder] = field(default_factory=list)
    open: list[RefOrder] = field(default_factory=list)
    trades: list[tuple[int, int, int, int, bool]] = field(default_factory=list)
    last_price: int = 0
    is_trading: bool = True
    touched: list[int] = field(default_factory=list)
    to_activate: list[RefList] = field(default_factory=list)

    def queue(self, side: int) -> list[RefOrder]:
        """The resting orders of a side, those first that trade first."""
        sign = -1 if side == e.BUY else 1
        resting = [order for order in self.open if order.rank and order.side == side]
        return sorted(resting, key=lambda order: (sign * order.spec.price, order.rank))


def crosses(order: RefOrder, price: int) -> bool:
    """Whether an order is willing to trade at a price."""
    limit = 0 if order.spec.type in PRICELESS else order.spec.price
    return not limit or (price <= limit if order.side == e.BUY else price >= limit)


def is_self_trade(taker: RefOrder, maker: RefOrder) -> bool:
    """Whether the taker asks that this trade be prevented."""
    one, other = taker.trader, maker.trader
    return taker.stp != e.NO_STP and (one is other or one.group == other.group != -1)


def outlook(taker: RefOrder) -> tuple[int, int]:
    """How much would be executed if the order came to the book now, and for how much money."""
    queue = [
        (maker, maker.left, maker.shown)
        for maker in taker.market.queue(1 - taker.side)
        if crosses(taker, maker.spec.price)
    ]
    wanted, executed, money = taker.left, 0, 0
    while queue and wanted:
        maker, left, shown = queue.pop(0)
        if is_self_trade(taker, maker):
            if taker.stp in (e.EXPIRE_TAKER, e.EXPIRE_BOTH):
                break
            if taker.stp == e.DECREMENT:
                wanted -= min(wanted, left)
            continue
        part = min(wanted, shown)
        wanted, executed, money = wanted - part, executed + part, money + maker.spec.price * part // UNIT
        if left > part:
            level_end = sum(other.spec.price == maker.spec.price for other, _, _ in queue)
            queue.insert(level_end, (maker, left - part, min(maker.spec.iceberg, left - part)))
    return executed, money
