"""What the venue tells accounts that listen: executions, balances, order lists, in the order they happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from veighna_ext.exchange import enums

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account, Balance
    from veighna_ext.exchange.engine.order import Conditions, Fill, Order
    from veighna_ext.exchange.engine.order_lists import OrderList


class ExecutionReport(msgspec.Struct):
    """An order as it stood right after something happened to it."""

    account: int
    symbol: str
    execution: str
    execution_id: int
    time: int
    order_id: int
    client_id: str
    original_client_id: str
    side: int
    type: int
    tif: int
    status: int
    quantity: int
    price: int
    executed: int
    spent: int
    on_book: bool
    created: int
    working_time: int
    stp: int
    reject_reason: str
    # of a trade
    last_quantity: int = 0
    last_price: int = 0
    commission: int = 0
    commission_asset: str | None = None
    trade_id: int = -1
    is_maker: bool = False
    # of orders with conditions
    stop_price: int = 0
    iceberg: int = 0
    list_id: int = -1
    quote_quantity: int = 0
    expiry_reason: str = ""
    trailing_delta: int = 0
    trailing_time: int = -1
    strategy_id: int | None = None
    strategy_type: int | None = None
    prevented: int = 0
    prevented_match_id: int = -1
    # of a trade that was prevented
    last_prevented: int = 0
    counter_order_id: int = -1
    prevented_trade: int = 0
    """The quantity that would have been traded."""


class BalanceUpdate(msgspec.Struct):
    """Money came in or went out."""

    account: int
    asset: str
    change: int
    time: int


class Positions(msgspec.Struct):
    """Balances that may have changed."""

    account: int
    balances: list[tuple[str, int, int]]
    time: int


class ListStatus(msgspec.Struct):
    """An order list began, changed or ended."""

    account: int
    symbol: str
    list_id: int
    contingency: str
    status_type: str
    order_status: str
    client_id: str
    time: int
    orders: list[tuple[str, int, str]]


Report = ExecutionReport | BalanceUpdate | Positions | ListStatus


class News:
    """The reports of the commands since they were last taken; only accounts that listen make any."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.first_fill: Callable[[int, bool], None] | None = None
        """Told the account of an order that trades for the first time, and whether as a maker."""
        self._touched: dict[int, tuple[Account, dict[str, Balance]]] = {}

    def take(self) -> list[Report]:
        """Everything told since last time."""
        reports, self.reports = self.reports, []
        return reports

    def execution(
        self,
        order: Order,
        execution: str,
        execution_id: int,
        time: int,
        fill: Fill | None = None,
        *,
        original_client_id: str = "",
        client_id: str = "",
        reject_reason: str = "NONE",
        last_prevented: int = 0,
        counter_order_id: int = -1,
        prevented_trade: int = 0,
    ) -> None:
        """Something happened to an order of an account that listens."""
        desk = order.desk
        symbol = desk.market.symbol
        # by place, and only what most orders have: there is nothing that is written more often
        report = ExecutionReport(
            desk.account.id, symbol.name, execution, execution_id, time, order.id,
            client_id or order.client_id, original_client_id, order.side, order.type, order.tif, order.status,
            order.quantity, order.price, order.executed, order.spent,
            order.level is not None or (execution == enums.X_NEW and order.is_working),
            order.time, order.working_time, order.stp, reject_reason,
        )  # fmt: skip
        if fill is not None:
            report.last_quantity = fill.quantity
            report.last_price = fill.price
            report.commission = fill.commission
            report.commission_asset = fill.commission_asset
            report.trade_id = fill.trade_id
            report.is_maker = fill.is_maker
        if order.conditions is not None:
            _add_conditions(report, order.conditions)
        if last_prevented:
            report.last_prevented = last_prevented
            report.counter_order_id = counter_order_id
            report.prevented_trade = prevented_trade
        self.reports.append(report)
        touched = self._balances_of(desk.account)
        touched[symbol.base] = desk.base
        touched[symbol.quote] = desk.quote
        if fill is not None and fill.commission_asset not in touched:
            touched[fill.commission_asset] = desk.account.balance(fill.commission_asset)

    def _balances_of(self, account: Account) -> dict[str, Balance]:
        return self._touched.setdefault(account.id, (account, {}))[1]

    def balance_changed(self, account: Account, asset: str, change: int, time: int) -> None:
        """A deposit, a withdrawal or a reset of an account that listens."""
        self.reports.append(BalanceUpdate(account.id, asset, change, time))
        self._balances_of(account)[asset] = account.balance(asset)

    def list_changed(self, order_list: OrderList, status_type: str, time: int) -> None:
        """An order list of an account that listens began, changed or ended."""
        orders = [(order_list.symbol, order.id, order.client_id) for order in order_list.orders]
        self.reports.append(
            ListStatus(
                order_list.account.id,
                order_list.symbol,
                order_list.id,
                order_list.contingency,
                status_type,
                order_list.status,
                order_list.client_id,
                time,
                orders,
            )
        )

    def finish(self, time: int) -> None:
        """The command is over: one position report for every listening account it touched."""
        if not self._touched:
            return
        for account, balances in self._touched.values():
            lines = [(asset, balance.free, balance.locked) for asset, balance in balances.items()]
            self.reports.append(Positions(account.id, lines, time))
        self._touched.clear()


def _add_conditions(report: ExecutionReport, conditions: Conditions) -> None:
    order_list = conditions.order_list
    if order_list is not None:
        report.list_id = order_list.id
    report.stop_price = conditions.stop_price
    report.iceberg = conditions.iceberg
    report.quote_quantity = conditions.quote_quantity
    report.expiry_reason = conditions.expiry_reason
    report.trailing_delta = conditions.trailing_delta
    report.trailing_time = conditions.trailing_time
    report.strategy_id = conditions.strategy_id
    report.strategy_type = conditions.strategy_type
    report.prevented = conditions.prevented
    report.prevented_match_id = conditions.prevented_match_id
