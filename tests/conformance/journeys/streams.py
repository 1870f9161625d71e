"""Market streams: subscribe, receive, unsubscribe."""

from __future__ import annotations

import asyncio

from tests.conformance.clients.base import soon
from tests.conformance.journeys.trip import Trip

LATE_S = 1.5
"""What is on its way when a stream is stopped has arrived by then."""


async def streams(trip: Trip) -> None:
    """Every kind of stream this client knows, on one connection; then one of them is given up."""
    names = [name.format(symbol=trip.symbol.lower()) for name in trip.data["streams"]]
    feed = await trip.client.subscribe(names)
    silent = [name for name in names if name.partition("@")[2] in trip.data["silent"]]
    expected = set(names) - set(silent)
    # a candle is told of every two seconds
    await soon(lambda: all(len(feed.of(name)) >= 2 for name in expected), 15)
    for name in names:
        trip.say("received", stream=name, count=len(feed.of(name)), payloads=feed.of(name)[:20])
    if feed.listed is not None:
        trip.say("listed", streams=await feed.listed())
    if feed.stop is not None:
        given_up, kept = names[0], names[1]
        await feed.stop([given_up])
        await asyncio.sleep(LATE_S)
        before, kept_before = len(feed.of(given_up)), len(feed.of(kept))
        await soon(lambda: len(feed.of(kept)) >= kept_before + 3, 15)
        trip.say(
            "given_up",
            stream=given_up,
            more=len(feed.of(given_up)) - before,
            kept_more=len(feed.of(kept)) - kept_before,
        )
        if feed.listed is not None:
            trip.say("listed_after", streams=await feed.listed())
    trip.say("errors", errors=feed.errors)
    await feed.close()
