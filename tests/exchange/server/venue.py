"""A live exchange for the tests of its outside: two symbols, two funded accounts, a clock set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from tests.exchange.exchanges import FUNDS, SETUP, START
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.engine.accounts import Account
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.faults import FaultPlan
from veighna_ext.exchange.server.access import HmacCredential, KeyRing
from veighna_ext.exchange.server.dispatch import Dispatcher
from veighna_ext.exchange.server.gatekeeper import Gatekeeper
from veighna_ext.exchange.server.limits import OrderCounts, RequestLimits
from veighna_ext.exchange.server.live import LiveExchange
from veighna_ext.exchange.server.operations import Caller, Operation

KEYS = {1: "first-key", 2: "second-key"}
SECRETS = {1: "first-secret", 2: "second-secret"}
RATE = UNIT // 1000


class SetClock:
    """A market source that moves nothing, and whose time is what the test makes it."""

    def __init__(self) -> None:
        self.now = START

    def move(self, now: int) -> None:
        """Nothing is ever due."""

    def time(self, now: int) -> int:
        """The time that was set."""
        return self.now


class Venue:
    """The exchange and everything between it and the network."""

    def __init__(self, exchange: Exchange | None = None) -> None:
        self.clock = SetClock()
        self.exchange = exchange or Exchange.in_memory(SETUP, START)
        ring = KeyRing(None)
        for number, key in KEYS.items():
            self.exchange.submit(c.OpenAccount(START, FUNDS, RATE, RATE))
            self.exchange.submit(c.SetKey(START, number, key))
            ring.add(HmacCredential(key, SECRETS[number]))
        self.live = LiveExchange(self.exchange, self.clock, FaultPlan(7))
        self.requests = RequestLimits()
        self.orders = OrderCounts()
        self.dispatcher = Dispatcher(self.live, self.requests, self.orders)
        self.gatekeeper = Gatekeeper(self.live, ring)

    def account(self, number: int) -> Account:
        """One of the two accounts."""
        return self.exchange.venue.account(number)

    def caller(self, number: int = 0, time_divisor: int = 1000) -> Caller:
        """Who asks: an account by its number, or nobody in particular."""
        if not number:
            return Caller("127.0.0.1", time_divisor=time_divisor)
        return Caller("127.0.0.1", self.account(number), KEYS[number], time_divisor)

    def ask(self, operation: Operation, number: int = 0, time_divisor: int = 1000, **sent: Any) -> Any:
        """What the network answers to a request, as its client reads it; every request has a full budget."""
        self.dispatcher.requests = RequestLimits()
        texts = {name: text_of(value) for name, value in sent.items()}
        caller = self.caller(number, time_divisor)
        result = self.dispatcher.carry_out(operation, texts, caller)
        return msgspec.json.decode(msgspec.json.encode(result))

    def quotes(self, symbol: str, *levels: tuple[int, str, str]) -> None:
        """The house's quantities at some prices become these."""
        quotes = [(side, parse_amount(price), parse_amount(quantity)) for side, price, quantity in levels]
        self.exchange.submit(c.MarketMoves(self.clock.now, symbol, quotes, []))

    def hit(self, symbol: str, side: int, quantity: str) -> None:
        """A trader takes some of what is offered."""
        self.exchange.submit(c.MarketMoves(self.clock.now, symbol, [], [(side, parse_amount(quantity), 0)]))


def text_of(value: Any) -> str:
    """A parameter as it is sent."""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


@contextmanager
def open_venue(exchange: Exchange | None = None) -> Iterator[Venue]:
    """A venue for a test that is no coroutine itself."""

    async def made() -> Venue:
        return Venue(exchange)

    loop = asyncio.new_event_loop()
    try:
        yield loop.run_until_complete(made())
    finally:
        loop.close()
