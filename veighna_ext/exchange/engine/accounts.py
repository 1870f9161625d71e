"""Accounts: what they own, what is locked, what they pay, and their orders on each symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.past import NOTHING_MOVED, Moved

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.market import Market
    from veighna_ext.exchange.engine.order_lists import OrderList

HOUSE = 0
"""The account of the market itself: its maker and its noise traders."""
NO_TRADE_GROUP = -1


class Balance:
    """One asset of one account."""

    __slots__ = ("free", "locked")

    def __init__(self, free: int = 0, locked: int = 0) -> None:
        self.free = free
        self.locked = locked

    @property
    def total(self) -> int:
        """Free and locked together."""
        return self.free + self.locked


class Account:
    """One trader's money and rights."""

    def __init__(self, account_id: int, maker_rate: int, taker_rate: int, opened: int) -> None:
        self.id = account_id
        self.maker_rate = maker_rate
        self.taker_rate = taker_rate
        self.special_rates: dict[str, tuple[int, int]] = {}
        """Maker and taker rates of the symbols that have rates of their own."""
        self.pays_in_bnb = False
        self.can_trade = True
        self.can_withdraw = True
        self.can_deposit = True
        self.trade_group = NO_TRADE_GROUP
        self.keys: dict[str, bool] = {}
        """Its API keys, each with whether it may trade."""
        self.balances: dict[str, Balance] = {}
        self.starting_balances: dict[str, int] = {}
        self.desks: dict[str, Desk] = {}
        self.open_orders = 0
        """How many orders it has open on all symbols."""
        self.lists: list[OrderList] = []
        """Every order list, by rising id, but for old ones that were moved out of memory."""
        self.lists_by_client_id: dict[str, OrderList] = {}
        """The latest order list of each of the trader's own ids."""
        self.last_moved_list = NOTHING_MOVED
        """The highest id of an order list that was moved out of memory."""
        self.updated = opened
        self.is_listening = False
        """Whether somebody wants its execution reports; not part of the venue's state."""

    def balance(self, asset: str) -> Balance:
        """Its balance of an asset, made at first touch."""
        found = self.balances.get(asset)
        if found is None:
            found = self.balances[asset] = Balance()
        return found

    def same_trader(self, other: Account) -> bool:
        """Whether trades between the two are self-trades."""
        return self is other or (self.trade_group != NO_TRADE_GROUP and self.trade_group == other.trade_group)


class Desk:
    """One account on one symbol: its orders there and shortcuts to the two balances."""

    __slots__ = (
        "account",
        "algo_orders",
        "base",
        "by_client_id",
        "fills",
        "icebergs",
        "maker_rate",
        "market",
        "moved",
        "open",
        "open_lists",
        "orders",
        "quote",
        "taker_rate",
    )

    def __init__(self, account: Account, market: Market) -> None:
        self.account = account
        self.market = market
        symbol = market.symbol
        self.base = account.balance(symbol.base)
        self.quote = account.balance(symbol.quote)
        self.maker_rate, self.taker_rate = account.special_rates.get(
            symbol.name, (account.maker_rate, account.taker_rate)
        )
        self.open: dict[int, Order] = {}
        self.by_client_id: dict[str, Order] = {}
        """
        The order that took each of the trader's own ids last.

        It may have another id by now: then nobody has the one it gave up.
        """
        self.orders: list[Order] = []
        """Every order, by rising id, but for closed ones that were moved out of memory."""
        self.fills: list[Fill] = []
        """Every fill, but for the oldest ones that were moved."""
        self.moved = Moved()
        self.open_lists: dict[int, OrderList] = {}
        self.algo_orders = 0
        self.icebergs = 0
