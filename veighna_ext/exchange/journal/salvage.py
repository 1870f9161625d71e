"""The way out of a damaged journal: what comes before the damage stays, the rest is moved aside."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from veighna_ext.exchange.journal.disk import cut, sync_folder
from veighna_ext.exchange.journal.errors import CorruptJournal, NothingToSalvage, failure
from veighna_ext.exchange.journal.folder import SET_ASIDE, segment_path, segments, snapshot_path, snapshots
from veighna_ext.exchange.journal.lock import FolderLock
from veighna_ext.exchange.journal.records import begin_segment
from veighna_ext.exchange.journal.recovery import examine, read_identity


@dataclass(frozen=True)
class Salvaged:
    """What was kept, and where the rest is."""

    kept_through: int
    set_aside: Path
    files: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(self.files) or "nothing else"
        return f"Kept everything up to record {self.kept_through}; moved to {self.set_aside}: {names}."


def salvage(folder: Path | str) -> Salvaged:
    """Make a refused folder open again with all that comes before the damage; it may be repeated."""
    folder = Path(folder).absolute()
    if not folder.is_dir() or not (segments(folder) or snapshots(folder)):
        raise NothingToSalvage(f"{folder} holds no journal.")
    lock = FolderLock(folder)
    try:
        return _examine_and_keep(folder)
    except OSError as error:
        raise failure(Path(error.filename or folder), error) from error
    finally:
        lock.release()


def _examine_and_keep(folder: Path) -> Salvaged:
    try:
        examine(folder, None)
    except CorruptJournal as damage:
        return _keep_what_comes_before(damage)
    raise NothingToSalvage(f"{folder} needs no salvage: it opens as it is.")


def _keep_what_comes_before(damage: CorruptJournal) -> Salvaged:
    folder = damage.path.parent
    identity = read_identity(folder)
    if identity is None or damage.nothing_before:
        raise NothingToSalvage(str(damage)) from damage
    aside = _new_folder(folder)
    shortened = damage.path if damage.offset else None
    moved = [snapshot_path(folder, number) for number in snapshots(folder) if number > damage.last_good]
    # names sort as their numbers do
    later = [segment_path(folder, number) for number in segments(folder)]
    moved += [path for path in reversed(later) if path >= damage.path and path != shortened]
    for path in moved:
        path.replace(aside / path.name)
    if shortened is not None:
        _copy(shortened, aside / shortened.name)
        cut(shortened, damage.offset)
        moved.append(shortened)
    if not any(number > (damage.snapshot or 0) for number in segments(folder)):
        begin_segment(folder, damage.last_good + 1, identity, syncs=True)
    sync_folder(aside)
    sync_folder(folder)
    return Salvaged(damage.last_good, aside, tuple(sorted(path.name for path in moved)))


def _new_folder(folder: Path) -> Path:
    number = 1
    while (folder / f"{SET_ASIDE}{number}").exists():
        number += 1
    aside = folder / f"{SET_ASIDE}{number}"
    aside.mkdir()
    return aside


def _copy(path: Path, to: Path) -> None:
    with path.open("rb") as source, to.open("wb") as target:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
