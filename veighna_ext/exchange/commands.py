"""Everything that can be asked of the venue; an accepted command is also the journal's record."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from veighna_ext.exchange import enums
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol


class Command(msgspec.Struct, array_like=True):
    """What happens at a time, in microseconds since the epoch."""

    time: int


class OrderSpec(msgspec.Struct, array_like=True):
    """An order as its sender wants it; the venue has no default of its own but the symbol's."""

    side: int
    type: int = enums.LIMIT
    quantity: int = 0
    price: int = 0
    tif: int = enums.GTC
    client_id: str = ""
    stp: int = -1
    """-1: the symbol's default."""
    stop_price: int = 0
    trailing_delta: int = 0
    iceberg: int = 0
    quote_quantity: int = 0
    strategy_id: int | None = None
    strategy_type: int | None = None


class PlaceOrder(Command, tag=1):
    """A new order."""

    account: int
    symbol: str
    order: OrderSpec


class CancelOrder(Command, tag=2):
    """Cancel one order, named by the venue's id or by the trader's own."""

    account: int
    symbol: str
    order_id: int = -1
    client_id: str = ""
    new_client_id: str = ""
    only_status: int = -1
    """Cancel only if the order is NEW, or only if it is PARTIALLY_FILLED; -1 in any case."""


class CancelAll(Command, tag=3):
    """Cancel every open order of an account on a symbol."""

    account: int
    symbol: str
    new_client_id: str = ""


class CancelReplace(Command, tag=4):
    """Cancel one order and place another."""

    account: int
    symbol: str
    cancel_order_id: int
    cancel_client_id: str
    order: OrderSpec
    stop_on_failure: bool = True
    new_client_id: str = ""
    only_status: int = -1
    cancel_only: bool = False
    """The sender is over its order limit and asked for the cancel alone."""


class AmendOrder(Command, tag=5):
    """Make an order smaller; it keeps its place in the queue."""

    account: int
    symbol: str
    quantity: int
    order_id: int = -1
    client_id: str = ""
    new_client_id: str = ""


class PlaceList(Command, tag=6):
    """Orders that depend on each other.

    OCO: above, below. OTO: working, pending. OTOCO: working, above, below.
    """

    account: int
    symbol: str
    list_kind: int
    orders: list[OrderSpec]
    list_client_id: str = ""


class CancelList(Command, tag=7):
    """Cancel every order of a list."""

    account: int
    symbol: str
    list_id: int = -1
    list_client_id: str = ""
    new_client_id: str = ""


class OpenAccount(Command, tag=10):
    """A new account with its starting balances."""

    balances: dict[str, int]
    maker_rate: int
    taker_rate: int


class Deposit(Command, tag=11):
    """Money comes in; a negative amount goes out."""

    account: int
    asset: str
    amount: int


class ResetAccount(Command, tag=12):
    """Cancel the account's orders and give its starting balances back."""

    account: int


class SetAccount(Command, tag=13):
    """What an account may do and how it pays."""

    account: int
    can_trade: bool = True
    can_withdraw: bool = True
    can_deposit: bool = True
    pays_in_bnb: bool = False
    trade_group: int = -1


class SetRates(Command, tag=14):
    """Commission rates: of one symbol, or of every symbol where none is named."""

    account: int
    maker_rate: int
    taker_rate: int
    symbol: str = ""


class SetKey(Command, tag=15):
    """An API key of an account: made, changed, or taken away with ``is_valid`` false."""

    account: int
    key: str
    may_trade: bool = True
    is_valid: bool = True


class CloseAccount(Command, tag=16):
    """Cancel the account's orders and take its keys and rights; its history stays."""

    account: int


class ListSymbol(Command, tag=25):
    """Open a symbol's market, or change its rules."""

    symbol: Symbol
    first_trade_id: int = 0
    """Of a new market: with a history before it, trades are counted on from there."""


class SetLimits(Command, tag=26):
    """Limits over all symbols of an account."""

    limits: ExchangeFilters


class SetStatus(Command, tag=20):
    """Halt a symbol or let it trade again."""

    symbol: str
    status: int


class MarketMoves(Command, tag=21):
    """What the market itself does: the house's resting quantities, then its traders' hits."""

    symbol: str
    quotes: list[tuple[int, int, int]]
    hits: list[tuple[int, int, int]]


class TapeTrade(Command, tag=22):
    """A trade of a replayed tape, and the ladder that stands around it afterwards."""

    symbol: str
    price: int
    quantity: int
    buyer_is_maker: bool
    quotes: list[tuple[int, int, int]]


class SetFaults(Command, tag=23):
    """Faults that change what the matching engine does, for one account or, with -1, for all."""

    account: int = -1
    partial_fill_only: bool = False


class SetSource(Command, tag=24):
    """How a symbol's synthetic market shall behave from now on; the engine only keeps it."""

    symbol: str
    volatility: float = 1.0
    trend: float = 0.0
    shock: float = 0.0
    half_life: float | None = None
    is_manual: bool = False
    """The market maker leaves: the book is what accounts place."""


AnyCommand: TypeAlias = (
    PlaceOrder
    | CancelOrder
    | CancelAll
    | CancelReplace
    | AmendOrder
    | PlaceList
    | CancelList
    | OpenAccount
    | Deposit
    | ResetAccount
    | SetAccount
    | SetRates
    | SetKey
    | CloseAccount
    | ListSymbol
    | SetLimits
    | SetStatus
    | MarketMoves
    | TapeTrade
    | SetFaults
    | SetSource
)
