"""The two desktops that are compared: the stock VeighNa Trader window and ours, same apps, same gateways."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from market import BenchGateway, symbols
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

SIDES = ("stock", "ours")
SIZE = (1700, 950)


@dataclass
class Side:
    """An open desktop, and how to keep it running and to end it."""

    app: QApplication
    window: QMainWindow
    main_engine: Any
    run: Callable[[], None]
    stop: Callable[[], None]

    def gateway(self, contracts: int) -> BenchGateway:
        """A connected gateway that has listed its contracts."""
        gateway = self.main_engine.add_gateway(BenchGateway)
        self.main_engine.connect({}, gateway.gateway_name)
        gateway.list_contracts(symbols(contracts))
        return gateway

    def settle(self, seconds: float) -> None:
        """Let the window work off what is due, before it runs on its own."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.app.processEvents()
            time.sleep(0.005)


def open_side(name: str) -> Side:
    """Open one of the desktops in the current folder."""
    return _open_stock() if name == "stock" else _open_ours()


def _open_stock() -> Side:
    """As the official start script does it; nothing is confirmed when it closes."""
    from vnpy.event import EventEngine
    from vnpy.trader.engine import MainEngine
    from vnpy.trader.ui import MainWindow, create_qapp

    app = create_qapp()
    main_engine = MainEngine(EventEngine())
    add_official(main_engine)
    window = MainWindow(main_engine, main_engine.event_engine)
    window.resize(*SIZE)
    window.show()

    def stop() -> None:
        main_engine.close()
        app.exit(0)

    return Side(app, window, main_engine, lambda: _ignore(app.exec()), stop)


def add_official(main_engine: Any) -> None:
    """The gateways and apps that our desktop loads too."""
    from veighna_ext.core.catalogue import OFFICIAL_APPS, gateways

    for gateway in gateways():
        if gateway.installed():
            main_engine.add_gateway(gateway.load())
    for entry in OFFICIAL_APPS:
        # risk manager comes as source only and may not be installed; then neither side has it
        with suppress(ModuleNotFoundError):
            main_engine.add_app(entry.load())


def _open_ours() -> Side:
    """As `python -m veighna_ext` does it, on the current folder."""
    from veighna_ext import launch
    from veighna_ext.options import parse_options

    launch.hurry()
    place = launch.prepare_place(parse_options(["--data-dir", str(Path.cwd())]))
    place.store.update(welcome_seen=True, confirm_exit=False)
    app = launch.make_application(place)
    desktop = launch.assemble(launch.make_desktop_loop(app), place, parse_options([]))
    desktop.window.resize(*SIZE)
    desktop.loop.run_until_complete(desktop.add_apps())
    launch.settle_down()

    def stop() -> None:
        desktop.tasks.start(desktop.window.close_now(), name="benchmark ends", owner="benchmark")

    return Side(app, desktop.window, desktop.main_engine, lambda: _ignore(desktop.run()), stop)


def _ignore(_result: object) -> None:
    return None


def tick_table(window: QMainWindow) -> QTableView:
    """The table of last prices, ours or the stock one."""
    for table in window.findChildren(QTableView):
        if "bid_price_1" not in _owner_headers(table):
            continue
        if column_of(table, "last_price") >= 0 and column_of(table, "volume") >= 0:
            return table
    raise LookupError("no tick table in this window")


def _owner_headers(table: QTableView) -> dict[str, Any]:
    """The headers of the stock monitor class that this table is or replaces."""
    from vnpy.trader.ui.widget import TickMonitor

    widget: Any = table
    while widget is not None:
        if type(widget).__name__ == "TickMonitor":
            return dict(TickMonitor.headers)
        widget = widget.parentWidget()
    return {}


def column_of(table: QTableView, field: str) -> int:
    """The model column that shows a field of the tick, -1 if none does."""
    from vnpy.trader.ui.widget import TickMonitor

    label = TickMonitor.headers[field]["display"]
    model = table.model()
    for column in range(model.columnCount()):
        if model.headerData(column, Qt.Orientation.Horizontal) == label:
            return column
    return -1


def click_header(table: QTableView, field: str) -> None:
    """Sort by a column as a trader does it: with the mouse."""
    header = table.horizontalHeader()
    column = column_of(table, field)
    table.scrollTo(table.model().index(0, column))
    middle = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
    QTest.mouseClick(
        header.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(middle, header.height() // 2),
    )


def shown_prices(table: QTableView) -> dict[str, float]:
    """The last price each row shows, by symbol."""
    model = table.model()
    symbol, price = column_of(table, "symbol"), column_of(table, "last_price")
    shown = {}
    for row in range(model.rowCount()):
        text = model.index(row, price).data() or "nan"
        shown[str(model.index(row, symbol).data())] = float(str(text).replace(",", ""))
    return shown


def leave(code: int = 0) -> None:
    """End the process at once, frozen window or not."""
    os._exit(code)
