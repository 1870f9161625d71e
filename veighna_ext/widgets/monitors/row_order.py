"""A sorted sequence of row numbers that stays cheap to change at any size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

BLOCK = 512


class RowOrder:
    """Row numbers sorted by rank, then by arrival; by arrival alone without ranks.

    Blocks keep every insertion, removal and look-up independent of how many rows there are, where one long
    list would move half of itself for each change.
    """

    def __init__(self, ranks: Mapping[int, Any] | None = None, numbers: Sequence[int] = ()) -> None:
        """`numbers` must already be in order."""
        self._ranks = ranks
        self._blocks = [list(numbers[start:start + BLOCK]) for start in range(0, len(numbers), BLOCK)]
        self._count = len(numbers)
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        for block in self._blocks:
            yield from block

    def add(self, number: int) -> None:
        """Put a row where its rank belongs."""
        self._starts = None
        self._count += 1
        if not self._blocks:
            self._blocks.append([number])
            return
        if self._ranks is None and number > self._blocks[-1][-1]:
            place = len(self._blocks) - 1
            block = self._blocks[place]
            block.append(number)
        else:
            place = min(self._block_of(number), len(self._blocks) - 1)
            block = self._blocks[place]
            block.insert(self._place_in(block, number), number)
        if len(block) > 2 * BLOCK:
            self._blocks[place:place + 1] = [block[:BLOCK], block[BLOCK:]]

    def remove(self, number: int) -> None:
        """Take out a row whose rank has not changed since it was added."""
        place, offset = self._find(number)
        self._starts = None
        self._count -= 1
        block = self._blocks[place]
        del block[offset]
        if not block:
            del self._blocks[place]

    def position(self, number: int) -> int:
        """How many rows come before this one."""
        place, offset = self._find(number)
        return self._block_starts()[place] + offset

    def part(self, start: int, stop: int) -> list[int]:
        """The rows from position `start` up to, not including, `stop`."""
        found: list[int] = []
        start, stop = max(start, 0), min(stop, self._count)
        if start >= stop:
            return found
        starts = self._block_starts()
        place = bisect_left(starts, start + 1) - 1
        while len(found) < stop - start:
            skip = max(start - starts[place], 0)
            found.extend(self._blocks[place][skip:skip + stop - start - len(found)])
            place += 1
        return found

    def keeps_place(self, number: int, rank: Any) -> bool:
        """Would the row stay where it is with a new rank?"""
        assert self._ranks is not None
        place, offset = self._find(number)
        before, after = self._neighbours(place, offset)
        entry = (rank, number)
        return (before is None or (self._ranks[before], before) < entry) and (
            after is None or entry < (self._ranks[after], after)
        )

    def _neighbours(self, place: int, offset: int) -> tuple[int | None, int | None]:
        blocks = self._blocks
        before: int | None = None
        after: int | None = None
        if offset > 0:
            before = blocks[place][offset - 1]
        elif place > 0:
            before = blocks[place - 1][-1]
        if offset + 1 < len(blocks[place]):
            after = blocks[place][offset + 1]
        elif place + 1 < len(blocks):
            after = blocks[place + 1][0]
        return before, after

    def _find(self, number: int) -> tuple[int, int]:
        place = self._block_of(number)
        if place < len(self._blocks):
            block = self._blocks[place]
            offset = self._place_in(block, number)
            if offset < len(block) and block[offset] == number:
                return place, offset
        raise KeyError(number)

    def _block_of(self, number: int) -> int:
        ranks = self._ranks
        if ranks is None:
            return bisect_left(self._blocks, number, key=lambda block: block[-1])
        entry = (ranks[number], number)
        return bisect_left(self._blocks, entry, key=lambda block: (ranks[block[-1]], block[-1]))

    def _place_in(self, block: list[int], number: int) -> int:
        ranks = self._ranks
        if ranks is None:
            return bisect_left(block, number)
        return bisect_left(block, (ranks[number], number), key=lambda other: (ranks[other], other))

    def _block_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *accumulate(map(len, self._blocks))][:-1]
        return self._starts
