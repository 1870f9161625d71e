"""One symbol's book: price levels in order, and in each level the orders in the order they came."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sortedcontainers import SortedList

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order import Order


class Level(msgspec.Struct, eq=False):
    """The queue at one price, oldest order first."""

    price: int
    quantity: int = 0
    """Everything that can be executed here, hidden parts of icebergs included."""
    hidden: int = 0
    orders: int = 0
    oldest: Order | None = None
    newest: Order | None = None

    @property
    def shown(self) -> int:
        """What the market sees at this price."""
        return self.quantity - self.hidden

    def __iter__(self) -> Iterator[Order]:
        order = self.oldest
        while order is not None:
            following = order.newer
            yield order
            order = following


def shrink(order: Order, removed: int) -> None:
    """Give an open order less to do, where it stands; an iceberg shows no more than what is left."""
    order.left -= removed
    level = order.level
    if level is None:
        return
    level.quantity -= removed
    conditions = order.conditions
    if conditions is not None and conditions.iceberg:
        level.hidden -= order.left + removed - conditions.shown
        conditions.shown = min(conditions.shown, order.left)
        level.hidden += order.left - conditions.shown


class BookSide:
    """All levels of one side; ``best`` is the level that trades first."""

    __slots__ = ("_keys", "_sign", "best", "levels", "side")

    def __init__(self, side: int) -> None:
        self.side = side
        self.levels: dict[int, Level] = {}
        self.best: Level | None = None
        self._sign = -1 if side == enums.BUY else 1
        self._keys: SortedList[int] = SortedList()

    def add(self, order: Order) -> Level:
        """Put an order at the end of its price's queue."""
        price = order.price
        level = self.levels.get(price)
        if level is None:
            level = self.levels[price] = Level(price)
            self._keys.add(self._sign * price)
            best = self.best
            if best is None or (price > best.price) == (self._sign < 0):
                self.best = level
        newest = level.newest
        if newest is None:
            level.oldest = order
        else:
            newest.newer = order
            order.older = newest
        level.newest = order
        level.orders += 1
        level.quantity += order.left
        order.level = level
        conditions = order.conditions
        if conditions is not None and conditions.iceberg:
            conditions.shown = min(conditions.iceberg, order.left)
            level.hidden += order.left - conditions.shown
        return level

    def put_back(self, order: Order) -> None:
        """Queue an order again as it stood before a restart: an iceberg shows what it showed."""
        conditions = order.conditions
        shown = conditions.shown if conditions is not None else 0
        level = self.add(order)
        if conditions is not None and conditions.iceberg:
            level.hidden += conditions.shown - shown
            conditions.shown = shown

    def remove(self, order: Order) -> Level:
        """Take an order out of its queue, wherever it stands."""
        level = order.level
        assert level is not None
        older, newer = order.older, order.newer
        if older is None:
            level.oldest = newer
        else:
            older.newer = newer
            order.older = None
        if newer is None:
            level.newest = older
        else:
            newer.older = older
            order.newer = None
        order.level = None
        level.orders -= 1
        level.quantity -= order.left
        conditions = order.conditions
        if conditions is not None and conditions.iceberg:
            level.hidden -= order.left - conditions.shown
            conditions.shown = 0
        if level.oldest is None:
            self._drop(level)
        return level

    def to_the_end(self, order: Order) -> None:
        """An iceberg whose shown part is used up shows the next one, behind everybody else."""
        level = order.level
        conditions = order.conditions
        assert level is not None
        assert conditions is not None
        shown = min(conditions.iceberg, order.left)
        level.hidden -= shown
        conditions.shown = shown
        if level.newest is order:
            return
        older, newer, newest = order.older, order.newer, level.newest
        assert newer is not None
        assert newest is not None
        newer.older = older
        if older is None:
            level.oldest = newer
        else:
            older.newer = newer
        newest.newer = order
        order.older = newest
        order.newer = None
        level.newest = order

    def _drop(self, level: Level) -> None:
        del self.levels[level.price]
        keys = self._keys
        if level is self.best:
            del keys[0]
            self.best = self.levels[self._sign * keys[0]] if keys else None
        else:
            keys.remove(self._sign * level.price)

    def __iter__(self) -> Iterator[Level]:
        """Levels from the best on."""
        sign, levels = self._sign, self.levels
        for key in self._keys:
            yield levels[sign * key]

    def orders(self) -> Iterator[Order]:
        """Every resting order, in the order they would trade."""
        for level in self:
            yield from level


class Book:
    """Both sides of one symbol."""

    __slots__ = ("asks", "bids", "sides")

    def __init__(self) -> None:
        self.bids = BookSide(enums.BUY)
        self.asks = BookSide(enums.SELL)
        self.sides = (self.bids, self.asks)

    @property
    def is_crossed(self) -> bool:
        """Whether a buyer bids what a seller asks: never, between two commands."""
        bid, ask = self.bids.best, self.asks.best
        return bid is not None and ask is not None and bid.price >= ask.price
