"""Risk checks hold for orders by hand, strategies may send mail, sorted tables of orders stay quick."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from vnpy.trader.constant import Direction, Exchange, Status
from vnpy.trader.locale import _ as vnpy_text
from vnpy.trader.object import BarData, OrderData, TickData
from vnpy.trader.setting import SETTINGS
from vnpy_ctastrategy import CtaTemplate

from tests.gui.pitfalls.venue import SYMBOL, Venue, open_venue, shown_price, start_strategy, table
from tests.support.waiting import until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from veighna_ext.desktop import Desktop

FEW, MANY = 500, 10_000
# a cost that grew with the rows would be twenty times higher
GENEROUS = 6


@pytest.mark.expected_errors("501")
async def test_the_risk_managers_limits_hold_for_orders_by_hand(desktop: Desktop, qtbot: QtBot) -> None:
    pytest.importorskip("vnpy_riskmanager")
    venue = await open_venue(desktop)
    panel = desktop.window.trading_panel
    buttons = cast("list[QPushButton]", panel.findChildren(QPushButton))
    send = next(button for button in buttons if button.text() == vnpy_text("委托"))
    panel.symbol_line.setText(SYMBOL)
    panel.price_line.setText("100")
    for volume in ("501", "1"):
        panel.volume_line.setText(volume)
        qtbot.mouseClick(send, Qt.MouseButton.LeftButton)
    await until(lambda: venue.orders)
    assert [order.volume for order in venue.orders] == [1]


class Mailing(CtaTemplate):
    """Tells its owner of every price, with the call that vnpy 4.5 no longer has."""

    def on_init(self) -> None: ...
    def on_bar(self, bar: BarData) -> None: ...

    def on_tick(self, tick: TickData) -> None:
        self.send_email(f"price {tick.last_price}")


async def test_a_strategy_that_sends_mail_goes_on_trading(desktop: Desktop) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # bound but not listening: whoever calls is refused
        SETTINGS.update({"email.server": "127.0.0.1", "email.port": taken.getsockname()[1]})
        venue = await open_venue(desktop)
        desktop.window.open_app("CtaStrategy")
        cta: Any = desktop.main_engine.get_engine("CtaStrategy")
        await start_strategy(cta, Mailing, "mailing")
        venue.quote(100)
        await until(lambda: shown_price(desktop) == 100)
        strategy = cta.strategies["mailing"]
        assert strategy.trading
        log = table(desktop, "LogMonitor").model
        texts = [column.field for column in log.columns].index("msg")
        await until(
            lambda: any(
                "ConnectionRefusedError" in str(log.index(row, texts).data()) for row in range(log.rowCount())
            )
        )


def orders(first: int, count: int) -> list[OrderData]:
    return [
        OrderData(
            "VENUE",
            SYMBOL,
            Exchange.GLOBAL,
            str(number),
            direction=Direction.LONG,
            price=float(number * 7919 % 10_007),
            volume=1,
            status=Status.NOTTRADED,
        )
        for number in range(first, first + count)
    ]


async def seconds_to_show(desktop: Desktop, venue: Venue, arriving: list[OrderData], rows: int) -> float:
    """What the window's thread works until orders that arrive are in the table."""
    model = table(desktop, "OrderMonitor").model
    began = time.thread_time()
    for order in arriving:
        venue.on_order(order)
    await until(lambda: model.rowCount() == rows and not model.is_rearranging(), 10)
    return time.thread_time() - began


async def test_orders_cost_no_more_in_a_long_table_sorted_by_a_click(desktop: Desktop, qtbot: QtBot) -> None:
    venue = await open_venue(desktop)
    monitor = table(desktop, "OrderMonitor")
    dock = desktop.window.docks["OrderMonitor"]
    dock.raise_()
    await until(monitor.view.isVisible)
    header = monitor.view.horizontalHeader()
    price = [column.field for column in monitor.model.columns].index("price")
    monitor.view.scrollTo(monitor.model.index(0, price))
    await seconds_to_show(desktop, venue, orders(0, FEW), FEW)
    middle = header.sectionViewportPosition(price) + header.sectionSize(price) // 2
    point = header.viewport().rect().center()
    point.setX(middle)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert header.sortIndicatorSection() == price
    in_short = min(
        [
            await seconds_to_show(desktop, venue, orders(FEW + 200 * n, 200), FEW + 200 * (n + 1))
            for n in range(3)
        ]
    )
    await seconds_to_show(desktop, venue, orders(FEW, MANY), FEW + MANY)
    in_long = min(
        [
            await seconds_to_show(
                desktop, venue, orders(FEW + MANY + 200 * n, 200), FEW + MANY + 200 * (n + 1)
            )
            for n in range(3)
        ]
    )
    assert in_long < GENEROUS * in_short
