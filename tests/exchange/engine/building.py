"""A small venue to test on: three symbols, accounts with money, and a record of everything made public."""

from __future__ import annotations

from collections.abc import Iterable

from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.commands import OpenAccount
from veighna_ext.exchange.engine.venue import Venue
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol, SymbolFilters

START = 1_700_000_000_000_000
"""When the accounts are opened, in microseconds."""
FUNDS = {"USDT": 100_000 * UNIT, "BTC": 10 * UNIT, "BNB": 100 * UNIT, "DOGE": 100_000 * UNIT}
MAKER_RATE = UNIT // 1000
TAKER_RATE = UNIT // 500


class RecordingTape:
    """Remembers every public trade; ``average`` is what the filters are told, 0 for the last price."""

    def __init__(self) -> None:
        self.trades: list[tuple[int, int, int, int, bool]] = []
        """Trade id, time, price, quantity, whether the buyer was the maker."""
        self.takers: list[int] = []
        self.average = 0

    def record(
        self, trade_id: int, time: int, price: int, quantity: int, buyer_is_maker: bool, taker_id: int
    ) -> None:
        """A trade was made."""
        self.trades.append((trade_id, time, price, quantity, buyer_is_maker))
        self.takers.append(taker_id)

    def restart(self, now: int) -> None:
        """A market that went back begins again."""
        self.trades.clear()
        self.takers.clear()

    def average_price(self, minutes: int, now: int) -> int:
        """What the test says it is."""
        return self.average


class RecordingDepth:
    """The visible book as somebody who follows every change sees it, by side and price."""

    def __init__(self) -> None:
        self.shown: tuple[dict[int, int], dict[int, int]] = ({}, {})

    def level_changed(self, side: int, price: int, quantity: int) -> None:
        """A level now shows this quantity; 0 removes it."""
        if quantity:
            self.shown[side][price] = quantity
        else:
            self.shown[side].pop(price, None)


def btcusdt() -> Symbol:
    """Fine ticks and fine lots."""
    rules = SymbolFilters(tick=parse_amount("0.01"), step=parse_amount("0.00001"))
    rules.min_price, rules.max_price = rules.tick, 1_000_000 * UNIT
    rules.min_quantity, rules.max_quantity = rules.step, 9_000 * UNIT
    return Symbol("BTCUSDT", "BTC", "USDT", rules)


def bnbusdt() -> Symbol:
    """Trades what commissions may be paid in."""
    rules = SymbolFilters(tick=parse_amount("0.1"), step=parse_amount("0.001"))
    rules.min_price, rules.max_price = rules.tick, 100_000 * UNIT
    rules.min_quantity, rules.max_quantity = rules.step, 90_000 * UNIT
    return Symbol("BNBUSDT", "BNB", "USDT", rules)


def dogebtc() -> Symbol:
    """Whole coins at the smallest tick there is."""
    rules = SymbolFilters(tick=1, step=UNIT)
    rules.min_price, rules.max_price = 1, UNIT
    rules.min_quantity, rules.max_quantity = UNIT, 90_000_000 * UNIT
    return Symbol("DOGEBTC", "DOGE", "BTC", rules)


def venue_for_tests(
    accounts: int = 4,
    symbols: Iterable[Symbol] | None = None,
    *,
    funds: dict[str, int] | None = None,
    limits: ExchangeFilters | None = None,
) -> Venue:
    """A venue whose accounts 1, 2, … all start with the same funds; nothing was traded yet."""
    chosen = [btcusdt(), bnbusdt(), dogebtc()] if symbols is None else symbols
    venue = Venue(chosen, lambda symbol, now: (RecordingTape(), RecordingDepth()), limits)
    for _ in range(accounts):
        venue.submit(OpenAccount(START, FUNDS if funds is None else funds, MAKER_RATE, TAKER_RATE))
    return venue


def tape_of(venue: Venue, symbol: str) -> RecordingTape:
    """The public trades of a symbol."""
    tape = venue.market(symbol).tape
    assert isinstance(tape, RecordingTape)
    return tape


def depth_of(venue: Venue, symbol: str) -> RecordingDepth:
    """The visible book of a symbol, made of changes alone."""
    depth = venue.market(symbol).depth
    assert isinstance(depth, RecordingDepth)
    return depth
