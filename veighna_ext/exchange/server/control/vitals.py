"""How the exchange is doing: orders, trades and requests a second, how long answers take, the last prices."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from time import perf_counter_ns
from typing import TYPE_CHECKING, NamedTuple

from veighna_ext.exchange.amounts import format_amount

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.venue import Venue

KEPT_S = 300
"""Seconds of which the rates, latencies and prices are kept."""
RECENT_S = 5
"""Seconds over which the present rates and latencies are taken."""
_MOST_SAMPLES = 2000
"""Latencies of one second that percentiles are taken of: enough for a p99, few enough to sort in no time."""


class Counts(NamedTuple):
    """What had been counted at a moment."""

    clock: float
    orders: int
    trades: int
    requests: int


class Second(NamedTuple):
    """One second of the exchange's life."""

    time: int
    """Milliseconds since 1970, when it was over."""
    connections: int
    orders: int
    trades: int
    requests: int
    p50_ms: float | None
    p99_ms: float | None
    prices: dict[str, str]
    """The last price of each symbol that has one."""


class Vitals:
    """
    Counts what is done, at next to no cost for each request.

    Whoever carries out a request takes `perf_counter_ns()` before it and calls `answered` with that after it,
    or `queued` where the answer waits for the commit, with one `sent` for all of them. Orders are counted by
    adding to `orders`.
    """

    def __init__(self, venue: Venue, connections: Callable[[], int] = lambda: 0) -> None:
        self.orders = 0
        """How many orders were asked for since the start; refused ones count."""
        self.seconds: deque[Second] = deque(maxlen=KEPT_S)
        self._venue = venue
        self._connections = connections
        self._latencies: list[int] = []
        """Nanoseconds, of the answers of the running second."""
        self._waiting: list[int] = []
        """When the requests began whose answers wait for the commit."""
        self.queued = self._waiting.append
        self._finished = 0
        self._before = {name: market.last_trade_id for name, market in venue.markets.items()}
        self._samples: deque[list[int]] = deque(maxlen=RECENT_S)
        self._marks = deque([self._counts()], maxlen=RECENT_S + 1)

    def answered(self, began: int) -> None:
        """A request that began then was answered just now."""
        self._latencies.append(perf_counter_ns() - began)

    def sent(self) -> None:
        """Everything queued went out just now."""
        if self._waiting:
            now = perf_counter_ns()
            self._latencies.extend([now - began for began in self._waiting])
            self._waiting.clear()

    def rates(self) -> tuple[float, float, float]:
        """Orders, trades and requests a second, of the last seconds until now."""
        then, now = self._marks[0], self._counts()
        # in the very first second there is nothing to divide by yet
        seconds = max(now.clock - then.clock, 1.0)
        return (
            (now.orders - then.orders) / seconds,
            (now.trades - then.trades) / seconds,
            (now.requests - then.requests) / seconds,
        )

    def latency_ms(self) -> tuple[float, float] | None:
        """The p50 and the p99 of the last seconds' answers; none without any."""
        return _percentiles(
            sorted([*_thinned(self._latencies), *(each for part in self._samples for each in part)])
        )

    def beat(self) -> None:
        """A second is over."""
        latencies, self._latencies = self._latencies, []
        self._finished += len(latencies)
        samples = sorted(_thinned(latencies))
        self._samples.append(samples)
        before, now = self._marks[-1], self._counts()
        self._marks.append(now)
        p50, p99 = _percentiles(samples) or (None, None)
        self.seconds.append(
            Second(
                time.time_ns() // 1_000_000,
                self._connections(),
                now.orders - before.orders,
                now.trades - before.trades,
                now.requests - before.requests,
                p50,
                p99,
                {
                    name: format_amount(market.last_price)
                    for name, market in self._venue.markets.items()
                    if market.last_price
                },
            )
        )

    def _counts(self) -> Counts:
        return Counts(time.monotonic(), self.orders, self._trades(), self._finished + len(self._latencies))

    def _trades(self) -> int:
        """Trades of all symbols since the start: their ids are consecutive."""
        before = self._before
        return sum(
            market.last_trade_id - before.setdefault(name, market.last_trade_id)
            for name, market in self._venue.markets.items()
        )


def _thinned(latencies: list[int]) -> list[int]:
    return latencies[:: len(latencies) // _MOST_SAMPLES + 1]


def _percentiles(latencies: list[int]) -> tuple[float, float] | None:
    """The p50 and the p99 in milliseconds, of sorted nanoseconds."""
    if not latencies:
        return None
    count = len(latencies)
    return latencies[count // 2] / 1e6, latencies[min(count * 99 // 100, count - 1)] / 1e6
