"""What is wrong with a tape: the first findings of each kind with their lines, and how many there are."""

from __future__ import annotations

import enum
from bisect import bisect_left, bisect_right
from typing import NamedTuple


class Kind(str, enum.Enum):
    """The kinds of findings."""

    GAP = "gap"
    """Numbers or bars are missing; played as silence."""
    SILENCE = "silence"
    """No trade for long although none is missing; played as it is."""
    DUPLICATE = "duplicate"
    """The same row again; dropped."""
    OUT_OF_ORDER = "out_of_order"
    """A little behind its time; put in its place."""
    MISPLACED = "misplaced"
    """Too far from its place to be put there; dropped."""
    UNPARSABLE = "unparsable"
    """Not readable as a row; skipped."""
    DAMAGED = "damaged"
    """The rest of the file cannot be read."""


class Finding(NamedTuple):
    """One thing found; in a Parquet file the line is the row's number."""

    kind: Kind
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


class TapeReport:
    """Collects findings; a line that is read again after a seek or in a loop is not counted again."""

    def __init__(self, keep: int = 20) -> None:
        self.counts: dict[Kind, int] = dict.fromkeys(Kind, 0)
        self._keep = keep
        self._findings: dict[Kind, list[Finding]] = {kind: [] for kind in Kind}
        self._examined: dict[str, list[tuple[int, int]]] = {}
        """Per file the stretches of lines already examined, without their ends, ascending and apart."""

    @property
    def lines(self) -> int:
        """How many different lines have been examined."""
        return sum(end - first for stretches in self._examined.values() for first, end in stretches)

    def findings(self, kind: Kind | None = None) -> list[Finding]:
        """The findings kept, of one kind or of all."""
        kinds = Kind if kind is None else (kind,)
        return [finding for each in kinds for finding in self._findings[each]]

    def add(self, kind: Kind, file: str, line: int, text: str, *values: object) -> None:
        """Count a finding and keep it if it is among the first; `values` fill the text's places."""
        if self._is_examined(file, line):
            return
        self.counts[kind] += 1
        kept = self._findings[kind]
        if len(kept) < self._keep:
            kept.append(Finding(kind, file, line, text.format(*values)))

    def examined(self, file: str, first: int, end: int) -> None:
        """All lines from `first` to before `end` have been looked at and their findings added."""
        stretches = self._examined.setdefault(file, [])
        at = until = bisect_left(stretches, first, key=lambda stretch: stretch[1])
        while until < len(stretches) and stretches[until][0] <= end:
            first, end = min(first, stretches[until][0]), max(end, stretches[until][1])
            until += 1
        stretches[at:until] = [(first, end)]

    def _is_examined(self, file: str, line: int) -> bool:
        stretches = self._examined.get(file, [])
        at = bisect_right(stretches, line, key=lambda stretch: stretch[0]) - 1
        return at >= 0 and line < stretches[at][1]
