"""Two traders who send what clients send, by the names of the WebSocket API."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tests.exchange.server.venue import Venue, text_of
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.operations import by_method
from veighna_ext.exchange.server.refusals import Refusal, as_refusal
from veighna_ext.exchange.server.trading import OPERATIONS

METHODS = by_method(OPERATIONS)
SYMBOL = "BTCUSDT"


class Trader:
    """One account at the other end of the line."""

    def __init__(
        self, venue: Venue, number: int, *, time_divisor: int = 1000, by_socket: bool = False
    ) -> None:
        self.venue = venue
        self.number = number
        self.time_divisor = time_divisor
        self.by_socket = by_socket

    def ask(self, method: str, **sent: Any) -> Any:
        """The answer to a request that is carried out."""
        if not self.by_socket:
            return self.venue.ask(METHODS[method], self.number, self.time_divisor, **sent)
        caller = self.venue.caller(self.number, self.time_divisor)
        # only whether there is one matters
        caller.session = cast("Any", "a session")
        texts = {name: text_of(value) for name, value in sent.items()}
        return self.venue.dispatcher.carry_out(METHODS[method], texts, caller)

    def refusal(self, method: str, **sent: Any) -> Refusal:
        """Why a request is refused; nothing may have changed."""
        before = self.state()
        refusal = self.refused(method, **sent)
        assert self.state() == before
        return refusal

    def refused(self, method: str, **sent: Any) -> Refusal:
        """Why a request is refused that may have changed something."""
        with pytest.raises(Refused) as refused:
            self.ask(method, **sent)
        return as_refusal(refused.value)

    def state(self) -> bytes:
        """Everything the exchange knows."""
        return b"".join(self.venue.exchange.state())

    def place(self, kind: str, side: str, quantity: str | None = "1", **more: Any) -> Any:
        """Place an order on the usual symbol; None leaves a parameter out."""
        return self.ask("order.place", **order(kind, side, quantity, **more))

    def limit(self, side: str, price: str, quantity: str = "1", **more: Any) -> Any:
        """Place a limit order that stays."""
        return self.place("LIMIT", side, quantity, price=price, timeInForce="GTC", **more)

    def query(self, order_id: int) -> Any:
        """One order as it stands."""
        return self.ask("order.status", symbol=SYMBOL, orderId=order_id)


def order(kind: str, side: str, quantity: str | None = "1", **more: Any) -> dict[str, Any]:
    """The parameters of an order."""
    sent = {"symbol": SYMBOL, "side": side, "type": kind, "quantity": quantity, **more}
    return {name: value for name, value in sent.items() if value is not None}


def told(refusal: Refusal) -> dict[str, Any]:
    """What a refusal tells besides its code and its text."""
    assert isinstance(refusal.data, dict)
    return refusal.data


def trade_at(first: Trader, second: Trader, price: str, quantity: str = "1") -> None:
    """Two accounts trade, so that this is the last price."""
    first.limit("SELL", price, quantity)
    second.limit("BUY", price, quantity)
