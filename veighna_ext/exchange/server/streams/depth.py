"""The book, told at intervals: all its changes, or its best levels."""

from __future__ import annotations

from functools import partial

from veighna_ext.exchange.server.streams import payloads
from veighna_ext.exchange.server.streams.instrument import Instrument
from veighna_ext.exchange.server.streams.stream import BEATS_PER_SECOND, Stream
from veighna_ext.exchange.statistics import DepthDiff, joined_diffs


class DepthChain:
    """
    The changes of one symbol's book, passed on to every stream of them so that none is left out.

    They are collected only while somebody listens. Whoever listens again later gets a chain that begins then,
    and sees by its numbers that something is missing in between.
    """

    def __init__(self, instrument: Instrument) -> None:
        self._depth = instrument.depth
        self._streams: dict[DiffStream, None] = {}

    def add(self, stream: DiffStream) -> None:
        """Pass changes on to a stream from now on."""
        if not self._streams:
            self._depth.collect(True)
        self._streams[stream] = None

    def remove(self, stream: DiffStream) -> None:
        """Pass nothing on to a stream any more."""
        del self._streams[stream]
        if not self._streams:
            self._depth.collect(False)

    def drain(self) -> None:
        """Pass on what has changed since the last time."""
        diff = self._depth.drain()
        if diff is not None:
            for stream in self._streams:
                stream.diffs.append(diff)


class DiffStream(Stream):
    """All changes of a book: each event begins where the last one ended."""

    def __init__(self, name: str, instrument: Instrument, chain: DepthChain, every_ms: int) -> None:
        super().__init__(name, instrument.number)
        self.beats = every_ms * BEATS_PER_SECOND // 1000
        self.diffs: list[DepthDiff] = []
        """What was not told yet."""
        self._symbol = instrument.symbol
        self._chain = chain

    def begin(self) -> None:
        """Changes are collected from now on."""
        self._chain.add(self)

    def end(self) -> None:
        """Changes are collected no more for this stream."""
        self._chain.remove(self)

    def tell(self, now: int) -> None:
        """Send what has changed."""
        self._chain.drain()
        diffs, self.diffs = self.diffs, []
        diff = diffs[0] if len(diffs) == 1 else joined_diffs(diffs)
        if diff is not None:
            self.emit(partial(payloads.depth_update_at, payloads.depth_update(self._symbol, diff), now))


class PartOfBook(Stream):
    """The best levels of a book, whenever it has changed."""

    def __init__(self, name: str, instrument: Instrument, levels: int, every_ms: int) -> None:
        super().__init__(name, instrument.number)
        self.beats = every_ms * BEATS_PER_SECOND // 1000
        self._instrument = instrument
        self._levels = levels

    def tell(self, now: int) -> None:
        """Send the levels if the book is another than last time."""
        update_id = self._instrument.depth.update_id
        if update_id != self._latest or self._newcomers:
            bids, asks = self._instrument.top(self._levels)
            self.emit_if_new(update_id, partial(payloads.part_of_book, update_id, bids, asks))
