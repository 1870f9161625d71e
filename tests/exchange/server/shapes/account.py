"""Answers about an account and about its connection."""

# the fields have the names that Binance gave them
# ruff: noqa: N815

from __future__ import annotations

from typing import Literal

from tests.exchange.server.shapes.filters import AssetFilter, ExchangeFilter, SymbolFilter
from tests.exchange.server.shapes.market_data import Limit
from tests.exchange.server.shapes.values import Amount, Asset, Model, Moment, Number, Symbol, Text, check


class Empty(Model):
    """Nothing to be told."""


class Rates(Model):
    maker: Amount
    taker: Amount


class AllRates(Rates):
    buyer: Amount
    seller: Amount


class Discount(Model):
    enabledForAccount: bool
    enabledForSymbol: bool
    discountAsset: Asset
    discount: Amount


class OrderCommissions(Model):
    """What a tested order would pay."""

    standardCommissionForOrder: Rates
    specialCommissionForOrder: Rates
    taxCommissionForOrder: Rates
    discount: Discount


class Commissions(Model):
    symbol: Symbol
    standardCommission: AllRates
    specialCommission: AllRates
    taxCommission: AllRates
    discount: Discount


class Balance(Model):
    asset: Asset
    free: Amount
    locked: Amount


class Account(Model):
    makerCommission: Number
    takerCommission: Number
    buyerCommission: Number
    sellerCommission: Number
    commissionRates: AllRates
    canTrade: bool
    canWithdraw: bool
    canDeposit: bool
    brokered: bool
    requireSelfTradePrevention: bool
    preventSor: bool
    updateTime: Moment
    accountType: Literal["SPOT"]
    balances: list[Balance]
    permissions: list[Text]
    uid: Number

    def __post_init__(self) -> None:
        assets = [balance.asset for balance in self.balances]
        check(len(set(assets)) == len(assets), "each asset once")


class LimitUse(Limit):
    count: Number


class Filters(Model):
    exchangeFilters: list[ExchangeFilter]
    symbolFilters: list[SymbolFilter]
    assetFilters: list[AssetFilter]


class Session(Model):
    apiKey: Text | None
    authorizedSince: Moment | None
    connectedSince: Moment
    returnRateLimits: bool
    serverTime: Moment
    userDataStream: bool

    def __post_init__(self) -> None:
        check((self.apiKey is None) == (self.authorizedSince is None), "a key since some time, or none")


class Subscription(Model):
    subscriptionId: Number


class ListenKey(Model):
    """Of the retired user streams."""

    listenKey: Text
