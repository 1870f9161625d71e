"""The market maker: its ladder follows the price, and the noise traders take what it leaves behind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from veighna_ext.exchange.enums import BUY, SELL
from veighna_ext.exchange.market.synthetic.chance import FIELD, bits_at, key_of
from veighna_ext.exchange.market.synthetic.ladder import Ladder
from veighna_ext.exchange.market.synthetic.noise import NoiseTraders
from veighna_ext.exchange.market.synthetic.path import PricePath
from veighna_ext.exchange.market.synthetic.pulse import PulseOf
from veighna_ext.exchange.market.synthetic.spans import DAY, HOUR, LENGTH, PARTS

Quote = tuple[int, int, int]
"""Side, price and the quantity that shall rest there."""
Hit = tuple[int, int, int]
"""Side, quantity and limit price of an order that fills at once or not at all."""

_SECOND_US: Final = 1_000_000
_DAY_US: Final = LENGTH[DAY] * _SECOND_US
_CELLS_IN_SPREAD: Final = 2.2
_HALF_SPREAD: Final = 0.3
"""Kept free on each side of the price, in cells."""
_WIDEST: Final = 4.0
_WIDENING: Final = 0.5
_THINNING: Final = 0.6
_NEW_LEVELS: Final = 4
"""How many levels a side gets back in one step, unless it is too thin."""
_FEWEST_LEVELS: Final = 24
_SWEPT_AT_MOST: Final = 1.2
_ALSO_FOR_TRADERS: Final = 0.6
_LEAST_NOISE: Final = 0.15
_DEEPEST_REACH: Final = 3
_TOUCH_DEPTH: Final = 1.4
"""What rests at the best level if a step moves the price by one cell, in steps' volumes."""
_THINNEST: Final = 0.35
_DEEPEST: Final = 8.0
_WATCHED: Final = 3
"""Levels next to the price that are kept in shape."""
_DEPLETED: Final = 0.4
_BLOATED: Final = 2.5
_OUT_OF_DATE: Final = 0.3
_BREATH_SECONDS: Final = 20
_BREATH: Final = (0.65, 0.85, 1.0, 1.1, 1.25, 1.5)
_LEAN_SECONDS: Final = 300


class Moves(NamedTuple):
    """What the house does in one step: first its quotes, then the hits."""

    quotes: list[Quote]
    hits: list[Hit]


class _Book:
    """One side of the maker's ladder in a step."""

    __slots__ = ("first", "gone", "side", "sign", "stale", "standing")

    def __init__(self, side: int, first: int) -> None:
        self.side = side
        self.first = first
        self.sign = 1 if side == SELL else -1
        self.standing: dict[int, int] = {}
        """Cells with a level, and its quantity."""
        self.stale: list[tuple[int, int]] = []
        """Prices and quantities the market has gone through, best first."""
        self.gone: list[int] = []
        """Prices to take away."""


class MarketMaker:
    """One symbol's market maker; what it does follows from path, step, time and the quotes it finds."""

    def __init__(self, path: PricePath) -> None:
        parameters = path.parameters
        self._path = path
        self._tick = parameters.tick
        self._step = parameters.step
        self._rate = parameters.steps_per_second
        self._cell = parameters.spread_bps * 1e-4 / _CELLS_IN_SPREAD
        self._key = key_of(path.seed, parameters.symbol, "maker")
        self._noise = NoiseTraders(key_of(path.seed, parameters.symbol, "noise"))
        self._pulse = PulseOf(path)
        self._move = parameters.daily_volatility / math.sqrt(LENGTH[DAY] * self._rate)
        """Standard deviation of the log price in a step."""
        self._day = -1
        self._ladder = Ladder(self._key, 1, self._tick, 1.0)
        self._reach = 1
        """How many levels deep noise traders go."""

    def step_at(self, time: int) -> int:
        """The number of the step that is due at a microsecond."""
        return int(time * self._rate) // _SECOND_US

    def moves(self, step: int, time: int, bids: Mapping[int, int], asks: Mapping[int, int]) -> Moves:
        """What the house does at a time, given what it has resting at each price of each side."""
        pulse = self._pulse.at(time)
        self._follow_day(time)
        ladder = self._ladder
        second = time // _SECOND_US
        # between two ticks, so that a price that stands still does not keep both sides of its tick free
        price = pulse.price + (0.5 if bits_at(self._key + 2, second // _LEAN_SECONDS) & 1 else -0.5)
        excited = max(pulse.stir - 1.0, 0.0)
        half = max(ladder.width * _HALF_SPREAD * min(1.0 + _WIDENING * excited, _WIDEST), 0.5)
        breath = _BREATH[bits_at(self._key + 3, second // _BREATH_SECONDS) % len(_BREATH)]
        usual = pulse.usual_volume * breath / (1.0 + _THINNING * excited)
        draw = bits_at(self._key + 1, step)

        buying = self._look(BUY, bids, price - half, price - half * 0.5)
        selling = self._look(SELL, asks, price + half, price + half * 0.5)
        moves = Moves([], [])
        swept = 0
        for book, limit in ((buying, int(price - half * 0.5) + 1), (selling, int(price + half * 0.5))):
            swept += self._sweep(book, limit, pulse.volume, moves)
            moves.quotes.extend((book.side, gone, 0) for gone in book.gone)
        best_bid = self._best(buying, 0)
        best_ask = self._best(selling, 1 << 62)
        self._renew(buying, best_ask, usual, draw & 0xFFFFFFFF, moves.quotes)
        self._renew(selling, best_bid, usual, draw >> 32, moves.quotes)
        left = max(pulse.volume - swept, pulse.volume * _LEAST_NOISE)
        for side, volume in self._noise.hits(step, left):
            other = selling if side == BUY else buying
            reached = sorted(other.standing, reverse=other.sign < 0)[: self._reach]
            if reached:
                moves.hits.append((side, max(round(volume), 1) * self._step, ladder.price(reached[-1])))
        return moves

    def _follow_day(self, time: int) -> None:
        """Cells as wide as the price at the beginning of the day asks for."""
        day = time // _DAY_US
        if day != self._day:
            self._day = day
            price = float(self._path.ends(HOUR, np.array([day * PARTS[DAY]], dtype=np.int64)).open[0])
            width = max(round(self._cell * price), 1)
            cells_moved = self._move * price / width
            self._ladder = Ladder(
                self._key, width, self._tick, min(max(_TOUCH_DEPTH / cells_moved, _THINNEST), _DEEPEST)
            )
            self._reach = min(int(cells_moved) + 1, _DEEPEST_REACH)

    def _look(self, side: int, quoted: Mapping[int, int], edge: float, through: float) -> _Book:
        """What stands on a side; new levels go up to `edge`, and what is beyond `through` is stale."""
        ladder = self._ladder
        first = ladder.first(side, edge)
        book = _Book(side, first)
        sign, standing = book.sign, book.standing
        passed = through * sign * self._tick
        spare: list[tuple[int, int, int]] = []
        for (price, quantity), cell in zip(quoted.items(), ladder.cells(quoted), strict=True):
            if price * sign < passed:
                book.stale.append((price, quantity))
            elif cell is None:
                book.gone.append(price)
            elif ladder.keeps(cell, (cell - first) * sign):
                standing[cell] = quantity
            else:
                spare.append(((cell - first) * sign, cell, price))
        if spare:
            # after a jump, levels left far behind stay until there are others
            spare.sort()
            lacking = max(_FEWEST_LEVELS - len(standing), 0)
            for _distance, cell, price in spare[:lacking]:
                standing[cell] = quoted[price]
            book.gone.extend(price for _distance, _cell, price in spare[lacking:])
        return book

    def _sweep(self, book: _Book, limit: int, volume: float, moves: Moves) -> int:
        """Let the noise traders buy or sell through what is stale; what they do not want is taken away."""
        if not book.stale:
            return 0
        book.stale.sort(reverse=book.sign < 0)
        budget = max(round(volume * _SWEPT_AT_MOST), 1) * self._step
        swept = 0
        for price, quantity in book.stale:
            if not swept and quantity > budget:
                moves.quotes.append((book.side, price, budget))
                swept = budget
            elif swept + quantity > budget:
                book.gone.append(price)
            else:
                swept += quantity
        traders = max(round(volume * _ALSO_FOR_TRADERS), 1) * self._step
        moves.hits.append((SELL - book.side, swept + traders, limit * self._tick))
        return swept // self._step

    def _best(self, book: _Book, nothing: int) -> int:
        """The best price that stays in the book until the hits."""
        if book.stale:
            return book.stale[0][0]
        if not book.standing:
            return nothing
        return self._ladder.price(min(book.standing) if book.sign > 0 else max(book.standing))

    def _renew(self, book: _Book, opposite: int, usual: float, draw: int, quotes: list[Quote]) -> None:
        """Add levels that are missing, farthest first, and bring some of the others up to date."""
        ladder, sign, first, standing = self._ladder, book.sign, book.first, book.standing
        present = list(standing)
        missing = [cell for cell in ladder.wanted(book.side, first) if cell not in standing]
        if present:
            missing = missing[-max(_NEW_LEVELS, _FEWEST_LEVELS - len(present)) :]
        for cell in missing:
            price = ladder.price(cell)
            if (price - opposite) * sign > 0:
                self._quote(book, cell, usual, quotes)
        if not present:
            return
        refills = draw % FIELD < FIELD // 2
        for cell in sorted(present, reverse=sign < 0)[:_WATCHED]:
            fresh = ladder.depth(cell, (cell - first) * sign) * usual * self._step
            if standing[cell] > fresh * _BLOATED or (refills and standing[cell] < fresh * _DEPLETED):
                self._quote(book, cell, usual, quotes)
        cell = present[(draw >> 16) % len(present)]
        fresh = ladder.depth(cell, (cell - first) * sign) * usual * self._step
        if abs(standing[cell] - fresh) > fresh * _OUT_OF_DATE:
            self._quote(book, cell, usual, quotes)

    def _quote(self, book: _Book, cell: int, usual: float, quotes: list[Quote]) -> None:
        depth = self._ladder.depth(cell, (cell - book.first) * book.sign)
        quantity = max(round(depth * usual), 1) * self._step
        book.standing[cell] = quantity
        quotes.append((book.side, self._ladder.price(cell), quantity))
