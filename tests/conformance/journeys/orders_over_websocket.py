"""Orders over the WebSocket API."""

from __future__ import annotations

from typing import Any

from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip


async def orders_over_websocket(trip: Trip) -> None:
    """Place, see, replace, cancel; a market order; a stop; a test; what is refused."""
    symbol, ask = trip.symbol, trip.client.over_websocket
    placed = await ask("order.place", **limit(symbol, "BUY", "1", "19.00"))
    trip.say("placed", answer=placed)
    trip.say("status", answer=await ask("order.status", symbol=symbol, orderId=placed["orderId"]))
    trip.say("open", answer=await ask("openOrders.status", symbol=symbol))
    replaced = await ask(
        "order.cancelReplace",
        cancelReplaceMode="STOP_ON_FAILURE",
        cancelOrderId=placed["orderId"],
        **limit(symbol, "BUY", "2", "19.10"),
    )
    trip.say("replaced", answer=replaced)
    new_id = replaced["newOrderResponse"]["orderId"]
    trip.say("cancelled", answer=await ask("order.cancel", symbol=symbol, orderId=new_id))
    await _others(trip, ask)
    await trip.refusal("unknown", ask("order.cancel", symbol=symbol, orderId=987654321))
    await trip.refusal("too_small", ask("order.place", **limit(symbol, "BUY", "0.01", "19.00")))
    trip.say("account", answer=await ask("account.status"))
    trip.say("all_orders", answer=await ask("allOrders", symbol=symbol))


async def _others(trip: Trip, ask: Any) -> None:
    symbol = trip.symbol
    async with trip.another(trip.other_place) as other:
        await other.place_order(**limit(symbol, "SELL", "2", "20.00"))
        bought = await ask("order.place", symbol=symbol, side="BUY", type="MARKET", quantity="2")
    trip.say("bought", answer=bought)
    trip.say("trades", answer=await ask("myTrades", symbol=symbol))
    stop = {"symbol": symbol, "side": "SELL", "type": "STOP_LOSS_LIMIT", "quantity": "1"}
    await ask("order.place", **stop, stopPrice="15.00", price="14.90", timeInForce="GTC")
    trip.say("cancelled_all", answer=await ask("openOrders.cancelAll", symbol=symbol))
    if trip.client.offers("order.test"):
        await trip.refusal("tested", ask("order.test", **limit(symbol, "BUY", "1", "19.00")))
    if trip.client.offers("order.amend.keepPriority"):
        order = await ask("order.place", **limit(symbol, "BUY", "2", "19.00"))
        amended = await ask("order.amend.keepPriority", symbol=symbol, orderId=order["orderId"], newQty="1")
        trip.say("amended", answer=amended)
        await ask("order.cancel", symbol=symbol, orderId=order["orderId"])
