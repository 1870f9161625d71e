"""Where in a tape's files which time is, learned while reading."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import NamedTuple

from veighna_ext.exchange.market.replay.blocks import Place
from veighna_ext.exchange.market.replay.sequence import Progress

_MOST_ENTRIES = 4096
_FIRST_DISTANCE = 60_000_000


class Entry(NamedTuple):
    """A place all rows before which are at `time` or earlier."""

    time: int
    file: int
    place: Place
    progress: Progress


class TapeIndex:
    """One place per minute of tape or so; the distance grows with the tape, so that the index does not."""

    def __init__(self, beginnings: list[Entry]) -> None:
        self._beginnings = beginnings
        self._entries: list[Entry] = []
        self._distance = _FIRST_DISTANCE

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Remember a place unless one nearby is known."""
        at = bisect_left(self._entries, entry.time, key=_time)
        neighbours = self._entries[max(0, at - 1) : at + 1]
        if any(abs(entry.time - known.time) < self._distance for known in neighbours):
            return
        insort(self._entries, entry)
        if len(self._entries) > _MOST_ENTRIES:
            self._distance *= 2
            del self._entries[1::2]

    def before(self, time: int) -> Entry:
        """The last known place whose rows from there on include all of `time` and later."""
        candidates = []
        for entries in (self._beginnings, self._entries):
            at = bisect_left(entries, time, key=_time)
            candidates += entries[max(0, at - 1) : at]
        return max(candidates, key=lambda entry: (entry.file, entry.place), default=self._beginnings[0])


def _time(entry: Entry) -> int:
    return entry.time
