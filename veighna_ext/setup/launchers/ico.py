"""The Windows icon file: a directory of PNGs, which every Windows since Vista reads."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_HEADER = struct.Struct("<HHH")
_ENTRY = struct.Struct("<BBBBHHII")
_ICON = 1


def ico_file(pictures: Mapping[int, bytes]) -> bytes:
    """An .ico of square PNGs keyed by their size in pixels (at most 256)."""
    sizes = sorted(pictures)
    offset = _HEADER.size + _ENTRY.size * len(sizes)
    entries = []
    for size in sizes:
        # a byte cannot say 256, so the format writes 0 for it
        side = size % 256
        entries.append(_ENTRY.pack(side, side, 0, 0, 1, 32, len(pictures[size]), offset))
        offset += len(pictures[size])
    return _HEADER.pack(0, _ICON, len(sizes)) + b"".join(entries) + b"".join(pictures[size] for size in sizes)
