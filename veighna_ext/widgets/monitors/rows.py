"""The rows of one table: what each holds, in which order they stand, which a filter lets through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from veighna_ext.widgets.monitors.cell_text import RankOf
from veighna_ext.widgets.monitors.query import Query
from veighna_ext.widgets.monitors.row_order import RowOrder

SLICE = 500


@dataclass(frozen=True)
class Sort:
    """By which column the rows stand, and from which end."""

    column: int
    descending: bool = False


@dataclass
class Arrangement:
    """One way to show the rows; without a sort the newest comes first."""

    sort: Sort | None
    query: Query | None
    ranks: dict[int, Any] | None
    everything: RowOrder
    shown: RowOrder
    matching: set[int] | None

    @property
    def descending(self) -> bool:
        return self.sort is None or self.sort.descending

    def shows(self, number: int) -> bool:
        return self.matching is None or number in self.matching


@dataclass
class Batch:
    """What some arrivals change: looked at first, so that the model can announce it, then carried out."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    moved: dict[int, Any] = field(default_factory=dict)
    appearing: list[int] = field(default_factory=list)
    vanishing: list[int] = field(default_factory=list)


class Rows:
    """Data objects by row number, which counts arrivals; a later object of a key replaces its row's."""

    def __init__(
        self,
        ranks_of: Sequence[RankOf],
        key: str = "",
        keep: Callable[[Any], bool] | None = None,
        limit: int = 0,
    ) -> None:
        """`keep` says which objects have a row at all; above `limit` rows (0: no limit) the oldest go."""
        self.data: dict[int, Any] = {}
        self.arrangement = Arrangement(None, None, None, order := RowOrder(), order, None)
        self._ranks_of = ranks_of
        self._key = key
        self._keep = keep
        self._limit = limit
        self._number_of: dict[Any, int] = {}
        self._next = 0
        self._oldest = 0
        self._touched: set[int] | None = None

    def __len__(self) -> int:
        return len(self.arrangement.shown)

    def at(self, position: int) -> int:
        """The number of the row shown at a position from the top."""
        return self.between(position, position + 1)[0]

    def between(self, start: int, stop: int) -> list[int]:
        """The numbers of the rows shown from position `start` up to, not including, `stop`."""
        shown = self.arrangement.shown
        if not self.arrangement.descending:
            return shown.part(start, stop)
        count = len(shown)
        return shown.part(count - stop, count - start)[::-1]

    def position(self, number: int) -> int | None:
        """Where from the top a row is shown, if it is."""
        if number not in self.data or not self.arrangement.shows(number):
            return None
        shown = self.arrangement.shown
        place = shown.position(number)
        return len(shown) - 1 - place if self.arrangement.descending else place

    def all_shown(self) -> list[int]:
        """The numbers of all shown rows from the top."""
        return self.between(0, len(self))

    def absorb(self, arrivals: Iterable[Any]) -> Batch:
        """Take in data objects and say what that changes; nothing shown moves before `leave` and `settle`."""
        new: dict[int, None] = {}
        changed: dict[int, None] = {}
        gone: dict[int, None] = {}
        for data in arrivals:
            key = getattr(data, self._key) if self._key else self._next
            number = self._number_of.get(key) if self._key else None
            wanted = self._keep is None or self._keep(data)
            if number is None:
                if wanted:
                    new[self._open_row(key, data)] = None
            elif wanted:
                self.data[number] = data
                if number not in new:
                    changed[number] = None
            else:
                del self._number_of[key]
                changed.pop(number, None)
                if number in new:
                    del new[number], self.data[number]
                else:
                    gone[number] = None
        batch = Batch(new=list(new), changed=list(changed), gone=list(gone))
        self._drop_oldest(batch)
        large = self._is_large(batch.changed)
        for number in batch.changed:
            self._look_at(number, batch, large)
        if self._touched is not None:
            self._touched.update(new, changed, batch.gone)
        return batch

    def leave(self, batch: Batch) -> None:
        """Take the rows that go or no longer pass the filter out of what is shown."""
        now = self.arrangement
        for number in batch.vanishing:
            now.shown.remove(number)
            if now.matching is not None:
                now.matching.discard(number)
        for number in batch.gone:
            if now.shown is not now.everything and now.shows(number):
                now.shown.remove(number)
            now.everything.remove(number)
            del self.data[number]
            if now.ranks is not None:
                del now.ranks[number]
            if now.matching is not None:
                now.matching.discard(number)

    def settle(self, batch: Batch) -> None:
        """Put new, moved and newly passing rows where they belong."""
        now = self.arrangement
        if self._is_large(batch.moved):
            self._sort_again(batch.moved)
        else:
            for number, rank in batch.moved.items():
                self._move(number, rank)
        for number in batch.appearing:
            now.shown.add(number)
            if now.matching is not None:
                now.matching.add(number)
        for number in batch.new:
            self._place(now, number)

    def rearranged(self, sort: Sort | None, query: Query | None) -> Generator[None, None, Arrangement]:
        """Prepare another arrangement bit by bit while the present one goes on; its result is for `adopt`."""
        self._touched = set()
        old = self.arrangement
        if sort == old.sort or (sort and old.sort and sort.column == old.sort.column):
            ranks, numbers = old.ranks, list(old.everything)
            if ranks is not None:
                ranks = dict(ranks)
        elif sort is None:
            ranks, numbers = None, list(self.data)
        else:
            ranks, numbers = yield from self._ranked(sort)
        if query is None:
            found = None
        elif query.narrows(old.query) and old.matching is not None:
            found = yield from self._found(query, sorted(old.matching))
        else:
            # in order of arrival, however the rows are sorted: memory is read several times faster that way
            found = yield from self._found(query, list(self.data))
        stale = self._touched
        if ranks is not None:
            for number in stale:
                ranks.pop(number, None)
        numbers = [number for number in numbers if number not in stale and number in self.data]
        everything = RowOrder(ranks, numbers)
        if found is None:
            fresh = Arrangement(sort, query, ranks, everything, everything, None)
        else:
            found -= stale
            shown = [number for number in numbers if number in found]
            fresh = Arrangement(sort, query, ranks, everything, RowOrder(ranks, shown), set(shown))
        for number in stale:
            if number in self.data:
                self._place(fresh, number)
        return fresh

    def adopt(self, arrangement: Arrangement) -> None:
        """Show the rows in a prepared arrangement from now on."""
        self.arrangement = arrangement
        self._touched = None

    def clear(self) -> None:
        """Forget every row; sort and filter stay."""
        self.data.clear()
        self._number_of.clear()
        self._oldest = self._next
        now = self.arrangement
        ranks: dict[int, Any] | None = None if now.ranks is None else {}
        order = RowOrder(ranks)
        shown, matching = (order, None) if now.matching is None else (RowOrder(ranks), set[int]())
        self.arrangement = Arrangement(now.sort, now.query, ranks, order, shown, matching)

    def _open_row(self, key: Any, data: Any) -> int:
        number = self._next
        self._next += 1
        self.data[number] = data
        if self._key:
            self._number_of[key] = number
        return number

    def _drop_oldest(self, batch: Batch) -> None:
        if not self._limit:
            return
        excess = len(self.data) - self._limit
        if excess <= 0:
            return
        first_new = batch.new[0]
        doomed = range(self._oldest, self._oldest + excess)
        self._oldest += excess
        batch.gone.extend(number for number in doomed if number < first_new)
        for number in doomed[len(batch.gone):]:
            del self.data[number]
        batch.new = [number for number in batch.new if number >= self._oldest]

    def _is_large(self, part: Collection[int]) -> bool:
        """Is it so much of the table that sorting everything again is cheaper than moving row by row?"""
        return 8 * len(part) > len(self.arrangement.everything)

    def _look_at(self, number: int, batch: Batch, large: bool) -> None:
        now = self.arrangement
        data = self.data[number]
        if now.sort is not None and now.ranks is not None:
            rank = self._ranks_of[now.sort.column](data)
            if rank != now.ranks[number]:
                if not large and now.everything.keeps_place(number, rank):
                    now.ranks[number] = rank
                else:
                    batch.moved[number] = rank
        if now.query is not None:
            passes = now.query(data)
            if passes != now.shows(number):
                (batch.appearing if passes else batch.vanishing).append(number)

    def _move(self, number: int, rank: Any) -> None:
        now = self.arrangement
        assert now.ranks is not None
        orders = [now.everything]
        if now.matching is not None and number in now.matching:
            orders.append(now.shown)
        for order in orders:
            order.remove(number)
        now.ranks[number] = rank
        for order in orders:
            order.add(number)

    def _sort_again(self, moved: dict[int, Any]) -> None:
        now = self.arrangement
        assert now.ranks is not None
        now.ranks.update(moved)
        numbers = sorted((number for number in self.data if number in now.ranks), key=now.ranks.__getitem__)
        now.everything = now.shown = RowOrder(now.ranks, numbers)
        if now.matching is not None:
            now.shown = RowOrder(now.ranks, [number for number in numbers if number in now.matching])

    def _place(self, arrangement: Arrangement, number: int) -> None:
        data = self.data[number]
        if arrangement.sort is not None and arrangement.ranks is not None:
            arrangement.ranks[number] = self._ranks_of[arrangement.sort.column](data)
        arrangement.everything.add(number)
        if arrangement.matching is not None and arrangement.query is not None and arrangement.query(data):
            arrangement.shown.add(number)
            arrangement.matching.add(number)

    def _ranked(self, sort: Sort) -> Generator[None, None, tuple[dict[int, Any], list[int]]]:
        rank_of = self._ranks_of[sort.column]
        numbers = list(self.data)
        ranks: dict[int, Any] = {}
        ordered: list[int] = []
        for start in range(0, len(numbers), 10 * SLICE):
            part = [number for number in numbers[start:start + 10 * SLICE] if number in self.data]
            ranks.update((number, rank_of(self.data[number])) for number in part)
            ordered += sorted(part, key=ranks.__getitem__)
            yield
        # merging sorted runs is quick, and stable: rows of equal rank keep their order of arrival
        ordered.sort(key=ranks.__getitem__)
        return ranks, ordered

    def _found(self, query: Query, numbers: list[int]) -> Generator[None, None, set[int]]:
        found: set[int] = set()
        for start in range(0, len(numbers), SLICE):
            found.update(
                number for number in numbers[start:start + SLICE]
                if (data := self.data.get(number)) is not None and query(data)
            )
            yield
        return found
