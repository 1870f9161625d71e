"""Keys that are not a shared secret."""

from __future__ import annotations

from tests.conformance.clients.base import Place
from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip, settled, until_seen


async def keys(trip: Trip) -> None:
    """An order and its cancellation, signed by RSA and by Ed25519."""
    for kind, place in trip.data["places"].items():
        async with trip.another(Place(**place)) as client:
            trip.say("account", kind=kind, account=await client.account())
            placed = await client.rest("POST order", **limit(trip.symbol, "BUY", "1", "19.00"))
            cancelled = await client.rest("DELETE order", symbol=trip.symbol, orderId=placed["orderId"])
            trip.say("order", kind=kind, placed=placed, cancelled=cancelled)
            if trip.data["over_websocket"]:
                trip.say("websocket", kind=kind, account=await client.over_websocket("account.status"))


async def session(trip: Trip) -> None:
    """Log on with an Ed25519 key; what follows needs no signature; log out, and its user stream ends."""
    async with trip.another(Place(**trip.data["places"]["ed25519"])) as client:
        trip.say("logged_on", answer=await client.over_websocket("session.logon"))
        trip.say("status", answer=await client.over_websocket("session.status"))
        events = await client.session_events()  # type: ignore[attr-defined]
        placed = await client.over_websocket("order.place", **limit(trip.symbol, "BUY", "1", "19.00"))
        await client.over_websocket("order.cancel", symbol=trip.symbol, orderId=placed["orderId"])
        await until_seen(lambda: len(events.reports(placed["orderId"])) >= 2, "reports of both", 5)
        trip.say("subscriptions", answer=await client.over_websocket("session.subscriptions"))
        trip.say("logged_out", answer=await client.over_websocket("session.logout"))
        await settled(events.received)
        trip.say("told", events=events.received)
        trip.say("status_after", answer=await client.over_websocket("session.status"))
