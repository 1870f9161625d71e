"""The journal of one venue: append, commit, and from time to time a snapshot."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeAlias, get_args
from zlib import crc32

from veighna_ext.exchange.journal.disk import BINARY, cut, sync, sync_folder, write_whole
from veighna_ext.exchange.journal.errors import (
    JournalClosed,
    JournalError,
    SnapshotUnderWay,
    failure,
    write_failure,
)
from veighna_ext.exchange.journal.folder import DAMAGED, prepare, segment_path, segments, unfinished
from veighna_ext.exchange.journal.head import Identity
from veighna_ext.exchange.journal.lock import FolderLock
from veighna_ext.exchange.journal.records import FRAME, begin_segment
from veighna_ext.exchange.journal.recovery import Findings, Recovered, Report, examine
from veighna_ext.exchange.journal.snapshot import SnapshotDraft

Durability: TypeAlias = Literal["write", "fsync"]
"""What a commit survives: `write` the process being killed, `fsync` the power going too."""

_frame = FRAME.pack


class Journal:
    """
    Records in the order they were appended; a record may be acknowledged once it is committed.

    For one thread. After a failed write it accepts nothing more: only a restart can say what the disk holds.
    """

    __slots__ = (
        "_draft",
        "_first",
        "_folder",
        "_handle",
        "_identity",
        "_lock",
        "_next",
        "_path",
        "_pending",
        "_stopped",
        "_syncs",
    )

    def __init__(
        self, folder: Path, identity: Identity, durability: Durability, lock: FolderLock, next_sequence: int
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._syncs = durability == "fsync"
        self._lock = lock
        self._next = next_sequence
        self._pending = bytearray()
        self._stopped: JournalError | None = None
        self._draft: SnapshotDraft | None = None
        self._first = segments(folder)[-1]
        self._path = segment_path(folder, self._first)
        self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | BINARY)

    @classmethod
    def open(
        cls, folder: Path | str, identity: Identity, durability: Durability = "write"
    ) -> tuple[Journal, Recovered]:
        """
        Resume the journal in a folder, or begin one in a new or empty folder.

        All of it is read and checked here. A folder that is refused is left as it was.
        """
        if durability not in get_args(Durability):
            raise ValueError(f"durability is one of {', '.join(get_args(Durability))}, not {durability!r}")
        folder = Path(folder).absolute()
        prepare(folder)
        lock = FolderLock(folder)
        try:
            found = examine(folder, identity)
            started_new = not segments(folder)
            _put_right(folder, found, identity)
            journal = cls(folder, identity, durability, lock, found.next_sequence)
        except OSError as error:
            lock.release()
            raise failure(Path(error.filename or folder), error) from error
        except BaseException:
            lock.release()
            raise
        report = Report(
            folder, started_new, found.snapshot, found.next_sequence - 1, found.cut_tail, tuple(found.damaged)
        )
        return journal, Recovered(identity, report, found.sources)

    @property
    def last_sequence(self) -> int:
        """The last record appended, committed or not; 0 before the first."""
        return self._next - 1

    def append(self, payload: bytes) -> int:
        """Take a record into the next commit; returns its sequence."""
        if self._stopped is not None:
            raise self._stopped.with_traceback(None)
        sequence = self._next
        self._pending += _frame(len(payload), crc32(payload, sequence), sequence) + payload
        self._next = sequence + 1
        return sequence

    def commit(self) -> int:
        """Write what was appended, in one write; all up to the returned sequence may be acknowledged."""
        if self._stopped is not None:
            raise self._stopped.with_traceback(None)
        if self._pending:
            try:
                write_whole(self._handle, self._pending)
                if self._syncs:
                    sync(self._handle)
            except OSError as error:
                raise self._stop(error) from error
            self._pending.clear()
        return self._next - 1

    def rotate(self) -> None:
        """Commit, and go on in a new file."""
        self.commit()
        if self._first == self._next:
            return
        try:
            path = begin_segment(self._folder, self._next, self._identity, syncs=self._syncs)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | BINARY)
        except OSError as error:
            raise self._stop(error) from error
        os.close(self._handle)
        self._handle, self._path, self._first = handle, path, self._next

    def snapshot(self, chunks: Iterable[bytes]) -> None:
        """Write the state after the last record, and delete the files that makes needless."""
        with self.begin_snapshot() as draft:
            for chunk in chunks:
                draft.write(chunk)

    def begin_snapshot(self) -> SnapshotDraft:
        """A draft for the state after the last record; the journal may go on while it is written."""
        if self._draft is not None:
            raise SnapshotUnderWay(f"the snapshot of record {self._draft.sequence} is not finished yet")
        self.rotate()
        self._draft = SnapshotDraft(self._folder, self._next - 1, self._identity, self._draft_ended)
        return self._draft

    def close(self) -> None:
        """Commit and let go of the folder; a snapshot still being written is abandoned."""
        if isinstance(self._stopped, JournalClosed):
            return
        try:
            if self._draft is not None:
                self._draft.abandon()
            if self._stopped is None:
                self.commit()
        finally:
            self._stopped = JournalClosed(f"the journal in {self._folder} is closed")
            os.close(self._handle)
            self._lock.release()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _draft_ended(self) -> None:
        self._draft = None

    def _stop(self, error: OSError) -> JournalError:
        self._stopped = write_failure(self._path, error)
        return self._stopped


def _put_right(folder: Path, found: Findings, identity: Identity) -> None:
    """Cut what was never whole, put damaged snapshots aside, and have a file to go on in."""
    if found.cut_tail is not None:
        cut(found.cut_tail.path, found.cut_tail.offset)
    for damage in found.damaged:
        damage.path.replace(damage.path.with_name(damage.path.name + DAMAGED))
    for path in unfinished(folder):
        path.unlink()
    if not segments(folder):
        # a folder made just now; its parent may be one we cannot read
        with contextlib.suppress(OSError):
            sync_folder(folder.parent)
    if found.torn_head is not None or not segments(folder):
        begin_segment(folder, found.next_sequence, identity, syncs=True)
