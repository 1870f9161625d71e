"""The first bytes of every file: what it is, its format version, its first record, and whose venue it is."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from veighna_ext.exchange.journal.errors import DamagedFile, OtherVenue, UnknownVersion

FORMAT_VERSION = 1
SEGMENT_MAGIC = b"VXJOURNL"
SNAPSHOT_MAGIC = b"VXSNAPSH"
IDENTITY_LIMIT = 1 << 16

Identity: TypeAlias = Mapping[str, object]
"""What tells one venue from another, such as its seed and market; anything JSON can say."""

# magic and version keep their place in every version, so that each release can name the other's
_FIELDS = struct.Struct("<8sIQI")
_CHECKSUM = struct.Struct("<I")
_VERSION = struct.Struct("<8sI")


@dataclass(frozen=True)
class Head:
    """What a file says about itself."""

    sequence: int
    identity: Identity
    size: int


def encode_head(magic: bytes, sequence: int, identity: Identity) -> bytes:
    """The head of a new file."""
    text = json.dumps(dict(identity), sort_keys=True, separators=(",", ":")).encode()
    if len(text) > IDENTITY_LIMIT:
        raise ValueError(f"a venue's identity is a few words, not {len(text)} bytes")
    fields = _FIELDS.pack(magic, FORMAT_VERSION, sequence, len(text))
    return fields + _CHECKSUM.pack(zlib.crc32(text, zlib.crc32(fields))) + text


def read_head(file: BinaryIO, path: Path, magic: bytes) -> Head:
    """Read the head of an open file."""
    fields = file.read(_FIELDS.size)
    if len(fields) >= _VERSION.size:
        kind, version = _VERSION.unpack_from(fields)
        if kind == magic and version != FORMAT_VERSION:
            raise UnknownVersion(path, version, FORMAT_VERSION)
    if len(fields) < _FIELDS.size or not fields.startswith(magic):
        raise DamagedFile(path, 0, "it does not begin as such a file must")
    _, _, sequence, length = _FIELDS.unpack(fields)
    checksum = file.read(_CHECKSUM.size)
    text = file.read(min(length, IDENTITY_LIMIT))
    if checksum != _CHECKSUM.pack(zlib.crc32(text, zlib.crc32(fields))):
        raise DamagedFile(path, 0, "its head fails the checksum")
    return Head(sequence, json.loads(text), _FIELDS.size + _CHECKSUM.size + length)


def check_identity(path: Path, there: Identity, here: Identity | None) -> None:
    """Refuse a file of another venue."""
    if here is None:
        return
    wanted = json.loads(json.dumps(dict(here)))
    if there != wanted:
        raise OtherVenue(path, there, wanted)
