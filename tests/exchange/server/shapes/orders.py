"""Answers about single orders: placed, tested, cancelled, replaced, amended, asked for, filled."""

# the fields have the names that Binance gave them
# ruff: noqa: N815

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from msgspec import UNSET, UnsetType

from tests.exchange.server.shapes.values import (
    CONDITIONAL,
    ZERO,
    Amount,
    Asset,
    ClientId,
    Contingency,
    ExpiryReason,
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

New = TypeVar("New")


class Ack(Model):
    """The short answer to a new order."""

    symbol: Symbol
    orderId: Number
    orderListId: NumberOrNone
    clientOrderId: ClientId
    transactTime: Moment


class Fill(Model):
    price: Amount
    qty: Amount
    commission: Amount
    commissionAsset: Asset
    tradeId: Number


class PreventedFill(Model):
    """A fill that was not made, as the answer to the order tells it."""

    preventedMatchId: Number
    makerOrderId: Number
    price: Amount
    makerSymbol: Symbol | UnsetType = UNSET
    takerPreventedQuantity: Amount | UnsetType = UNSET
    makerPreventedQuantity: Amount | UnsetType = UNSET


class _Order(Model):
    """What all longer answers about an order have, with the fields that some orders add."""

    symbol: Symbol
    orderId: Number
    orderListId: NumberOrNone
    clientOrderId: ClientId
    price: Amount
    origQty: Amount
    executedQty: Amount
    origQuoteOrderQty: Amount
    cummulativeQuoteQty: Amount
    status: Status
    timeInForce: TimeInForce
    type: OrderType
    side: Side
    selfTradePreventionMode: StpMode
    stopPrice: Amount | UnsetType = UNSET
    icebergQty: Amount | UnsetType = UNSET
    trailingDelta: Number | UnsetType = UNSET
    trailingTime: MomentOrNever | UnsetType = UNSET
    strategyId: Number | UnsetType = UNSET
    strategyType: Number | UnsetType = UNSET
    preventedMatchId: Number | UnsetType = UNSET
    preventedQuantity: Amount | UnsetType = UNSET
    tradeGroupId: Number | UnsetType = UNSET
    expiryReason: ExpiryReason | UnsetType = UNSET

    def __post_init__(self) -> None:
        together(trailingDelta=self.trailingDelta, trailingTime=self.trailingTime)
        only_if(self.status == "EXPIRED", expiryReason=self.expiryReason)
        if is_there(self.trailingDelta):
            check(self.type in CONDITIONAL, "only an order that waits can trail the market")
        if self.status == "EXPIRED_IN_MATCH":
            only_if(True, preventedQuantity=self.preventedQuantity)

    def check_trigger(self) -> None:
        """Orders that wait for a price name it, unless they trail the market."""
        if not is_there(self.trailingDelta):
            only_if(self.type in CONDITIONAL, stopPrice=self.stopPrice)


class Result(_Order, kw_only=True):
    """The answer to a new order with its state."""

    transactTime: Moment
    workingTime: MomentOrNever

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_trigger()
        check(
            self.status not in ("NEW", "PARTIALLY_FILLED") or self.works_or_waits,
            "what works began some time",
        )
        check(self.status != "PENDING_NEW" or self.workingTime == -1, "what is pending does not work yet")

    @property
    def works_or_waits(self) -> bool:
        """Whether the order is on the book, or is one that waits for its price."""
        return self.workingTime > 0 or self.type in CONDITIONAL


class Full(Result, kw_only=True):
    """The answer to a new order with its fills."""

    fills: list[Fill]
    preventedMatches: list[PreventedFill] | UnsetType = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        check(bool(self.fills) == (self.executedQty != ZERO), "what was executed was filled")


class RoutedFill(Fill):
    """A fill of an order that may have gone to several books."""

    tradeId: NumberOrNone
    matchType: Literal["ONE_PARTY_TRADE_REPORT"]
    allocId: Number


class Routed(Result, kw_only=True):
    """The answer to an order that went to several books."""

    fills: list[RoutedFill]
    workingFloor: Literal["SOR", "EXCHANGE"]
    usedSor: bool


class Cancelled(_Order, kw_only=True):
    origClientOrderId: ClientId
    transactTime: Moment
    status: Literal["CANCELED"]

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_trigger()


class Queried(_Order, kw_only=True):
    """An order as those see it who ask for it."""

    stopPrice: Amount
    icebergQty: Amount
    time: Moment
    updateTime: Moment
    isWorking: bool
    workingTime: MomentOrNever

    def __post_init__(self) -> None:
        super().__post_init__()
        together(preventedMatchId=self.preventedMatchId, preventedQuantity=self.preventedQuantity)


class Refusal(Model):
    code: int
    msg: Text


class Replaced(Model, Generic[New]):
    cancelResult: Literal["SUCCESS"]
    newOrderResult: Literal["SUCCESS"]
    cancelResponse: Cancelled
    newOrderResponse: New


class OnlyPlaced(Model, Generic[New]):
    cancelResult: Literal["FAILURE"]
    newOrderResult: Literal["SUCCESS"]
    cancelResponse: Refusal
    newOrderResponse: New


class OnlyCancelled(Model):
    cancelResult: Literal["SUCCESS"]
    newOrderResult: Literal["FAILURE"]
    cancelResponse: Cancelled
    newOrderResponse: Refusal


class NeitherDone(Model):
    cancelResult: Literal["FAILURE"]
    newOrderResult: Literal["FAILURE"]
    cancelResponse: Refusal
    newOrderResponse: Refusal


class NotAttempted(Model):
    cancelResult: Literal["FAILURE"]
    newOrderResult: Literal["NOT_ATTEMPTED"]
    cancelResponse: Refusal
    newOrderResponse: None


class AmendedOrder(Model):
    symbol: Symbol
    orderId: Number
    orderListId: NumberOrNone
    origClientOrderId: ClientId
    clientOrderId: ClientId
    price: Amount
    qty: Amount
    executedQty: Amount
    preventedQty: Amount
    quoteOrderQty: Amount
    cumulativeQuoteQty: Amount
    status: Status
    timeInForce: TimeInForce
    type: OrderType
    side: Side
    selfTradePreventionMode: StpMode
    workingTime: Moment | UnsetType = UNSET
    stopPrice: Amount | UnsetType = UNSET
    icebergQty: Amount | UnsetType = UNSET
    trailingDelta: Number | UnsetType = UNSET
    trailingTime: MomentOrNever | UnsetType = UNSET
    strategyId: Number | UnsetType = UNSET
    strategyType: Number | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.type not in CONDITIONAL:
            only_if(self.status != "PENDING_NEW", workingTime=self.workingTime)


class Member(Model):
    symbol: Symbol
    orderId: Number
    clientOrderId: ClientId


class AmendedList(Model):
    orderListId: Number
    contingencyType: Contingency
    listOrderStatus: Literal["EXECUTING", "ALL_DONE"]
    listClientOrderId: ClientId
    symbol: Symbol
    orders: list[Member]


class Amended(Model):
    transactTime: Moment
    executionId: Number
    amendedOrder: AmendedOrder
    listStatus: AmendedList | UnsetType = UNSET

    def __post_init__(self) -> None:
        only_if(self.amendedOrder.orderListId >= 0, listStatus=self.listStatus)


class Amendment(Model):
    symbol: Symbol
    orderId: Number
    executionId: Number
    origClientOrderId: ClientId
    newClientOrderId: ClientId
    origQty: Amount
    newQty: Amount
    time: Moment


class AccountTrade(Model):
    symbol: Symbol
    id: Number
    orderId: Number
    orderListId: NumberOrNone
    price: Amount
    qty: Amount
    quoteQty: Amount
    commission: Amount
    commissionAsset: Asset
    time: Moment
    isBuyer: bool
    isMaker: bool
    isBestMatch: bool


class PreventedMatch(Model, kw_only=True):
    symbol: Symbol
    preventedMatchId: Number
    takerOrderId: Number
    makerSymbol: Symbol
    makerOrderId: Number
    tradeGroupId: NumberOrNone
    selfTradePreventionMode: StpMode
    price: Amount
    takerPreventedQuantity: Amount | UnsetType = UNSET
    makerPreventedQuantity: Amount | UnsetType = UNSET
    transactTime: Moment

    def __post_init__(self) -> None:
        mode = self.selfTradePreventionMode
        only_if(mode != "EXPIRE_MAKER", takerPreventedQuantity=self.takerPreventedQuantity)
        only_if(mode != "EXPIRE_TAKER", makerPreventedQuantity=self.makerPreventedQuantity)


class Allocation(Model):
    symbol: Symbol
    allocationId: Number
    allocationType: Literal["SOR"]
    orderId: Number
    orderListId: NumberOrNone
    price: Amount
    qty: Amount
    quoteQty: Amount
    commission: Amount
    commissionAsset: Asset
    time: Moment
    isBuyer: bool
    isMaker: bool
    isAllocator: bool
