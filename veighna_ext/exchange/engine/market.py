"""One symbol's market: its book, its waiting orders, its counters and what it tells the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.book import Book
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.past import Past
from veighna_ext.exchange.engine.stops import StopBook
from veighna_ext.exchange.symbols import Symbol

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.engine.commission import BnbCounter
    from veighna_ext.exchange.engine.order_lists import OrderList
    from veighna_ext.exchange.engine.reports import News


class Tape(Protocol):
    """Who keeps a symbol's public record: trades, candles, tickers, averages."""

    def record(
        self, trade_id: int, time: int, price: int, quantity: int, buyer_is_maker: bool, taker_id: int
    ) -> None:
        """A trade was made."""

    def average_price(self, minutes: int, now: int) -> int:
        """The volume-weighted price of the last minutes, or 0 where nothing was ever traded."""

    def restart(self, now: int) -> None:
        """Forget everything: the market goes on from an earlier time."""


class DepthFeed(Protocol):
    """Who follows the visible quantities of a book."""

    def level_changed(self, side: int, price: int, quantity: int) -> None:
        """A level now shows this quantity; 0 removes it."""


class Treasury:
    """One asset's collected commissions, over all symbols."""

    __slots__ = ("asset", "collected")

    def __init__(self, asset: str) -> None:
        self.asset = asset
        self.collected = 0


class PreventedMatch:
    """A trade between orders of one trader that was not made."""

    __slots__ = (
        "id",
        "maker",
        "maker_quantity",
        "mode",
        "price",
        "taker",
        "taker_quantity",
        "time",
        "trade_group",
    )

    def __init__(
        self,
        match_id: int,
        taker: Order,
        maker: Order,
        mode: int,
        price: int,
        taker_quantity: int,
        maker_quantity: int,
        trade_group: int,
        time: int,
    ) -> None:
        self.id = match_id
        self.taker = taker
        self.maker = maker
        self.mode = mode
        self.price = price
        self.taker_quantity = taker_quantity
        self.maker_quantity = maker_quantity
        self.trade_group = trade_group
        self.time = time


class Market:
    """Everything the venue keeps about one symbol."""

    def __init__(
        self,
        symbol: Symbol,
        tape: Tape,
        depth: DepthFeed,
        base_fees: Treasury,
        quote_fees: Treasury,
        bnb: BnbCounter,
        news: News,
    ) -> None:
        self.symbol = symbol
        self.tape = tape
        self.depth = depth
        self.base_fees = base_fees
        self.quote_fees = quote_fees
        self.news = news
        self.bnb = bnb
        self.status = enums.TRADING
        self.book = Book()
        self.stops = StopBook()
        self.house: tuple[dict[int, list[Order]], dict[int, list[Order]]] = ({}, {})
        """The house's resting orders by price, of each side, oldest first."""
        self.last_order_id = 0
        self.last_trade_id = -1
        self.last_execution_id = 0
        self.last_price = 0
        self.prevented: list[PreventedMatch] = []
        """Every prevented match, but for the oldest ones that were moved out of memory."""
        self.moved_matches = 0
        """How many prevented matches were moved: the first in memory has this id."""
        self.prevented_of_order: dict[int, list[PreventedMatch]] = {}
        self.clock = 0
        """When the market itself did something last."""
        self.went_back = False
        """Whether its clock ever went back: then later orders may have earlier times."""
        self.touched_prices: list[int] = []
        """Prices traded since the waiting orders were last looked at."""
        self.replayed_trade: int | None = None
        """The trade of a tape that is being played: fills made meanwhile are part of it."""
        self.to_activate: list[OrderList] = []
        """Lists whose working order was filled and whose other orders are to be placed."""
        self.half_fills: set[int] = set()
        """Accounts whose taking orders are filled only in part; -1 means every account."""
        self.past: Past | None = None
        """Who tells about what was moved out of memory; no part of the state."""
        self._limits_of = -1, -1
        self._limits = (0, 0), (0, 0)

    def move_clock(self, now: int) -> None:
        """The market itself does something; a replay that was sent back begins a new public record."""
        if now < self.clock:
            self.went_back = True
            self.tape.restart(now)
        self.clock = now

    def change_rules(self, symbol: Symbol) -> None:
        """From now on the symbol's rules are others."""
        self.symbol = symbol
        self._limits_of = -1, -1

    @property
    def next_match_id(self) -> int:
        """The id of the next match that is prevented."""
        return self.moved_matches + len(self.prevented)

    def prevented_match(self, match_id: int) -> PreventedMatch | None:
        """A prevented match by its id, unless it was moved out of memory."""
        place = match_id - self.moved_matches
        return self.prevented[place] if 0 <= place < len(self.prevented) else None

    def remember_prevented(self, match: PreventedMatch) -> None:
        """Keep a prevented match where queries by id and by order find it."""
        self.prevented.append(match)
        for order in (match.taker, match.maker):
            self.prevented_of_order.setdefault(order.id, []).append(match)

    def price_limits(self, now: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Lowest and highest price of buys, then of sells; (0, 0) without a limit."""
        # kept as long as the average cannot have changed: the same at any other time it is asked for
        current = now // 1_000_000, self.last_trade_id
        if current != self._limits_of:
            rules = self.symbol.filters
            average = self.average_price(rules.percent_minutes, now)
            # a bound between two units belongs to neither side
            buys = -(-average * rules.percent_down[0] // UNIT), average * rules.percent_up[0] // UNIT
            sells = -(-average * rules.percent_down[1] // UNIT), average * rules.percent_up[1] // UNIT
            self._limits_of, self._limits = current, (buys, sells)
        return self._limits

    def average_price(self, minutes: int, now: int) -> int:
        """The average the filters measure against: of some minutes, or the last price where that is 0."""
        if not minutes:
            return self.last_price
        return self.tape.average_price(minutes, now) or self.last_price

    def fills_only_half(self, account: Account) -> bool:
        """Whether the fault of partial fills is in force for an account."""
        return bool(self.half_fills) and (-1 in self.half_fills or account.id in self.half_fills)
