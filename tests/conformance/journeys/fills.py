"""Trades between two accounts, and the money that moves."""

from __future__ import annotations

from tests.conformance.clients.base import UserEvents
from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip, settled, until_seen


async def partial_fill(trip: Trip) -> None:
    """An order is filled in two parts; REST, WebSocket API and user stream tell of it."""
    client, symbol = trip.client, trip.symbol
    events = await client.user_events()
    async with trip.another(trip.other_place) as other:
        placed = await client.place_order(**limit(symbol, "SELL", "3", "20.00"))
        order_id = placed["orderId"]
        for quantity, filled in (("1", "1.00000000"), ("2", "3.00000000")):
            await other.place_order(**limit(symbol, "BUY", quantity, "20.00", "IOC"))
            await _until_filled(events, order_id, filled)
            trip.say(
                "part",
                rest=await client.find_order(symbol, order_id),
                websocket=await client.over_websocket("order.status", symbol=symbol, orderId=order_id),
                stream=events.reports(order_id)[-1],
            )
    await settled(events.received)
    trip.say(
        "reports",
        placed=placed,
        reports=events.reports(order_id),
        positions=events.of("outboundAccountPosition"),
    )
    trip.say(
        "fills",
        rest=await client.fills(symbol),
        websocket=await client.over_websocket("myTrades", symbol=symbol),
    )
    errors = list(events.errors)
    await events.close()
    before = len(events.received)
    await client.cancel_order(
        symbol, (await client.place_order(**limit(symbol, "SELL", "1", "30.00")))["orderId"]
    )
    await settled(events.received)
    trip.say("closed", more=len(events.received) - before, errors=errors)


async def money(trip: Trip) -> None:
    """Balances around a trade on either side, commissions to the last digit, deposits and withdrawals."""
    client, symbol, key = trip.client, trip.symbol, trip.place.key
    trip.say("account", account=await client.account())
    trip.say("commission", commission=await client.rest("GET account/commission", symbol=symbol))
    events = await client.user_events()
    async with trip.another(trip.other_place) as other:
        await client.place_order(**limit(symbol, "BUY", "1.5", "19.99"))
        trip.say("locked", account=await client.account())
        await other.place_order(**limit(symbol, "SELL", "1.5", "19.99"))
        await other.place_order(**limit(symbol, "BUY", "0.7", "20.03"))
        await client.place_order(**limit(symbol, "SELL", "0.7", "20.03"))
    trip.say("traded", account=await client.account(), fills=await client.fills(symbol))
    await trip.control("POST", f"/accounts/{key}/deposit", {"asset": "USDT", "amount": "12.5"})
    await trip.control("POST", f"/accounts/{key}/withdraw", {"asset": "USDT", "amount": "2.25"})
    await until_seen(lambda: len(events.of("balanceUpdate")) >= 2, "two balance updates", 5)
    trip.say("moved", updates=events.of("balanceUpdate"), account=await client.account())
    trip.say("positions", positions=events.of("outboundAccountPosition"), trades=events.of("executionReport"))
    await events.close()


async def _until_filled(events: UserEvents, order_id: object, filled: str) -> None:
    await until_seen(
        lambda: any(report["z"] == filled for report in events.reports(order_id)),
        f"a report of {filled} filled",
    )
