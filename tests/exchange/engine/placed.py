"""Orders, order lists and reports as their trader reads them: in texts."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.engine.reports import BalanceUpdate, ExecutionReport, ListStatus, Positions, Report


def text(units: int) -> str:
    """An amount as short as it can be written."""
    return format_amount(units).rstrip("0").rstrip(".")


class Placed:
    """An order the venue took, as its trader sees it."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.id = order.id

    @property
    def client_id(self) -> str:
        """The trader's own id of it."""
        return self.order.client_id

    @property
    def status(self) -> str:
        """NEW, FILLED, …"""
        return enums.STATUSES[self.order.status]

    @property
    def quantity(self) -> str:
        """What was ordered, or what it was amended to."""
        return text(self.order.quantity)

    @property
    def executed(self) -> str:
        """How much was traded."""
        return text(self.order.executed)

    @property
    def spent(self) -> str:
        """Quote amount of everything traded."""
        return text(self.order.spent)

    @property
    def fills(self) -> list[str]:
        """Each trade: ``quantity@price``."""
        return [f"{text(fill.quantity)}@{text(fill.price)}" for fill in self.order.fills or ()]

    @property
    def commissions(self) -> list[str]:
        """Of each trade: ``amount asset``."""
        return [f"{text(fill.commission)} {fill.commission_asset}" for fill in self.order.fills or ()]

    @property
    def prevented(self) -> str:
        """The quantity that self-trade prevention took away."""
        return text(self.order.conditions.prevented) if self.order.conditions else "0"

    @property
    def expiry_reason(self) -> str:
        """Why it expired."""
        return self.order.conditions.expiry_reason if self.order.conditions else ""

    def is_working(self) -> bool:
        """Whether it has ever been on the book."""
        return self.order.is_working

    def __repr__(self) -> str:
        return repr(self.order)


def expect_status(placed: Placed, status: str) -> None:
    """The order stands as the document says."""
    assert placed.status == status, placed


class PlacedList:
    """An order list the venue took."""

    def __init__(self, order_list: OrderList) -> None:
        self.list = order_list
        self.id = order_list.id
        orders = [Placed(order) for order in order_list.orders]
        pair = order_list.pair
        # the stop, which comes first, was sent as the one below
        is_turned = bool(pair) and pair[0].side == enums.SELL
        self.orders = [*orders[:-2], orders[-1], orders[-2]] if is_turned else orders

    @property
    def statuses(self) -> list[str]:
        """The status of each order, as they were sent."""
        return [placed.status for placed in self.orders]

    @property
    def status(self) -> str:
        """EXECUTING or ALL_DONE."""
        return self.list.status

    @property
    def contingency(self) -> str:
        """OCO or OTO."""
        return self.list.contingency


def in_short(report: Report) -> str:
    """A report in one line: who, what happened, the status; lists, balances and deposits likewise."""
    if isinstance(report, ExecutionReport):
        reason = report.expiry_reason or report.reject_reason.replace("NONE", "")
        parts = [report.client_id, report.execution, enums.STATUSES[report.status], reason]
        return " ".join(part for part in parts if part)
    if isinstance(report, ListStatus):
        return f"{report.contingency} {report.status_type} {report.order_status}"
    if isinstance(report, Positions):
        lines = [f"{asset} {text(free)}+{text(locked)}" for asset, free, locked in report.balances]
        return "balances " + ", ".join(lines)
    assert isinstance(report, BalanceUpdate)
    return f"{report.asset} {text(report.change)}"
