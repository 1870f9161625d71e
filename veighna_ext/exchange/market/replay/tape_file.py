"""What the files of a tape have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from itertools import pairwise

from veighna_ext.exchange.market.replay.blocks import Place
from veighna_ext.exchange.market.replay.errors import NotATape
from veighna_ext.exchange.market.replay.layouts import Columns
from veighna_ext.exchange.market.replay.report import TapeReport
from veighna_ext.exchange.market.replay.rows import BarReader, Part, reader_of, usual_step

_MINUTE = 60_000_000


class TapeFile(ABC):
    """One recognised file: its name in findings, its kind, where its rows begin and when."""

    def __init__(self, name: str, columns: Columns, first: Place) -> None:
        self.name = name
        self.kind = columns.kind
        self.first = first
        self.reader = reader_of(columns, _MINUTE)
        self.first_time = 0
        self.span = 0
        """How long a row usually lasts: 0 for trades, the length of a bar."""

    @abstractmethod
    def read(self, place: Place, report: TapeReport) -> Generator[Part, None, None]:
        """All rows from a place on, part by part."""

    @abstractmethod
    def skim(self, place: Place, until: int) -> Place:
        """A place as late as possible that has a good number of rows earlier than `until` after it."""

    @abstractmethod
    def forget(self) -> None:
        """Let go of what was kept to be quick in this file: another one is being read."""

    def learn_from(self, times: list[int]) -> None:
        """Look at the times of the first rows."""
        if not times:
            raise NotATape(self.name, "has no row that can be read", line=self.first.line)
        if len(times) > 2 and all(earlier > later for earlier, later in pairwise(times)):
            raise NotATape(self.name, "runs from the newest row to the oldest; sort it", line=self.first.line)
        self.first_time = times[0]
        if isinstance(self.reader, BarReader):
            self.span = usual_step(times)

    def assume(self, span: int) -> None:
        """The length of the tape's bars, which a file of one bar does not show; else a minute."""
        if isinstance(self.reader, BarReader):
            self.span = self.reader.interval = self.span or span or _MINUTE
