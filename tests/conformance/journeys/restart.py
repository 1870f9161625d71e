"""The venue goes and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.conformance.clients.base import Answer, Client, Feed, Refused, UserEvents, soon
from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip, best_prices, settled, until_seen

PATIENCE_S = 30.0
"""A client waits up to a few seconds between its tries."""


async def restart(trip: Trip) -> None:
    """
    An order rests, streams run; the venue restarts; then all of it must go on.

    A client that comes back by itself is left to do so; for the others the program starts over.
    """
    client, symbol = trip.client, trip.symbol
    stream = f"{symbol.lower()}@bookTicker"
    far_below = f"{(await best_prices(client, symbol))[0] * 0.7:.2f}"
    order = limit(symbol, "BUY", "0.01", far_below)
    events = await client.user_events()
    feed = await client.subscribe([stream])
    placed = await client.place_order(**order)
    await until_seen(lambda: events.reports(placed["orderId"]) and feed.received, "streams that run")
    await settled(events.received)
    await trip.pause("ready_for_restart")
    came_back = time.monotonic()
    if client.comes_back:
        await _go_on(trip, client, feed, events, order, placed["orderId"])
    else:
        trip.say("errors", feed=feed.errors, events=events.errors)
        async with trip.another(trip.place) as again:
            await _go_on(trip, again, await again.subscribe([stream]), None, order, placed["orderId"])
            with contextlib.suppress(Exception):
                await feed.close()
    trip.say("went_on", after_s=time.monotonic() - came_back)


async def _go_on(
    trip: Trip, client: Client, feed: Feed, events: UserEvents | None, order: dict[str, str], order_id: object
) -> None:
    symbol = trip.symbol
    quotes = len(feed.received)
    resumed = await soon(lambda: len(feed.received) > quotes + 2, PATIENCE_S)
    found = await _patiently(lambda: client.find_order(symbol, order_id))
    if events is None or not client.user_stream_comes_back:
        events = await _patiently(client.user_events)
    second = await _order_that_is_told_of(client, events, order)
    await client.cancel_order(symbol, order_id)
    await until_seen(
        lambda: any(report["x"] == "CANCELED" for report in events.reports(order_id)),
        "the cancel",
        PATIENCE_S,
    )
    trip.say(
        "resumed",
        found=found,
        second=second,
        reports=events.reports(order_id) + events.reports(second["orderId"]),
        quotes=resumed,
        account=await client.account(),
    )
    await client.cancel_all(symbol)
    await events.close()
    await feed.close()


async def _order_that_is_told_of(client: Client, events: UserEvents, order: dict[str, str]) -> Answer:
    """Place orders until the stream, which comes back when it does, tells of one."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        placed = await client.place_order(**order)
        if await soon(functools.partial(events.reports, placed["orderId"]), 1.0):
            return placed
    raise TimeoutError("no order was told of")


async def _patiently(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The answer, once the venue answers again."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return await ask()
        except Exception as error:
            answered = isinstance(error, Refused) and error.told["code"] is not None
            if answered or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
