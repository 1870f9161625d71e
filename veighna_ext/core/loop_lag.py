"""How late the loop runs what is due: the desktop's pulse, shown in the status bar."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class LagStats:
    """Lag of the loop over the last seconds, in milliseconds."""

    p50_ms: float
    p99_ms: float
    max_ms: float


class LoopLag:
    """A heartbeat on the loop; a stall counts as every beat it swallowed, not as a single late one."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, period: float = 0.05, window: float = 10.0
    ) -> None:
        self._loop = loop
        self._period = period
        self._window = window
        self._beats: deque[tuple[float, float]] = deque()
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin measuring; starting twice does nothing."""
        if self._handle is None:
            self._schedule()

    def stop(self) -> None:
        """End measuring; the figures stay readable."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def stats(self) -> LagStats:
        """The figures of the window that ends now."""
        self._forget_before(self._loop.time() - self._window)
        lags = sorted(lag for _at, lag in self._beats)
        if not lags:
            return LagStats(0.0, 0.0, 0.0)
        return LagStats(_at(lags, 0.50) * 1000, _at(lags, 0.99) * 1000, lags[-1] * 1000)

    def _schedule(self) -> None:
        due = self._loop.time() + self._period
        self._handle = self._loop.call_at(due, self._beat, due)

    def _beat(self, due: float) -> None:
        now = self._loop.time()
        lag = now - due
        self._beats.append((now, lag))
        # each beat the stall swallowed would have been late too, by one period less
        while (lag := lag - self._period) > 0:
            self._beats.append((now, lag))
        self._forget_before(now - self._window)
        self._schedule()

    def _forget_before(self, moment: float) -> None:
        while self._beats and self._beats[0][0] < moment:
            self._beats.popleft()


def _at(ordered: list[float], quantile: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * quantile))]
