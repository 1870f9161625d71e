"""The exchange at a glance: for the status page, the desktop and whoever watches it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from veighna_ext import __version__
from veighna_ext.exchange.markets import SyntheticMarkets
from veighna_ext.exchange.server.control import answers, requests
from veighna_ext.exchange.server.control.replays import replayed_symbol
from veighna_ext.exchange.server.control.routes import Route

if TYPE_CHECKING:
    from veighna_ext.exchange.server.control.faults import FaultControl
    from veighna_ext.exchange.server.control.markets import MarketControl
    from veighna_ext.exchange.server.control.replays import ReplayControl
    from veighna_ext.exchange.server.control.vitals import Vitals
    from veighna_ext.exchange.server.live import LiveExchange


class StatusControl:
    """Carries out the control calls that only look."""

    def __init__(
        self,
        live: LiveExchange,
        vitals: Vitals,
        connections: Callable[[], int],
        markets: MarketControl,
        faults: FaultControl,
        replays: ReplayControl,
    ) -> None:
        self._live = live
        self._vitals = vitals
        self._connections = connections
        self._markets = markets
        self._faults = faults
        self._replays = replays
        self._started = time.monotonic()

    def routes(self) -> tuple[Route, ...]:
        """The calls that look at everything."""
        return (
            Route("GET", "/status", "Look at the exchange as a whole.", answers.Status, self.show_status),
            Route(
                "GET",
                "/history",
                "Look at its last seconds.",
                answers.History,
                self.show_history,
                query=requests.HistoryAsked,
            ),
        )

    async def show_status(self) -> answers.Status:
        """Everything at this moment."""
        live, vitals = self._live, self._vitals
        orders, trades, answered = vitals.rates()
        latency = vitals.latency_ms()
        return answers.Status(
            __version__,
            round(time.monotonic() - self._started, 3),
            live.exchange.setup.seed,
            self._kind(),
            answers.Clock(live.now() // 1000, live.real_now() // 1000),
            sum(1 for account in live.venue.accounts.values() if account.keys),
            self._connections(),
            len(asyncio.all_tasks()),
            round(orders, 1),
            round(trades, 1),
            round(answered, 1),
            None if latency is None else answers.Latency(round(latency[0], 3), round(latency[1], 3)),
            {name: self._markets.told(market) for name, market in live.venue.markets.items()},
            self._faults.told(),
            self._replays.told(),
        )

    async def show_history(self, asked: requests.HistoryAsked) -> answers.History:
        """What the vitals kept."""
        kept = self._vitals.seconds
        seconds = list(islice(kept, max(len(kept) - asked.seconds, 0), None))
        return answers.History(
            [each.time for each in seconds],
            [each.connections for each in seconds],
            [each.orders for each in seconds],
            [each.trades for each in seconds],
            [each.requests for each in seconds],
            [each.p50_ms for each in seconds],
            [each.p99_ms for each in seconds],
            {name: [each.prices.get(name) for each in seconds] for name in self._live.venue.markets},
        )

    def _kind(self) -> answers.MarketKind:
        source = self._live.source
        if replayed_symbol(source) is not None:
            return "replay"
        return "synthetic" if isinstance(source, SyntheticMarkets) else "manual"
