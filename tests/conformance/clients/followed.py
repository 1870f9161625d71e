"""A book kept by hand as Binance's documents tell: for clients that have the streams but no depth cache."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conformance.clients import base


class FollowedByHand(base.LocalBook):
    """Buffer, take a snapshot, drop what is older; each update begins right after the last."""

    def __init__(self, client: base.Client, symbol: str, feed: base.Feed) -> None:
        self._client = client
        self._symbol = symbol
        self._feed = feed
        self._read = 0
        self._bids: dict[str, str] = {}
        self._asks: dict[str, str] = {}
        self._update_id = -1
        self._joined = False
        self._following = asyncio.create_task(self._follow())

    @classmethod
    async def start(cls, client: base.Client, symbol: str) -> FollowedByHand:
        """Subscribe, and begin to follow."""
        return cls(client, symbol, await client.subscribe([f"{symbol.lower()}@depth@100ms"]))

    async def _follow(self) -> None:
        while True:
            await base.soon(lambda: len(self._feed.received) > self._read, 60)
            if self._update_id < 0:
                await self._begin()
            for _name, update in self._feed.received[self._read :]:
                self._read += 1
                if update["u"] <= self._update_id:
                    continue
                if not self._follows(update):
                    self.restarts += 1
                    self._update_id = -1
                    break
                self._apply(update)

    async def _begin(self) -> None:
        """A snapshot that is not older than the first update waiting."""
        while self._update_id < self._feed.received[self._read][1]["U"] - 1:
            snapshot = await self._client.rest("GET depth", symbol=self._symbol, limit=1000)
            self._bids = dict(map(tuple, snapshot["bids"]))
            self._asks = dict(map(tuple, snapshot["asks"]))
            self._update_id = snapshot["lastUpdateId"]
        self._joined = False

    def _follows(self, update: dict[str, Any]) -> bool:
        if self._joined:
            return bool(update["U"] == self._update_id + 1)
        return bool(update["U"] <= self._update_id + 1 <= update["u"])

    def _apply(self, update: dict[str, Any]) -> None:
        for side, changes in ((self._bids, update["b"]), (self._asks, update["a"])):
            for price, quantity in changes:
                if quantity == "0.00000000":
                    side.pop(price, None)
                else:
                    side[price] = quantity
        self._update_id = update["u"]
        self._joined = True

    def sides(self) -> tuple[dict[str, str], dict[str, str]]:
        return base.plain_levels(self._bids), base.plain_levels(self._asks)

    def update_id(self) -> int:
        return self._update_id

    async def close(self) -> None:
        await base.end(self._following)
        await self._feed.close()
