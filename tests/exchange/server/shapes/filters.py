"""The rules that orders must keep, by their type."""

# the fields have the names that Binance gave them
# ruff: noqa: N815

from __future__ import annotations

from typing import TypeAlias

from tests.exchange.server.shapes.values import Amount, Asset, Decimal, Model, Number


class _Filter(Model, tag_field="filterType"):
    """A rule; its type says which fields it has."""


class PriceFilter(_Filter, tag="PRICE_FILTER"):
    minPrice: Amount
    maxPrice: Amount
    tickSize: Amount


class PercentPrice(_Filter, tag="PERCENT_PRICE"):
    multiplierUp: Decimal
    multiplierDown: Decimal
    avgPriceMins: Number


class PercentPriceBySide(_Filter, tag="PERCENT_PRICE_BY_SIDE"):
    bidMultiplierUp: Decimal
    bidMultiplierDown: Decimal
    askMultiplierUp: Decimal
    askMultiplierDown: Decimal
    avgPriceMins: Number


class LotSize(_Filter, tag="LOT_SIZE"):
    minQty: Amount
    maxQty: Amount
    stepSize: Amount


class MarketLotSize(_Filter, tag="MARKET_LOT_SIZE"):
    minQty: Amount
    maxQty: Amount
    stepSize: Amount


class MinNotional(_Filter, tag="MIN_NOTIONAL"):
    minNotional: Amount
    applyToMarket: bool
    avgPriceMins: Number


class Notional(_Filter, tag="NOTIONAL"):
    minNotional: Amount
    applyMinToMarket: bool
    maxNotional: Amount
    applyMaxToMarket: bool
    avgPriceMins: Number


class IcebergParts(_Filter, tag="ICEBERG_PARTS"):
    limit: Number


class MaxNumOrders(_Filter, tag="MAX_NUM_ORDERS"):
    maxNumOrders: Number


class MaxNumAlgoOrders(_Filter, tag="MAX_NUM_ALGO_ORDERS"):
    maxNumAlgoOrders: Number


class MaxNumIcebergOrders(_Filter, tag="MAX_NUM_ICEBERG_ORDERS"):
    maxNumIcebergOrders: Number


class MaxPosition(_Filter, tag="MAX_POSITION"):
    maxPosition: Amount


class TrailingDelta(_Filter, tag="TRAILING_DELTA"):
    minTrailingAboveDelta: Number
    maxTrailingAboveDelta: Number
    minTrailingBelowDelta: Number
    maxTrailingBelowDelta: Number


class MaxNumOrderAmends(_Filter, tag="MAX_NUM_ORDER_AMENDS"):
    maxNumOrderAmends: Number


class MaxNumOrderLists(_Filter, tag="MAX_NUM_ORDER_LISTS"):
    maxNumOrderLists: Number


class ExchangeMaxNumOrders(_Filter, tag="EXCHANGE_MAX_NUM_ORDERS"):
    maxNumOrders: Number


class ExchangeMaxNumAlgoOrders(_Filter, tag="EXCHANGE_MAX_NUM_ALGO_ORDERS"):
    maxNumAlgoOrders: Number


class ExchangeMaxNumIcebergOrders(_Filter, tag="EXCHANGE_MAX_NUM_ICEBERG_ORDERS"):
    maxNumIcebergOrders: Number


class ExchangeMaxNumOrderLists(_Filter, tag="EXCHANGE_MAX_NUM_ORDER_LISTS"):
    maxNumOrderLists: Number


class MaxAsset(_Filter, tag="MAX_ASSET"):
    asset: Asset
    limit: Amount


SymbolFilter: TypeAlias = (
    PriceFilter
    | PercentPrice
    | PercentPriceBySide
    | LotSize
    | MarketLotSize
    | MinNotional
    | Notional
    | IcebergParts
    | MaxNumOrders
    | MaxNumAlgoOrders
    | MaxNumIcebergOrders
    | MaxPosition
    | TrailingDelta
    | MaxNumOrderAmends
    | MaxNumOrderLists
)
ExchangeFilter: TypeAlias = (
    ExchangeMaxNumOrders | ExchangeMaxNumAlgoOrders | ExchangeMaxNumIcebergOrders | ExchangeMaxNumOrderLists
)
AssetFilter: TypeAlias = MaxAsset
