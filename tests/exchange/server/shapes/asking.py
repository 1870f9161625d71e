"""Requests by REST and by the WebSocket API; whatever comes back is read as its model."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

import msgspec

from tests.exchange.server.process import Talk, Trader
from tests.exchange.server.shapes import envelopes
from tests.exchange.server.shapes.events import EVENTS
from tests.exchange.server.shapes.reading import read
from tests.exchange.server.shapes.registry import REPLACED, answers_to
from tests.exchange.server.shapes.values import is_there
from veighna_ext.exchange.server.catalogue import METHODS
from veighna_ext.exchange.server.operations import Operation

JSON_TYPE = "application/json;charset=UTF-8"


class Refused(Exception):
    """A refusal in its proper form."""

    def __init__(self, status: int, error: envelopes.Error) -> None:
        super().__init__(f"{error.code}: {error.msg}")
        self.status = status
        self.code = error.code
        self.message = error.msg
        self.data: Any = None
        """What it tells besides, read as its model."""


class Asker(ABC):
    """Asks for a trader, by one of the two ways."""

    def __init__(self, trader: Trader) -> None:
        self.trader = trader

    def ask(self, method: str, **sent: Any) -> Any:
        """The result of a method of the WebSocket API, or of what it is in REST."""
        return self.carry_out(METHODS[method], **sent)

    @abstractmethod
    def carry_out(self, operation: Operation, **sent: Any) -> Any:
        """The result of an operation, as its model."""

    @abstractmethod
    def close(self) -> None:
        """Ask no more."""


class RestAsker(Asker):
    """Asks by REST."""

    def __init__(self, trader: Trader, *, in_microseconds: bool = False) -> None:
        super().__init__(trader)
        self.in_microseconds = in_microseconds

    def carry_out(self, operation: Operation, **sent: Any) -> Any:
        trader = self.trader if operation.is_signed else Trader(self.trader.venue)
        headers = {"X-MBX-TIME-UNIT": "MICROSECOND"} if self.in_microseconds else {}
        answer = trader.rest(f"{operation.verb} {operation.path}", headers=headers, **sent)
        if trader is not self.trader:
            trader.close()
        assert answer.headers["Content-Type"] == JSON_TYPE
        assert answer.headers["X-MBX-USED-WEIGHT-1M"].isdigit()
        if answer.status != 200:
            raise _refusal(answer.status, answer.body, sent, self.in_microseconds)
        if operation.orders:
            assert answer.headers["X-MBX-ORDER-COUNT-10S"].isdigit()
            assert answer.headers["X-MBX-ORDER-COUNT-1D"].isdigit()
        return _result(operation, answer.body, sent, self.in_microseconds)

    def close(self) -> None:
        self.trader.close()


class ApiAsker(Asker):
    """Asks by the WebSocket API, and hears the trader's user data on the same connection."""

    def __init__(self, trader: Trader, query: str = "", *, is_logged_on: bool = False) -> None:
        super().__init__(trader)
        self.talk = Talk(trader.venue, f"/ws-api/v3{query}")
        self.in_microseconds = "MICROSECOND" in query
        self.is_logged_on = is_logged_on

    def carry_out(self, operation: Operation, **sent: Any) -> Any:
        params: dict[str, Any] = sent
        if operation.is_signed and not (self.is_logged_on and not operation.needs_signature):
            params = self.trader.signed(sent)
        raw = self.talk.ask(operation.method, params)
        if json.loads(raw)["status"] != 200:
            refused = read(raw, envelopes.Refused, in_microseconds=self.in_microseconds)
            raise _refusal(refused.status, msgspec.json.encode(refused.error), sent, self.in_microseconds)
        answered = read(raw, envelopes.Answered)
        if operation.orders and is_there(answered.rateLimits):
            kinds = [limit.rateLimitType for limit in answered.rateLimits]
            assert kinds == ["ORDERS", "ORDERS", "REQUEST_WEIGHT"]
        return _result(operation, bytes(answered.result), sent, self.in_microseconds)

    def next_event(self) -> Any:
        """The next event of the trader's user data, as its model."""
        unread = self.talk.unread
        raw = unread.pop(0) if unread else self.talk.receive()
        event = bytes(read(raw, envelopes.Event).event)
        return read(event, EVENTS[json.loads(event)["e"]], in_microseconds=self.in_microseconds)

    def events_until(self, kind: str, how_many: int = 1) -> list[Any]:
        """All events up to the so manieth of a kind."""
        events: list[Any] = []
        while sum(event.e == kind for event in events) < how_many:
            events.append(self.next_event())
        return events

    def close(self) -> None:
        self.talk.close()
        self.trader.close()


def _result(operation: Operation, raw: bytes, sent: dict[str, Any], in_microseconds: bool) -> Any:
    answers = answers_to(operation)
    assert answers is not None, f"{operation.method or operation.path} has no model"
    form = answers.choose(sent, json.loads(raw))
    return read(raw, form, in_microseconds=in_microseconds)


def _refusal(status: int, raw: bytes, sent: dict[str, Any], in_microseconds: bool) -> Refused:
    error = read(raw, envelopes.Error)
    refused = Refused(status, error)
    if is_there(error.data):
        data = bytes(error.data)
        form = envelopes.Waiting
        if error.code in (-2021, -2022):
            form = REPLACED.choose(sent, json.loads(data))
        refused.data = read(data, form, in_microseconds=in_microseconds)
    return refused
