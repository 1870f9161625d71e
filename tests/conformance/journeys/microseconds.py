"""Times in microseconds, for those who ask for them."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip, until_seen


async def microseconds(trip: Trip) -> None:
    """An order over REST and over the WebSocket API, its trade, and the stream of trades."""
    symbol = trip.symbol
    async with (
        trip.another(replace(trip.place, microseconds=True)) as client,
        trip.another(trip.other_place) as other,
    ):
        feed = await client.subscribe([f"{symbol.lower()}@trade", f"{symbol.lower()}@aggTrade"])
        placed = await client.place_order(**limit(symbol, "BUY", "1", "20.00"))
        await other.place_order(**limit(symbol, "SELL", "1", "20.00"))
        status = await client.over_websocket("order.status", symbol=symbol, orderId=placed["orderId"])
        await until_seen(lambda: len(feed.received) >= 2, "the trade on both streams")
        (fill,) = await client.fills(symbol)
        trip.say(
            "times",
            clock=await client.clock(),
            placed=placed["transactTime"],
            working=placed["workingTime"],
            found=(await client.find_order(symbol, placed["orderId"]))["time"],
            websocket=status["updateTime"],
            fill=fill["time"],
            event=feed.received[0][1]["E"],
            trade=feed.received[0][1]["T"],
        )
        trip.say("in_milliseconds", clock=await other.clock())
        await feed.close()
