"""Candles as they grow, and once more when they are finished."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from veighna_ext.exchange.server.streams import payloads
from veighna_ext.exchange.server.streams.instrument import Instrument
from veighna_ext.exchange.server.streams.names import Wanted
from veighna_ext.exchange.server.streams.stream import BEATS_PER_SECOND, Stream
from veighna_ext.exchange.statistics.intervals import INTERVALS

MOST_AT_ONCE: Final = 500
"""Finished candles in one beat; a tape that plays faster gets the others with the next ones."""
SHORTEST: Final = "1s"
"""One event a second is all such candles get: the finished one."""
FARTHEST: Final = 10_000
"""Where a tape was sent further ahead than so many candles, those in between were never lived through."""


class KlineStream(Stream):
    """
    One symbol's candles of one interval.

    Each finished candle is told exactly once, before the next one is mentioned; a growing one when it has.
    """

    def __init__(self, name: str, instrument: Instrument, wanted: Wanted, clock: Callable[[], int]) -> None:
        super().__init__(name, instrument.number)
        self.beats = wanted.every_ms * BEATS_PER_SECOND // 1000
        self._instrument = instrument
        self._interval = INTERVALS[wanted.interval]
        self._shift = wanted.shift
        self._clock = clock
        self._opened = 0
        """When the candle opened that is told of."""
        self._following = 0

    def begin(self) -> None:
        """Candles are told of from the present one on."""
        self._go_to(self._interval.open_of(self._clock(), self._shift))

    def finish(self, now: int) -> None:
        """Tell of the candles that are over."""
        if self._opened <= now < self._following:
            return
        present = self._interval.open_of(now, self._shift)
        if now < self._opened:
            # a tape was sent back
            self._go_to(present)
            return
        if self._opened < (farthest := self._interval.after(present, -FARTHEST, self._shift)):
            self._go_to(farthest)
        for _ in range(MOST_AT_ONCE):
            self._tell(now, is_finished=True)
            self._go_to(self._following)
            if now < self._following:
                return

    def tell(self, now: int) -> None:
        """Tell of the candle that grows, if it has and its end is not all there is to tell."""
        if now < self._following and self._interval.name != SHORTEST:
            self._tell(now, is_finished=False)

    def _tell(self, now: int, *, is_finished: bool) -> None:
        next_trade = self._instrument.trades.next_id
        if not is_finished and next_trade == self._latest and not self._newcomers:
            return
        name = self._interval.name
        candle = self._instrument.record.candles.streamed(name, self._opened, self._shift)
        if candle is None:
            return
        payload = partial(payloads.kline, self._instrument.symbol, name, candle, is_finished, now)
        if is_finished:
            self.emit(payload)
        else:
            self.emit_if_new(next_trade, payload)

    def _go_to(self, opened: int) -> None:
        self._opened = opened
        self._following = self._interval.after(opened, 1, self._shift)
