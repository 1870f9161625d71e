"""A recorded market of one symbol, played from any time on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from veighna_ext.exchange.market.replay.bar_paths import BarPaths
from veighna_ext.exchange.market.replay.files import opened, symbol_of, tape_files
from veighna_ext.exchange.market.replay.index import Entry, TapeIndex
from veighna_ext.exchange.market.replay.prints import Bar, TapePrint
from veighna_ext.exchange.market.replay.report import TapeReport
from veighna_ext.exchange.market.replay.rows import TradeReader
from veighna_ext.exchange.market.replay.sequence import Progress, Rules, Sequencer
from veighna_ext.exchange.market.replay.tape_file import TapeFile

_SECOND = 1_000_000
_SORTED_BARS = 10
_ENDLESS = 2**63
LONGEST_SILENCE = 300 * _SECOND


class Tape:
    """The trades of some files in the order of their time, read a little at a time."""

    def __init__(self, symbol: str, files: list[TapeFile], *, longest_silence: int = LONGEST_SILENCE) -> None:
        self.symbol = symbol
        self.kind = files[0].kind
        self.names = tuple(file.name for file in files)
        self.first_time = files[0].first_time
        self.report = TapeReport()
        self._files = files
        self._span = max(file.span for file in files)
        self._file_in_use = 0
        self._longest_silence = longest_silence
        # a file's rows begin where those of the one before end
        self._index = TapeIndex(
            [Entry(file.first_time - 1, number, file.first, Progress()) for number, file in enumerate(files)]
        )

    def read(self, start: int | None = None) -> Generator[list[TapePrint], None, None]:
        """All trades from a time on, or all there are, some at a time; never an empty list."""
        entry = self._entry(start)
        sequencer = Sequencer(self.report, self._rules(), entry.progress)
        bars = BarPaths()
        place = entry.place
        try:
            for number in range(entry.file, len(self._files)):
                file = self._turn_to(number)
                with closing(file.read(place, self.report)) as parts:
                    for part in parts:
                        if part.place is not None and sequencer.latest:
                            self._index.add(Entry(sequencer.latest, number, part.place, sequencer.progress))
                        yield from _from(start, _played(sequencer.accept(file.name, part), bars))
                yield from _from(start, _played(sequencer.end_file(), bars))
                if number + 1 < len(self._files):
                    place = self._files[number + 1].first
            yield from _from(start, bars.end())
        finally:
            # what was read has been examined, also when nobody reads on
            sequencer.end_file()

    def _turn_to(self, number: int) -> TapeFile:
        if number != self._file_in_use:
            self._files[self._file_in_use].forget()
            self._file_in_use = number
        return self._files[number]

    def _entry(self, start: int | None) -> Entry:
        """The latest place from where reading gives all that is played from `start` on."""
        # a bar that began before is still being played, and the bar before it may be a longer one
        until = self.first_time if start is None else start - 2 * self._span
        entry = self._index.before(until)
        place = self._files[entry.file].skim(entry.place, until)
        return entry if place == entry.place else Entry(until, entry.file, place, Progress())

    def _rules(self) -> Rules:
        reader = self._files[0].reader
        if isinstance(reader, TradeReader):
            return Rules(
                _SECOND, 1 if reader.is_numbered else 0, self._longest_silence, number_is_unique=False
            )
        return Rules(_SORTED_BARS * self._span, self._span, _ENDLESS, number_is_unique=True)


def open_tape(*paths: str | Path, symbol: str | None = None, longest_silence: int = LONGEST_SILENCE) -> Tape:
    """The tape in a file, in several files or in a folder; NotATape says what is wrong with them."""
    files = tape_files(map(Path, paths))
    name = symbol or symbol_of(files)
    return Tape(name, opened(files, name), longest_silence=longest_silence)


def _played(items: list[TapePrint | Bar], bars: BarPaths) -> list[TapePrint]:
    if items and isinstance(items[0], Bar):
        return bars.accept(cast("list[Bar]", items))
    return cast("list[TapePrint]", items)


def _from(start: int | None, prints: list[TapePrint]) -> Iterator[list[TapePrint]]:
    if start is not None and prints and prints[0].time < start:
        prints = prints[bisect_left(prints, start, key=_time) :]
    if prints:
        yield prints


def _time(trade: TapePrint) -> int:
    return trade.time
