"""Another trader on the venue, so that orders meet somebody."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlencode

import requests

from tests.conformance.clients.base import Place


class Counterparty:
    """Signs and sends what it is told to, by REST."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def ask(self, verb: str, path: str, **parameters: Any) -> Any:
        """A signed request."""
        query = urlencode({**parameters, "timestamp": int(time.time() * 1000)})
        signature = hmac.new(self._place.secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        answer = requests.request(
            verb,
            f"{self._place.rest}/api/v3/{path}?{query}&signature={signature}",
            headers={"X-MBX-APIKEY": self._place.key},
            timeout=10,
        )
        assert answer.ok, answer.text
        return answer.json()

    def trade(self, symbol: str, side: str, quantity: str, price: str, time_in_force: str = "GTC") -> Any:
        """A limit order."""
        order = {"type": "LIMIT", "timeInForce": time_in_force, "quantity": quantity, "price": price}
        return self.ask("POST", "order", symbol=symbol, side=side, **order)
