"""Meeting the venue, and asking about its markets."""

from __future__ import annotations

from tests.conformance.journeys.trip import Trip

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS


async def connecting(trip: Trip) -> None:
    """What programs do first."""
    client = trip.client
    trip.say("clock", time=await client.clock())
    trip.say("ping", answer=await client.rest("GET ping"))
    trip.say("listing", symbols=await client.listing())
    info = await client.rest("GET exchangeInfo")
    one = await client.rest("GET exchangeInfo", symbol=trip.symbol) if trip.data["one_symbol"] else None
    trip.say("exchange_info", info=info, one=one)
    trip.say("account", account=await client.account())
    trip.say("other_ways", **await client.other_ways_to_start())
    if client.offers("POST userDataStream"):
        await trip.refusal("listen_key", client.rest("POST userDataStream"))


async def market_data(trip: Trip) -> None:
    """Everything that can be asked about a market."""
    client, symbol = trip.client, trip.symbol
    questions: dict[str, list[dict[str, object]]] = {
        "GET depth": [{"symbol": symbol}, {"symbol": symbol, "limit": 5}],
        "GET trades": [{"symbol": symbol, "limit": 5}],
        "GET historicalTrades": [{"symbol": symbol, "limit": 5}],
        "GET aggTrades": [{"symbol": symbol, "limit": 5}],
        "GET klines": [{"symbol": symbol, "interval": "1m", "limit": 5}],
        "GET uiKlines": [{"symbol": symbol, "interval": "1h", "limit": 5}],
        "GET avgPrice": [{"symbol": symbol}],
        "GET ticker/24hr": [{"symbol": symbol}, {}],
        "GET ticker/tradingDay": [{"symbol": symbol}],
        "GET ticker": [{"symbol": symbol, "windowSize": "1h"}],
        "GET ticker/price": [{"symbol": symbol}, {}],
        "GET ticker/bookTicker": [{"symbol": symbol}, {}],
        "GET executionRules": [{"symbol": symbol}],
        "GET referencePrice": [{"symbol": symbol}],
    }
    for what, ways in questions.items():
        if client.offers(what):
            for parameters in ways:
                await trip.refusal(what, client.rest(what, **parameters))
    trip.say("own_view", **await client.own_view(symbol))
    for what, parameters in (
        ("time", {}),
        ("depth", {"symbol": symbol, "limit": 5}),
        ("klines", {"symbol": symbol, "interval": "1m", "limit": 5}),
    ):
        if client.offers(what):
            await trip.refusal(f"websocket {what}", client.over_websocket(what, **parameters))


async def candles(trip: Trip) -> None:
    """More bars than a page holds, of minutes and of days."""
    now = await trip.client.clock()
    minute = now - now % MINUTE_MS
    start, end = minute - 2_499 * MINUTE_MS, minute + MINUTE_MS - 1
    trip.say("minutes", start=start, end=end, bars=await trip.client.history(trip.symbol, "1m", start, end))
    day = now - now % DAY_MS
    start, end = day - 729 * DAY_MS, day + DAY_MS - 1
    trip.say("days", start=start, end=end, bars=await trip.client.history(trip.symbol, "1d", start, end))
