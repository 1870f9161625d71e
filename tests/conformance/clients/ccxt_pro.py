"""ccxt and ccxt.pro: unified calls where there are any, elsewhere Binance's paths by its implicit methods."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import ccxt
import ccxt.pro

from tests.conformance.clients import base

TYPES = MappingProxyType(
    {
        "LIMIT": ("limit", ""),
        "MARKET": ("market", ""),
        "LIMIT_MAKER": ("limit", ""),
        "STOP_LOSS": ("market", "stopLossPrice"),
        "STOP_LOSS_LIMIT": ("limit", "stopLossPrice"),
        "TAKE_PROFIT": ("market", "takeProfitPrice"),
        "TAKE_PROFIT_LIMIT": ("limit", "takeProfitPrice"),
    }
)
"""How it names an order's type, and the price that triggers it."""
WEBSOCKET = frozenset(
    {
        "order.place", "order.status", "order.cancel", "order.cancelReplace", "openOrders.status",
        "openOrders.cancelAll", "account.status", "allOrders", "myTrades",
    }
)  # fmt: skip


class Client(base.Client):
    """ccxt with one key."""

    comes_back = True
    user_stream_comes_back = True

    async def open(self) -> None:
        place = self.place
        self._exchange = exchange = ccxt.pro.binance(
            {
                "apiKey": place.key,
                "secret": place.private_key or place.secret,
                "options": {
                    "fetchMarkets": {"types": ["spot"]},
                    "fetchCurrencies": False,
                    "fetchMargins": False,
                    "warnOnFetchOpenOrdersWithoutSymbol": False,
                },
            }
        )
        exchange.urls["api"].update(public=f"{place.rest}/api/v3", private=f"{place.rest}/api/v3")
        exchange.urls["api"]["ws"]["spot"] = f"{place.ws}/ws"
        exchange.urls["api"]["ws"]["ws-api"]["spot"] = f"{place.ws}/ws-api/v3"
        # the venue counts, so that its counting is seen
        exchange.enableRateLimit = False
        await exchange.load_markets()

    async def close(self) -> None:
        await self._exchange.close()

    async def other_ways_to_start(self) -> base.Answer:
        """With nothing configured it asks for margins, futures and coins too, as soon as it has a key."""
        exchange = ccxt.pro.binance({"apiKey": self.place.key, "secret": self.place.secret})
        for name, url in exchange.urls["api"].items():
            if isinstance(url, str):
                exchange.urls["api"][name] = self.place.rest + urlsplit(url).path
        try:
            markets = await exchange.load_markets()
            return {
                "markets": len(markets),
                "kinds": sorted({market["type"] for market in markets.values()}),
                "status": (await exchange.fetch_status())["status"],
                "fee": (await exchange.fetch_trading_fee("BTC/USDT"))["taker"],
            }
        finally:
            await exchange.close()

    async def clock(self) -> int:
        return int(await self._exchange.fetch_time())

    async def listing(self) -> dict[str, base.Answer]:
        return {
            market["id"]: {
                "active": market["active"],
                "tick": market["precision"]["price"],
                "step": market["precision"]["amount"],
                "least_notional": market["limits"]["cost"]["min"],
            }
            for market in self._exchange.markets.values()
        }

    def offers(self, what: str) -> bool:
        return what in WEBSOCKET or hasattr(self._exchange, self._implicit(what))

    def _implicit(self, what: str) -> str:
        verb, _, path = what.partition(" ")
        access = "Private" if path in _PRIVATE or verb != "GET" else "Public"
        parts = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^a-zA-Z0-9]", path))
        return f"{access.lower()}{verb.capitalize()}{parts}"

    async def rest(self, what: str, **parameters: Any) -> Any:
        for name, value in parameters.items():
            if isinstance(value, list):
                parameters[name] = json.dumps(value, separators=(",", ":"))
        return await _told(getattr(self._exchange, self._implicit(what))(parameters))

    def _unified(self, symbol: str) -> str:
        return str(self._exchange.market(self._exchange.safe_symbol(symbol))["symbol"])

    # its unified calls

    async def place_order(self, **order: Any) -> base.Answer:
        return (await _told(self._exchange.create_order(*self._as_unified(order))))["info"]

    async def replace_order(self, cancelled: object, **order: Any) -> base.Answer:
        symbol, kind, side, amount, price, more = self._as_unified(order)
        edited = self._exchange.edit_order(str(cancelled), symbol, kind, side, amount, price, more)
        return {"newOrderResponse": (await _told(edited))["info"]}

    async def cancel_order(self, symbol: str, order_id: object) -> base.Answer:
        return (await _told(self._exchange.cancel_order(str(order_id), self._unified(symbol))))["info"]

    async def cancel_all(self, symbol: str) -> list[base.Answer]:
        return _infos(await _told(self._exchange.cancel_all_orders(self._unified(symbol))))

    async def find_order(self, symbol: str, order_id: object) -> base.Answer:
        return (await _told(self._exchange.fetch_order(str(order_id), self._unified(symbol))))["info"]

    async def open_orders(self, symbol: str) -> list[base.Answer]:
        return _infos(await _told(self._exchange.fetch_open_orders(self._unified(symbol))))

    async def all_orders(self, symbol: str) -> list[base.Answer]:
        return _infos(await _told(self._exchange.fetch_orders(self._unified(symbol))))

    async def fills(self, symbol: str) -> list[base.Answer]:
        return _infos(await _told(self._exchange.fetch_my_trades(self._unified(symbol))))

    async def account(self) -> base.Answer:
        return (await _told(self._exchange.fetch_balance()))["info"]

    async def own_view(self, symbol: str) -> dict[str, Any]:
        unified = self._unified(symbol)
        ticker = await self._exchange.fetch_ticker(unified)
        book = await self._exchange.fetch_order_book(unified)
        trades = await self._exchange.fetch_trades(unified)
        bars = await self._exchange.fetch_ohlcv(unified, "1m", limit=5)
        names = ("last", "open", "high", "low", "close", "bid", "ask", "vwap", "percentage", "baseVolume")
        return {
            **{name: ticker[name] for name in names},
            "bids": len(book["bids"]),
            "asks": len(book["asks"]),
            "trade_price": trades[-1]["price"],
            "trade_side": trades[-1]["side"],
            "bars": len(bars),
        }

    def _as_unified(
        self, order: dict[str, Any]
    ) -> tuple[str, str, str, float | None, float | None, dict[str, Any]]:
        order = dict(order)
        kind, trigger = TYPES[order.pop("type")]
        symbol = self._unified(order.pop("symbol"))
        side = order.pop("side").lower()
        amount = order.pop("quantity", None)
        price = order.pop("price", None)
        if "stopPrice" in order:
            order[trigger] = order.pop("stopPrice")
        if "trailingDelta" in order:
            order["trailingPercent"] = order.pop("trailingDelta") / 100
            order["stopLossOrTakeProfit"] = trigger.removesuffix("Price")
        if "quoteOrderQty" in order:
            order["cost"] = float(order.pop("quoteOrderQty"))
        if kind == "limit" and not trigger and "timeInForce" not in order:
            order["postOnly"] = True
        return symbol, kind, side, amount and float(amount), price and float(price), order

    async def over_websocket(self, what: str, **parameters: Any) -> Any:
        exchange, symbol = self._exchange, parameters.pop("symbol", "")
        unified = self._unified(symbol) if symbol else None
        order_id = str(parameters.pop("orderId", parameters.pop("cancelOrderId", "")))
        answers: dict[str, Callable[[], Awaitable[Any]]] = {
            "order.status": lambda: exchange.fetch_order_ws(order_id, unified, parameters),
            "order.cancel": lambda: exchange.cancel_order_ws(order_id, unified, parameters),
            "openOrders.status": lambda: exchange.fetch_open_orders_ws(unified),
            "openOrders.cancelAll": lambda: exchange.cancel_all_orders_ws(unified),
            "account.status": exchange.fetch_balance_ws,
            "allOrders": lambda: exchange.fetch_orders_ws(unified),
            "myTrades": lambda: exchange.fetch_my_trades_ws(unified),
        }
        if what in ("order.place", "order.cancelReplace"):
            order = self._as_unified({"symbol": symbol, **parameters})
            if "stopLossPrice" in order[5]:
                # over WebSocket it passes its own name on as well, which the venue does not know
                order[5]["stopPrice"] = order[5].pop("stopLossPrice")
            if what == "order.place":
                return (await _told(exchange.create_order_ws(*order)))["info"]
            order[5].pop("cancelReplaceMode", None)
            return {"newOrderResponse": (await _told(exchange.edit_order_ws(order_id, *order)))["info"]}
        return _infos(await _told(answers[what]()))

    async def history(self, symbol: str, interval: str, start: int, end: int) -> list[list[Any]]:
        """A page at a time, from where the last one ended, as its manual shows."""
        bars: list[list[Any]] = []
        while start < end:
            page = await self._exchange.fetch_ohlcv(
                self._unified(symbol), interval, since=start, limit=base.PAGE, params={"until": end}
            )
            bars += page
            if len(page) < base.PAGE:
                break
            start = page[-1][0] + 1
        return bars

    # streams

    async def subscribe(self, names: list[str]) -> base.Feed:
        feed = base.Feed()
        watching = {name: asyncio.create_task(self._watch(name, feed)) for name in names}

        async def stop(some: list[str]) -> None:
            for name in some:
                await self._watch_of(name)[1]()
                await base.end(watching.pop(name))

        async def close() -> None:
            for task in watching.values():
                await base.end(task)

        feed.stop = stop
        feed.close = close
        return feed

    async def _watch(self, name: str, feed: base.Feed) -> None:
        watch = self._watch_of(name)[0]
        while True:
            try:
                seen = await watch()
            except ccxt.UnsubscribeError:
                return
            except ccxt.BaseError as error:
                feed.errors.append(repr(error))
                await asyncio.sleep(0.2)
                continue
            feed.received.append((name, _seen(seen)))

    def _watch_of(self, name: str) -> tuple[Callable[[], Awaitable[Any]], Callable[[], Awaitable[Any]]]:
        """What watches a stream, and what stops it."""
        own, exchange = name.partition("@"), self._exchange
        if name == "!miniTicker@arr":
            return exchange.watch_tickers, exchange.un_watch_tickers
        symbol = self._unified(own[0].upper())
        kind, _, detail = own[2].partition("_")
        watches: dict[str, tuple[Callable[[], Awaitable[Any]], Callable[[], Awaitable[Any]]]] = {
            "trade": (lambda: exchange.watch_trades(symbol), lambda: exchange.un_watch_trades(symbol)),
            "kline": (
                lambda: exchange.watch_ohlcv(symbol, detail),
                lambda: exchange.un_watch_ohlcv(symbol, detail),
            ),
            "miniTicker": (lambda: exchange.watch_ticker(symbol), lambda: exchange.un_watch_ticker(symbol)),
            "bookTicker": (
                lambda: exchange.watch_bids_asks([symbol]),
                lambda: exchange.un_watch_bids_asks([symbol]),
            ),
            "depth@100ms": (
                lambda: exchange.watch_order_book(symbol),
                lambda: exchange.un_watch_order_book(symbol),
            ),
        }
        return watches[kind]

    async def user_events(self) -> base.UserEvents:
        events = base.UserEvents()
        exchange = self._exchange
        await _told(exchange.authenticate())

        async def watch(what: Callable[[], Coroutine[Any, Any, Any]]) -> None:
            while True:
                try:
                    seen = await what()
                except ccxt.BaseError as error:
                    events.errors.append(repr(error))
                    await asyncio.sleep(0.2)
                    continue
                for event in seen if isinstance(seen, list) else [seen]:
                    if event["info"] not in events.received:
                        events.received.append(dict(event["info"]))

        watching = [
            asyncio.create_task(watch(what))
            for what in (exchange.watch_orders, exchange.watch_my_trades, exchange.watch_balance)
        ]

        async def close() -> None:
            for task in watching:
                await base.end(task)

        events.close = close
        return events

    async def local_book(self, symbol: str) -> base.LocalBook:
        return WatchedBook(self._exchange, self._unified(symbol))


class WatchedBook(base.LocalBook):
    """What watch_order_book keeps."""

    def __init__(self, exchange: Any, symbol: str) -> None:
        self._exchange = exchange
        self._symbol = symbol
        self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            try:
                await self._exchange.watch_order_book(self._symbol)
            except ccxt.ChecksumError:
                self.restarts += 1

    def sides(self) -> tuple[dict[str, str], dict[str, str]]:
        book = self._exchange.orderbooks[self._symbol]
        return base.plain_levels(dict(book["bids"])), base.plain_levels(dict(book["asks"]))

    def update_id(self) -> int:
        book = self._exchange.orderbooks.get(self._symbol)
        return int(book["nonce"] or 0) if book else 0

    async def close(self) -> None:
        await base.end(self._following)


_PRIVATE = frozenset(
    {
        "account", "account/commission", "openOrders", "allOrders", "myTrades", "order", "orderList",
        "openOrderList", "allOrderList", "rateLimit/order", "myFilters", "order/amendments",
    }
)  # fmt: skip


def _infos(seen: Any) -> Any:
    """What came over the wire, out of its own structures."""
    if isinstance(seen, list):
        return [each["info"] for each in seen]
    return seen["info"]


def _seen(seen: Any) -> Any:
    if isinstance(seen, list):
        return [each["info"] if isinstance(each, dict) else each for each in seen]
    if "info" in seen:
        return seen["info"]
    if "bids" in seen:
        return {"bids": len(seen["bids"]), "asks": len(seen["asks"])}
    return [each["info"] for each in seen.values()]


async def _told(request: Awaitable[Any]) -> Any:
    try:
        return await request
    except ccxt.BaseError as error:
        found = re.search(r"\{.*\}", str(error), re.DOTALL)
        # what it knows by its text it raises without the code
        told = json.loads(found[0]) if found else {"msg": str(error).removeprefix("binance ")}
        told = told.get("error", told)
        raise base.Refused(
            told.get("code"), told.get("msg", ""), kind=type(error).__name__, data=told.get("data")
        ) from error
