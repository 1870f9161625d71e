"""A client's own copy of a book, kept as Binance's documents say."""

from __future__ import annotations

from typing import Any

from tests.exchange.server.venue import Venue
from veighna_ext.exchange.server.market_data import OPERATIONS
from veighna_ext.exchange.server.operations import by_method

_DEPTH = by_method(OPERATIONS)["depth"]

Side = dict[str, str]


def snapshot(venue: Venue, symbol: str = "BTCUSDT") -> Any:
    """What ``GET /api/v3/depth`` answers."""
    answer = venue.ask(_DEPTH, symbol=symbol, limit=5000)
    # the answer leaves after the next commit
    venue.live.flush()
    return answer


class Gap(Exception):
    """An event does not follow the one before."""


class LocalBook:
    """Follows one subscription, from its beginning to its end."""

    def __init__(self) -> None:
        self.update_id = 0
        self.bids: Side = {}
        self.asks: Side = {}
        self.is_in_step = False
        self._buffered: list[Any] = []
        self._last_u: int | None = None

    def hear(self, event: Any) -> None:
        """An event of the stream came."""
        if self._last_u is not None and event["U"] != self._last_u + 1:
            raise Gap(f"{event['U']} after {self._last_u}")
        self._last_u = event["u"]
        if self.is_in_step:
            self._apply(event)
        else:
            self._buffered.append(event)

    def load(self, answer: Any) -> bool:
        """Begin with a snapshot, if it is new enough for the events already heard."""
        if self._buffered and answer["lastUpdateId"] < self._buffered[0]["U"] - 1:
            return False
        self.update_id = answer["lastUpdateId"]
        self.bids, self.asks = map(dict, (answer["bids"], answer["asks"]))
        self.is_in_step = True
        for event in self._buffered:
            if event["u"] > self.update_id:
                self._apply(event)
        self._buffered.clear()
        return True

    def _apply(self, event: Any) -> None:
        if event["u"] < self.update_id:
            return
        if event["U"] > self.update_id + 1:
            raise Gap(f"{event['U']} after {self.update_id}")
        for side, changes in ((self.bids, event["b"]), (self.asks, event["a"])):
            for price, quantity in changes:
                if quantity == "0.00000000":
                    side.pop(price, None)
                else:
                    side[price] = quantity
        self.update_id = event["u"]
