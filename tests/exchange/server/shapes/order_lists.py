"""Answers about order lists."""

# the fields have the names that Binance gave them
# ruff: noqa: N815

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from tests.exchange.server.shapes.orders import Cancelled, Member
from tests.exchange.server.shapes.values import ClientId, Contingency, Model, Moment, Number, Symbol, check

Report = TypeVar("Report")


class OrderList(Model):
    """A list as those see it who ask for it."""

    orderListId: Number
    contingencyType: Contingency
    listStatusType: Literal["EXEC_STARTED", "UPDATED", "ALL_DONE"]
    listOrderStatus: Literal["EXECUTING", "ALL_DONE"]
    listClientOrderId: ClientId
    transactionTime: Moment
    symbol: Symbol
    orders: list[Member]

    def __post_init__(self) -> None:
        check(
            (self.listStatusType == "ALL_DONE") == (self.listOrderStatus == "ALL_DONE"), "both say it is over"
        )
        check(2 <= len(self.orders) <= 3, "two or three orders")


class PlacedList(OrderList, Generic[Report]):
    """A new list, with an answer for each of its orders."""

    orderReports: list[Report]

    def __post_init__(self) -> None:
        super().__post_init__()
        check(len(self.orderReports) == len(self.orders), "a report of each order")


class CancelledList(OrderList):
    listStatusType: Literal["ALL_DONE"]
    listOrderStatus: Literal["ALL_DONE"]
    orderReports: list[Cancelled]
