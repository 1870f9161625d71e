"""
What a data folder holds, found without changing anything in it.

The newest whole snapshot, then every record after it. Only the end of the newest file may be torn: that is
how a killed process leaves it. With anything else that does not read, acknowledged work is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from veighna_ext.exchange.journal.errors import CorruptJournal, DamagedFile, MissingSegment, failure
from veighna_ext.exchange.journal.folder import DAMAGED, segment_path, segments, snapshot_path, snapshots
from veighna_ext.exchange.journal.head import (
    SEGMENT_MAGIC,
    SNAPSHOT_MAGIC,
    Identity,
    check_identity,
    encode_head,
    read_head,
)
from veighna_ext.exchange.journal.records import Scan, payloads, scan, what_is_wrong
from veighna_ext.exchange.journal.snapshot import check_snapshot, read_chunks


@dataclass(frozen=True)
class CutTail:
    """A last record that was never whole, and so never acknowledged."""

    path: Path
    offset: int
    size: int

    def __str__(self) -> str:
        return f"{self.path} ended in {self.size} bytes of no whole record; it was cut at byte {self.offset}."


@dataclass(frozen=True)
class Report:
    """How the folder was found."""

    folder: Path
    started_new: bool
    snapshot: int | None
    last_sequence: int
    cut_tail: CutTail | None = None
    damaged_snapshots: tuple[DamagedFile, ...] = ()

    def sentences(self) -> list[str]:
        """For the log: first what is in force, then everything that was not as it should be."""
        if self.started_new:
            return [f"A new journal begins in {self.folder}."]
        source = "no snapshot" if self.snapshot is None else f"snapshot of record {self.snapshot}"
        found = f"{source}, records read: {self.last_sequence - (self.snapshot or 0)}"
        sentences = [f"The journal in {self.folder} resumes at record {self.last_sequence} ({found})."]
        sentences += [
            f"{damage} It is kept as {damage.path.name}{DAMAGED}; what came before it is used instead."
            for damage in self.damaged_snapshots
        ]
        if self.cut_tail is not None:
            sentences.append(str(self.cut_tail))
        return sentences


@dataclass(frozen=True)
class Recovered:
    """A state to rebuild: a snapshot, if there is one, and the records after it."""

    identity: Identity
    report: Report
    _sources: list[tuple[Path, Scan]] = field(default_factory=list)

    @property
    def first_sequence(self) -> int:
        """The sequence of the first of the records."""
        return (self.report.snapshot or 0) + 1

    @property
    def last_sequence(self) -> int:
        """The sequence of the last record, or of the snapshot if none follows it."""
        return self.report.last_sequence

    @property
    def has_snapshot(self) -> bool:
        """Whether a state comes before the records."""
        return self.report.snapshot is not None

    def snapshot_chunks(self) -> Iterator[bytes]:
        """The snapshot's parts as they were written; nothing if there is none."""
        if self.report.snapshot is not None:
            yield from read_chunks(snapshot_path(self.report.folder, self.report.snapshot))

    def records(self) -> Iterator[bytes]:
        """The payloads after the snapshot, in order; to be read before the next snapshot deletes them."""
        for path, found in self._sources:
            yield from payloads(path, found.blocks)


@dataclass
class Findings:
    """A folder as it lies there."""

    identity: Identity | None
    snapshot: int | None = None
    damaged: list[DamagedFile] = field(default_factory=list)
    sources: list[tuple[Path, Scan]] = field(default_factory=list)
    torn_head: Path | None = None
    cut_tail: CutTail | None = None
    next_sequence: int = 1

    def missing(self, folder: Path, reason: str) -> MissingSegment:
        """The file of the next record is not there."""
        return MissingSegment(
            segment_path(folder, self.next_sequence),
            reason,
            last_good=self.next_sequence - 1,
            snapshot=self.snapshot,
        )

    def corrupt(self, path: Path, offset: int, reason: str) -> CorruptJournal:
        """The next record cannot be read."""
        return CorruptJournal(path, offset, reason, last_good=self.next_sequence - 1, snapshot=self.snapshot)


def read_identity(folder: Path | str) -> Identity | None:
    """Whose journal lies in a folder, for a caller who resumes whatever it is; None if there is none."""
    folder = Path(folder).absolute()
    try:
        return _identity_in(folder) if folder.is_dir() else None
    except OSError as error:
        raise failure(Path(error.filename or folder), error) from error


def _identity_in(folder: Path) -> Identity | None:
    paths = [(segment_path(folder, first), SEGMENT_MAGIC) for first in reversed(segments(folder))]
    paths += [(snapshot_path(folder, sequence), SNAPSHOT_MAGIC) for sequence in reversed(snapshots(folder))]
    for path, magic in paths:
        with path.open("rb") as file:
            try:
                return read_head(file, path, magic).identity
            except DamagedFile:
                continue
    return None


def examine(folder: Path, identity: Identity | None) -> Findings:
    """Read the folder; without an identity any venue's will do, as long as it is one."""
    found = Findings(identity if identity is not None else read_identity(folder))
    _find_snapshot(folder, found)
    chain = [first for first in segments(folder) if first >= found.next_sequence]
    for first in chain:
        path = segment_path(folder, first)
        if first > found.next_sequence:
            raise found.missing(folder, f"{path.name} goes on after it")
        if first < found.next_sequence:
            raise found.corrupt(path, 0, f"an earlier file has its records up to {found.next_sequence - 1}")
        _read_segment(path, first, found, newest=first == chain[-1])
    if found.damaged and snapshots(folder)[-1] >= found.next_sequence:
        raise found.missing(folder, f"its snapshot {found.damaged[0].path.name} is damaged")
    if not chain and (found.snapshot is not None or found.damaged):
        raise found.missing(folder, "a snapshot is made only after it")
    return found


def _find_snapshot(folder: Path, found: Findings) -> None:
    for sequence in reversed(snapshots(folder)):
        path = snapshot_path(folder, sequence)
        try:
            head = check_snapshot(path)
        except DamagedFile as damage:
            found.damaged.append(damage)
            continue
        check_identity(path, head.identity, found.identity)
        found.snapshot = sequence
        found.next_sequence = sequence + 1
        return


def _read_segment(path: Path, first: int, found: Findings, *, newest: bool) -> None:
    with path.open("rb") as file:
        try:
            head = read_head(file, path, SEGMENT_MAGIC)
        except DamagedFile as damage:
            if newest and _is_torn_head(file, first, found.identity):
                found.torn_head = path
                return
            raise found.corrupt(path, damage.offset, damage.reason) from damage
        check_identity(path, head.identity, found.identity)
        if head.sequence != first:
            raise found.corrupt(path, 0, f"it is the file of record {head.sequence} under another name")
        scanned = scan(file, head.size, first)
        found.next_sequence = scanned.next_sequence
        size = file.seek(0, 2)
        if scanned.end < size:
            reason = what_is_wrong(file, scanned.end, scanned.next_sequence)
            if not newest:
                reason = reason or "its end is cut off, and a later file goes on"
            if reason:
                raise found.corrupt(path, scanned.end, reason)
            found.cut_tail = CutTail(path, scanned.end, size - scanned.end)
    found.sources.append((path, scanned))


def _is_torn_head(file: BinaryIO, first: int, identity: Identity | None) -> bool:
    """Whether a file holds no more than the beginning of its head, as a crash while it was made leaves it."""
    head = encode_head(SEGMENT_MAGIC, first, identity or {})
    file.seek(0)
    content = file.read(len(head) + 1)
    return head.startswith(content) or (len(content) <= len(head) and not content.strip(b"\0"))
