"""Answers about markets: rules, books, trades, candles, prices."""

# the fields have the names that Binance gave them
# ruff: noqa: E741, N815

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import UNSET, UnsetType

from tests.exchange.server.shapes.filters import ExchangeFilter, SymbolFilter
from tests.exchange.server.shapes.values import (
    Amount,
    Asset,
    Change,
    Model,
    Moment,
    MomentOrNever,
    Nothing,
    Number,
    NumberOrNone,
    OrderType,
    Percent,
    StpMode,
    Symbol,
    SymbolStatus,
    Text,
    check,
)


class ServerTime(Model):
    serverTime: Moment


class Limit(Model):
    rateLimitType: Literal["REQUEST_WEIGHT", "ORDERS", "RAW_REQUESTS"]
    interval: Literal["SECOND", "MINUTE", "DAY"]
    intervalNum: Number
    limit: Number


class SymbolInfo(Model):
    symbol: Symbol
    status: SymbolStatus
    baseAsset: Asset
    baseAssetPrecision: Number
    quoteAsset: Asset
    quotePrecision: Number
    quoteAssetPrecision: Number
    baseCommissionPrecision: Number
    quoteCommissionPrecision: Number
    orderTypes: list[OrderType]
    icebergAllowed: bool
    ocoAllowed: bool
    otoAllowed: bool
    opoAllowed: bool
    quoteOrderQtyMarketAllowed: bool
    allowTrailingStop: bool
    cancelReplaceAllowed: bool
    amendAllowed: bool
    pegInstructionsAllowed: bool
    isSpotTradingAllowed: bool
    isMarginTradingAllowed: bool
    filters: list[SymbolFilter]
    permissions: list[Text]
    permissionSets: list[list[Text]]
    defaultSelfTradePreventionMode: StpMode
    allowedSelfTradePreventionModes: list[StpMode]


class SmartRoute(Model):
    baseAsset: Asset
    symbols: list[Symbol]


class ExchangeInfo(Model):
    timezone: Literal["UTC"]
    serverTime: Moment
    rateLimits: list[Limit]
    exchangeFilters: list[ExchangeFilter]
    symbols: list[SymbolInfo]
    sors: list[SmartRoute] | UnsetType = UNSET


class ExecutionRule(Model):
    ruleType: Literal["PRICE_RANGE"]
    bidLimitMultUp: Text
    bidLimitMultDown: Text
    askLimitMultUp: Text
    askLimitMultDown: Text


class SymbolRules(Model):
    symbol: Symbol
    rules: list[ExecutionRule]


class ExecutionRules(Model):
    symbolRules: list[SymbolRules]


Level: TypeAlias = tuple[Amount, Amount]


class Depth(Model):
    lastUpdateId: Number
    bids: list[Level]
    asks: list[Level]


class Trade(Model):
    id: Number
    price: Amount
    qty: Amount
    quoteQty: Amount
    time: Moment
    isBuyerMaker: bool
    isBestMatch: bool


class BlockTrade(Model):
    id: Number
    price: Amount
    qty: Amount
    quoteQty: Amount
    time: Moment
    isBuyerMaker: bool


class AggregateTrade(Model):
    a: Number
    p: Amount
    q: Amount
    f: Number
    l: Number
    T: Moment
    m: bool
    M: bool


Kline: TypeAlias = tuple[
    Moment, Amount, Amount, Amount, Amount, Amount, Moment, Amount, Number, Amount, Amount, Nothing
]


class AveragePrice(Model):
    mins: Number
    price: Amount
    closeTime: MomentOrNever


class MiniTicker(Model):
    symbol: Symbol
    openPrice: Amount
    highPrice: Amount
    lowPrice: Amount
    lastPrice: Amount
    volume: Amount
    quoteVolume: Amount
    openTime: Moment
    closeTime: Moment
    firstId: NumberOrNone
    lastId: NumberOrNone
    count: Number

    def __post_init__(self) -> None:
        check((self.count == 0) == (self.firstId < 0), "without trades, and only then, there is no first id")
        check(
            not self.count or self.lastId - self.firstId + 1 == self.count, "the ids are those of the trades"
        )


class Ticker(MiniTicker):
    priceChange: Change
    priceChangePercent: Percent
    weightedAvgPrice: Amount


class DayTicker(Ticker):
    prevClosePrice: Amount
    lastQty: Amount
    bidPrice: Amount
    bidQty: Amount
    askPrice: Amount
    askQty: Amount


class Price(Model):
    symbol: Symbol
    price: Amount


class BestPrices(Model):
    symbol: Symbol
    bidPrice: Amount
    bidQty: Amount
    askPrice: Amount
    askQty: Amount


class ReferencePrice(Model):
    symbol: Symbol
    referencePrice: Amount | None
    timestamp: Moment


class MeanOfTrades(Model):
    symbol: Symbol
    calculationType: Literal["ARITHMETIC_MEAN"]
    bucketCount: Number
    bucketWidthMs: Number


class PriceFromElsewhere(Model):
    symbol: Symbol
    calculationType: Literal["EXTERNAL"]
    externalCalculationId: Number
