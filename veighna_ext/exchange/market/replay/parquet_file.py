"""A tape in a Parquet file; the only part that needs pyarrow."""

from __future__ import annotations

import importlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from veighna_ext.exchange.market.replay.blocks import Place
from veighna_ext.exchange.market.replay.errors import MissingReader, NotATape
from veighna_ext.exchange.market.replay.layouts import EXPECTED, by_header
from veighna_ext.exchange.market.replay.report import Kind, TapeReport
from veighna_ext.exchange.market.replay.rows import Part, ReadRow, Rows, TradeReader, rows_of
from veighna_ext.exchange.market.replay.tape_file import TapeFile
from veighna_ext.exchange.market.replay.texts import number_in_micros, time_in_micros

_PACKAGE = "pyarrow"
_BATCH_ROWS = 4096


class ParquetFile(TapeFile):
    """One file of columns; a place in it is a row group, and its lines are the numbers of its rows."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        with _open(path, name) as file:
            names: list[str] = file.schema_arrow.names
            columns = by_header(names)
            if columns is None:
                raise NotATape(name, f"{EXPECTED}; found {', '.join(names)}")
            used = {place for place in asdict(columns).values() if isinstance(place, int)}
            self._names = [each for place, each in enumerate(names) if place in used]
            columns = by_header(self._names)
            assert columns is not None
            super().__init__(name, columns, Place(0, 1))
            head = next(file.iter_batches(_BATCH_ROWS, columns=self._names, use_threads=False), None)
        self.learn_from(
            [] if head is None else self._rows(head, range(1, 1 + head.num_rows), TapeReport()).times
        )

    def read(self, place: Place, report: TapeReport) -> Generator[Part, None, None]:
        line = place.line
        with _open(self.path, self.name) as file:
            try:
                for group in range(place.offset, file.num_row_groups):
                    start: Place | None = Place(group, line)
                    for batch in file.iter_batches(
                        _BATCH_ROWS, row_groups=[group], columns=self._names, use_threads=False
                    ):
                        lines = range(line, line + batch.num_rows)
                        yield Part(start, lines, self._rows(batch, lines, report))
                        start, line = None, lines.stop
            except (OSError, ValueError) as error:
                report.add(Kind.DAMAGED, self.name, line, "{}; what follows is not played", error)

    def skim(self, place: Place, until: int) -> Place:
        found, line = place, place.line
        with _open(self.path, self.name) as file:
            times = file.schema_arrow.names.index(self._names[self.reader.layout.time])
            for group in range(place.offset, file.num_row_groups):
                facts = file.metadata.row_group(group)
                known = facts.column(times).statistics
                latest = until if known is None or not known.has_min_max else _micros(known.max)
                if latest >= until:
                    break
                found, line = Place(group, line), line + facts.num_rows
        return found

    def forget(self) -> None:
        """Nothing is kept: a Parquet file knows where its rows are."""

    def _rows(self, batch: Any, lines: range, report: TapeReport) -> Rows:
        columns = [_texts(column) for column in batch.columns]
        if isinstance(self.reader, TradeReader):
            with suppress(ValueError, KeyError):
                return self.reader.block_of(columns, lines)
        read: list[int] = []
        rows: list[ReadRow] = []
        for line, fields in zip(lines, zip(*columns, strict=True), strict=True):
            try:
                rows.append(self.reader.row(fields))
            except ValueError as error:
                report.add(Kind.UNPARSABLE, self.name, line, "{}", error)
            else:
                read.append(line)
        return rows_of(read, rows)


@contextmanager
def _open(path: Path, name: str) -> Iterator[Any]:
    try:
        arrow = importlib.import_module(f"{_PACKAGE}.parquet")
    except ImportError as error:
        raise MissingReader(name, _PACKAGE) from error
    try:
        file = arrow.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise NotATape(name, f"is not a Parquet file that can be read ({error})") from error
    with file:
        yield file


def _texts(column: Any) -> list[str]:
    """A column as texts: floats as the shortest decimal that means them, times as whole numbers."""
    if str(column.type).startswith("timestamp"):
        column = column.cast("int64")
    return [
        "" if value is None else repr(value) if isinstance(value, float) else str(value)
        for value in column.to_pylist()
    ]


def _micros(value: object) -> int:
    """The time a row group's statistics name."""
    return number_in_micros(value) if isinstance(value, int) else time_in_micros(str(value))
