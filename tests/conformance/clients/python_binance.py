"""python-binance: AsyncClient, BinanceSocketManager and DepthCacheManager."""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Awaitable
from types import MappingProxyType
from typing import Any

from binance import AsyncClient, BinanceSocketManager, DepthCacheManager, ThreadedWebsocketManager
from binance import Client as SynchronousClient
from binance.base_client import BaseClient
from binance.exceptions import BinanceAPIException
from websockets.exceptions import ConnectionClosed

from tests.conformance.clients import base

REST = MappingProxyType(
    {
        "GET ping": "ping",
        "GET time": "get_server_time",
        "GET exchangeInfo": "get_exchange_info",
        "GET depth": "get_order_book",
        "GET trades": "get_recent_trades",
        "GET historicalTrades": "get_historical_trades",
        "GET aggTrades": "get_aggregate_trades",
        "GET klines": "get_klines",
        "GET uiKlines": "get_ui_klines",
        "GET avgPrice": "get_avg_price",
        "GET ticker/24hr": "get_ticker",
        "GET ticker/tradingDay": "v3_get_ticker_trading_day",
        "GET ticker": "get_symbol_ticker_window",
        "GET ticker/price": "get_symbol_ticker",
        "GET ticker/bookTicker": "get_orderbook_ticker",
        "POST order": "create_order",
        "POST order/test": "create_test_order",
        "GET order": "get_order",
        "DELETE order": "cancel_order",
        "DELETE openOrders": "cancel_all_open_orders",
        "POST order/cancelReplace": "cancel_replace_order",
        "GET openOrders": "get_open_orders",
        "GET allOrders": "get_all_orders",
        "GET myTrades": "get_my_trades",
        "GET account": "get_account",
        "GET account/commission": "v3_get_account_commission",
        "GET rateLimit/order": "v3_get_rate_limit_order",
        "POST orderList/oco": "create_oco_order",
        "POST orderList/oto": "v3_post_order_list_oto",
        "POST orderList/otoco": "v3_post_order_list_otoco",
        "GET orderList": "v3_get_order_list",
        "GET openOrderList": "get_open_oco_orders",
        "DELETE orderList": "v3_delete_order_list",
    }
)
WEBSOCKET = MappingProxyType(
    {
        "time": "ws_get_time",
        "depth": "ws_get_order_book",
        "klines": "ws_get_klines",
        "order.place": "ws_create_order",
        "order.test": "ws_create_test_order",
        "order.status": "ws_get_order",
        "order.cancel": "ws_cancel_order",
        "order.cancelReplace": "ws_cancel_and_replace_order",
        "openOrders.status": "ws_get_open_orders",
        "openOrders.cancelAll": "ws_cancel_all_open_orders",
        "orderList.place.oco": "ws_create_oco_order",
        "orderList.place.oto": "ws_create_oto_order",
        "orderList.place.otoco": "ws_create_otoco_order",
        "account.status": "ws_get_account",
        "account.commission": "ws_get_commission_rates",
        "allOrders": "ws_get_all_orders",
        "myTrades": "ws_get_my_trades",
    }
)


class CountingDepthCache(DepthCacheManager):
    """The library's own, counting how often it has to start over."""

    updates = 0
    restarts = 0

    async def _init_cache(self) -> None:
        # its snapshot is older than the first update it meets: it then takes another one
        self.restarts += self.updates > 1
        await super()._init_cache()

    async def _process_depth_message(self, msg: dict[str, Any]) -> Any:
        self.updates += 1
        return await super()._process_depth_message(msg)


class Client(base.Client):
    """python-binance with one key."""

    comes_back = True

    async def open(self) -> None:
        place = self.place
        BaseClient.API_URL = f"{place.rest}/api"
        BaseClient.WS_API_URL = f"{place.ws}/ws-api/v3"
        BinanceSocketManager.STREAM_URL = f"{place.ws}/"
        self._client = await AsyncClient.create(
            place.key, place.secret or None, private_key=place.private_key or None
        )
        self._sockets = BinanceSocketManager(self._client, max_queue_size=10_000)

    async def close(self) -> None:
        closing = asyncio.create_task(self._client.close_connection())
        asking = self._client.ws_api.ws
        while asking is not None and not closing.done():
            # it notices that it is to end when the next message comes, or after ten seconds
            with contextlib.suppress(ConnectionClosed):
                await asking.send('{"id": "bye", "method": "ping"}')
            await asyncio.wait({closing}, timeout=0.1)
        await closing

    async def other_ways_to_start(self) -> base.Answer:
        """Its client without asyncio, and its streams in a thread."""
        return await asyncio.to_thread(self._without_asyncio)

    def _without_asyncio(self) -> base.Answer:
        client = SynchronousClient(self.place.key, self.place.secret)
        account = client.get_account()
        client.close_connection()
        heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        streams = ThreadedWebsocketManager(self.place.key, self.place.secret)
        streams.start()
        streams.start_symbol_book_ticker_socket(heard.put, "BTCUSDT")
        quote = heard.get(timeout=15)
        streams.stop()
        streams.join()
        return {"balances": len(account["balances"]), "quote": quote}

    async def clock(self) -> int:
        answer = await self.rest("GET time")
        return int(answer["serverTime"])

    async def listing(self) -> dict[str, base.Answer]:
        return base.read_listing(await self.rest("GET exchangeInfo"))

    def offers(self, what: str) -> bool:
        return what in REST or what in WEBSOCKET

    async def rest(self, what: str, **parameters: Any) -> Any:
        return await _told(getattr(self._client, REST[what])(**parameters))

    async def over_websocket(self, what: str, **parameters: Any) -> Any:
        answer = await _told(getattr(self._client, WEBSOCKET[what])(**parameters))
        return answer.get("result", answer) if isinstance(answer, dict) else answer

    async def history(self, symbol: str, interval: str, start: int, end: int) -> list[list[Any]]:
        bars: list[list[Any]] = await self._client.get_historical_klines(symbol, interval, start, end)
        return bars

    async def subscribe(self, names: list[str]) -> base.Feed:
        feed = base.Feed()
        socket = self._sockets.multiplex_socket(names)
        await socket.__aenter__()

        async def read() -> None:
            while True:
                message = await socket.recv()
                if "stream" in message:
                    feed.received.append((message["stream"], message["data"]))
                else:
                    feed.errors.append(str(message))

        reading = asyncio.create_task(read())

        async def close() -> None:
            await base.end(reading)
            await socket.__aexit__(None, None, None)

        feed.close = close
        return feed

    async def user_events(self) -> base.UserEvents:
        events = base.UserEvents()
        # each call of the manager gives the same socket: a new manager is how a program starts over
        socket = BinanceSocketManager(self._client).user_socket()
        await _told(socket.__aenter__())

        async def read() -> None:
            while True:
                event = await socket.recv()
                if event["e"] == "error":
                    events.errors.append(str(event))
                else:
                    events.received.append(event)

        reading = asyncio.create_task(read())

        async def close() -> None:
            await base.end(reading)
            await socket.__aexit__(None, None, None)

        events.close = close
        return events

    async def local_book(self, symbol: str) -> base.LocalBook:
        manager = CountingDepthCache(
            self._client, symbol, limit=5000, conv_type=str, ws_interval=100, bm=self._sockets
        )
        await manager.__aenter__()
        return FollowedBook(manager)


class FollowedBook(base.LocalBook):
    """What DepthCacheManager keeps."""

    def __init__(self, manager: CountingDepthCache) -> None:
        self._manager = manager
        self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            await self._manager.recv()

    @property
    def restarts(self) -> int:  # type: ignore[override]
        return self._manager.restarts

    def sides(self) -> tuple[dict[str, str], dict[str, str]]:
        cache = self._manager.get_depth_cache()
        return base.plain_levels(cache._bids), base.plain_levels(cache._asks)

    def update_id(self) -> int:
        return int(self._manager._last_update_id or 0)

    async def close(self) -> None:
        await base.end(self._following)
        await self._manager.__aexit__(None, None, None)


async def _told(request: Awaitable[Any]) -> Any:
    try:
        return await request
    except BinanceAPIException as error:
        raise base.Refused(error.code, error.message, error.status_code) from error
