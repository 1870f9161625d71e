"""
Where the market maker quotes: fixed places on the price axis, one in each cell, so that levels stand still.

Near the price every cell has a level, farther away every fourth, then every sixteenth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import Final

from veighna_ext.exchange.enums import BUY
from veighna_ext.exchange.market.synthetic.chance import FIELD, bits_at

_NEAR: Final = 16
_MIDDLE: Final = 8
_FAR: Final = 6
_MIDDLE_CELLS: Final = 4
_FAR_CELLS: Final = 16
_NEAR_KEPT: Final = 22
_MIDDLE_KEPT: Final = _NEAR + (_MIDDLE + 3) * _MIDDLE_CELLS
_FAR_KEPT: Final = _NEAR + _MIDDLE * _MIDDLE_CELLS + (_FAR + 2) * _FAR_CELLS
_DEPTH_PER_CELL: Final = 0.14
_DEEPEST: Final = 6.0
_REMEMBERED: Final = 4_000
_UNEVEN: Final = tuple(math.exp(0.55 * NormalDist().inv_cdf((place + 0.5) / 256)) for place in range(256))


class Ladder:
    """
    The places of one symbol's levels for cells of a given width in ticks.

    `touch` is how much rests at the best level, as a multiple of what trades in a step.
    """

    def __init__(self, key: int, width: int, tick: int, touch: float) -> None:
        self.width = width
        self._key = key
        self._tick = tick
        self._touch = touch
        self._deepest = _DEEPEST * max(touch, 1.0)
        self._places: dict[int, tuple[int, float]] = {}
        self._cells: dict[int, int | None] = {}
        self._wanted: dict[tuple[int, int], tuple[int, ...]] = {}

    def _place(self, cell: int) -> tuple[int, float]:
        place = self._places.get(cell)
        if place is None:
            if len(self._places) >= _REMEMBERED:
                self._places.clear()
            draw = bits_at(self._key, cell)
            price = (cell * self.width + draw % FIELD % self.width) * self._tick
            place = self._places[cell] = price, _UNEVEN[draw >> 56]
        return place

    def price(self, cell: int) -> int:
        """Where a cell has its level."""
        return self._place(cell)[0]

    def cells(self, prices: Iterable[int]) -> list[int | None]:
        """The cells whose levels are at these prices; None where a price is no level's."""
        known = self._cells
        try:
            return [known[price] for price in prices]
        except KeyError:
            return [self._cell_of(price) for price in prices]

    def _cell_of(self, price: int) -> int | None:
        if len(self._cells) >= _REMEMBERED:
            self._cells.clear()
        cell = price // self._tick // self.width
        self._cells[price] = found = cell if self.price(cell) == price else None
        return found

    def first(self, side: int, limit: float) -> int:
        """The cell of the best level that is not beyond a limit in ticks."""
        cell = math.floor(limit / self.width)
        place = self.price(cell)
        if side == BUY:
            return cell if place <= limit * self._tick else cell - 1
        return cell if place >= limit * self._tick else cell + 1

    def wanted(self, side: int, first: int) -> tuple[int, ...]:
        """The cells that have a level, best first."""
        cells = self._wanted.get((side, first))
        if cells is None:
            if len(self._wanted) >= _REMEMBERED:
                self._wanted.clear()
            cells = self._wanted[side, first] = _cells_behind(-1 if side == BUY else 1, first)
        return cells

    def keeps(self, cell: int, distance: int) -> bool:
        """Whether a level may stay so many cells behind the best one, a little farther than new ones go."""
        if distance < _NEAR_KEPT:
            return True
        if cell % _MIDDLE_CELLS:
            return False
        return distance < _MIDDLE_KEPT or (cell % _FAR_CELLS == 0 and distance < _FAR_KEPT)

    def depth(self, cell: int, distance: int) -> float:
        """How much rests at a level, as a multiple of what trades in a step."""
        return min(self._touch + _DEPTH_PER_CELL * max(distance, 0), self._deepest) * self._place(cell)[1]


def _cells_behind(sign: int, first: int) -> tuple[int, ...]:
    near = [first + sign * number for number in range(_NEAR)]
    start = _next(first + sign * _NEAR, _MIDDLE_CELLS, sign)
    middle = [start + sign * _MIDDLE_CELLS * number for number in range(_MIDDLE)]
    start = _next(middle[-1] + sign, _FAR_CELLS, sign)
    far = [start + sign * _FAR_CELLS * number for number in range(_FAR)]
    return tuple(cell for cell in (*near, *middle, *far) if cell > 0)


def _next(cell: int, grid: int, sign: int) -> int:
    """The first cell of a coarser grid at or behind a cell."""
    return cell // grid * grid if sign < 0 else -(-cell // grid) * grid
