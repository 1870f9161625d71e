"""A tape in a CSV file or in a zip archive of one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from veighna_ext.exchange.market.replay.blocks import Place, blocks
from veighna_ext.exchange.market.replay.errors import NotATape
from veighna_ext.exchange.market.replay.layouts import EXPECTED, Columns, by_header, by_row
from veighna_ext.exchange.market.replay.report import Kind, TapeReport
from veighna_ext.exchange.market.replay.rows import Part, ReadRow, Rows, read_line, rows_of, split_fields
from veighna_ext.exchange.market.replay.sources import Damaged, Marks, open_source
from veighna_ext.exchange.market.replay.tape_file import TapeFile

_HEAD_BYTES = 64 * 1024
_SHOWN = 60
_TRIED_LINES = 10
_LAST_LINES = 8
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class CsvFile(TapeFile):
    """One file of rows, recognised by what is in it."""

    def __init__(self, path: Path, name: str) -> None:
        head = _head(path, name)
        offset = len(_BYTE_ORDER_MARK) if head.startswith(_BYTE_ORDER_MARK) else 0
        lines = _lines(head[offset:] if len(head) < _HEAD_BYTES else head[offset : head.rfind(b"\n") + 1])
        columns, has_header = _recognise(name, lines)
        if has_header:
            del lines[0]
            offset = head.find(b"\n") + 1 or len(head)
        super().__init__(name, columns, Place(offset, 1 + has_header))
        self.path = path
        self._marks = Marks()
        self.learn_from(self._times(lines))

    def read(self, place: Place, report: TapeReport) -> Generator[Part, None, None]:
        source = open_source(self.path, self.name, self._marks)
        line = place.line
        try:
            for block in blocks(source, place):
                line = block.place.line
                lines = range(line, line + block.lines)
                yield Part(block.place, lines, self._rows(block.data, line, report))
                line = lines.stop
        except Damaged as error:
            report.add(Kind.DAMAGED, self.name, line, "{}; what follows is not played", error)
        finally:
            source.close()

    def skim(self, place: Place, until: int) -> Place:
        source = open_source(self.path, self.name, self._marks)
        found = place
        try:
            for block in blocks(source, place):
                latest = max(self._times(_lines(block.data[-4096:])[-_LAST_LINES:]), default=until)
                if latest >= until:
                    break
                found = block.place
        except Damaged:
            # the damage is found again, and reported, by reading
            pass
        finally:
            source.close()
        return found

    def forget(self) -> None:
        self._marks = Marks()

    def _rows(self, data: bytes, first_line: int, report: TapeReport) -> Rows:
        try:
            return self.reader.block(data.decode("ascii"), first_line)
        except (ValueError, KeyError):
            return self._line_by_line(data, first_line, report)

    def _line_by_line(self, data: bytes, first_line: int, report: TapeReport) -> Rows:
        lines: list[int] = []
        rows: list[ReadRow] = []
        for line, text in enumerate(_lines(data), first_line):
            if not text.strip():
                continue
            try:
                rows.append(read_line(self.reader, text))
            except ValueError as error:
                report.add(Kind.UNPARSABLE, self.name, line, "{}", error)
            else:
                lines.append(line)
        return rows_of(lines, rows)

    def _times(self, lines: list[str]) -> list[int]:
        times = []
        for line in lines:
            # rows that cannot be read are reported when they are played
            with suppress(ValueError):
                times.append(read_line(self.reader, line)[1])
        return times


def _head(path: Path, name: str) -> bytes:
    source = open_source(path, name, Marks())
    try:
        return source.read(_HEAD_BYTES)
    except Damaged as error:
        raise NotATape(name, str(error)) from error
    finally:
        source.close()


def _recognise(name: str, lines: list[str]) -> tuple[Columns, bool]:
    """The layout, and whether the first line is a header."""
    columns = by_header(split_fields(lines[0])) if lines else None
    if columns is not None:
        return columns, True
    for line in lines[:_TRIED_LINES]:
        columns = by_row(split_fields(line))
        if columns is not None:
            return columns, False
    found = repr(lines[0][:_SHOWN]) if lines else "nothing"
    raise NotATape(name, f"{EXPECTED}; found {found}", line=1)


def _lines(data: bytes) -> list[str]:
    lines = data.decode("utf-8", "replace").split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.rstrip("\r") for line in lines]
