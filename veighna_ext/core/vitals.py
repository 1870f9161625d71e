"""The desktop's vital signs: age of each gateway's ticks, events, loop lag, CPU and memory."""

from __future__ import annotations

import enum
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil
from vnpy.event import Event, EventEngine
from vnpy.trader.event import EVENT_TICK

from veighna_ext.core.event_stats import EngineStats
from veighna_ext.core.loop_lag import LagStats

FRESH_SECONDS = 5.0
LOST_SECONDS = 60.0
KEEP_SAMPLES = 300

Clock = Callable[[], float]


class Lamp(enum.Enum):
    """What a gateway's light says."""

    OFF = "off"
    FRESH = "fresh"
    WAITING = "waiting"
    STALE = "stale"
    LOST = "lost"


def lamp(connected: bool, age: float | None) -> Lamp:
    """The light of a gateway whose last tick is `age` seconds old; None: there has been none."""
    if age is None:
        return Lamp.WAITING if connected else Lamp.OFF
    if age <= FRESH_SECONDS:
        return Lamp.FRESH
    return Lamp.STALE if age <= LOST_SECONDS else Lamp.LOST


@dataclass(frozen=True)
class GatewayVitals:
    """One gateway's light and the age of its last tick in seconds."""

    name: str
    lamp: Lamp
    age: float | None


@dataclass(frozen=True)
class Vitals:
    """The whole desktop at one moment; CPU in cores, memory in bytes."""

    at: float
    events_per_second: float
    queue_depth: int
    lag_p50_ms: float
    lag_p99_ms: float
    lag_max_ms: float
    cpu: float
    memory: int
    running: str
    running_for: float
    gateways: tuple[GatewayVitals, ...]


class TickClock:
    """Remembers when each gateway's last tick came. Costs the event thread one dictionary write per tick."""

    def __init__(self, event_engine: EventEngine, clock: Clock = time.monotonic) -> None:
        self._event_engine = event_engine
        self._clock = clock
        self._last: dict[str, float] = {}
        self._handler = self._on_tick
        event_engine.register(EVENT_TICK, self._handler)

    def age(self, gateway_name: str) -> float | None:
        """Seconds since the gateway's last tick, None before the first."""
        last = self._last.get(gateway_name)
        return None if last is None else max(0.0, self._clock() - last)

    def close(self) -> None:
        """Listen no longer."""
        self._event_engine.unregister(EVENT_TICK, self._handler)

    def _on_tick(self, event: Event) -> None:
        self._last[event.data.gateway_name] = self._clock()


class ProcessMeter:
    """CPU and memory of this process, its threads included and its child processes not."""

    def __init__(self, clock: Clock = time.monotonic, cpu_clock: Clock = time.process_time) -> None:
        self._process = psutil.Process()
        self._clock = clock
        self._cpu_clock = cpu_clock
        self._at = clock()
        self._cpu_at = cpu_clock()

    def cpu(self) -> float:
        """Cores in use since the last call: 0.5 is half of one core."""
        at, cpu_at = self._clock(), self._cpu_clock()
        elapsed, used = at - self._at, cpu_at - self._cpu_at
        self._at, self._cpu_at = at, cpu_at
        return used / elapsed if elapsed > 0 else 0.0

    def memory(self) -> int:
        """Resident bytes."""
        resident: int = self._process.memory_info().rss
        return resident


class Gateways(Protocol):
    """What is asked of the main engine."""

    def get_all_gateway_names(self) -> list[str]:
        """Every gateway there is, in menu order."""

    def connected(self, gateway_name: str) -> bool:
        """Whether connecting was asked for in this run."""


class CountingEngine(Protocol):
    """What is asked of the event engine."""

    def stats(self) -> EngineStats:
        """Its state at this moment."""


class LagMeter(Protocol):
    """What is asked of the loop's pulse."""

    def stats(self) -> LagStats:
        """How late it was in the last seconds."""


class VitalSigns:
    """Takes a sample when asked to and keeps those of the last five minutes."""

    def __init__(
        self,
        gateways: Gateways,
        engine: CountingEngine,
        lag: LagMeter,
        ticks: TickClock,
        process: ProcessMeter,
    ) -> None:
        self._gateways = gateways
        self._engine = engine
        self._lag = lag
        self._ticks = ticks
        self._process = process
        self.samples: deque[Vitals] = deque(maxlen=KEEP_SAMPLES)

    def take(self) -> Vitals:
        """Measure now, remember, return."""
        stats = self._engine.stats()
        lag = self._lag.stats()
        vitals = Vitals(
            at=time.monotonic(),
            events_per_second=stats.events_per_second,
            queue_depth=stats.queue_depth,
            lag_p50_ms=lag.p50_ms,
            lag_p99_ms=lag.p99_ms,
            lag_max_ms=lag.max_ms,
            cpu=self._process.cpu(),
            memory=self._process.memory(),
            running=stats.running,
            running_for=stats.running_for,
            gateways=tuple(self._gateway(name) for name in self._gateways.get_all_gateway_names()),
        )
        self.samples.append(vitals)
        return vitals

    def latest(self, count: int) -> list[Vitals]:
        """The last `count` samples, oldest first."""
        return [self.samples[index] for index in range(-min(count, len(self.samples)), 0)]

    def _gateway(self, name: str) -> GatewayVitals:
        age = self._ticks.age(name)
        return GatewayVitals(name, lamp(self._gateways.connected(name), age), age)


def connected_first(gateways: Iterable[GatewayVitals]) -> list[GatewayVitals]:
    """Those in use before those that are not, each group in its own order."""
    return sorted(gateways, key=lambda gateway: gateway.lamp is Lamp.OFF)


def process_age() -> float:
    """Seconds since this process was created, its interpreter's start included."""
    stat = Path("/proc/self/stat")
    if not stat.exists():
        return time.time() - psutil.Process().create_time()
    # by the clock of the kernel: psutil adds the boot time, which is rounded to a whole second
    started = stat.read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[19]
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(started) / os.sysconf("SC_CLK_TCK")
