"""Whole lines of a file, many at a time, with the place each block starts at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from veighna_ext.exchange.market.replay.sources import Damaged, Source

BLOCK_BYTES = 64 * 1024
_LONGEST_LINE = 64 * 1024
_LINE_END = b"\n"


class Place(NamedTuple):
    """Where reading can begin: an offset into the text, or a row group, and the line that starts there."""

    offset: int
    line: int


class Block(NamedTuple):
    """Consecutive whole lines."""

    place: Place
    lines: int
    data: bytes


def blocks(source: Source, place: Place) -> Iterator[Block]:
    """All lines from a place on; the last line may lack its end."""
    source.seek(place.offset)
    rest = b""
    while data := source.read(BLOCK_BYTES):
        data = rest + data
        end = data.rfind(_LINE_END) + 1
        rest = data[end:]
        if len(rest) > _LONGEST_LINE:
            raise Damaged(f"line {place.line + data.count(_LINE_END)} has no end")
        if end:
            block = Block(place, data.count(_LINE_END), data[:end])
            yield block
            place = Place(place.offset + end, place.line + block.lines)
    if rest:
        yield Block(place, 1, rest + _LINE_END)
