"""The exchange's outside, put together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import WSCloseCode

from veighna_ext.exchange.faults import FaultPlan
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.control.control import Control
from veighna_ext.exchange.server.control.vitals import Vitals
from veighna_ext.exchange.server.dispatch import Dispatcher
from veighna_ext.exchange.server.gatekeeper import Gatekeeper
from veighna_ext.exchange.server.limits import OrderCounts, RequestLimits
from veighna_ext.exchange.server.live import LiveExchange
from veighna_ext.exchange.server.market_data.warming import keep_warm
from veighna_ext.exchange.server.opening import Opened
from veighna_ext.exchange.server.operations import by_method, by_route
from veighna_ext.exchange.server.options import Options
from veighna_ext.exchange.server.rest import Rest
from veighna_ext.exchange.server.sockets import Sockets
from veighna_ext.exchange.server.streams.market import MarketStreams
from veighna_ext.exchange.server.user_data import UserData
from veighna_ext.exchange.server.user_data.listen_keys import PATH as LISTEN_KEYS_PATH
from veighna_ext.exchange.server.user_data.listen_keys import ListenKeys
from veighna_ext.exchange.server.web import Front
from veighna_ext.exchange.server.ws_api.connections import WsApi


class Outside:
    """Everything that clients meet; needs a running loop."""

    def __init__(self, options: Options, opened: Opened, token: str, shut_down: Callable[[], None]) -> None:
        faults = FaultPlan(opened.seed, options.latency_ms)
        self.live = live = LiveExchange(
            opened.exchange, opened.source, faults, shares_commits=options.durability == "fsync"
        )
        self.sockets = Sockets(lifetime_s=options.connection_lifetime_s)
        vitals = Vitals(live.venue, self.sockets.__len__)
        dispatcher = Dispatcher(
            live,
            RequestLimits(enabled=options.rate_limit),
            OrderCounts(enabled=options.rate_limit),
            vitals,
        )
        gatekeeper = Gatekeeper(live, opened.keys)
        user_data = UserData(live)
        listen_keys = ListenKeys(live, user_data) if options.legacy_listen_key else None
        operations = OPERATIONS if listen_keys is None else (*OPERATIONS, *listen_keys.operations())
        self._api = WsApi(dispatcher, gatekeeper, by_method(operations), user_data)
        self._streams = MarketStreams(live, listen_keys)
        self._control = Control(
            live,
            opened.keys,
            self.sockets,
            vitals,
            token=token,
            host=options.host,
            balances=options.balances,
            accounts_of=self._api.accounts_of,
            shut_down=shut_down,
        )
        self.front = Front(
            Rest(
                dispatcher, gatekeeper, by_route(operations), gone=() if listen_keys else (LISTEN_KEYS_PATH,)
            ),
            self._api,
            self._streams,
            self._control,
            dispatcher,
            self.sockets,
            rate_limit=options.rate_limit,
            strict=options.strict_rate_limit,
        )

    def begin(self) -> None:
        """The market makes its first move: whoever asks first finds a book."""
        self.live.source.move(self.live.real_now())
        self.live.flush()

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """What goes on for as long as the exchange runs."""
        return [
            self.live.move_markets(),
            self.sockets.watch(),
            self._streams.run(),
            self._control.watch(),
            keep_warm(self.live),
        ]

    def say_goodbye(self) -> None:
        """Tell every client that the exchange ends; what was accepted is on disk by then."""
        self._control.stop()
        self.live.flush()
        self._api.announce_shutdown()
        self._streams.say_goodbye()
        for socket in self.sockets:
            socket.end(WSCloseCode.GOING_AWAY, "serverShutdown")
