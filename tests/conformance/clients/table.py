"""Which clients there are, and which journeys each of them makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Journey:
    """Something a program does with an exchange."""

    module: str
    """Where in `tests.conformance.journeys` it is, under its own name."""
    about: str


JOURNEYS = MappingProxyType(
    {
        "connecting": Journey("market", "meet the venue, see its clock and its listing"),
        "market_data": Journey("market", "ask everything that can be asked about a market"),
        "candles": Journey("market", "page through more than a thousand bars of history"),
        "streams": Journey("streams", "subscribe, receive, unsubscribe"),
        "orders": Journey("orders", "place, cancel and replace each type of order, over REST"),
        "orders_over_websocket": Journey("orders_over_websocket", "the same over the WebSocket API"),
        "partial_fill": Journey("fills", "a fill seen alike by REST, WebSocket API and user stream"),
        "money": Journey("fills", "account, trades and commissions, deposits and withdrawals"),
        "order_lists": Journey("order_lists", "OCO, OTO and OTOCO"),
        "refusals": Journey("refusals", "everything a venue refuses, with its code and text"),
        "order_limit": Journey("limits", "too many orders in ten seconds"),
        "weight_limit": Journey("limits", "too many requests in a minute, and then no end of it"),
        "keys": Journey("keys", "sign with RSA and Ed25519 keys"),
        "session": Journey("keys", "log on once instead of signing each request"),
        "microseconds": Journey("microseconds", "ask for times in microseconds"),
        "local_book": Journey("local_book", "a copy of the order book that follows the stream"),
        "restart": Journey("restart", "the venue goes and comes back: streams and user stream resume"),
    }
)


@dataclass(frozen=True)
class Client:
    """A client as published, what it has no means for, and what it does in its own way."""

    name: str
    version: str
    module: str
    cannot: dict[str, str] = field(default_factory=dict)
    """Journeys it does not make, and why."""
    in_its_own_way: dict[str, str] = field(default_factory=dict)
    """Journeys it makes otherwise than the others, and how."""

    @property
    def requirement(self) -> str:
        """What brings it."""
        return f"{self.name}=={self.version}"

    def makes(self, journey: str) -> bool:
        """Whether it has the means for a journey."""
        return journey not in self.cannot


CLIENTS = (
    Client(
        "python-binance",
        "1.0.37",
        "python_binance",
        cannot={
            "session": "signs every request; it has no session.logon",
            "microseconds": "sets its clock of milliseconds by the venue's microseconds",
        },
        in_its_own_way={
            "streams": "a connection for each set of streams, closed rather than unsubscribed",
            "local_book": "its DepthCacheManager",
            "restart": "connects again; the program asks for the user stream again",
        },
    ),
    Client(
        "binance-connector",
        "3.13.0",
        "binance_connector",
        cannot={"session": "signs every request; it has no session.logon"},
        in_its_own_way={
            "keys": "its WebSocket API signs by secret alone",
            "partial_fill": "knows user streams by listen keys only: the venue runs with --legacy-listen-key",
            "local_book": "has no depth cache: its stream is followed as Binance documents it",
            "restart": "stays away; the program makes a new one",
        },
    ),
    Client(
        "binance-sdk-spot",
        "13.2.0",
        "binance_sdk_spot",
        in_its_own_way={
            "local_book": "has no depth cache: its stream is followed as Binance documents it",
            "restart": "stays away unless the venue outlives its notice; the program makes a new one",
        },
    ),
    Client(
        "ccxt",
        "4.5.90",
        "ccxt_pro",
        cannot={
            "session": "signs every request; it has no session.logon",
            "microseconds": "has no option for it",
        },
        in_its_own_way={
            "streams": "passes on what came over the wire on some streams only",
            "orders": "its answer to a replacement is the new order alone",
            "partial_fill": "shows the latest state of an order where several reports come at once",
            "order_lists": "has no use for reports of lists",
            "refusals": "over the WebSocket API it changes what it is given",
            "local_book": "its watch_order_book",
        },
    ),
)
"""`vnpy_binance` runs in the project's own environment, as at a trader's: see `test_vnpy_gateway`."""


def named(name: str) -> Client:
    """The client of that name."""
    return next(client for client in CLIENTS if client.name == name)


def clients_for(journey: str) -> list[str]:
    """Who makes a journey."""
    assert journey in JOURNEYS
    return [client.name for client in CLIENTS if client.makes(journey)]
