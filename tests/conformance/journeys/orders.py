"""Each type of order over REST: placed, seen, replaced, cancelled, triggered."""

from __future__ import annotations

import time

from tests.conformance.clients.base import Client
from tests.conformance.journeys.trip import Trip

CONDITIONAL = {
    "STOP_LOSS": {"stopPrice": "15.00"},
    "STOP_LOSS_LIMIT": {"stopPrice": "15.00", "price": "14.90", "timeInForce": "GTC"},
    "TAKE_PROFIT": {"stopPrice": "25.00"},
    "TAKE_PROFIT_LIMIT": {"stopPrice": "25.00", "price": "25.10", "timeInForce": "GTC"},
}


def limit(symbol: str, side: str, quantity: str, price: str, time_in_force: str = "GTC") -> dict[str, str]:
    """A limit order as Binance's parameters."""
    return {
        "symbol": symbol,
        "side": side,
        "type": "LIMIT",
        "timeInForce": time_in_force,
        "quantity": quantity,
        "price": price,
    }


async def trade_at(buyer: Client, seller: Client, symbol: str, price: str, quantity: str = "1") -> None:
    """Make two accounts trade: the price is then the market's last."""
    await seller.place_order(**limit(symbol, "SELL", quantity, price))
    await buyer.place_order(**limit(symbol, "BUY", quantity, price))


async def orders(trip: Trip) -> None:
    """Every type there is."""
    client, symbol = trip.client, trip.symbol
    async with trip.another(trip.other_place) as other:
        await _resting(trip)
        await _against_nothing(trip)
        await _filled(trip, other)
        await _conditional(trip)
        await _triggered(trip, other)
    await _replaced(trip)
    trip.say("all_orders", orders=await client.all_orders(symbol))


async def _resting(trip: Trip) -> None:
    """Limit orders in a book: seen by id and among the open ones, then cancelled."""
    client, symbol = trip.client, trip.symbol
    kinds: dict[str, dict[str, object]] = {
        "LIMIT": {**limit(symbol, "BUY", "1", "19.00"), "newClientOrderId": f"mine-{time.time_ns()}"},
        "LIMIT_MAKER": {
            "symbol": symbol,
            "side": "SELL",
            "type": "LIMIT_MAKER",
            "quantity": "1",
            "price": "21.00",
        },
        "ICEBERG": {**limit(symbol, "BUY", "2", "18.50"), "icebergQty": "0.5"},
    }
    await trip.refusal("tested", client.rest("POST order/test", **limit(symbol, "BUY", "1", "19.00")))
    for kind, order in kinds.items():
        placed = await client.place_order(**order)
        found = await client.find_order(symbol, placed["orderId"])
        open_now = await client.open_orders(symbol)
        cancelled = await client.cancel_order(symbol, placed["orderId"])
        trip.say(
            "resting",
            kind=kind,
            client_id=order.get("newClientOrderId"),
            placed=placed,
            found=found,
            open=open_now,
            cancelled=cancelled,
            after=await client.find_order(symbol, placed["orderId"]),
        )


async def _against_nothing(trip: Trip) -> None:
    """What cannot wait ends at once in an empty book."""
    client, symbol = trip.client, trip.symbol
    for kind, order in (
        ("IOC", limit(symbol, "BUY", "1", "19.00", "IOC")),
        ("FOK", limit(symbol, "BUY", "1", "19.00", "FOK")),
        ("MARKET", {"symbol": symbol, "side": "BUY", "type": "MARKET", "quantity": "1"}),
    ):
        placed = await client.place_order(**order)
        trip.say(
            "unfilled", kind=kind, placed=placed, after=await client.find_order(symbol, placed["orderId"])
        )


async def _filled(trip: Trip, other: Client) -> None:
    """Market orders by quantity and by money, against two prices."""
    client, symbol = trip.client, trip.symbol
    await other.place_order(**limit(symbol, "SELL", "1", "20.00"))
    await other.place_order(**limit(symbol, "SELL", "4", "20.10"))
    buy = {"symbol": symbol, "side": "BUY", "type": "MARKET"}
    trip.say("filled", kind="quantity", placed=await client.place_order(**buy, quantity="2"))
    trip.say("filled", kind="money", placed=await client.place_order(**buy, quoteOrderQty="40.20"))
    taken = client.rest(
        "POST order", symbol=symbol, side="BUY", type="LIMIT_MAKER", quantity="1", price="20.10"
    )
    await trip.refusal("would_take", taken)
    await other.cancel_all(symbol)


async def _conditional(trip: Trip) -> None:
    """Stops wait; each is seen and cancelled."""
    client, symbol = trip.client, trip.symbol
    kinds: dict[str, dict[str, object]] = {kind: dict(more) for kind, more in CONDITIONAL.items()}
    kinds["TRAILING"] = {"trailingDelta": 500}
    for kind, more in kinds.items():
        order_type = "STOP_LOSS" if kind == "TRAILING" else kind
        order = {"symbol": symbol, "side": "SELL", "type": order_type, "quantity": "1", **more}
        placed = await client.place_order(**order)
        trip.say(
            "conditional",
            kind=kind,
            placed=placed,
            found=await client.find_order(symbol, placed["orderId"]),
            cancelled=await client.cancel_order(symbol, placed["orderId"]),
        )


async def _triggered(trip: Trip, other: Client) -> None:
    """The market falls through a stop: it sells into what is there."""
    client, symbol = trip.client, trip.symbol
    stop = {"symbol": symbol, "side": "SELL", "type": "STOP_LOSS", "quantity": "1", "stopPrice": "19.50"}
    placed = await client.place_order(**stop)
    await other.place_order(**limit(symbol, "BUY", "2", "19.40"))
    await client.place_order(**limit(symbol, "SELL", "1", "19.40"))
    trip.say("triggered", placed=placed, after=await client.find_order(symbol, placed["orderId"]))


async def _replaced(trip: Trip) -> None:
    """One order in place of another; a smaller one that keeps its place; then nothing is left."""
    client, symbol = trip.client, trip.symbol
    first = await client.place_order(**limit(symbol, "BUY", "1", "18.00"))
    answer = await client.replace_order(first["orderId"], **limit(symbol, "BUY", "2", "18.10"))
    trip.say(
        "replaced",
        answer=answer,
        before=await client.find_order(symbol, first["orderId"]),
        after=await client.find_order(symbol, answer["newOrderResponse"]["orderId"]),
    )
    gone = {
        **limit(symbol, "BUY", "2", "18.20"),
        "cancelReplaceMode": "STOP_ON_FAILURE",
        "cancelOrderId": first["orderId"],
    }
    await trip.refusal("replaced_what_is_gone", client.rest("POST order/cancelReplace", **gone))
    if client.offers("PUT order/amend/keepPriority"):
        amend = {"symbol": symbol, "orderId": answer["newOrderResponse"]["orderId"], "newQty": "1.5"}
        trip.say("amended", answer=await client.rest("PUT order/amend/keepPriority", **amend))
    await client.place_order(**limit(symbol, "BUY", "1", "17.00"))
    trip.say("cancelled_all", orders=await client.cancel_all(symbol), open=await client.open_orders(symbol))
    await trip.refusal("nothing_to_cancel", client.cancel_all(symbol))
