"""What the first to ask would wait for, made ready beforehand, a little at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from veighna_ext.exchange.market.synthetic import LISTING
from veighna_ext.exchange.statistics.intervals import DAY, HOUR

if TYPE_CHECKING:
    from veighna_ext.exchange.server.live import LiveExchange

WINDOWS: Final = (HOUR, 4 * HOUR, DAY, 7 * DAY)
"""The shortest window first: what each reads of a history the next ones need not."""
AGAIN_AFTER_S: Final = 900.0
AHEAD: Final = HOUR
"""How far ahead of the windows their far ends are read, in microseconds: well before they get there."""
STRIDE: Final = 128 * DAY
"""As much of a cross's history as costs some milliseconds."""
PAUSE_S: Final = 0.02
"""Between two pieces: others come first."""


async def keep_warm(live: LiveExchange, pause_s: float = PAUSE_S) -> None:
    """Make ready what tickers and candles read of the past, and again as it moves on; never returns."""
    for _ in first_pieces(live):
        await asyncio.sleep(pause_s)
    while True:
        await asyncio.sleep(AGAIN_AFTER_S)
        for _ in windows(live, AHEAD):
            await asyncio.sleep(pause_s)


def first_pieces(live: LiveExchange) -> Iterator[None]:
    """Everything that is slow when it is asked for the first time; each step takes some milliseconds."""
    yield from windows(live)
    yield from days_of_crosses(live)
    yield from windows(live, AHEAD)


def windows(live: LiveExchange, ahead: int = 0) -> Iterator[None]:
    """The far ends of each symbol's usual windows."""
    for record in list(live.exchange.records.values()):
        for window in WINDOWS:
            record.tickers.rolling(window, live.now() + ahead)
            yield


def days_of_crosses(live: LiveExchange) -> Iterator[None]:
    """All days of the symbols whose days are made of their legs' hours, and then kept."""
    for name, record in list(live.exchange.records.items()):
        if name not in LISTING or LISTING[name].legs is None:
            continue
        now = live.now()
        oldest = record.candles.query("1d", now, 0, now, 1)
        yield
        for begin in range(oldest[0].open_time if oldest else now, now, STRIDE):
            record.candles.query("1d", now, begin, begin + STRIDE - 1, 1000)
            yield
