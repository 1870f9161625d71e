"""Where each journey is played: on which venue, on which market, with how much money."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.conformance.clients.base import Place
from tests.conformance.key_pairs import ed25519_pair, rsa_pair
from tests.conformance.venue import Venue, told

NIGHTLY = os.environ.get("VEIGHNA_NIGHTLY") == "1"
BALANCES = {"USDT": "10000", "AVAX": "500", "LINK": "500", "ETC": "500", "SOL": "500"}
SEED = "7"

QUIET = {
    "python-binance": "AVAXUSDT",
    "binance-connector": "LINKUSDT",
    "binance-sdk-spot": "ETCUSDT",
    "ccxt": "SOLUSDT",
}
"""Markets nobody else trades on: every fill is meant."""
HALTED = {
    "python-binance": "ETHUSDT",
    "binance-connector": "BNBUSDT",
    "binance-sdk-spot": "SOLUSDT",
    "ccxt": "XRPUSDT",
}
"""Moving markets that may be halted without anybody else seeing it."""

STREAMS = {
    "python-binance": [
        "trade", "bookTicker", "aggTrade", "kline_1m", "miniTicker", "ticker", "depth", "depth@100ms",
        "depth5",
        "depth20@100ms", "avgPrice",
    ],
    "binance-connector": [
        "trade", "bookTicker", "aggTrade", "kline_1m", "kline_1m@+08:00", "miniTicker", "ticker", "ticker_1h",
        "depth@1000ms", "depth@100ms", "depth5@1000ms", "depth10@100ms",
    ],
    "binance-sdk-spot": [
        "trade", "bookTicker", "aggTrade", "kline_1m", "kline_1m@+08:00", "miniTicker", "ticker", "ticker_4h",
        "avgPrice", "depth@100ms", "depth5@100ms", "referencePrice", "blockTrade",
    ],
    "ccxt": ["trade", "bookTicker", "kline_1m", "miniTicker", "depth@100ms"],
}  # fmt: skip
SILENT = ["referencePrice", "blockTrade"]
"""Subscribed, but this venue may have nothing to tell there."""

ON_QUIET_VENUE = frozenset(
    {
        "orders",
        "orders_over_websocket",
        "partial_fill",
        "money",
        "order_lists",
        "refusals",
        "keys",
        "session",
        "microseconds",
    }
)
LIMITED = frozenset({"order_limit", "weight_limit"})


def followed_for() -> float:
    """How many seconds a local book is followed."""
    return 180.0 if NIGHTLY else 8.0


class Staging:
    """The venues, started when the first journey needs them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._venues: dict[str, Venue] = {}

    def venue(self, journey: str, client: str) -> Venue:
        """The venue of a journey: of its own where it would disturb others."""
        if journey in ON_QUIET_VENUE:
            return self._started("quiet", "--market", "manual", "--no-rate-limit", "--legacy-listen-key")
        if journey in LIMITED:
            return self._started(f"limited-{client}", "--market", "manual")
        if journey == "restart":
            folder = self._folder / f"data-{client}"
            options = ["--symbols", "BTCUSDT,ETHUSDT", "--data-dir", str(folder), "--legacy-listen-key"]
            return self._started(f"restarting-{client}", "--seed", SEED, *options)
        return self.moving

    def prepare(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Start the venues of journeys side by side."""
        for journey, client in wanted:
            self.venue(journey, client)

    @property
    def moving(self) -> Venue:
        """A venue as it comes: prices move, limits are on."""
        return self._started("moving", "--seed", SEED)

    @property
    def quiet(self) -> Venue:
        """A venue where nothing happens but what accounts do, as often as they like."""
        return self.venue("orders", "")

    def _started(self, name: str, *options: str) -> Venue:
        if name not in self._venues:
            self._venues[name] = Venue(self._folder / name, *options)
        return self._venues[name]

    def asked(self, journey: str, client: str) -> dict[str, Any]:
        """Everything a client needs to know for a journey."""
        venue = self.venue(journey, client)
        symbol = "BTCUSDT"
        if journey in ON_QUIET_VENUE | LIMITED:
            symbol = QUIET[client]
        elif journey == "local_book":
            symbol = HALTED[client]
        data = DATA.get(journey)
        balances = {"USDT": BALANCES["USDT"]} if journey == "restart" else BALANCES
        return {
            "place": told(venue.open_account(balances)),
            "other_place": told(venue.open_account(balances)),
            "control_token": venue.ready.control_token,
            "symbol": symbol,
            "seconds": followed_for() if journey == "local_book" else 0.0,
            "data": data(client, venue) if data else {},
        }

    def stop(self) -> list[str]:
        """End every venue; what went wrong in them."""
        problems = []
        for name, venue in self._venues.items():
            if code := venue.stop():
                problems.append(f"the venue {name} ended with {code}")
            if found := venue.problems():
                problems.append(f"the venue {name}: {found}\n{venue.complained[-6000:]}")
        return problems


def _keyed_places(_client: str, venue: Venue) -> dict[str, Any]:
    places = {}
    for kind, pair in (("rsa", rsa_pair), ("ed25519", ed25519_pair)):
        private, public = pair()
        opened = venue.open_account(BALANCES, publicKey=public)
        places[kind] = told(Place(opened.rest, opened.ws, opened.key, "", private))
    # its WebSocket API signs by secret alone
    return {"places": places, "over_websocket": _client != "binance-connector"}


DATA: dict[str, Callable[[str, Venue], dict[str, Any]]] = {
    "connecting": lambda client, _venue: {"one_symbol": client != "python-binance"},
    "streams": lambda client, _venue: {
        "streams": [f"{{symbol}}@{kind}" for kind in STREAMS[client]] + ["!miniTicker@arr"],
        "silent": SILENT,
    },
    # its WebSocket API methods change what they are given
    "refusals": lambda client, _venue: {"over_websocket": client != "ccxt"},
    "keys": _keyed_places,
    "session": _keyed_places,
}
"""What only some journeys need."""
