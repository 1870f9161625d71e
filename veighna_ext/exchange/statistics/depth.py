"""Changes of the visible book, numbered as clients need them to keep a copy of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from veighna_ext.exchange.enums import BUY


class BookTicker(NamedTuple):
    """The best prices and their quantities; 0 where a side is empty."""

    update_id: int
    bid: int
    bid_quantity: int
    ask: int
    ask_quantity: int


class DepthDiff(NamedTuple):
    """New quantities of the levels that changed, 0 for a level that is gone; best prices first."""

    first_id: int
    last_id: int
    bids: list[tuple[int, int]]
    asks: list[tuple[int, int]]


def joined_diffs(diffs: Iterable[DepthDiff]) -> DepthDiff | None:
    """Consecutive diffs as one, for those who are told less often."""
    kept = list(diffs)
    if not kept:
        return None
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    for diff in kept:
        bids.update(diff.bids)
        asks.update(diff.asks)
    return _diff(kept[0].first_id, kept[-1].last_id, bids, asks)


def _diff(first_id: int, last_id: int, bids: dict[int, int], asks: dict[int, int]) -> DepthDiff:
    return DepthDiff(first_id, last_id, sorted(bids.items(), reverse=True), sorted(asks.items()))


class DepthUpdates:
    """
    Numbers every change of a level and collects them between two drains.

    One counter serves snapshots, diffs and best prices: a client applies a diff whose first id follows its
    own. It counts levels, not commands: nobody has to say where a command ends, no number stays unused, each
    diff begins right after the last one, and no two changes of the best price share an id.
    """

    __slots__ = ("_asks", "_best", "_bids", "_drained", "_is_collecting", "update_id")

    def __init__(self) -> None:
        self.update_id = 0
        """The id of the last change: a depth snapshot's lastUpdateId, and all a restart has to keep."""
        self._drained = 0
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._is_collecting = False
        self._best = (0, 0, 0, 0)

    def level_changed(self, side: int, price: int, quantity: int) -> None:
        """A level now shows this quantity; 0 removes it."""
        self.update_id += 1
        if self._is_collecting:
            if side == BUY:
                self._bids[price] = quantity
            else:
                self._asks[price] = quantity

    def collect(self, wanted: bool) -> None:
        """Collect changes from now on, or stop: without a listener they would pile up."""
        self._is_collecting = wanted
        self._drained = self.update_id
        self._bids = {}
        self._asks = {}

    def drain(self) -> DepthDiff | None:
        """The changes since the last drain; none where nothing changed or nothing is collected."""
        if not self._is_collecting or self._drained == self.update_id:
            return None
        diff = _diff(self._drained + 1, self.update_id, self._bids, self._asks)
        self._drained = self.update_id
        self._bids = {}
        self._asks = {}
        return diff

    def restore(self, update_id: int) -> None:
        """Go on from the id in a snapshot; what was collected is of no use to clients of another run."""
        self.update_id = update_id
        self.collect(self._is_collecting)
        self._best = (0, 0, 0, 0)

    def best_changed(self, bid: int, bid_quantity: int, ask: int, ask_quantity: int) -> BookTicker | None:
        """The best prices as the book has them now, if they differ from those of the last call."""
        best = (bid, bid_quantity, ask, ask_quantity)
        if best == self._best:
            return None
        self._best = best
        return BookTicker(self.update_id, *best)
