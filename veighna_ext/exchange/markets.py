"""Where an exchange's prices come from: its markets move as the clock does, by commands like everybody's."""

from __future__ import annotations

from typing import Protocol

from veighna_ext.exchange import enums
from veighna_ext.exchange.commands import MarketMoves, SetSource
from veighna_ext.exchange.engine.house import quantities
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.market.replay import ReplayMarket
from veighna_ext.exchange.market.synthetic import MarketSetting, SyntheticMarket


class MarketSource(Protocol):
    """Moves the markets of an exchange."""

    def move(self, now: int) -> None:
        """Let everything happen that is due by a moment of real time."""

    def time(self, now: int) -> int:
        """The exchange's time at a moment of real time."""


class ManualMarkets:
    """Nobody moves anything: the books are what accounts place."""

    def move(self, now: int) -> None:
        """Nothing is ever due."""

    def time(self, now: int) -> int:
        """The clock on the wall."""
        return now


class SyntheticMarkets:
    """A market maker and noise traders on every symbol, around a price path that a seed decides."""

    def __init__(self, exchange: Exchange, market: SyntheticMarket) -> None:
        self._exchange = exchange
        self._market = market
        self._steps: dict[str, int] = {}
        self._manual: set[str] = set()
        for symbol, changes in exchange.venue.sources.items():
            for change in changes if self.has(symbol) else ():
                self.adopt(change)

    def has(self, symbol: str) -> bool:
        """Whether a market maker stands behind a symbol, or would if it were not manual."""
        return symbol in self._market.parameters

    def setting(self, symbol: str) -> SetSource:
        """How a symbol was told to behave last."""
        changes = self._exchange.venue.sources.get(symbol)
        return changes[-1] if changes else SetSource(0, symbol)

    def shock_to(self, symbol: str, price: int, now: int) -> float:
        """The shock that brings a symbol to a price."""
        return self._market.shock_to(symbol, price, now)

    def time(self, now: int) -> int:
        """The clock on the wall."""
        return now

    def move(self, now: int) -> None:
        """One step of every symbol whose next step has come; steps that were missed are not made up for."""
        for name, market in self._exchange.venue.markets.items():
            if name in self._manual or market.status != enums.TRADING or name not in self._market.parameters:
                continue
            step = self._market.step_at(name, now)
            if step == self._steps.get(name):
                continue
            self._steps[name] = step
            bids, asks = quantities(market, enums.BUY), quantities(market, enums.SELL)
            quotes, hits = self._market.moves(name, step, now, bids, asks)
            self._exchange.submit(MarketMoves(now, name, quotes, hits))

    def change(self, change: SetSource) -> None:
        """Change how a symbol behaves, from the change's time on."""
        market = self._exchange.venue.market(change.symbol)
        # before it is journalled: what cannot be adopted now could not be at a restart either
        self.adopt(change)
        self._exchange.submit(change)
        if change.is_manual and (leaving := without_ladder(market, change.time)) is not None:
            self._exchange.submit(leaving)

    def move_to(self, symbol: str, price: int, now: int) -> None:
        """Bring a symbol to a price, where it stays."""
        last = self.setting(symbol)
        shock = self.shock_to(symbol, price, now)
        self.change(SetSource(now, symbol, last.volatility, last.trend, shock))

    def adopt(self, change: SetSource) -> None:
        """Behave so from the change's time on; what the venue has to know of it is the caller's to submit."""
        if change.is_manual:
            self._manual.add(change.symbol)
            return
        self._manual.discard(change.symbol)
        setting = MarketSetting(change.time, change.volatility, change.trend, change.shock, change.half_life)
        self._market.set(change.symbol, setting)


def without_ladder(market: Market, now: int) -> MarketMoves | None:
    """What takes the house's whole ladder away, if it has any."""
    quotes = [(side, price, 0) for side in (enums.BUY, enums.SELL) for price in market.house[side]]
    return MarketMoves(now, market.symbol.name, quotes, []) if quotes else None


class ReplayedMarket:
    """A tape plays on its symbol; the exchange's clock is the tape's."""

    def __init__(self, exchange: Exchange, replay: ReplayMarket) -> None:
        self._exchange = exchange
        self.replay = replay

    def time(self, now: int) -> int:
        """The time of the tape."""
        return self.replay.player.time(now)

    def move(self, now: int) -> None:
        """Play what is due, around the ladder as orders have left it."""
        market = self._exchange.venue.markets[self.replay.symbol]
        for side in (enums.BUY, enums.SELL):
            self.replay.ladder.see(side, quantities(market, side))
        for trade in self.replay.due(now):
            self._exchange.submit(trade)

    def seek(self, now: int, time: int) -> None:
        """Go on from another time of the tape."""
        self._exchange.submit(self.replay.seek(now, time))
