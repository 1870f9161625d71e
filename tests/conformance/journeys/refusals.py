"""What the venue refuses."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

from tests.conformance.clients.base import Client
from tests.conformance.journeys.orders import limit
from tests.conformance.journeys.trip import Trip

ACROSS_BOTH = {
    "GET order": "order.status",
    "DELETE order": "order.cancel",
    "POST order": "order.place",
    "GET account": "account.status",
}
"""The same request over REST and over the WebSocket API."""


@contextlib.contextmanager
def clock_off_by(seconds: float) -> Iterator[None]:
    """This computer's clock is wrong."""
    right = time.time_ns

    def wrong() -> int:
        return right() + int(seconds * 1e9)

    def wrong_seconds() -> float:
        return wrong() / 1e9

    with mock.patch("time.time_ns", new=wrong), mock.patch("time.time", new=wrong_seconds):
        yield


async def refusals(trip: Trip) -> None:
    """Each by REST, and by the WebSocket API where the client has the method."""
    await _strangers(trip)
    client, symbol = trip.client, trip.symbol
    fine: dict[str, object] = {**limit(symbol, "BUY", "1", "19.00")}
    twice = {**fine, "newClientOrderId": "only-once"}
    await client.rest("POST order", **twice)
    orders: dict[str, dict[str, object]] = {
        "price_off_tick": {**fine, "price": "19.001"},
        "quantity_off_step": {**fine, "quantity": "1.0005"},
        "too_precise": {**fine, "quantity": "1.0000000001"},
        "price_far_off": {**fine, "price": "0.00"},
        "below_notional": {**fine, "quantity": "0.01"},
        "no_money": {**fine, "quantity": "90000"},
        "nothing_to_sell": {**fine, "side": "SELL", "quantity": "9000", "price": "21.00"},
        "duplicate": twice,
        "unknown_symbol": {**fine, "symbol": "NOSUCHUSDT"},
        "unknown_type": {**fine, "type": "MAYBE"},
        "unknown_side": {**fine, "side": "HOLD"},
        "unknown_time_in_force": {**fine, "timeInForce": "GTX9"},
        "no_price": {name: value for name, value in fine.items() if name != "price"},
        "market_with_price": {**fine, "type": "MARKET"},
        "bad_client_id": {**fine, "newClientOrderId": "a" * 40},
        "stop_would_trigger": {
            "symbol": symbol,
            "side": "SELL",
            "type": "STOP_LOSS",
            "quantity": "1",
            "stopPrice": "25.00",
        },
    }
    async with trip.another(trip.other_place) as other:
        # a last price, so that a stop can be on the wrong side of it
        await other.place_order(**limit(symbol, "SELL", "1", "20.00"))
        await client.place_order(**limit(symbol, "BUY", "1", "20.00"))
    for step, order in orders.items():
        await _both(trip, client, step, "POST order", order)
    for what in ("GET order", "DELETE order"):
        await _both(trip, client, f"unknown_order {what}", what, {"symbol": symbol, "orderId": 987654321})
    await trip.refusal("neither_id", client.rest("GET order", symbol=symbol))
    await trip.refusal("bad_interval", client.rest("GET klines", symbol=symbol, interval="7m"))
    await trip.refusal("bad_symbol", client.rest("GET depth", symbol="NOSUCHUSDT"))
    await trip.refusal("cleaned", client.rest("DELETE openOrders", symbol=symbol))


async def _strangers(trip: Trip) -> None:
    """A wrong secret, an unknown key, a wrong clock."""
    async with trip.another(replace(trip.place, secret="w" * 64)) as wrong_secret:
        await _both(trip, wrong_secret, "bad_signature", "GET account", {})
    async with trip.another(replace(trip.place, key="k" * 64)) as unknown:
        await _both(trip, unknown, "unknown_key", "GET account", {})
    async with trip.another(trip.place) as other:
        for step, seconds in (("clock_behind", -120.0), ("clock_ahead", 120.0)):
            with clock_off_by(seconds):
                await _both(trip, other, step, "GET account", {})


async def _both(trip: Trip, client: Client, step: str, what: str, parameters: dict[str, object]) -> None:
    await trip.refusal(step, client.rest(what, **parameters))
    method = ACROSS_BOTH[what]
    if trip.data["over_websocket"] and client.offers(method):
        await trip.refusal(f"websocket {step}", client.over_websocket(method, **parameters))
