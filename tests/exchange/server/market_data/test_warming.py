"""What was made ready beforehand is not read again when somebody asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.market_data.asking import METHODS
from tests.exchange.server.past import SYMBOLS, Past
from tests.exchange.server.venue import Venue, open_venue
from veighna_ext.exchange.server.market_data import keep_warm
from veighna_ext.exchange.server.market_data.warming import AHEAD, first_pieces, windows
from veighna_ext.exchange.statistics.intervals import DAY, HOUR


@contextmanager
def opened() -> Iterator[tuple[Past, Venue]]:
    """A venue with a past."""
    past = Past()
    with open_venue(past.exchange) as venue:
        yield past, venue


def ask_for_all_windows(venue: Venue) -> None:
    """What a client with every kind of ticker on its screen asks for."""
    venue.ask(METHODS["ticker.24hr"])
    for size in ("7d", "1d", "4h", "1h"):
        venue.ask(METHODS["ticker"], symbols=SYMBOLS, windowSize=size)


def test_tickers_read_no_history_that_was_read_beforehand() -> None:
    with opened() as (past, venue):
        for _ in first_pieces(venue.live):
            pass
        before = past.reads
        for minutes in (0, 30, 59):
            venue.clock.now = START + minutes * 60_000_000
            ask_for_all_windows(venue)
        assert past.reads == before


def test_tickers_that_nothing_was_read_for_read_it_once() -> None:
    with opened() as (past, venue):
        ask_for_all_windows(venue)
        before = past.reads
        assert before > 0
        ask_for_all_windows(venue)
        assert past.reads == before


def test_windows_that_move_on_find_what_was_read_ahead_of_them() -> None:
    with opened() as (past, venue):
        for _ in first_pieces(venue.live):
            pass
        first = past.reads
        for quarters in range(1, 48):
            venue.clock.now = START + quarters * HOUR // 4
            before = past.reads
            ask_for_all_windows(venue)
            assert past.reads == before
            for _ in windows(venue.live, AHEAD):
                pass
        assert past.reads > first


def test_every_day_of_a_cross_is_read_once() -> None:
    with opened() as (past, venue):
        for _ in first_pieces(venue.live):
            pass
        read = [
            opens
            for interval, limit, opens in past.histories["BNBBTC"].reads
            if (interval, limit > 1) == ("1d", True)
        ]
        oldest = venue.ask(METHODS["klines"], symbol="BNBBTC", interval="1d", startTime=0, limit=1)
        assert [day for opens in read for day in opens] == list(
            range(oldest[0][0] * 1000, START // DAY * DAY, DAY)
        )
        assert max(map(len, read)) <= 128


def test_a_market_without_a_past_needs_nothing() -> None:
    with open_venue() as venue:
        for _ in first_pieces(venue.live):
            pass
        assert venue.ask(METHODS["klines"], symbol="BTCUSDT", interval="1d") == []


async def test_keeping_warm_ends_when_it_is_told_to() -> None:
    past = Past()
    task = asyncio.ensure_future(keep_warm(Venue(past.exchange).live, pause_s=0))
    while not past.reads:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
