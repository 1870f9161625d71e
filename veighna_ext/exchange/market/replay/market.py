"""A replayed market as the engine's commands."""

from __future__ import annotations

from veighna_ext.exchange.commands import MarketMoves, TapeTrade
from veighna_ext.exchange.market.replay.ladder import HouseLadder
from veighna_ext.exchange.market.replay.player import TapePlayer


class ReplayMarket:
    """What one tape does to its symbol: trades with the ladder after each, and a clean book after a seek."""

    def __init__(self, player: TapePlayer, tick: int, step: int) -> None:
        self.player = player
        self.symbol = player.tape.symbol
        self.ladder = HouseLadder(tick, step)

    def due(self, now: int) -> list[TapeTrade]:
        """The commands to be executed now, at most so many as the player gives at once."""
        return [
            TapeTrade(
                trade.time,
                self.symbol,
                trade.price,
                trade.quantity,
                trade.buyer_is_maker,
                self.ladder.after(trade),
            )
            for trade in self.player.due(now)
        ]

    def seek(self, now: int, time: int) -> MarketMoves:
        """Go on from another time of the tape; the ladder of the old one has to go first."""
        self.player.seek(now, time)
        return MarketMoves(self.player.time(now), self.symbol, self.ladder.clear(), [])
