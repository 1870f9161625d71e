"""What journeys ask of any client: requests and answers are Binance's, the way to them is the client's."""

from __future__ import annotations

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Answer = dict[str, Any]
Event = dict[str, Any]
PAGE = 1000


@dataclass(frozen=True)
class Place:
    """Where the venue is, and who comes."""

    rest: str
    ws: str
    key: str
    secret: str
    private_key: str = ""
    """A PEM instead of a secret."""
    microseconds: bool = False
    """Ask for times in microseconds."""


class Refused(Exception):
    """The venue's refusal, as this client understood it."""

    def __init__(self, code: int | None, message: str, status: int | None = None, **more: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.told: Answer = {"code": code, "message": message, "status": status, **more}


@dataclass
class Feed:
    """Market streams being received; each message with the name of its stream where the client tells it."""

    received: list[tuple[str, Any]] = field(default_factory=list)
    stop: Callable[[list[str]], Awaitable[None]] | None = None
    """Unsubscribes from some of the streams; none where the client can only close."""
    close: Callable[[], Awaitable[None]] = field(default=lambda: asyncio.sleep(0))
    listed: Callable[[], Awaitable[list[str]]] | None = None
    """Asks the venue what is subscribed."""
    answers: dict[Any, Any] = field(default_factory=dict)
    """Results of requests on the stream, by their id."""
    errors: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Any]:
        """What came on one stream."""
        return [payload for stream, payload in self.received if stream == name]


@dataclass
class UserEvents:
    """The user stream: events as they came."""

    received: list[Event] = field(default_factory=list)
    close: Callable[[], Awaitable[None]] = field(default=lambda: asyncio.sleep(0))
    errors: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Event]:
        """Events of one kind."""
        return [event for event in self.received if event.get("e") == kind]

    def reports(self, order_id: object) -> list[Event]:
        """Execution reports of one order."""
        return [event for event in self.of("executionReport") if str(event["i"]) == str(order_id)]


class LocalBook(ABC):
    """A copy of a market's book that a client keeps by following its stream."""

    restarts = 0
    """How often it had to fetch a snapshot again because the stream had a gap."""

    @abstractmethod
    def sides(self) -> tuple[dict[str, str], dict[str, str]]:
        """Bids and asks: quantity by price, as plain decimals."""

    @abstractmethod
    def update_id(self) -> int:
        """How far it has followed."""

    @abstractmethod
    async def close(self) -> None:
        """Stop following."""


class Client(ABC):
    """One client with one account's key."""

    comes_back = False
    """Connects again by itself when the venue was away."""
    user_stream_comes_back = False
    """Subscribes to the account's events again by itself."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.complaints: list[str] = []
        """What the client itself found wrong with the venue's answers."""

    @abstractmethod
    async def open(self) -> None:
        """Do what a program does first with this client."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of everything."""

    async def other_ways_to_start(self) -> Answer:
        """What its other faces see on the same venue, for those that have any."""
        return {}

    # requests

    @abstractmethod
    async def clock(self) -> int:
        """The venue's time in milliseconds."""

    @abstractmethod
    async def listing(self) -> dict[str, Answer]:
        """Symbols with what the client makes of their rules: active, tick, step, least notional."""

    @abstractmethod
    async def rest(self, what: str, **parameters: Any) -> Any:
        """An answer by verb and path under `/api/v3`, e.g. `GET depth`, by the client's own method for it."""

    @abstractmethod
    async def over_websocket(self, what: str, **parameters: Any) -> Any:
        """The result of a WebSocket API method, e.g. `order.place`, by the client's own method for it."""

    @abstractmethod
    def offers(self, what: str) -> bool:
        """Whether the client has a method for a path or a WebSocket API method."""

    async def history(self, symbol: str, interval: str, start: int, end: int) -> list[list[Any]]:
        """All bars of a span, by the client's own paging; here for those who leave paging to the program."""
        bars: list[list[Any]] = []
        while start < end:
            page = await self.rest(
                "GET klines", symbol=symbol, interval=interval, startTime=start, endTime=end, limit=PAGE
            )
            bars += page
            if len(page) < PAGE:
                break
            start = page[-1][0] + 1
        return bars

    # what most programs do, for those that have calls of their own for it

    async def place_order(self, **order: Any) -> Answer:
        """Place an order."""
        return dict(await self.rest("POST order", **order))

    async def replace_order(self, cancelled: object, **order: Any) -> Answer:
        """Cancel one order and place another in one request."""
        more = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": cancelled}
        return dict(await self.rest("POST order/cancelReplace", **order, **more))

    async def cancel_order(self, symbol: str, order_id: object) -> Answer:
        """Cancel an order."""
        return dict(await self.rest("DELETE order", symbol=symbol, orderId=order_id))

    async def cancel_all(self, symbol: str) -> list[Answer]:
        """Cancel all orders of a symbol."""
        return list(await self.rest("DELETE openOrders", symbol=symbol))

    async def find_order(self, symbol: str, order_id: object) -> Answer:
        """An order as it now is."""
        return dict(await self.rest("GET order", symbol=symbol, orderId=order_id))

    async def open_orders(self, symbol: str) -> list[Answer]:
        """What is open on a symbol."""
        return list(await self.rest("GET openOrders", symbol=symbol))

    async def all_orders(self, symbol: str) -> list[Answer]:
        """All orders of a symbol."""
        return list(await self.rest("GET allOrders", symbol=symbol))

    async def fills(self, symbol: str) -> list[Answer]:
        """What was traded on a symbol."""
        return list(await self.rest("GET myTrades", symbol=symbol))

    async def account(self) -> Answer:
        """The account."""
        return dict(await self.rest("GET account"))

    async def own_view(self, symbol: str) -> dict[str, Any]:
        """What the client's own structures make of a market; nothing for those that pass on what came."""
        return {}

    # streams

    @abstractmethod
    async def subscribe(self, names: list[str]) -> Feed:
        """Market streams by their names."""

    @abstractmethod
    async def user_events(self) -> UserEvents:
        """The account's own events."""

    @abstractmethod
    async def local_book(self, symbol: str) -> LocalBook:
        """A followed copy of a book."""


async def soon(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.01)
    return True


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def read_listing(info: Answer) -> dict[str, Answer]:
    """An exchangeInfo as programs read it that have to do so themselves."""
    found = {}
    for symbol in info["symbols"]:
        rules = {rule["filterType"]: rule for rule in symbol["filters"]}
        found[symbol["symbol"]] = {
            "active": symbol["status"] == "TRADING",
            "tick": rules["PRICE_FILTER"]["tickSize"],
            "step": rules["LOT_SIZE"]["stepSize"],
            "least_notional": rules["NOTIONAL"]["minNotional"],
        }
    return found


def plain(number: object) -> str:
    """A number without trailing zeros, whatever the client keeps it as."""
    return format(Decimal(str(number)).normalize(), "f")


def plain_levels(levels: Mapping[Any, Any]) -> dict[str, str]:
    """Quantities by price, written alike."""
    return {plain(price): plain(quantity) for price, quantity in levels.items()}
