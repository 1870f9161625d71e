"""What the venue tells accounts that listen: executions, balances, order lists, in the order they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from veighna_ext.exchange import enums

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account, Balance
    from veighna_ext.exchange.engine.order import Fill, Order
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
    stop_price: int
    iceberg: int
    list_id: int
    executed: int
    spent: int
    last_quantity: int
    last_price: int
    commission: int
    commission_asset: str | None
    trade_id: int
    is_maker: bool
    on_book: bool
    created: int
    working_time: int
    quote_quantity: int
    stp: int
    reject_reason: str
    expiry_reason: str
    trailing_delta: int
    trailing_time: int
    strategy_id: int | None
    strategy_type: int | None
    prevented: int
    last_prevented: int
    prevented_match_id: int
    counter_order_id: int


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
    ) -> None:
        """Something happened to an order of an account that listens."""
        desk = order.desk
        conditions = order.conditions
        order_list = conditions.order_list if conditions else None
        self.reports.append(
            ExecutionReport(
                account=desk.account.id,
                symbol=desk.market.symbol.name,
                execution=execution,
                execution_id=execution_id,
                time=time,
                order_id=order.id,
                client_id=client_id or order.client_id,
                original_client_id=original_client_id,
                side=order.side,
                type=order.type,
                tif=order.tif,
                status=order.status,
                quantity=order.quantity,
                price=order.price,
                stop_price=conditions.stop_price if conditions else 0,
                iceberg=conditions.iceberg if conditions else 0,
                list_id=order_list.id if order_list else -1,
                executed=order.executed,
                spent=order.spent,
                last_quantity=fill.quantity if fill else 0,
                last_price=fill.price if fill else 0,
                commission=fill.commission if fill else 0,
                commission_asset=fill.commission_asset if fill else None,
                trade_id=fill.trade_id if fill else -1,
                is_maker=fill.is_maker if fill else False,
                on_book=order.level is not None or (execution == enums.X_NEW and order.is_working),
                created=order.time,
                working_time=order.working_time,
                quote_quantity=conditions.quote_quantity if conditions else 0,
                stp=order.stp,
                reject_reason=reject_reason,
                expiry_reason=conditions.expiry_reason if conditions else "",
                trailing_delta=conditions.trailing_delta if conditions else 0,
                trailing_time=conditions.trailing_time if conditions else -1,
                strategy_id=conditions.strategy_id if conditions else None,
                strategy_type=conditions.strategy_type if conditions else None,
                prevented=conditions.prevented if conditions else 0,
                last_prevented=last_prevented,
                prevented_match_id=conditions.prevented_match_id if conditions else -1,
                counter_order_id=counter_order_id,
            )
        )
        touched = self._balances_of(desk.account)
        symbol = desk.market.symbol
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
