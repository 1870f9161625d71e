"""What a journey is given, and where it writes down what it saw."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.clients.base import Client, Place, Refused, soon


@dataclass
class Trip:
    """One journey of one client, with an account of its own and another one to trade with."""

    client: Client
    place: Place
    other_place: Place
    symbol: str
    control_token: str
    seconds: float
    """How long to stay where staying is the point."""
    data: dict[str, Any] = field(default_factory=dict)
    """What only some journeys need."""
    make: Callable[[Place], Client] = field(kw_only=True)

    def say(self, step: str, **saw: Any) -> None:
        """Write down what happened."""
        print(json.dumps({"step": step, **saw}, default=str), flush=True)

    async def refusal(self, step: str, request: Awaitable[Any]) -> None:
        """Write down how a request is refused, or what it was answered."""
        try:
            answer = await request
        except Refused as refused:
            self.say(step, **refused.told)
        else:
            self.say(step, answer=answer)

    @contextlib.asynccontextmanager
    async def another(self, place: Place) -> AsyncIterator[Client]:
        """A second client of the same kind: another account, another key or another clock."""
        client = self.make(place)
        await client.open()
        try:
            yield client
        finally:
            self.client.complaints += client.complaints
            await client.close()

    async def control(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A request to the venue's control API."""
        request = urllib.request.Request(
            f"{self.place.rest}/mock/v1{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Bearer {self.control_token}", "Content-Type": "application/json"},
            method=verb,
        )

        def ask() -> Any:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"null")

        return await asyncio.to_thread(ask)

    async def pause(self, step: str) -> None:
        """Wait until the test has done its part."""
        self.say(step)
        await asyncio.to_thread(sys.stdin.readline)


async def best_prices(client: Client, symbol: str) -> tuple[float, float]:
    """The best bid and ask."""
    book = await client.rest("GET depth", symbol=symbol, limit=5)
    return float(book["bids"][0][0]), float(book["asks"][0][0])


async def until_seen(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Wait for something that has to come; say what did not."""
    if not await soon(condition, seconds):
        raise TimeoutError(what)


async def settled(events: list[Any], quiet: float = 0.3) -> None:
    """Wait until nothing more comes."""
    seen, since = len(events), time.monotonic()
    while time.monotonic() - since < quiet:
        await asyncio.sleep(0.02)
        if len(events) != seen:
            seen, since = len(events), time.monotonic()


def client_class(module: str) -> Callable[[Place], Client]:
    """The client of a module of `tests.conformance.clients`."""
    made: Callable[[Place], Client] = importlib.import_module(f"tests.conformance.clients.{module}").Client
    return made
