"""
A state in one file: a head, the caller's chunks as they were given, and an end that counts them.

It is written under another name and takes its own only when it is whole and on the disk.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from zlib import crc32

from veighna_ext.exchange.journal.disk import sync, sync_folder
from veighna_ext.exchange.journal.errors import DamagedFile, SnapshotFailed
from veighna_ext.exchange.journal.folder import UNFINISHED, segment_path, segments, snapshot_path, snapshots
from veighna_ext.exchange.journal.head import SNAPSHOT_MAGIC, Head, Identity, encode_head, read_head
from veighna_ext.exchange.journal.records import BLOCK, FRAME

KEPT = 2
"""So many snapshots stay, with the records after the oldest of them: one damaged file is not the end."""

_END = (1 << 64) - 1
_TOTALS = struct.Struct("<QQ")


class SnapshotDraft:
    """
    A snapshot being written; the journal may go on meanwhile, and this may run on another thread.

    As a context manager it finishes by itself, and is abandoned when the block raises.
    """

    def __init__(self, folder: Path, sequence: int, identity: Identity, ended: Callable[[], None]) -> None:
        self.sequence = sequence
        self._folder = folder
        self._path = snapshot_path(folder, sequence)
        self._unfinished = self._path.with_name(self._path.name + UNFINISHED)
        self._ended = ended
        self._chunks = self._bytes = 0
        try:
            self._file = self._unfinished.open("wb", buffering=BLOCK)
        except OSError as error:
            raise SnapshotFailed(self._path, error) from error
        self._file.write(encode_head(SNAPSHOT_MAGIC, sequence, identity))

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Add a part of the state; it comes back as this one part."""
        self._chunks += 1
        self._bytes += len(chunk)
        self._write(self._chunks, chunk)

    def finish(self) -> None:
        """Put the snapshot in force, then delete the files that no recovery needs any more."""
        self._write(_END, _TOTALS.pack(self._chunks, self._bytes))
        try:
            self._file.flush()
            sync(self._file.fileno())
            self._file.close()
            self._unfinished.replace(self._path)
            sync_folder(self._folder)
        except OSError as error:
            raise self._failed(error) from error
        delete_needless(self._folder)
        self._ended()

    def abandon(self) -> None:
        """Leave no trace of it; after the end this does nothing."""
        # closing writes what is buffered, and a full disk refuses that too
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._unfinished.unlink(missing_ok=True)
        self._ended()

    def __enter__(self) -> SnapshotDraft:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.abandon()

    def _write(self, number: int, chunk: bytes | bytearray | memoryview) -> None:
        try:
            self._file.write(FRAME.pack(len(chunk), crc32(chunk, number), number))
            self._file.write(chunk)
        except OSError as error:
            raise self._failed(error) from error

    def _failed(self, error: OSError) -> SnapshotFailed:
        self.abandon()
        return SnapshotFailed(self._path, error)


def check_snapshot(path: Path) -> Head:
    """Read a whole snapshot once, without keeping it; what is wrong with it is a `DamagedFile`."""
    with path.open("rb", buffering=BLOCK) as file:
        head = read_head(file, path, SNAPSHOT_MAGIC)
        if path != snapshot_path(path.parent, head.sequence):
            raise DamagedFile(path, 0, f"it is the snapshot of record {head.sequence} under another name")
        for _ in _chunks(file, path, head.size):
            pass
    return head


def read_chunks(path: Path) -> Iterator[bytes]:
    """The parts of a state, as they were written."""
    with path.open("rb", buffering=BLOCK) as file:
        head = read_head(file, path, SNAPSHOT_MAGIC)
        yield from _chunks(file, path, head.size)


def delete_needless(folder: Path) -> None:
    """Delete the snapshots before the newest two and the journal files that end before the older of these."""
    kept = snapshots(folder)[-KEPT:]
    if len(kept) < KEPT:
        return
    oldest = kept[0]
    for sequence in snapshots(folder)[:-KEPT]:
        _delete(snapshot_path(folder, sequence))
    firsts = segments(folder)
    for first, following in pairwise(firsts):
        if following <= oldest + 1:
            _delete(segment_path(folder, first))


def _delete(path: Path) -> None:
    # a file that cannot be deleted now costs room only, and is tried again after the next snapshot
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _chunks(file: BinaryIO, path: Path, at: int) -> Iterator[bytes]:
    size = os.fstat(file.fileno()).st_size
    count = total = 0
    while True:
        frame = file.read(FRAME.size)
        if len(frame) < FRAME.size:
            raise DamagedFile(path, at, "it ends too early")
        length, checksum, number = FRAME.unpack(frame)
        end = at + FRAME.size + length
        if end > size:
            raise DamagedFile(path, at, "it ends too early")
        chunk = file.read(length)
        if crc32(chunk, number) != checksum:
            raise DamagedFile(path, at, "a part fails its checksum")
        if number == _END:
            if chunk != _TOTALS.pack(count, total) or end != size:
                raise DamagedFile(path, at, "its parts are not those that were written")
            return
        count += 1
        total += length
        if number != count:
            raise DamagedFile(path, at, f"part {number} stands where part {count} is due")
        yield chunk
        at = end
