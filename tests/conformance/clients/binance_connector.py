"""binance-connector: Spot, SpotWebsocketAPIClient and SpotWebsocketStreamClient, all without asyncio."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from types import MappingProxyType
from typing import Any

from binance.error import ClientError, ServerError
from binance.spot import Spot
from binance.websocket.spot.websocket_api import SpotWebsocketAPIClient
from binance.websocket.spot.websocket_stream import SpotWebsocketStreamClient

from tests.conformance.clients import base
from tests.conformance.clients.followed import FollowedByHand

REST = MappingProxyType(
    {
        "GET ping": "ping",
        "GET time": "time",
        "GET exchangeInfo": "exchange_info",
        "GET depth": "depth",
        "GET trades": "trades",
        "GET historicalTrades": "historical_trades",
        "GET aggTrades": "agg_trades",
        "GET klines": "klines",
        "GET uiKlines": "ui_klines",
        "GET avgPrice": "avg_price",
        "GET ticker/24hr": "ticker_24hr",
        "GET ticker/tradingDay": "trading_day_ticker",
        "GET ticker": "rolling_window_ticker",
        "GET ticker/price": "ticker_price",
        "GET ticker/bookTicker": "book_ticker",
        "POST order": "new_order",
        "POST order/test": "new_order_test",
        "GET order": "get_order",
        "DELETE order": "cancel_order",
        "DELETE openOrders": "cancel_open_orders",
        "POST order/cancelReplace": "cancel_and_replace",
        "GET openOrders": "get_open_orders",
        "GET allOrders": "get_orders",
        "GET myTrades": "my_trades",
        "GET account": "account",
        "GET account/commission": "query_commission_rates",
        "GET rateLimit/order": "get_order_rate_limit",
        "POST orderList/oco": "new_oco_order",
        "POST orderList/oto": "new_oto_order",
        "POST orderList/otoco": "new_otoco_order",
        "GET orderList": "get_oco_order",
        "GET openOrderList": "get_oco_open_orders",
        "DELETE orderList": "cancel_oco_order",
        "POST userDataStream": "new_listen_key",
        "PUT userDataStream": "renew_listen_key",
        "DELETE userDataStream": "close_listen_key",
    }
)
WEBSOCKET = MappingProxyType(
    {
        "time": "server_time",
        "depth": "order_book",
        "klines": "klines",
        "order.place": "new_order",
        "order.test": "new_order_test",
        "order.status": "get_order",
        "order.cancel": "cancel_order",
        "order.cancelReplace": "cancel_replace_order",
        "openOrders.status": "get_open_orders",
        "openOrders.cancelAll": "cancel_open_orders",
        "orderList.place.oco": "new_oco_order",
        "orderList.place.oto": "new_oto_order",
        "orderList.place.otoco": "new_otoco_order",
        "account.status": "account",
        "allOrders": "order_history",
        "myTrades": "my_trades",
    }
)
STREAMS = (
    (r"(\w+)@aggTrade", "agg_trade"),
    (r"(\w+)@trade", "trade"),
    (r"(\w+)@kline_(\w+)", "kline"),
    (r"(\w+)@kline_(\w+)@\+08:00", "kline_timezone_offset"),
    (r"(\w+)@miniTicker", "mini_ticker"),
    (r"!miniTicker@arr", "mini_ticker"),
    (r"(\w+)@ticker", "ticker"),
    (r"(\w+)@ticker_(\w+)", "rolling_window_ticker"),
    (r"!ticker_(\w+)@arr", "rolling_window_ticker_all_symbols"),
    (r"(\w+)@bookTicker", "book_ticker"),
    (r"(\w+)@depth(\d+)@(\d+)ms", "partial_book_depth"),
    (r"(\w+)@depth@(\d+)ms", "diff_book_depth"),
)


class Client(base.Client):
    """binance-connector with one key."""

    async def open(self) -> None:
        place = self.place
        self._time_unit = "microsecond" if place.microseconds else None
        self._spot = Spot(
            place.key,
            place.secret or None,
            base_url=place.rest,
            private_key=place.private_key.encode() or None,
            time_unit=self._time_unit,
        )
        self._asking: SpotWebsocketAPIClient | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}

    async def close(self) -> None:
        if self._asking is not None:
            await asyncio.to_thread(self._asking.stop)

    async def other_ways_to_start(self) -> base.Answer:
        """It can show how much of the limits is used."""
        spot = Spot(base_url=self.place.rest, show_limit_usage=True)
        return dict((await asyncio.to_thread(spot.time))["limit_usage"])

    async def clock(self) -> int:
        return int((await self.rest("GET time"))["serverTime"])

    async def listing(self) -> dict[str, base.Answer]:
        return base.read_listing(await self.rest("GET exchangeInfo"))

    def offers(self, what: str) -> bool:
        return what in REST or what in WEBSOCKET

    async def rest(self, what: str, **parameters: Any) -> Any:
        try:
            return await asyncio.to_thread(getattr(self._spot, REST[what]), **parameters)
        except ClientError as error:
            raise base.Refused(
                error.error_code,
                error.error_message,
                error.status_code,
                data=error.error_data,
                retry_after=error.header.get("Retry-After"),
            ) from error
        except ServerError as error:
            raise base.Refused(None, error.message, error.status_code) from error

    async def over_websocket(self, what: str, **parameters: Any) -> Any:
        loop = asyncio.get_running_loop()
        if self._asking is None:
            self._asking = await asyncio.to_thread(
                SpotWebsocketAPIClient,
                f"{self.place.ws}/ws-api/v3",
                self.place.key,
                self.place.secret,
                time_unit=self._time_unit,
                on_message=lambda _socket, text: loop.call_soon_threadsafe(self._answered, text),
                on_error=lambda _socket, error: loop.call_soon_threadsafe(
                    self.complaints.append, repr(error)
                ),
            )
        name = str(uuid.uuid4())
        answer = self._answers[name] = loop.create_future()
        getattr(self._asking, WEBSOCKET[what])(id=name, **parameters)
        told = await asyncio.wait_for(answer, 10)
        if told["status"] != 200:
            error = told["error"]
            raise base.Refused(error["code"], error["msg"], told["status"], data=error.get("data"))
        return told["result"]

    def _answered(self, text: str) -> None:
        message = json.loads(text)
        waiting = self._answers.pop(message["id"], None)
        if waiting is None:
            self.complaints.append(f"an answer nobody waits for: {text}")
        else:
            waiting.set_result(message)

    async def subscribe(self, names: list[str]) -> base.Feed:
        feed = base.Feed()
        socket = await self._listen(feed)
        # one frame for each stream at once, as its examples do
        for name in names:
            _send(socket, name, None)

        async def stop(some: list[str]) -> None:
            for name in some:
                _send(socket, name, "UNSUBSCRIBE")

        async def listed() -> list[str]:
            feed.answers.pop(77, None)
            socket.list_subscribe(id=77)
            assert await base.soon(lambda: 77 in feed.answers)
            return list(feed.answers[77])

        feed.stop = stop
        feed.listed = listed
        return feed

    async def _listen(self, feed: base.Feed) -> SpotWebsocketStreamClient:
        loop = asyncio.get_running_loop()

        def heard(text: str) -> None:
            message = json.loads(text)
            if "stream" in message:
                feed.received.append((message["stream"], message["data"]))
            elif "result" in message:
                feed.answers[message["id"]] = message["result"]
            else:
                feed.errors.append(text)

        socket = await asyncio.to_thread(
            SpotWebsocketStreamClient,
            self.place.ws,
            time_unit=self._time_unit,
            on_message=lambda _socket, text: loop.call_soon_threadsafe(heard, text),
            on_close=lambda _socket: loop.call_soon_threadsafe(feed.errors.append, "closed"),
            on_error=lambda _socket, error: loop.call_soon_threadsafe(feed.errors.append, repr(error)),
            is_combined=True,
        )
        feed.close = lambda: asyncio.to_thread(socket.stop)
        return socket

    async def user_events(self) -> base.UserEvents:
        events = base.UserEvents()
        key = (await self.rest("POST userDataStream"))["listenKey"]
        feed = base.Feed(errors=events.errors)
        socket = await self._listen(feed)
        feed.received = _Unwrapped(events.received)
        socket.user_data(listen_key=key)
        assert await base.soon(lambda: feed.answers)

        async def close() -> None:
            await self.rest("DELETE userDataStream", listenKey=key)
            await feed.close()

        events.close = close
        return events

    async def local_book(self, symbol: str) -> base.LocalBook:
        return await FollowedByHand.start(self, symbol)


class _Unwrapped(list[tuple[str, Any]]):
    """Passes events on without the name of their stream, which is the secret listen key."""

    def __init__(self, events: list[base.Event]) -> None:
        super().__init__()
        self._events = events

    def append(self, item: tuple[str, Any]) -> None:
        self._events.append(item[1])


def _send(socket: SpotWebsocketStreamClient, name: str, action: str | None) -> None:
    for pattern, method in STREAMS:
        found = re.fullmatch(pattern, name)
        if found:
            getattr(socket, method)(*found.groups(), action=action)
            return
    socket.send_message_to_server(name, action=action)
