"""Which files make up a tape, and whose tape it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from veighna_ext.exchange.market.replay.csv_file import CsvFile
from veighna_ext.exchange.market.replay.errors import NotATape
from veighna_ext.exchange.market.replay.parquet_file import ParquetFile
from veighna_ext.exchange.market.replay.tape_file import TapeFile

_SUFFIXES = (".csv", ".zip", ".parquet")
_SYMBOL = re.compile(r"([A-Z0-9]{4,}(?:_[0-9]{6}|_PERP)?)(?=[-_. ]|$)")
_PERIOD = re.compile(r"(?P<month>.*[0-9]{4}-[0-9]{2})(?P<day>-[0-9]{2})?")


def tape_files(paths: Iterable[Path]) -> list[Path]:
    """The files meant: those named, and those lying in the folders named."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES and each.is_file()
            )
            if not inside:
                raise NotATape(str(path), f"holds no file ending in {', '.join(_SUFFIXES)}")
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            raise NotATape(str(path), "no such file")
    if not files:
        raise NotATape("tape", "no file given")
    return files


def symbol_of(files: list[Path]) -> str:
    """The one symbol the names of the files begin with."""
    symbols: list[str] = []
    for file in files:
        match = _SYMBOL.match(file.name)
        if match is None:
            raise NotATape(file.name, "does not begin with a symbol like BTCUSDT; say which symbol it is")
        if match[1] not in symbols:
            symbols.append(match[1])
    if len(symbols) > 1:
        raise NotATape(files[0].parent.name, f"holds several symbols ({', '.join(symbols)}); name one")
    return symbols[0]


def opened(files: list[Path], symbol: str) -> list[TapeFile]:
    """The files of one symbol, recognised and in the order of their time."""
    wanted = [file for file in files if _may_be_of(file, symbol)] if len(files) > 1 else files
    if not wanted:
        raise NotATape(files[0].parent.name, f"holds no tape of {symbol}")
    names = [file.name for file in wanted]
    found = [
        _open(file, file.name if names.count(file.name) == 1 else str(file))
        for file in _without_parts(wanted)
    ]
    folder = wanted[0].parent.name
    kinds = {file.kind for file in found}
    if len(kinds) > 1:
        raise NotATape(folder, f"holds {' and '.join(sorted(kinds))} of {symbol}; replay one of them")
    spans = {file.span for file in found if file.span}
    # months differ in length
    if spans and max(spans) > 1.5 * min(spans):
        raise NotATape(folder, f"holds bars of different lengths of {symbol}; replay those of one length")
    for file in found:
        file.assume(max(spans, default=0))
    return sorted(found, key=lambda file: file.first_time)


def _may_be_of(file: Path, symbol: str) -> bool:
    match = _SYMBOL.match(file.name)
    return match is None or match[1] == symbol


def _without_parts(files: list[Path]) -> list[Path]:
    """Without the days of months that are there as a whole."""
    periods = {file: _PERIOD.fullmatch(file.stem) for file in files}
    months = {match["month"] for match in periods.values() if match is not None and not match["day"]}
    return [
        file
        for file, match in periods.items()
        if match is None or not match["day"] or match["month"] not in months
    ]


def _open(file: Path, name: str) -> TapeFile:
    return ParquetFile(file, name) if file.suffix.lower() == ".parquet" else CsvFile(file, name)
