"""The one port: what comes in by HTTP goes to REST, to a WebSocket, or to the control pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.answers import refused
from veighna_ext.exchange.server.limits import ConnectionAttempts, MessageBudget
from veighna_ext.exchange.server.refusals import as_refusal
from veighna_ext.exchange.server.rest import Rest, time_divisor
from veighna_ext.exchange.server.sockets import HandedOver, Socket, Sockets
from veighna_ext.exchange.server.ws_api.connections import CONNECTION_WEIGHT

if TYPE_CHECKING:
    from veighna_ext.exchange.server.control.control import Control
    from veighna_ext.exchange.server.dispatch import Dispatcher
    from veighna_ext.exchange.server.streams.market import MarketStreams
    from veighna_ext.exchange.server.ws_api.connections import WsApi

API_PATH = "/ws-api/v3"
_STREAM_PATHS = ("", "/ws", "/stream")
_DEFAULT_UNIT = "MILLISECOND"


class Front:
    """Sends every request to where it belongs."""

    def __init__(
        self,
        rest: Rest,
        api: WsApi,
        streams: MarketStreams,
        control: Control,
        dispatcher: Dispatcher,
        sockets: Sockets,
        *,
        rate_limit: bool = True,
        strict: bool = False,
    ) -> None:
        self._rest = rest
        self._api = api
        self._streams = streams
        self._control = control
        self._dispatcher = dispatcher
        self._sockets = sockets
        self._attempts = ConnectionAttempts(enabled=rate_limit)
        self._rate_limit = rate_limit
        self._strict = strict

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Whatever came, something goes back."""
        target = request.raw_path
        if request.headers.get("Upgrade") is not None:
            path = target.partition("?")[0].rstrip("/")
            if path == API_PATH or path in _STREAM_PATHS or path.startswith("/ws/"):
                return await self._attend(request, path)
        if target.startswith("/mock"):
            return await self._control.answer(request)
        return await self._rest.answer(request)

    async def _attend(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """Serve a WebSocket until it ends."""
        query = request.rel_url.query
        try:
            address, now = request.remote or "", self._dispatcher.live.real_now()
            self._attempts.attempt(address, now)
            if path == API_PATH:
                self._dispatcher.requests.charge(address, CONNECTION_WEIGHT, now)
            divisor = time_divisor(query.get("timeUnit", _DEFAULT_UNIT))
            socket = Socket.accept(request, self._dispatcher.live)
        except Refused as error:
            return refused(as_refusal(error), ends=True)
        self._sockets.add(socket)
        try:
            if path == API_PATH:
                shown = query.get("returnRateLimits", "true").lower() != "false"
                await self._api.serve(socket, returns_rate_limits=shown, time_divisor=divisor)
            else:
                budget = MessageBudget(enabled=self._rate_limit, strict=self._strict)
                await self._streams.attend(socket, path or "/", query, budget)
        finally:
            self._sockets.remove(socket)
        return HandedOver()
