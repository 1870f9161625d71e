"""More than the venue allows."""

from __future__ import annotations

from tests.conformance.clients.base import Refused
from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip

MANY_ORDERS = 130
"""More than two windows of ten seconds hold."""
MANY_REQUESTS = 400


async def order_limit(trip: Trip) -> None:
    """Place orders as fast as it goes until the venue has enough."""
    client, symbol = trip.client, trip.symbol
    for number in range(MANY_ORDERS):
        try:
            await client.rest("POST order", **limit(symbol, "BUY", "1", f"{10 + number / 100:.2f}"))
        except Refused as refused:
            trip.say("refused", placed=number, **refused.told)
            break
    trip.say("counted", limits=await client.rest("GET rateLimit/order"))
    trip.say("may_cancel", orders=len(await client.rest("DELETE openOrders", symbol=symbol)))


async def weight_limit(trip: Trip) -> None:
    """Ask expensive questions until it is too much, and go on asking."""
    seen: list[str] = []
    for number in range(MANY_REQUESTS):
        try:
            await trip.client.rest("GET depth", symbol=trip.symbol, limit=5000)
        except Refused as refused:
            beginning = str(refused.told["message"])[:10]
            if beginning not in seen:
                seen.append(beginning)
                trip.say("refused", asked=number, **refused.told)
            if len(seen) == 2:
                break
