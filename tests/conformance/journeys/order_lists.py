"""Orders that depend on each other."""

from __future__ import annotations

from typing import Any

from tests.conformance.clients.base import Answer, Client, UserEvents
from tests.conformance.journeys.orders import limit, trade_at
from tests.conformance.journeys.trip import Trip, settled

BELOW = {
    "belowType": "STOP_LOSS_LIMIT",
    "belowStopPrice": "18.00",
    "belowPrice": "17.90",
    "belowTimeInForce": "GTC",
}
ABOVE = {"aboveType": "LIMIT_MAKER", "abovePrice": "22.00"}
WORKING = {
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "19.00",
    "workingQuantity": "1",
    "workingTimeInForce": "GTC",
}


async def order_lists(trip: Trip) -> None:
    """OCO cancelled and OCO filled, OTO, OTOCO, each with the orders that follow."""
    client, symbol = trip.client, trip.symbol
    events = await client.user_events()
    async with trip.another(trip.other_place) as other:
        await trade_at(client, other, symbol, "20.00", "3")
        oco = {"symbol": symbol, "side": "SELL", "quantity": "1", **ABOVE, **BELOW}
        await _cancelled(trip, oco)
        placed = await client.rest("POST orderList/oco", **oco)
        await other.place_order(**limit(symbol, "BUY", "1", "22.00"))
        await _say_list(trip, "oco_filled", placed, events)

        pending = {
            "pendingType": "LIMIT",
            "pendingSide": "SELL",
            "pendingPrice": "21.00",
            "pendingQuantity": "1",
        }
        await _followed(trip, other, events, "oto", {**pending, "pendingTimeInForce": "GTC"})
        legs = {f"pending{name[0].upper()}{name[1:]}": value for name, value in (ABOVE | BELOW).items()}
        await _followed(trip, other, events, "otoco", {"pendingSide": "SELL", "pendingQuantity": "1", **legs})
        wrong = oco | {"abovePrice": "17.00"}
        await trip.refusal("wrong_prices", client.rest("POST orderList/oco", **wrong))
    await events.close()


async def _cancelled(trip: Trip, oco: dict[str, Any]) -> None:
    client = trip.client
    placed = await client.rest("POST orderList/oco", **oco)
    trip.say(
        "oco_cancelled",
        placed=placed,
        open=await client.rest("GET openOrderList"),
        found=await client.rest("GET orderList", orderListId=placed["orderListId"]),
        cancelled=await client.rest(
            "DELETE orderList", symbol=trip.symbol, orderListId=placed["orderListId"]
        ),
        open_after=await client.rest("GET openOrderList"),
    )


async def _followed(
    trip: Trip, other: Client, events: UserEvents, kind: str, pending: dict[str, Any]
) -> None:
    """The working order is filled: the pending ones go into the book; then they are cancelled."""
    client, symbol = trip.client, trip.symbol
    placed = await client.rest(f"POST orderList/{kind}", symbol=symbol, **WORKING, **pending)
    await _say_list(trip, f"{kind}_placed", placed, events)
    await other.place_order(**limit(symbol, "SELL", "1", "19.00"))
    await _say_list(trip, f"{kind}_working_filled", placed, events)
    await client.rest("DELETE orderList", symbol=symbol, orderListId=placed["orderListId"])
    await _say_list(trip, f"{kind}_cancelled", placed, events)


async def _say_list(trip: Trip, step: str, placed: Answer, events: UserEvents) -> None:
    """A list, its orders, and what the user stream told of it."""
    await settled(events.received)
    found = [await trip.client.find_order(trip.symbol, each["orderId"]) for each in placed["orders"]]
    number = placed["orderListId"]
    told = [event for event in events.of("listStatus") if event["g"] == number]
    trip.say(step, placed=placed, orders=found, told=told)
