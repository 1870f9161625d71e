"""The bytes of a tape's file, plain or in a zip archive, from any offset."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Protocol

from veighna_ext.exchange.market.replay.errors import NotATape

_COMPRESSED_PIECE = 65_536
_FIRST_MARK_DISTANCE = 2 * 1024 * 1024
_MOST_MARKS = 32
_ENCRYPTED = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")


class Damaged(Exception):
    """The file cannot be read from here on."""


class Source(Protocol):
    """Bytes one can read from any offset."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes from where it stands; nothing at the end."""

    def seek(self, offset: int, /) -> int:
        """Stand at an offset."""

    def close(self) -> None:
        """Let go of the file."""


def open_source(path: Path, name: str, marks: Marks) -> Source:
    """The text in a file: the file itself, or the one table in a zip archive, unpacked from mark to mark."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise NotATape(name, f"cannot be opened: {error.strerror or error}") from error
    if path.suffix.lower() != ".zip":
        return file
    try:
        return table_in(name, file, marks)
    except BaseException:
        file.close()
        raise


def table_in(name: str, file: BinaryIO, marks: Marks) -> Source:
    """The one table of an archive."""
    try:
        # the archive does not close a file that it was handed open
        with zipfile.ZipFile(file) as archive:
            tables = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise NotATape(name, "is not a whole zip archive; download it again") from error
    if len(tables) != 1:
        raise NotATape(name, f"holds {len(tables)} CSV files; expected exactly one")
    table = tables[0]
    if table.flag_bits & _ENCRYPTED or table.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotATape(name, "is encrypted or packed in an unusual way; unpack it and give the CSV file")
    file.seek(table.header_offset)
    header = file.read(30)
    if len(header) < 30:
        raise NotATape(name, "is not a whole zip archive; download it again")
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = table.header_offset + 30 + name_length + extra_length
    if table.compress_type == zipfile.ZIP_STORED:
        return _Stored(file, start, table.file_size)
    return _Deflated(file, start, table.compress_size, table.CRC, marks)


class _Stored:
    """A table lying unpacked in its archive."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size
        self._offset = 0

    def read(self, size: int) -> bytes:
        self._file.seek(self._start + self._offset)
        data = self._file.read(max(0, min(size, self._size - self._offset)))
        self._offset += len(data)
        return data

    def seek(self, offset: int) -> int:
        self._offset = offset
        return offset

    def close(self) -> None:
        self._file.close()


class _Mark:
    """The state of unpacking at an offset, to go on from there another time."""

    def __init__(self, offset: int, packed: int, checksum: int, unpacker: zlib._Decompress) -> None:
        self.offset = offset
        self.packed = packed
        self.checksum = checksum
        self.unpacker = unpacker

    def copy(self) -> _Mark:
        """The same state once more."""
        return _Mark(self.offset, self.packed, self.checksum, self.unpacker.copy())


class Marks:
    """States on the way through a packed table, which spare unpacking it from its beginning again."""

    def __init__(self) -> None:
        self._marks = [_Mark(0, 0, 0, zlib.decompressobj(-zlib.MAX_WBITS))]
        self._distance = _FIRST_MARK_DISTANCE

    def __len__(self) -> int:
        return len(self._marks)

    def before(self, offset: int) -> _Mark:
        """The last state at or before an offset, to go on with."""
        return max(
            (mark for mark in self._marks if mark.offset <= offset), key=lambda mark: mark.offset
        ).copy()

    def pass_by(self, mark: _Mark) -> None:
        """Remember a state if it is far enough from the last; the further one gets, the fewer are kept."""
        if mark.offset < self._marks[-1].offset + self._distance:
            return
        self._marks.append(mark.copy())
        if len(self._marks) > _MOST_MARKS:
            # the first is the beginning and must stay
            self._marks = self._marks[::2]
            self._distance *= 2


class _Deflated:
    """A packed table."""

    def __init__(self, file: BinaryIO, start: int, packed_size: int, checksum: int, marks: Marks) -> None:
        self._file = file
        self._start = start
        self._packed_size = packed_size
        self._expected_checksum = checksum
        self._marks = marks
        self._now = marks.before(0)

    def read(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size and not self._now.unpacker.eof:
            pieces.append(self._unpack(size))
            size -= len(pieces[-1])
        if not pieces and self._now.unpacker.eof and self._now.checksum != self._expected_checksum:
            raise Damaged("the archive's checksum does not match what it holds")
        return b"".join(pieces)

    def seek(self, offset: int) -> int:
        mark = self._marks.before(offset)
        if not mark.offset <= self._now.offset <= offset:
            self._now = mark
        while self._now.offset < offset and self.read(min(_COMPRESSED_PIECE * 4, offset - self._now.offset)):
            pass
        return self._now.offset

    def close(self) -> None:
        self._file.close()

    def _unpack(self, size: int) -> bytes:
        now = self._now
        packed = now.unpacker.unconsumed_tail
        if not packed:
            self._file.seek(self._start + now.packed)
            packed = self._file.read(min(_COMPRESSED_PIECE, self._packed_size - now.packed))
            now.packed += len(packed)
        try:
            piece = now.unpacker.decompress(packed, size)
        except zlib.error as error:
            raise Damaged("the archive is damaged") from error
        if not packed and not piece and not now.unpacker.eof:
            raise Damaged("the archive ends too early")
        now.offset += len(piece)
        now.checksum = zlib.crc32(piece, now.checksum)
        self._marks.pass_by(now)
        return piece
