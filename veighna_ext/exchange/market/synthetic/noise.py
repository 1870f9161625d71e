"""The noise traders: who hits the book in a step, how much and how far."""

from __future__ import annotations

from typing import Final

from veighna_ext.exchange.enums import BUY, SELL
from veighna_ext.exchange.market.synthetic.chance import FIELD, bits_at

_RUN: Final = 6
"""Steps in which one side mostly hits."""
_AGAINST_THE_RUN: Final = 1 / 5
_ANSWERED: Final = 0.6
_LEAST_PART: Final = 0.5

Hit = tuple[int, float]
"""A side and a volume in steps."""


class NoiseTraders:
    """Buyers and sellers without a plan, in runs of one side."""

    def __init__(self, key: int) -> None:
        self._key = key

    def hits(self, step: int, volume: float) -> list[Hit]:
        """How a step's volume hits the book: mostly one side, sometimes answered by the other."""
        draw = bits_at(self._key, step)
        side = self._side(step, draw % FIELD)
        part = _LEAST_PART + (1 - _LEAST_PART) * ((draw >> 16) % FIELD) / FIELD
        hits = [(side, volume * part)]
        if (draw >> 32) % FIELD < _ANSWERED * FIELD:
            hits.append((SELL - side, volume * (1 - part)))
        return hits

    def _side(self, step: int, chance: int) -> int:
        run = bits_at(self._key + 1, step // _RUN)
        # runs begin at no fixed step: each borrows the end of the one before
        if step % _RUN < run % _RUN:
            run = bits_at(self._key + 1, step // _RUN - 1)
        side = BUY if run >> 63 else SELL
        return SELL - side if chance < _AGAINST_THE_RUN * FIELD else side
