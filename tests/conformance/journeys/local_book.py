"""A local order book that follows the stream."""

from __future__ import annotations

import asyncio
import contextlib
import time

from tests.conformance.clients.base import Client, LocalBook, Refused, plain_levels, soon
from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip

LEVELS = 50


async def local_book(trip: Trip) -> None:
    """Follow a market for a while; then it is halted, and the copy must be the book, to the last digit."""
    client, symbol = trip.client, trip.symbol
    book = await client.local_book(symbol)
    try:
        await soon(lambda: book.update_id() > 0)
        async with trip.another(trip.other_place) as other:
            await _follow(trip, book, other)
        await trip.control("POST", f"/market/{symbol}", {"halt": True})
        snapshot = await client.rest("GET depth", symbol=symbol, limit=1000)
        await soon(lambda: book.update_id() >= snapshot["lastUpdateId"], 5)
        bids, asks = book.sides()
        trip.say(
            "halted",
            update_id=book.update_id(),
            last_update_id=snapshot["lastUpdateId"],
            bids=_best(bids, True),
            asks=_best(asks, False),
            venue_bids=_best(plain_levels(dict(snapshot["bids"])), True),
            venue_asks=_best(plain_levels(dict(snapshot["asks"])), False),
        )
    finally:
        await trip.control("POST", f"/market/{symbol}", {"halt": False})
        await book.close()


async def _follow(trip: Trip, book: LocalBook, other: Client) -> None:
    """Look at the copy while the market moves and somebody places and cancels orders between its levels."""
    began, started = book.update_id(), time.monotonic()
    crossed = updates = 0
    seen = began
    while time.monotonic() - started < trip.seconds:
        deep = min(book.sides()[0], key=float)
        quantity = "1" if float(deep) > 10 else "10"
        placed = await other.place_order(**limit(trip.symbol, "BUY", quantity, deep))
        for cancels in (True, False):
            await asyncio.sleep(0.15)
            bids, asks = book.sides()
            crossed += bool(bids and asks and max(map(float, bids)) >= min(map(float, asks)))
            updates += book.update_id() > seen
            seen = book.update_id()
            if cancels:
                # the market may have come down to it
                with contextlib.suppress(Refused):
                    await other.cancel_order(trip.symbol, placed["orderId"])
    trip.say("followed", began=began, updates=updates, restarts=book.restarts, crossed=crossed)


def _best(levels: dict[str, str], highest_first: bool) -> list[tuple[str, str]]:
    return sorted(levels.items(), key=lambda level: float(level[0]), reverse=highest_first)[:LEVELS]
