"""User data: events about one account."""

# the fields have the names that Binance gave them
# ruff: noqa: E741, N815

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from tests.exchange.server.shapes.values import (
    CONDITIONAL,
    ZERO,
    Amount,
    AmountOrNone,
    Asset,
    Change,
    ClientId,
    Contingency,
    ExpiryReason,
    MadeClientId,
    Model,
    Moment,
    MomentOrNever,
    Number,
    NumberOrNone,
    OrderType,
    Side,
    Status,
    StpMode,
    Symbol,
    Text,
    TimeInForce,
    check,
    is_there,
    only_if,
    together,
)

_STATUSES = {
    "NEW": ("NEW", "PENDING_NEW", "PARTIALLY_FILLED"),
    "CANCELED": ("CANCELED",),
    "REPLACED": ("NEW", "PENDING_NEW", "PARTIALLY_FILLED"),
    "REJECTED": ("REJECTED",),
    "TRADE": ("PARTIALLY_FILLED", "FILLED"),
    "EXPIRED": ("EXPIRED",),
    "TRADE_PREVENTION": ("EXPIRED_IN_MATCH", "NEW", "PARTIALLY_FILLED", "FILLED", "EXPIRED"),
}
"""What an order can have become by each kind of execution."""


class ExecutionReport(Model):
    e: Literal["executionReport"]
    E: Moment
    s: Symbol
    c: ClientId
    S: Side
    o: OrderType
    f: TimeInForce
    q: Amount
    p: Amount
    P: Amount
    F: Amount
    g: NumberOrNone
    C: MadeClientId
    x: Literal["NEW", "CANCELED", "REPLACED", "REJECTED", "TRADE", "EXPIRED", "TRADE_PREVENTION"]
    X: Status
    r: Literal[
        "NONE",
        "INSUFFICIENT_BALANCES",
        "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY",
        "WOULD_MATCH_IMMEDIATELY",
        "OCO_BAD_PRICES",
    ]
    i: Number
    l: Amount
    z: Amount
    L: Amount
    n: AmountOrNone
    N: Asset | None
    T: Moment
    t: NumberOrNone
    I: Number
    w: bool
    m: bool
    M: bool
    O: Moment
    Z: Amount
    Y: Amount
    Q: Amount
    V: StpMode
    W: Moment | UnsetType = UNSET
    d: Number | UnsetType = UNSET
    D: MomentOrNever | UnsetType = UNSET
    j: Number | UnsetType = UNSET
    J: Number | UnsetType = UNSET
    v: Number | UnsetType = UNSET
    A: Amount | UnsetType = UNSET
    B: Amount | UnsetType = UNSET
    u: NumberOrNone | UnsetType = UNSET
    U: Number | UnsetType = UNSET
    Cs: Symbol | UnsetType = UNSET
    pl: Amount | UnsetType = UNSET
    pL: Amount | UnsetType = UNSET
    pY: Amount | UnsetType = UNSET
    eR: ExpiryReason | UnsetType = UNSET

    def __post_init__(self) -> None:
        is_trade = self.x == "TRADE"
        check(self.X in _STATUSES[self.x], f"{self.x} does not make an order {self.X}")
        check((self.t >= 0) == is_trade, "trades, and nothing else, have a trade's id")
        check((self.l != ZERO) == is_trade, "trades, and nothing else, have a quantity")
        check((self.N is not None) == is_trade and (self.n == "0") == (not is_trade), "trades pay commission")
        check(is_trade == self.M, "`M` is said of trades")
        check(not self.m or is_trade, "only a trade has a maker")
        check((self.r == "NONE") == (self.x != "REJECTED"), "a reason for what was rejected")
        check(
            bool(self.C) == (self.x in ("CANCELED", "REPLACED")),
            "the id before, of what was cancelled or amended",
        )
        check(not self.w or is_there(self.W), "what is on the book has been there since some time")
        check(not is_there(self.d) or self.o in CONDITIONAL, "only an order that waits can trail the market")
        only_if(self.X == "EXPIRED", eR=self.eR)
        together(v=self.v, A=self.A)
        is_prevented = self.x == "TRADE_PREVENTION"
        only_if(is_prevented, B=self.B, u=self.u, U=self.U, Cs=self.Cs, pl=self.pl, pL=self.pL, pY=self.pY)
        check(not is_prevented or is_there(self.v), "a prevented trade has an id")


class AssetBalance(Model):
    a: Asset
    f: Amount
    l: Amount


class AccountPosition(Model):
    e: Literal["outboundAccountPosition"]
    E: Moment
    u: Moment
    B: list[AssetBalance]

    def __post_init__(self) -> None:
        check(bool(self.B), "something may have changed")


class BalanceUpdate(Model):
    e: Literal["balanceUpdate"]
    E: Moment
    a: Asset
    d: Change
    T: Moment


class ListMember(Model):
    s: Symbol
    i: Number
    c: ClientId


class ListStatus(Model):
    e: Literal["listStatus"]
    E: Moment
    s: Symbol
    g: Number
    c: Contingency
    l: Literal["RESPONSE", "EXEC_STARTED", "UPDATED", "ALL_DONE"]
    L: Literal["EXECUTING", "ALL_DONE", "REJECT"]
    r: Literal["NONE"]
    C: ClientId
    T: Moment
    O: list[ListMember]

    def __post_init__(self) -> None:
        check((self.l == "ALL_DONE") == (self.L == "ALL_DONE"), "both say it is over")


class ExternalLock(Model):
    e: Literal["externalLockUpdate"]
    E: Moment
    a: Asset
    d: Change
    T: Moment


class StreamTerminated(Model):
    e: Literal["eventStreamTerminated"]
    E: Moment


class ServerShutdown(Model):
    e: Literal["serverShutdown"]
    E: Moment


class ListenKeyExpired(Model):
    """Of the retired user streams."""

    e: Literal["listenKeyExpired"]
    E: Moment
    listenKey: Text


EVENTS = {
    "executionReport": ExecutionReport,
    "outboundAccountPosition": AccountPosition,
    "balanceUpdate": BalanceUpdate,
    "listStatus": ListStatus,
    "externalLockUpdate": ExternalLock,
    "eventStreamTerminated": StreamTerminated,
    "serverShutdown": ServerShutdown,
    "listenKeyExpired": ListenKeyExpired,
}
"""The model of each event, by its name."""
