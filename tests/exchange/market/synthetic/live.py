"""A venue with one synthetic market, moved step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.exchange.market.synthetic.paths import path
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.house import quantities
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.synthetic import LISTING, MarketMaker, Moves
from veighna_ext.exchange.market.synthetic.maker import Quote
from veighna_ext.exchange.statistics import Candle
from veighna_ext.exchange.statistics.intervals import SECOND


class Step(NamedTuple):
    """What one step did, and the book after it."""

    time: int
    moves: Moves
    bids: dict[int, int]
    asks: dict[int, int]

    @property
    def spread_bps(self) -> float:
        """Distance of best bid and best ask."""
        return (min(self.asks) - max(self.bids)) / max(self.bids) * 1e4


def assert_house_is_not_crossed(bids: dict[int, int], asks: dict[int, int], quotes: list[Quote]) -> None:
    """Assert that quotes, the ones that take away first, never let the house trade with itself."""
    sides = bids.copy(), asks.copy()
    taken_away = [quote for quote in quotes if quote[2] <= sides[quote[0]].get(quote[1], 0)]
    for side, price, quantity in (*taken_away, *(quote for quote in quotes if quote not in taken_away)):
        if quantity:
            sides[side][price] = quantity
        else:
            del sides[side][price]
        assert not sides[0] or not sides[1] or max(sides[0]) < min(sides[1])


class LiveMarket:
    """The real matching engine with one account, rich in everything, and the house."""

    def __init__(self, symbol: str, start: int, seed: int = 1) -> None:
        self.symbol = symbol
        self.path = path(symbol, seed)
        self.maker = MarketMaker(self.path)
        self.now = start
        self.started = start
        self._exchange = Exchange.in_memory(Setup(listed([symbol]), seed), start)
        self._market = self._exchange.venue.market(symbol)
        funds = {self._market.symbol.base: 10**9 * UNIT, self._market.symbol.quote: 10**9 * UNIT}
        self._exchange.submit(c.OpenAccount(start, funds, 0, 0))

    def steps(self, seconds: float) -> Iterator[Step]:
        """Let some time pass."""
        length = round(SECOND / LISTING[self.symbol].steps_per_second)
        for _ in range(round(seconds * SECOND / length)):
            bids, asks = (quantities(self._market, side) for side in (enums.BUY, enums.SELL))
            moves = self.maker.moves(self.maker.step_at(self.now), self.now, bids, asks)
            assert_house_is_not_crossed(bids, asks, moves.quotes)
            self._exchange.submit(c.MarketMoves(self.now, self.symbol, moves.quotes, moves.hits))
            assert not self._market.book.is_crossed
            bids, asks = (quantities(self._market, side) for side in (enums.BUY, enums.SELL))
            yield Step(self.now, moves, bids, asks)
            self.now += length

    def run(self, seconds: float) -> list[Step]:
        """Let some time pass; every step of it."""
        return list(self.steps(seconds))

    def place(self, side: int, kind: int, quantity: int, price: int = 0) -> Order:
        """An order of the account."""
        spec = c.OrderSpec(side, kind, quantity=quantity, price=price)
        order = self._exchange.submit(c.PlaceOrder(self.now, 1, self.symbol, spec))
        assert isinstance(order, Order)
        return order

    def minutes(self) -> list[Candle]:
        """The finished minutes that traded."""
        candles = self._exchange.records[self.symbol].candles.query(
            "1m", self.now, start=self.started, limit=1000
        )
        return candles[:-1]
