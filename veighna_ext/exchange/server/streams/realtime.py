"""Trades and best prices, told as soon as they are on disk."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from typing import Final

from veighna_ext.exchange.server.streams import payloads
from veighna_ext.exchange.server.streams.instrument import Instrument
from veighna_ext.exchange.server.streams.stream import Stream

KINDS: Final = ("trade", "aggTrade", "bookTicker")


class RealTimeStream(Stream):
    """A stream whose events come when something happens."""

    def __init__(self, name: str, kind: str, follower: Follower) -> None:
        super().__init__(name)
        self.kind = kind
        self._follower = follower

    def begin(self) -> None:
        """Events come from now on."""
        self._follower.follow(self)

    def end(self) -> None:
        """Events are not looked for any more."""
        self._follower.leave(self)


class Follower:
    """
    Looks for what is new in one symbol's trades and best prices, while somebody listens.

    It is asked after every commit, so that finding nothing new takes no more than two comparisons.
    """

    __slots__ = ("_bests", "_next_trade", "_tapes", "_update_id", "instrument")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._tapes: dict[RealTimeStream, None] = {}
        self._bests: dict[RealTimeStream, None] = {}
        self._next_trade = 0
        self._update_id = 0

    @property
    def is_idle(self) -> bool:
        """Whether nobody listens."""
        return not self._tapes and not self._bests

    def follow(self, stream: RealTimeStream) -> None:
        """Tell a stream what happens from now on."""
        instrument = self.instrument
        if stream.kind == "bookTicker":
            if not self._bests:
                self._update_id = instrument.depth.update_id
                instrument.depth.best_changed(*instrument.best())
            self._bests[stream] = None
        else:
            if not self._tapes:
                self._next_trade = instrument.trades.next_id
            self._tapes[stream] = None

    def leave(self, stream: RealTimeStream) -> None:
        """Tell a stream nothing any more."""
        self._bests.pop(stream, None)
        self._tapes.pop(stream, None)

    def look(self, clock: Callable[[], int]) -> None:
        """Tell what is new since the last look."""
        instrument = self.instrument
        if self._tapes and self._next_trade != instrument.trades.next_id:
            self._tell_trades(clock())
        if self._bests and self._update_id != instrument.depth.update_id:
            self._update_id = instrument.depth.update_id
            best = instrument.depth.best_changed(*instrument.best())
            if best is not None:
                for stream in self._bests:
                    stream.emit(partial(payloads.book_ticker, instrument.symbol, best))

    def skip(self) -> None:
        """Let the trades up to now be lost, as they are when a feed stands still."""
        self._next_trade = self.instrument.trades.next_id

    def _tell_trades(self, now: int) -> None:
        # a tape that was sent back begins a new record: its next trade is numbered from 0 until there is one
        first, self._next_trade = self._next_trade, self.instrument.trades.next_id
        for stream in self._tapes:
            if stream.kind == "trade":
                self._tell_each(stream, first, now)
            else:
                self._tell_aggregates(stream, first, now)

    def _tell_each(self, stream: Stream, first: int, now: int) -> None:
        symbol, trades = self.instrument.symbol, self.instrument.trades
        for made in trades.from_id(first, trades.next_id):
            stream.emit(partial(payloads.trade, symbol, made, now))

    def _tell_aggregates(self, stream: Stream, first: int, now: int) -> None:
        # what one order trades is made by one command: an aggregate never grows after a commit
        symbol, trades = self.instrument.symbol, self.instrument.trades
        begin = trades.first_aggregate + bisect_left(trades.aggregate_starts, first)
        aggregates = self.instrument.record.aggregates
        for made in aggregates.query(begin, limit=aggregates.next_id - begin):
            stream.emit(partial(payloads.aggregate_trade, symbol, made, now))
