"""A trader's program that knows its account from the reports alone."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.accounts import Account
from veighna_ext.exchange.engine.reports import BalanceUpdate, ExecutionReport, ListStatus, Positions, Report


class Listener:
    """Follows one account from its first report on."""

    def __init__(self, account: Account) -> None:
        self._account = account
        account.is_listening = True
        self._balances = {asset: (each.free, each.locked) for asset, each in account.balances.items()}
        self._orders: dict[tuple[str, int], ExecutionReport] = {}
        self._lists: dict[int, ListStatus] = {}
        self._executions: dict[str, int] = {}

    def take(self, reports: list[Report]) -> None:
        """Read what the venue has told since last time."""
        for report in reports:
            if report.account != self._account.id:
                continue
            if isinstance(report, Positions):
                self._balances.update({asset: (free, locked) for asset, free, locked in report.balances})
            elif isinstance(report, BalanceUpdate):
                free, locked = self._balances.get(report.asset, (0, 0))
                self._balances[report.asset] = (free + report.change, locked)
            elif isinstance(report, ListStatus):
                self._lists[report.list_id] = report
            elif report.execution != enums.X_REJECTED:
                self._take_execution(report)

    def _take_execution(self, report: ExecutionReport) -> None:
        last = self._executions.get(report.symbol, 0)
        assert report.execution_id > last, f"execution {report.execution_id} after {last}"
        self._executions[report.symbol] = report.execution_id
        order = report.symbol, report.order_id
        earlier = self._orders.get(order)
        if earlier is None:
            assert report.execution == enums.X_NEW, f"the first report of {order} is {report.execution}"
        else:
            assert earlier.status <= enums.LAST_OPEN_STATUS, f"{report} came after the end"
        self._orders[order] = report

    def check_money(self) -> None:
        """The balances it knows are those of the account."""
        for asset, balance in self._account.balances.items():
            known = self._balances.get(asset, (0, 0))
            assert known == (balance.free, balance.locked), (
                f"account {self._account.id} thinks {known} {asset}"
            )

    def check_orders(self) -> None:
        """The orders and lists it knows are those of the account, as they stand."""
        for name, desk in self._account.desks.items():
            for order in desk.orders:
                known = self._orders[name, order.id]
                told = known.status, known.quantity, known.executed, known.spent
                assert told == (order.status, order.quantity, order.executed, order.spent), (
                    f"{order}: {known}"
                )
        for order_list in self._account.lists:
            assert self._lists[order_list.id].order_status == order_list.status, f"list {order_list.id}"
