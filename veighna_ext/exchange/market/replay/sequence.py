"""Rows put into the order they are played in, with what is missing, repeated or out of place reported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable
from itertools import islice
from operator import lt, sub
from typing import NamedTuple

from veighna_ext.exchange.market.replay.prints import Bar, TapePrint
from veighna_ext.exchange.market.replay.report import Kind, TapeReport
from veighna_ext.exchange.market.replay.rows import Part, Rows
from veighna_ext.exchange.market.replay.texts import span_text, time_text


class Rules(NamedTuple):
    """What order means on a tape."""

    window: int
    """Rows are sorted within so many microseconds; one further from its place is dropped."""
    stride: int
    """How far apart the numbers of neighbours are; 0 where rows are not numbered."""
    longest_silence: int
    number_is_unique: bool
    """Whether a number that comes again is a duplicate whatever else the row says."""


_NO_ROWS = Rows([], [], [], [])


class Progress(NamedTuple):
    """How far a tape has been read."""

    newest: int = 0
    """The latest time among the rows taken in."""
    last_number: int = -1
    """The highest number among them."""
    waiting: Rows = _NO_ROWS
    """The row that waits for its successor."""


class Sequencer:
    """
    Takes rows as they are in the file and gives them in the order of their time, then of their number.

    A row waits until no row that belongs before it can come, that is until the tape is `window` further. The
    newest row waits for its successor as well: one that jumps ahead of a tape that goes on where it was is
    itself out of place, and taking its time for the tape's would drop everything after it.
    """

    def __init__(self, report: TapeReport, rules: Rules, progress: Progress) -> None:
        self._report = report
        self._rules = rules
        self._newest = progress.newest
        self._top_number = progress.last_number
        self._released_number = progress.last_number
        self._released_time = progress.newest
        self._floor = 0
        """The time of what has been given out for good: nothing earlier can be put in its place any more."""
        self._edge: set[Hashable] = set()
        """The rows of that very time, which the next file may repeat."""
        self._file = ""
        self._first_line = self._end_line = 0
        self._waiting = progress.waiting
        self._lines: list[int] = []
        self._numbers: list[int] = []
        self._times: list[int] = []
        self._items: list[TapePrint | Bar] = []

    @property
    def progress(self) -> Progress:
        """How far the tape has been taken in."""
        return Progress(self._newest, self._top_number, self._waiting)

    @property
    def latest(self) -> int:
        """The latest time of all rows, the waiting one included."""
        return max([self._newest, *self._waiting.times])

    def accept(self, file: str, part: Part) -> list[TapePrint | Bar]:
        """Take the next rows in; returns those whose turn has come."""
        rows = part.rows
        if not self._file:
            self._file, self._first_line = file, part.lines.start
        self._end_line = part.lines.stop
        if not rows.times:
            return []
        lines, numbers = [*self._waiting.lines, *rows.lines], [*self._waiting.ids, *rows.ids]
        times, items = [*self._waiting.times, *rows.times], [*self._waiting.items, *rows.items]
        self._waiting = Rows([lines.pop()], [numbers.pop()], [times.pop()], [items.pop()])
        if self._are_in_order(numbers, times, self._waiting.times[0]):
            self._lines += lines
            self._numbers += numbers
            self._times += times
            self._items += items
            if times:
                self._newest, self._top_number = times[-1], numbers[-1]
        else:
            self._sort_in(Rows(lines, numbers, times, items), self._waiting.times[0])
        given = self._release(bisect_left(self._times, self._newest - self._rules.window))
        # a row that waited since an earlier reading lies before the first line of this one
        examined = max(self._first_line, min([*self._lines, *self._waiting.lines]))
        self._report.examined(file, self._first_line, examined)
        return given

    def end_file(self) -> list[TapePrint | Bar]:
        """No row of this file comes any more; returns all that were kept back."""
        if not self._file:
            return []
        last, self._waiting = self._waiting, _NO_ROWS
        if last.times:
            self._sort_in(last, last.times[0])
        last_instant = bisect_left(self._times, self._newest)
        self._edge = set(map(self._identity, self._numbers[last_instant:], self._items[last_instant:]))
        given = self._release(len(self._times))
        self._report.examined(self._file, self._first_line, self._end_line)
        self._floor = self._newest
        self._file = ""
        return given

    def _are_in_order(self, numbers: list[int], times: list[int], next_time: int) -> bool:
        if not times:
            return True
        if not self._newest <= times[0] <= times[-1] <= next_time or times != sorted(times):
            return False
        if not self._rules.stride:
            return True
        return numbers[0] > self._top_number and _are_rising(numbers)

    def _sort_in(self, rows: Rows, next_time: int) -> None:
        window, numbered = self._rules.window, bool(self._rules.stride)
        seen = self._edge.union(map(self._identity, self._numbers, self._items))
        following = [*rows.times[1:], next_time]
        for line, number, time, item, after in zip(*rows, following, strict=True):
            newest = self._newest
            if time < max(newest - window, self._floor):
                self._found(
                    Kind.MISPLACED, line, "{} behind the rows before it; dropped", span_text(newest - time)
                )
                continue
            if time > newest + window and newest - window <= after < time - window:
                self._found(
                    Kind.MISPLACED, line, "{} ahead of the row after it; dropped", span_text(time - after)
                )
                continue
            if numbered:
                identity = self._identity(number, item)
                if identity in seen:
                    self._found(
                        Kind.DUPLICATE, line, "the same as a row before it ({}); dropped", time_text(time)
                    )
                    continue
                seen.add(identity)
            if (time, number) < (newest, self._top_number):
                self._found(Kind.OUT_OF_ORDER, line, "{} late; put in its place", span_text(newest - time))
            self._newest = max(newest, time)
            self._top_number = max(self._top_number, number)
            self._lines.append(line)
            self._numbers.append(number)
            self._times.append(time)
            self._items.append(item)
        places = sorted(range(len(self._times)), key=lambda at: (self._times[at], self._numbers[at]))
        self._lines = [self._lines[at] for at in places]
        self._numbers = [self._numbers[at] for at in places]
        self._times = [self._times[at] for at in places]
        self._items = [self._items[at] for at in places]

    def _identity(self, number: int, item: TapePrint | Bar) -> Hashable:
        return number if self._rules.number_is_unique else (number, item)

    def _release(self, count: int) -> list[TapePrint | Bar]:
        given = self._items[:count]
        if given:
            self._look_for_gaps(self._lines[:count], self._numbers[:count], self._times[:count])
            for column in (self._lines, self._numbers, self._times, self._items):
                del column[:count]
        return given

    def _look_for_gaps(self, lines: list[int], numbers: list[int], times: list[int]) -> None:
        stride, silence = self._rules.stride, self._rules.longest_silence
        top = self._released_number if self._released_number >= 0 else numbers[0] - stride
        before = self._released_time or times[0]
        self._released_number, self._released_time = max(top, *numbers), times[-1]
        is_complete = not stride or (
            numbers[-1] - top == stride * len(numbers) and _are_rising([top, *numbers])
        )
        if is_complete and max(map(sub, times, [before, *times])) <= silence:
            return
        for line, number, time in zip(lines, numbers, times, strict=True):
            missing = (number - top) // stride - 1 if stride else 0
            if missing > 0:
                self._found(Kind.GAP, line, "{} missing before it, after {}", missing, time_text(before))
            elif time - before > silence:
                self._found(Kind.SILENCE, line, "nothing for {} before it", span_text(time - before))
            top, before = max(top, number), time

    def _found(self, kind: Kind, line: int, text: str, *values: object) -> None:
        self._report.add(kind, self._file, line, text, *values)


def _are_rising(numbers: list[int]) -> bool:
    return all(map(lt, numbers, islice(numbers, 1, None)))
