"""
Records in a journal file, one after another.

A record is its payload's length, a checksum, its sequence, and the payload. The checksum starts from the
sequence, so a whole record that lies in the wrong place does not pass for another.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from veighna_ext.exchange.journal.disk import BINARY, sync, sync_folder, write_whole
from veighna_ext.exchange.journal.folder import segment_path
from veighna_ext.exchange.journal.head import SEGMENT_MAGIC, Identity, encode_head

FRAME = struct.Struct("<IIQ")
BLOCK = 1 << 20

_LENGTH = struct.Struct("<I")
_NOT_ZERO = re.compile(rb"[^\0]")


@dataclass
class Scan:
    """Where the whole records of one file lie, and where they end."""

    next_sequence: int
    end: int
    blocks: list[tuple[int, int]] = field(default_factory=list)
    """Offset and size of runs of whole records, each about as large as is read at once."""


def begin_segment(folder: Path, first: int, identity: Identity, *, syncs: bool) -> Path:
    """Make the journal file whose first record will be `first`."""
    path = segment_path(folder, first)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o644)
    try:
        write_whole(handle, encode_head(SEGMENT_MAGIC, first, identity))
        if syncs:
            sync(handle)
    finally:
        os.close(handle)
    if syncs:
        sync_folder(folder)
    return path


def scan(file: BinaryIO, start: int, first: int) -> Scan:
    """Check every record from the offset `start` on, until the file's end or the first that is not whole."""
    unpack, frame = FRAME.unpack_from, FRAME.size
    found = Scan(first, start)
    expected, total = first, os.fstat(file.fileno()).st_size
    file.seek(start)
    data = file.read(BLOCK)
    while data:
        size, at, wanted, bad = len(data), 0, BLOCK, False
        while at + frame <= size:
            length, checksum, sequence = unpack(data, at)
            body = at + frame
            end = body + length
            if end > size:
                wanted, bad = max(BLOCK, end - size), found.end + end > total
                break
            if crc32(data[body:end], sequence) != checksum or sequence != expected:
                bad = True
                break
            expected += 1
            at = end
        if at:
            found.blocks.append((found.end, at))
            found.end += at
            found.next_sequence = expected
        more = b"" if bad else file.read(wanted)
        if not more:
            break
        data = data[at:] + more
    return found


def payloads(path: Path, blocks: list[tuple[int, int]]) -> Iterator[bytes]:
    """The payloads of records that a scan has found whole."""
    length_at, frame = _LENGTH.unpack_from, FRAME.size
    with path.open("rb") as file:
        for offset, size in blocks:
            file.seek(offset)
            data = file.read(size)
            at = 0
            while at < size:
                (length,) = length_at(data, at)
                body = at + frame
                at = body + length
                yield data[body:at]


def what_is_wrong(file: BinaryIO, at: int, expected: int) -> str:
    """
    Why the record at an offset is damage and not a write that was cut off; empty if it may be one.

    A write cut off leaves nothing whole behind it; a whole record with another number was never ours to cut.
    """
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
        size = len(data)
        whole = _whole_record(view, at, size)
        if whole:
            return f"record {whole} stands where record {expected} is due"
        # each later record takes a frame at least, so no higher number can be meant
        highest = expected + (size - at) // FRAME.size
        position = at + 1
        while position + FRAME.size <= size:
            _, _, sequence = FRAME.unpack_from(data, position)
            if sequence == 0:
                # a hole of zeros may be long
                nonzero = _NOT_ZERO.search(data, position + FRAME.size)
                if nonzero is None:
                    break
                position = max(position + 1, nonzero.start() - FRAME.size + 1)
                continue
            if expected < sequence <= highest and _whole_record(view, position, size):
                return f"record {expected} cannot be read, and record {sequence} behind it can"
            position += 1
    return ""


def _whole_record(view: memoryview, at: int, size: int) -> int:
    """The sequence of the record at an offset if it is whole, else 0."""
    if at + FRAME.size > size:
        return 0
    length, checksum, sequence = FRAME.unpack_from(view, at)
    body = at + FRAME.size
    if body + length > size:
        return 0
    with view[body : body + length] as payload:
        return int(sequence) if crc32(payload, sequence) == checksum else 0
