"""Answers beside the Spot API, in the shapes that clients read who ask for them while they connect."""

# the fields have the names that Binance gave them
# ruff: noqa: N815

from __future__ import annotations

from typing import Any, Literal

from tests.exchange.server.shapes.values import Amount, Asset, Decimal, Model, Moment, Number, Symbol, Text


class SystemStatus(Model):
    status: Literal[0, 1]
    msg: Literal["normal", "system_maintenance"]


class Network(Model):
    """A way to bring a coin in or out; here there is none."""

    network: Text


class Coin(Model):
    coin: Asset
    depositAllEnable: bool
    withdrawAllEnable: bool
    name: Text
    free: Amount
    locked: Amount
    freeze: Decimal
    withdrawing: Decimal
    ipoing: Decimal
    ipoable: Decimal
    storage: Decimal
    isLegalMoney: bool
    trading: bool
    networkList: list[Network]


class TradeFee(Model):
    symbol: Symbol
    makerCommission: Decimal
    takerCommission: Decimal


class KeyRights(Model):
    ipRestrict: bool
    createTime: Number
    enableReading: bool
    enableWithdrawals: bool
    enableInternalTransfer: bool
    enableMargin: bool
    enableFutures: bool
    permitsUniversalTransfer: bool
    enableVanillaOptions: bool
    enableFixApiTrade: bool
    enableFixReadOnly: bool
    enableSpotAndMarginTrading: bool
    enablePortfolioMarginTrading: bool


class Transfer(Model):
    """A coin that came in or left by a network; here none ever does."""

    id: Text


class MarginPair(Model):
    """A pair that is traded on credit; here none is."""

    id: Text


class NoContracts(Model):
    """The rules of a market for contracts that lists none."""

    timezone: Literal["UTC"]
    serverTime: Moment
    rateLimits: list[Any]
    exchangeFilters: list[Any]
    assets: list[Any]
    symbols: list[Any]

    def __post_init__(self) -> None:
        if self.symbols or self.assets:
            raise ValueError("no contracts are traded here")
