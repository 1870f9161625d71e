"""Payloads of market streams."""

# the fields have the names that Binance gave them
# ruff: noqa: E741, N815

from __future__ import annotations

from typing import Literal

from tests.exchange.server.shapes.market_data import Level
from tests.exchange.server.shapes.values import (
    Amount,
    Change,
    Interval,
    Model,
    Moment,
    Nothing,
    Number,
    NumberOrNone,
    Percent,
    Symbol,
    check,
)


class Trade(Model):
    e: Literal["trade"]
    E: Moment
    s: Symbol
    t: Number
    p: Amount
    q: Amount
    T: Moment
    m: bool
    M: bool


class AggregateTrade(Model):
    e: Literal["aggTrade"]
    E: Moment
    s: Symbol
    a: Number
    p: Amount
    q: Amount
    f: Number
    l: Number
    T: Moment
    m: bool
    M: bool


class BlockTrade(Model):
    e: Literal["blockTrade"]
    E: Moment
    s: Symbol
    t: Number
    p: Amount
    q: Amount
    T: Moment
    m: bool


class Candle(Model):
    t: Moment
    T: Moment
    s: Symbol
    i: Interval
    f: NumberOrNone
    L: NumberOrNone
    o: Amount
    c: Amount
    h: Amount
    l: Amount
    v: Amount
    n: Number
    x: bool
    q: Amount
    V: Amount
    Q: Amount
    B: Nothing

    def __post_init__(self) -> None:
        check((self.n == 0) == (self.f < 0), "without trades, and only then, there is no first id")


class Kline(Model):
    e: Literal["kline"]
    E: Moment
    s: Symbol
    k: Candle


class MiniTicker(Model):
    e: Literal["24hrMiniTicker"]
    E: Moment
    s: Symbol
    c: Amount
    o: Amount
    h: Amount
    l: Amount
    v: Amount
    q: Amount


class _Ticker(Model):
    E: Moment
    s: Symbol
    p: Change
    P: Percent
    o: Amount
    h: Amount
    l: Amount
    c: Amount
    w: Amount
    v: Amount
    q: Amount
    O: Moment
    C: Moment
    F: NumberOrNone
    L: NumberOrNone
    n: Number


class RollingTicker(_Ticker):
    e: Literal["1hTicker", "4hTicker", "1dTicker"]


class Ticker(_Ticker):
    e: Literal["24hrTicker"]
    x: Amount
    Q: Amount
    b: Amount
    B: Amount
    a: Amount
    A: Amount


class BookTicker(Model):
    u: Number
    s: Symbol
    b: Amount
    B: Amount
    a: Amount
    A: Amount


class AveragePrice(Model):
    e: Literal["avgPrice"]
    E: Moment
    s: Symbol
    i: Literal["1m", "5m"]
    w: Amount
    T: Moment


class PartOfBook(Model):
    lastUpdateId: Number
    bids: list[Level]
    asks: list[Level]


class DepthUpdate(Model):
    e: Literal["depthUpdate"]
    E: Moment
    s: Symbol
    U: Number
    u: Number
    b: list[Level]
    a: list[Level]

    def __post_init__(self) -> None:
        check(self.u >= self.U, "it begins before it ends")


class ReferencePrice(Model):
    e: Literal["referencePrice"]
    s: Symbol
    r: Amount | None
    t: Moment


class ServerShutdown(Model):
    e: Literal["serverShutdown"]
    E: Moment
