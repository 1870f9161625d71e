"""What lies in a data folder, and what each file is called."""

from __future__ import annotations

import re
from pathlib import Path

from veighna_ext.exchange.journal.errors import ForeignFiles, failure

LOCK_NAME = "journal.lock"
DAMAGED = ".damaged"
UNFINISHED = ".unfinished"
SET_ASIDE = "set-aside-"

_SEGMENT = re.compile(r"journal-(\d{20})\.log")
_SNAPSHOT = re.compile(r"snapshot-(\d{20})\.bin")
_OURS = re.compile(
    rf"{re.escape(LOCK_NAME)}|{SET_ASIDE}\d+|{_SNAPSHOT.pattern}({re.escape(DAMAGED)}|{re.escape(UNFINISHED)})"
)
_HARMLESS = re.compile(r"\..*|lost\+found")


def segment_path(folder: Path, first: int) -> Path:
    """The journal file whose first record is `first`."""
    return folder / f"journal-{first:020}.log"


def snapshot_path(folder: Path, sequence: int) -> Path:
    """The snapshot of the state after record `sequence`."""
    return folder / f"snapshot-{sequence:020}.bin"


def segments(folder: Path) -> list[int]:
    """The first record of each journal file, ascending."""
    return _numbers(folder, _SEGMENT)


def snapshots(folder: Path) -> list[int]:
    """The record each snapshot stands for, ascending."""
    return _numbers(folder, _SNAPSHOT)


def unfinished(folder: Path) -> list[Path]:
    """Snapshots that a killed process left half written."""
    return [path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.suffix == UNFINISHED]


def prepare(folder: Path) -> None:
    """Make the folder if it is new; refuse one that is not for a journal before anything is put into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise failure(folder, error) from error
    if any(_SEGMENT.fullmatch(name) or _SNAPSHOT.fullmatch(name) for name in names):
        return
    foreign = [name for name in names if not _OURS.fullmatch(name) and not _HARMLESS.fullmatch(name)]
    if foreign:
        raise ForeignFiles(folder, foreign)


def _numbers(folder: Path, name: re.Pattern[str]) -> list[int]:
    found = (name.fullmatch(path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)
