"""
binance-sdk-spot: Binance's own. Its models are typed strictly, so what it logs is a check of every answer.

A field its models do not know is noted as well: they are made from Binance's own description.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import Any

from binance_common import errors
from binance_common.configuration import (
    ConfigurationRestAPI,
    ConfigurationWebSocketAPI,
    ConfigurationWebSocketStreams,
)
from binance_common.constants import TimeUnit
from binance_sdk_spot.spot import Spot
from pydantic import BaseModel

from tests.conformance.clients import base
from tests.conformance.clients.followed import FollowedByHand

REST = MappingProxyType(
    {
        "GET ping": "ping",
        "GET time": "time",
        "GET exchangeInfo": "exchange_info",
        "GET executionRules": "execution_rules",
        "GET depth": "depth",
        "GET trades": "get_trades",
        "GET historicalTrades": "historical_trades",
        "GET historicalBlockTrades": "historical_block_trades",
        "GET aggTrades": "agg_trades",
        "GET klines": "klines",
        "GET uiKlines": "ui_klines",
        "GET avgPrice": "avg_price",
        "GET ticker/24hr": "ticker24hr",
        "GET ticker/tradingDay": "ticker_trading_day",
        "GET ticker": "ticker",
        "GET ticker/price": "ticker_price",
        "GET ticker/bookTicker": "ticker_book_ticker",
        "GET referencePrice": "reference_price",
        "POST order": "new_order",
        "POST order/test": "order_test",
        "GET order": "get_order",
        "DELETE order": "delete_order",
        "DELETE openOrders": "delete_open_orders",
        "POST order/cancelReplace": "order_cancel_replace",
        "PUT order/amend/keepPriority": "order_amend_keep_priority",
        "GET order/amendments": "order_amendments",
        "GET openOrders": "get_open_orders",
        "GET allOrders": "all_orders",
        "GET myTrades": "my_trades",
        "GET account": "get_account",
        "GET account/commission": "account_commission",
        "GET rateLimit/order": "rate_limit_order",
        "GET myFilters": "my_filters",
        "POST orderList/oco": "order_list_oco",
        "POST orderList/oto": "order_list_oto",
        "POST orderList/otoco": "order_list_otoco",
        "GET orderList": "get_order_list",
        "GET openOrderList": "open_order_list",
        "DELETE orderList": "delete_order_list",
    }
)
WEBSOCKET = MappingProxyType(
    {
        "time": "time",
        "depth": "depth",
        "klines": "klines",
        "order.place": "order_place",
        "order.test": "order_test",
        "order.status": "order_status",
        "order.cancel": "order_cancel",
        "order.cancelReplace": "order_cancel_replace",
        "order.amend.keepPriority": "order_amend_keep_priority",
        "openOrders.status": "open_orders_status",
        "openOrders.cancelAll": "open_orders_cancel_all",
        "orderList.place.oco": "order_list_place_oco",
        "orderList.place.oto": "order_list_place_oto",
        "orderList.place.otoco": "order_list_place_otoco",
        "account.status": "account_status",
        "account.commission": "account_commission",
        "allOrders": "all_orders",
        "myTrades": "my_trades",
        "session.logon": "session_logon",
        "session.status": "session_status",
        "session.logout": "session_logout",
        "session.subscriptions": "session_subscriptions",
    }
)
STREAMS = (
    (r"(?P<symbol>\w+)@aggTrade", "agg_trade"),
    (r"(?P<symbol>\w+)@trade", "trade"),
    (r"(?P<symbol>\w+)@kline_(?P<interval>\w+)", "kline"),
    (r"(?P<symbol>\w+)@kline_(?P<interval>\w+)@\+08:00", "kline_offset"),
    (r"(?P<symbol>\w+)@miniTicker", "mini_ticker"),
    (r"!miniTicker@arr", "all_mini_ticker"),
    (r"(?P<symbol>\w+)@ticker", "ticker"),
    (r"(?P<symbol>\w+)@ticker_(?P<window_size>\w+)", "rolling_window_ticker"),
    (r"!ticker_(?P<window_size>\w+)@arr", "all_market_rolling_window_ticker"),
    (r"(?P<symbol>\w+)@bookTicker", "book_ticker"),
    (r"(?P<symbol>\w+)@avgPrice", "avg_price"),
    (r"(?P<symbol>\w+)@referencePrice", "reference_price"),
    (r"(?P<symbol>\w+)@blockTrade", "block_trade"),
    (r"(?P<symbol>\w+)@depth(?P<levels>\d+)@(?P<update_speed>\d+ms)", "partial_book_depth"),
    (r"(?P<symbol>\w+)@depth@(?P<update_speed>\d+ms)", "diff_book_depth"),
)
STATUSES = MappingProxyType(
    {
        errors.BadRequestError: 400,
        errors.UnauthorizedError: 401,
        errors.ForbiddenError: 403,
        errors.NotFoundError: 404,
        errors.RateLimitBanError: 418,
        errors.TooManyRequestsError: 429,
    }
)
COMPLAINTS = re.compile(
    r"did not match the declared types|Failed to parse|Error in callback|Unknown user data event"
)
DOCUMENTED = frozenset(
    {
        "icebergQty", "preventedMatchId", "preventedQuantity", "stopPrice", "strategyId", "strategyType",
        "trailingDelta", "trailingTime", "usedSor", "workingFloor", "expiryReason", "selfTradePreventionMode",
        "rateLimits",
    }
)  # fmt: skip
"""What Binance documents, though not each of the models has it."""
PATIENCE_MS = 10_000
"""Its second of patience is not what these tests are about."""


class Client(base.Client):
    """binance-sdk-spot with one key."""

    async def open(self) -> None:
        place = self.place
        keys = {
            "api_key": place.key,
            "api_secret": place.secret or None,
            "private_key": place.private_key or None,
        }
        unit = TimeUnit.MICROSECOND if place.microseconds else None
        self._spot = Spot(
            config_rest_api=ConfigurationRestAPI(
                base_path=place.rest, timeout=PATIENCE_MS, time_unit=unit.value if unit else None, **keys
            ),
            config_ws_api=ConfigurationWebSocketAPI(
                stream_url=f"{place.ws}/ws-api/v3", time_unit=unit, **keys
            ),
            config_ws_streams=ConfigurationWebSocketStreams(stream_url=place.ws, time_unit=unit),
        )
        self._asking = False
        self._listener = _Complaints(self.complaints)
        logging.getLogger().addHandler(self._listener)

    async def close(self) -> None:
        logging.getLogger().removeHandler(self._listener)
        if self._asking:
            await self._spot.websocket_api.close_connection()

    async def other_ways_to_start(self) -> base.Answer:
        """It reads from every answer how much of the limits is used."""
        answer = await asyncio.to_thread(self._spot.rest_api.time)
        return {"limits": [limit.model_dump() for limit in answer.rate_limits]}

    async def clock(self) -> int:
        return int((await self.rest("GET time"))["serverTime"])

    async def listing(self) -> dict[str, base.Answer]:
        return base.read_listing(await self.rest("GET exchangeInfo"))

    def offers(self, what: str) -> bool:
        return what in REST or what in WEBSOCKET

    async def rest(self, what: str, **parameters: Any) -> Any:
        method = getattr(self._spot.rest_api, REST[what])
        try:
            answer = await asyncio.to_thread(method, **_its_own(method, parameters))
        except errors.ServerError as error:
            raise base.Refused(None, error.error_message, error.status_code) from error
        except tuple(STATUSES) as error:
            told = getattr(error, "retry_after", None)
            raise base.Refused(
                error.status_code, error.error_message, STATUSES[type(error)], retry_after=told
            ) from error
        except errors.ClientError as error:
            raise base.Refused(error.status_code, error.error_message) from error
        self.note_unknown_fields(what, answer.data())
        return plain(answer.data())

    async def over_websocket(self, what: str, **parameters: Any) -> Any:
        api = await self._websocket()
        method = getattr(api, WEBSOCKET[what])
        answer = (await method(**_its_own(method, parameters))).data()
        if isinstance(answer, dict) and "error" in answer:
            error = answer["error"]
            if not isinstance(error, dict):
                raise TypeError(f"{what}: {error}")
            raise base.Refused(error["code"], error["msg"], data=error.get("data"))
        self.note_unknown_fields(what, answer)
        return plain(answer)["result"]

    async def _websocket(self) -> Any:
        if not self._asking:
            await self._spot.websocket_api.create_connection()
            self._asking = True
        return self._spot.websocket_api

    async def subscribe(self, names: list[str]) -> base.Feed:
        feed = base.Feed()
        streams = self._spot.websocket_streams
        await streams.create_connection()
        handles = {}
        for name in names:
            handles[name] = await _stream(streams, name)
            handles[name].on("message", self._receiver(feed, name))

        async def stop(some: list[str]) -> None:
            for name in some:
                await handles[name].unsubscribe()

        async def listed() -> list[str]:
            return list((await streams.list_subscribe())["result"])

        feed.stop = stop
        feed.listed = listed
        feed.close = streams.close_connection
        return feed

    def _receiver(self, feed: base.Feed, name: str) -> Callable[[Any], None]:
        def receive(payload: Any) -> None:
            self.note_unknown_fields(name, payload)
            feed.received.append((name, plain(payload)))

        return receive

    async def user_events(self) -> base.UserEvents:
        api = await self._websocket()
        try:
            subscribed = await api.user_data_stream_subscribe_signature()
        except ValueError as error:
            told = error.args[0]["error"]
            raise base.Refused(told["code"], told["msg"]) from error
        return self._hear(subscribed)

    async def session_events(self) -> base.UserEvents:
        """The user stream of a session that is logged on."""
        return self._hear(await (await self._websocket()).user_data_stream_subscribe())

    def _hear(self, subscribed: Any) -> base.UserEvents:
        events = base.UserEvents()

        def receive(event: Any) -> None:
            # its models of events leave out the event's name, after which they are called
            name = type(event.actual_instance).__name__
            events.received.append({"e": name[0].lower() + name[1:], **plain(event)})

        subscribed.stream.on("message", receive)
        number = subscribed.response.data().result.subscription_id

        async def close() -> None:
            await self._spot.websocket_api.user_data_stream_unsubscribe(subscription_id=number)

        events.close = close
        return events

    async def local_book(self, symbol: str) -> base.LocalBook:
        return await FollowedByHand.start(self, symbol)

    def note_unknown_fields(self, where: str, model: object) -> None:
        """Complain of fields that Binance's description does not have."""
        if isinstance(model, list):
            for each in model:
                self.note_unknown_fields(where, each)
        if not isinstance(model, BaseModel):
            return
        if more := set(getattr(model, "additional_properties", ())) - DOCUMENTED:
            complaint = f"{where}: {type(model).__name__} has no field {', '.join(sorted(more))}"
            if complaint not in self.complaints:
                self.complaints.append(complaint)
        for name in type(model).model_fields:
            self.note_unknown_fields(where, getattr(model, name, None))


class _Complaints(logging.Handler):
    def __init__(self, complaints: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        if COMPLAINTS.search(record.getMessage()):
            self._complaints.append(record.getMessage())


def _its_own(method: Callable[..., Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters under the names and in the types its method declares."""
    declared = inspect.signature(method).parameters
    own = {}
    for name, value in parameters.items():
        snake = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
        wants_float = "float" in str(declared[snake].annotation)
        own[snake] = float(value) if wants_float and not isinstance(value, int) else value
    return own


async def _stream(streams: Any, name: str) -> Any:
    for pattern, method in STREAMS:
        found = re.fullmatch(pattern, name)
        if found:
            subscribe: Callable[..., Awaitable[Any]] = getattr(streams, method)
            return await subscribe(**found.groupdict())
    raise LookupError(name)


def plain(value: Any) -> Any:
    """What came over the wire, out of its models."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if not isinstance(value, BaseModel):
        return value
    if "actual_instance" in type(value).model_fields:
        return plain(value.actual_instance)
    fields = type(value).model_fields
    told = {
        field.alias or name: plain(getattr(value, name))
        for name, field in fields.items()
        if name != "additional_properties" and getattr(value, name) is not None
    }
    return told | plain(getattr(value, "additional_properties", {}))
