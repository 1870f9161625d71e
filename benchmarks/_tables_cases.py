"""The measurements behind tables.py; each runs in a process of its own and prints one JSON line."""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import psutil
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from vnpy.event import Event, EventEngine
from vnpy.trader.constant import Direction, Exchange, Offset, OrderType, Status
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import EVENT_ORDER, EVENT_TICK, EVENT_TRADE
from vnpy.trader.object import OrderData, TickData, TradeData
from vnpy.trader.ui import widget as stock

from veighna_ext.widgets import monitors
from veighna_ext.widgets.theme import apply_theme

EVENTS_PER_SECOND = 1000
PRICE_COLUMN = {"TickMonitor": 3, "OrderMonitor": 7, "TradeMonitor": 6}
START = datetime(2026, 1, 5, 9, 30, tzinfo=timezone.utc)
chance = random.Random(7)


def tick(number: int) -> TickData:
    price = 100 + chance.random() * 10
    return TickData(
        "BENCH", f"S{number}USDT_SPOT_BINANCE", Exchange.GLOBAL, START, name=f"S{number}USDT",
        last_price=price, volume=chance.random() * 1e5, open_price=100, high_price=110, low_price=100,
        bid_price_1=price, ask_price_1=price + 0.01,
        bid_volume_1=chance.random(), ask_volume_1=chance.random(),
    )


def order(number: int) -> OrderData:
    return OrderData(
        "BENCH", f"S{number % 300}USDT_SPOT_BINANCE", Exchange.GLOBAL, f"260105{number:08}", OrderType.LIMIT,
        Direction.LONG if number % 2 else Direction.SHORT, Offset.NONE, round(chance.random() * 1000, 2), 3.0,
        chance.random(), Status.PARTTRADED, START + timedelta(seconds=number), "bench",
    )


def trade(number: int) -> TradeData:
    return TradeData(
        "BENCH", f"S{number % 300}USDT_SPOT_BINANCE", Exchange.GLOBAL, f"260105{number:08}", f"{number}",
        Direction.LONG if number % 2 else Direction.SHORT, Offset.NONE, round(chance.random() * 1000, 2), 1.0,
        START + timedelta(seconds=number),
    )


class Bench:
    """One shown table with its engine."""

    def __init__(self, side: str, table: str) -> None:
        # a second QApplication cannot be made: the look is part of the process
        known = QApplication.instance()
        self.app = known if isinstance(known, QApplication) else QApplication([])
        if side == "stock":
            import qdarkstyle

            self.app.setStyleSheet(qdarkstyle.load_stylesheet(qt_api="pyside6"))
        else:
            apply_theme(self.app, "dark")
        self.engine = EventEngine()
        self.main_engine = MainEngine(self.engine)
        kind = getattr(stock if side == "stock" else monitors, table)
        self.table: Any = kind(self.main_engine, self.engine)
        self.numbers: dict[str, int] = {}
        self.side = side
        self.table.resize(1000, 600)
        self.table.show()
        self.settle()

    def view(self) -> Any:
        return self.table if self.side == "stock" else self.table.view

    def rows(self) -> int:
        count: int = self.view().model().rowCount()
        return count

    def spin_until(self, done: Callable[[], bool], every_ms: int = 5, timeout: float = 300) -> None:
        loop, end = QEventLoop(), time.monotonic() + timeout
        timer = QTimer()
        timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
        timer.start(every_ms)
        loop.exec()
        if not done():
            raise TimeoutError("the table did not get there")

    def settle(self, seconds: float = 0.3) -> None:
        end = time.monotonic() + seconds
        self.spin_until(lambda: time.monotonic() > end)

    def fill(self, event_type: str, objects: list[Any]) -> None:
        """Many rows before anything is measured."""
        wanted = self.rows() + len(objects)
        for data in objects:
            self.engine.put(Event(event_type, data))
        self.spin_until(lambda: self.rows() == wanted)
        self.settle()

    def cost(self, event_type: str, objects: list[Any], shown: Callable[[], bool]) -> float:
        """Microseconds of the Qt thread per event, painting included, at a steady pace."""
        shown()
        spent, finished = time.thread_time(), threading.Event()

        def produce() -> None:
            start = time.monotonic()
            for sent, data in enumerate(objects):
                self.engine.put(Event(event_type, data))
                ahead = start + sent / EVENTS_PER_SECOND - time.monotonic()
                if ahead > 0.002:
                    time.sleep(ahead)
            finished.set()

        threading.Thread(target=produce).start()
        # looking more often would itself be a good part of what is measured
        self.spin_until(lambda: finished.is_set() and shown(), every_ms=25)
        return (time.thread_time() - spent) / len(objects) * 1e6

    def close(self) -> None:
        self.main_engine.close()


class Heartbeat(QObject):
    """The longest time the Qt thread did nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def ticks(side: str, rows: int, events: int) -> dict[str, float]:
    bench = Bench(side, "TickMonitor")
    bench.fill(EVENT_TICK, [tick(number) for number in range(rows)])
    news = [tick(chance.randrange(rows)) for _ in range(events)]
    last = {data.vt_symbol: data for data in news}
    cost = bench.cost(EVENT_TICK, news, lambda: _shows(bench, last))
    bench.close()
    return {"us_per_event": cost}


def orders(side: str, rows: int, events: int, is_sorted: bool) -> dict[str, float]:
    bench = Bench(side, "OrderMonitor")
    bench.fill(EVENT_ORDER, [order(number) for number in range(rows)])
    if is_sorted:
        _sort(bench, "OrderMonitor")
    appended = bench.cost(
        EVENT_ORDER, [order(rows + number) for number in range(events)], lambda: bench.rows() == rows + events
    )
    changed = [order(number) for number in chance.sample(range(rows), min(events, rows))]
    last = {data.vt_orderid: data for data in changed}
    updated = bench.cost(EVENT_ORDER, changed, lambda: _shows(bench, last))
    bench.close()
    return {"append_us": appended, "update_us": updated}


def trades(side: str, rows: int, events: int, is_sorted: bool) -> dict[str, float]:
    bench = Bench(side, "TradeMonitor")
    bench.fill(EVENT_TRADE, [trade(number) for number in range(rows)])
    if is_sorted:
        _sort(bench, "TradeMonitor")
    news = [trade(rows + number) for number in range(events)]
    cost = bench.cost(EVENT_TRADE, news, lambda: bench.rows() == rows + events)
    bench.close()
    return {"append_us": cost}


def filtering(rows: int) -> dict[str, Any]:
    bench = Bench("ours", "OrderMonitor")
    bench.fill(EVENT_ORDER, [order(number) for number in range(rows)])
    found: dict[str, Any] = {}
    for label, text in (
        ("symbol", "s123u"), ("cleared", ""), ("two words", "s12 part"), ("number", "99.5"),
        ("id", "2601050009"),
    ):
        found[label] = _timed(bench, partial(bench.table.filter_bar.line.setText, text))
    bench.table.filter_bar.line.setText("")
    bench.settle()
    found["header click"] = _timed(bench, lambda: _sort(bench, "OrderMonitor", wait=False))
    found["sorted, symbol"] = _timed(bench, lambda: bench.table.filter_bar.line.setText("s123u"))
    bench.close()
    return found


def memory(rows: int) -> dict[str, float]:
    process = psutil.Process()
    order_bench, trade_bench = Bench("ours", "OrderMonitor"), Bench("ours", "TradeMonitor")
    gc.collect()
    before = process.memory_info().rss
    order_data = [order(number) for number in range(rows)]
    trade_data = [trade(number) for number in range(rows)]
    gc.collect()
    objects = process.memory_info().rss
    order_bench.fill(EVENT_ORDER, order_data)
    trade_bench.fill(EVENT_TRADE, trade_data)
    gc.collect()
    unsorted = process.memory_info().rss
    for bench, table in ((order_bench, "OrderMonitor"), (trade_bench, "TradeMonitor")):
        _sort(bench, table)
        bench.table.filter_bar.line.setText("s1")
        bench.settle()
    gc.collect()
    everything = process.memory_info().rss
    for bench in (order_bench, trade_bench):
        bench.close()
    return {
        "objects": (objects - before) / (2 * rows),
        "table": (unsorted - objects) / (2 * rows),
        "table_sorted_filtered": (everything - objects) / (2 * rows),
    }


def _timed(bench: Bench, act: Callable[[], None]) -> dict[str, float]:
    heartbeat = Heartbeat()
    start = time.perf_counter()
    act()
    if bench.table.model.is_rearranging():
        bench.spin_until(lambda: not bench.table.model.is_rearranging())
    took = time.perf_counter() - start
    bench.settle(0.1)
    return {"ms": took * 1e3, "longest_ms": heartbeat.longest * 1e3}


def _sort(bench: Bench, table: str, wait: bool = True) -> None:
    bench.view().horizontalHeader().setSortIndicator(PRICE_COLUMN[table], Qt.SortOrder.AscendingOrder)
    if wait:
        bench.settle()


def _shows(bench: Bench, last: dict[str, Any]) -> bool:
    """Has every row the last object sent for it?"""
    if bench.side == "stock":
        cells = bench.table.cells
        return all(next(iter(cells[key].values())).get_data() is data for key, data in last.items())
    shown = bench.table.model.rows
    key = bench.table.data_key
    if not bench.numbers:
        bench.numbers = {getattr(data, key): number for number, data in shown.data.items()}
    return all(shown.data[bench.numbers[name]] is data for name, data in last.items())


CASES: dict[str, Callable[..., dict[str, Any]]] = {
    "ticks": ticks, "orders": orders, "trades": trades, "filtering": filtering, "memory": memory,
}


def main(arguments: Iterable[str]) -> None:
    name, parameters = arguments
    print(json.dumps(CASES[name](**json.loads(parameters))), flush=True)
    # nothing left to lose, and the engine's timer thread would hold the exit for a second
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
