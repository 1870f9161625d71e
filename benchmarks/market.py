"""A market for the window benchmarks: a gateway full of ticks, and the heartbeat they must not disturb."""

from __future__ import annotations

import random
import threading
import time
from array import array
from datetime import datetime, timedelta, timezone
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from vnpy.event import EventEngine
from vnpy.trader.constant import Exchange, Product
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import CancelRequest, ContractData, OrderRequest, SubscribeRequest, TickData

GATEWAY = "BENCH"
BEAT_MS = 10
BATCH_SECONDS = 0.01


class BenchGateway(BaseGateway):
    """Lists contracts and sends whatever ticks the producer makes; trades nothing."""

    default_name = GATEWAY
    default_setting: dict[str, Any] = {}  # noqa: RUF012 - the form vnpy's BaseGateway declares
    exchanges = [Exchange.GLOBAL]  # noqa: RUF012

    def __init__(self, event_engine: EventEngine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)

    def list_contracts(self, symbols: list[str]) -> None:
        """Publish one contract per symbol, as a gateway does after connecting."""
        for symbol in symbols:
            self.on_contract(
                ContractData(
                    gateway_name=self.gateway_name,
                    symbol=symbol,
                    exchange=Exchange.GLOBAL,
                    name=symbol,
                    product=Product.SPOT,
                    size=1,
                    pricetick=0.01,
                    min_volume=0.001,
                )
            )

    def connect(self, setting: dict[str, Any]) -> None:
        """Nothing to connect to."""

    def close(self) -> None:
        """Nothing to close."""

    def subscribe(self, req: SubscribeRequest) -> None:
        """Everything is always sent."""

    def send_order(self, req: OrderRequest) -> str:
        """Takes no orders."""
        return ""

    def cancel_order(self, req: CancelRequest) -> None:
        """Has no orders."""

    def query_account(self) -> None:
        """Has no account."""

    def query_position(self) -> None:
        """Has no positions."""


def symbols(count: int) -> list[str]:
    """The names of a market of `count` contracts."""
    return [f"C{number:04d}USDT" for number in range(count)]


class Producer(threading.Thread):
    """Sends ticks of all symbols in turn, a batch every 10 ms, and remembers each one's last price."""

    def __init__(self, gateway: BenchGateway, names: list[str], rate: float, seconds: float) -> None:
        super().__init__(name="producer", daemon=True)
        self._gateway = gateway
        self._names = names
        self._rate = rate
        self._seconds = seconds
        self._random = random.Random(7)
        self.last_price = dict.fromkeys(names, 100.0)
        self.sent = 0
        self.took = 0.0

    def send(self, name: str) -> None:
        """One tick, its price a small step from the one before."""
        step = self._random.choice((-0.02, -0.01, 0.01, 0.02))
        price = round(max(1.0, self.last_price[name] + step), 2)
        self.last_price[name] = price
        self._gateway.on_tick(
            TickData(
                gateway_name=GATEWAY,
                symbol=name,
                exchange=Exchange.GLOBAL,
                name=name,
                datetime=datetime.now(TZ),
                volume=self.sent,
                last_price=price,
                last_volume=1.5,
                open_price=100,
                high_price=120,
                low_price=80,
                bid_price_1=price - 0.01,
                ask_price_1=price + 0.01,
                bid_volume_1=3.25,
                ask_volume_1=4.5,
            )
        )

    def run(self) -> None:
        """Late batches are sent at once, so the promised number of ticks always goes out."""
        count = len(self._names)
        wanted = int(self._rate * self._seconds)
        started = time.monotonic()
        while self.sent < wanted:
            due = min(wanted, int((time.monotonic() - started + BATCH_SECONDS) * self._rate))
            while self.sent < due:
                self.send(self._names[self.sent % count])
                self.sent += 1
            time.sleep(max(0.0, started + due / self._rate - time.monotonic()))
        self.took = time.monotonic() - started


TZ = timezone(timedelta(hours=8))


class Heartbeat(QObject):
    """A precise 10 ms timer in the GUI thread: the gaps are how long the window did not react."""

    def __init__(self) -> None:
        super().__init__()
        self.thread_ident = threading.get_ident()
        self._gaps = array("d")
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def restart(self) -> None:
        """Forget the gaps so far; call it in the GUI thread."""
        self._gaps = array("d")
        self._last = time.perf_counter()

    def stop(self) -> None:
        """Beat no longer; the thread's CPU can still be asked for."""
        self._timer.stop()

    def gaps_ms(self) -> list[float]:
        """Every gap so far, the one still open included; may be asked from any thread."""
        return [gap * 1000 for gap in (*self._gaps, time.perf_counter() - self._last)]

    def cpu_seconds(self) -> float:
        """CPU time the GUI thread has used; may be asked from any thread."""
        return time.clock_gettime(time.pthread_getcpuclockid(self.thread_ident))

    def _beat(self) -> None:
        now = time.perf_counter()
        self._gaps.append(now - self._last)
        self._last = now
