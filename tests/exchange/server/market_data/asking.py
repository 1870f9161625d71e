"""How the tests ask about markets, and markets to ask about."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.exchange.exchanges import MIDDLE, TICK
from tests.exchange.server.venue import Venue, text_of
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.market_data import OPERATIONS
from veighna_ext.exchange.server.operations import by_method

METHODS = by_method(OPERATIONS)
SYMBOLS = ["BTCUSDT", "BNBUSDT"]


def ask(venue: Venue, method: str, time_divisor: int = 1000, **sent: Any) -> Any:
    """What a client reads."""
    return venue.ask(METHODS[method], time_divisor=time_divisor, **sent)


def refusal(venue: Venue, method: str, **sent: Any) -> tuple[int, str]:
    """Why a request is refused."""
    with pytest.raises(Refused) as refused:
        ask(venue, method, **sent)
    return refused.value.code, refused.value.message


def weight(method: str, **sent: Any) -> int:
    """What a request costs."""
    operation = METHODS[method]
    texts = {name: text_of(value) for name, value in sent.items()}
    return operation.weight_of(operation.parameters.read(texts))


def trade_for(venue: Venue, seconds: int, seed: int = 3) -> None:
    """Trades of both symbols, some in each second and none in others, at prices that move."""
    dice = random.Random(seed)
    end = venue.clock.now + seconds * 1_000_000
    while venue.clock.now < end:
        venue.clock.now += dice.randrange(1, 4_000_000)
        for symbol in SYMBOLS:
            price = MIDDLE[symbol] + dice.randrange(-300, 300) * TICK[symbol]
            side = dice.choice((enums.BUY, enums.SELL))
            # two orders at each price: one taker trades with both
            for part in (1, 2):
                levels = [price + (1 - 2 * side) * step * TICK[symbol] for step in range(2)]
                quotes = [(1 - side, level, part * UNIT // 2) for level in levels]
                venue.exchange.submit(c.MarketMoves(venue.clock.now, symbol, quotes, []))
            hits = [(side, dice.randrange(1, 150) * UNIT // 100, 0) for _ in range(dice.randrange(1, 4))]
            venue.exchange.submit(c.MarketMoves(venue.clock.now, symbol, [], hits))
            leave = [
                (quoted, level.price, 0)
                for quoted, levels in enumerate(venue.exchange.venue.market(symbol).book.sides)
                for level in levels
            ]
            venue.exchange.submit(c.MarketMoves(venue.clock.now, symbol, leave, []))
    for symbol in SYMBOLS:
        middle, tick = MIDDLE[symbol], TICK[symbol]
        ladder = [
            (side, middle + (side * 2 - 1) * n * tick, n * UNIT) for side in (0, 1) for n in range(1, 9)
        ]
        venue.exchange.submit(c.MarketMoves(venue.clock.now, symbol, ladder, []))
