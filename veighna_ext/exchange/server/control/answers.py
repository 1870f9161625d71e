"""What the control API gives: the same structs for the server, its documents and the client."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MarketKind = Literal["synthetic", "manual", "replay"]
Millis = Annotated[int, Meta(description="milliseconds since 1970")]
Text = Annotated[
    str, Meta(description="an exact amount as text with 8 decimals", examples=["64000.00000000"])
]


class Key(msgspec.Struct, rename="camel"):
    """An API key of an account."""

    api_key: str
    kind: str | None
    """HMAC, RSA or ED25519."""
    may_trade: bool


class MadeKey(Key):
    """An API key just made; its secret is told this once."""

    secret: str | None = None


class OpenedAccount(MadeKey, kw_only=True):
    """An account just opened, with its first API key."""

    id: int


class Balance(msgspec.Struct):
    """How much of an asset an account has."""

    asset: str
    free: Text
    locked: Text


class SymbolRates(msgspec.Struct):
    """Commission rates."""

    maker: str
    taker: str


class Account(msgspec.Struct, rename="camel"):
    """An account: its keys without their secrets, what it owns, pays and may do."""

    id: int
    keys: list[Key]
    balances: list[Balance]
    maker: str
    taker: str
    symbol_rates: dict[str, SymbolRates]
    can_trade: bool
    can_deposit: bool
    can_withdraw: bool
    pays_in_bnb: bool
    trade_group: int
    open_orders: int


class Source(msgspec.Struct):
    """Where a symbol's price comes from."""

    kind: MarketKind
    volatility: float | None = None
    trend: float | None = None


class Market(msgspec.Struct):
    """A symbol's market at this moment."""

    status: Literal["TRADING", "HALT", "BREAK"]
    last: Text | None
    bid: Text | None
    ask: Text | None
    source: Source


class Symbol(msgspec.Struct):
    """A symbol and the rules it trades by."""

    symbol: str
    base: str
    quote: str
    status: Literal["TRADING", "HALT", "BREAK"]
    tick: Text
    step: Text
    min_price: Text
    max_price: Text
    min_notional: Text


class Faults(msgspec.Struct):
    """Faults in force, of the account with this id and key or, where both are null, of all accounts."""

    account: int | None
    api_key: str | None
    latency_ms: tuple[float, float]
    reject_rate: float
    error_rate: float
    drop_ws_every_s: float
    stale_md: bool
    partial_fill_only: bool
    rate_limit_now: bool


class Replay(msgspec.Struct):
    """A replay and how far it is."""

    file: str
    symbol: str
    kind: str
    first_time: Millis
    time: Millis
    speed: float | str
    paused: bool
    ended: bool
    loop: bool
    laps: int
    lines_read: int
    findings: dict[str, int]


class Clock(msgspec.Struct):
    """The exchange's time and that of its machine; apart while a tape is played."""

    exchange: Millis
    machine: Millis


class Latency(msgspec.Struct):
    """How long answers took, in milliseconds."""

    p50: float
    p99: float


class Status(msgspec.Struct):
    """The exchange at this moment; rates and latency are those of the last seconds."""

    version: str
    uptime_s: float
    seed: int
    market: MarketKind
    clock: Clock
    accounts: int
    connections: int
    tasks: int
    """What the process has under way at once: a figure that must not grow with time."""
    orders_per_s: float
    trades_per_s: float
    requests_per_s: float
    latency_ms: Latency | None
    symbols: dict[str, Market]
    faults: list[Faults]
    replay: Replay | None


class History(msgspec.Struct):
    """The last seconds, oldest first; each list has an entry for each of them."""

    times: list[Millis]
    connections: list[int]
    orders: list[int]
    trades: list[int]
    requests: list[int]
    p50_ms: list[float | None]
    p99_ms: list[float | None]
    prices: dict[str, list[str | None]]


class Done(msgspec.Struct):
    """That it was done."""

    done: bool = True


class ProblemText(msgspec.Struct, omit_defaults=True):
    """Why a request was refused, and which field was the reason where it was one."""

    message: str
    field: str | None = None


class ProblemBody(msgspec.Struct):
    """The body of every answer that is not a success."""

    error: ProblemText
