"""
Throughput of the desktop's event engine, as ratios against vnpy's own in the same run.

`python benchmarks/event_engine.py [--quick]` prints a table and, last, one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

BAR = 1.0
"""Ours must be at least as fast as the stock engine."""


@dataclass(frozen=True)
class Case:
    """How many handlers hear each event, over how many event types, and whether events come while handled."""

    name: str
    typed: int
    general: int
    types: int
    producer: bool = False
    work: int = 0


CASES = (
    Case("1+0 handlers", 1, 0, 1),
    Case("5+1 handlers", 5, 1, 1),
    Case("1+0 over 600 types", 1, 0, 600),
    Case("5+5 handlers", 5, 5, 1),
    Case("1+0, producer thread", 1, 0, 600, producer=True),
    Case("5+1, producer thread", 5, 1, 600, producer=True),
    Case("5+1, handlers of 1 µs", 5, 1, 600, work=30),
)


@dataclass(frozen=True)
class Result:
    """Events per second of both engines, the best of several rounds: what else runs only ever slows down."""

    case: str
    stock: float
    ours: float

    @property
    def ratio(self) -> float:
        return self.ours / self.stock


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer events and rounds")
    options = parser.parse_args()
    in_a_folder_of_its_own()
    events, rounds = (60_000, 3) if options.quick else (200_000, 5)
    results = [measure(case, events, rounds) for case in CASES]
    print(f"{'case':<24}{'stock ev/s':>14}{'ours ev/s':>14}{'ratio':>8}")
    for result in results:
        print(f"{result.case:<24}{result.stock:>14,.0f}{result.ours:>14,.0f}{result.ratio:>8.2f}")
    worst = min(result.ratio for result in results)
    print(json.dumps({
        "benchmark": "event_engine",
        "bar": BAR,
        "worst_ratio": round(worst, 2),
        "ok": worst >= BAR,
        "results": [{**asdict(result), "ratio": round(result.ratio, 2)} for result in results],
    }))
    return 0 if worst >= BAR else 1


def in_a_folder_of_its_own() -> None:
    """vnpy takes its folder from where it is imported; the user's own is not for benchmarks."""
    folder = Path(tempfile.mkdtemp(prefix="veighna-benchmark-"))
    (folder / ".vntrader").mkdir()
    settings = {"log.console": False, "log.file": False}
    (folder / ".vntrader" / "vt_setting.json").write_text(json.dumps(settings), encoding="utf-8")
    os.chdir(folder)


def measure(case: Case, events: int, rounds: int) -> Result:
    """The two engines by turns, so that what else the machine does hits both."""
    from vnpy.event import EventEngine

    from veighna_ext.core.event_engine import DesktopEventEngine

    stock, ours = [], []
    for _round in range(rounds):
        stock.append(events / seconds(EventEngine, case, events))
        ours.append(events / seconds(DesktopEventEngine, case, events))
    return Result(case.name, max(stock), max(ours))


def seconds(make_engine: Callable[[], object], case: Case, events: int) -> float:
    """From the start of the engine (with a full queue) or of the producer, to the last event handled."""
    from vnpy.event import Event, EventEngine

    engine = make_engine()
    assert isinstance(engine, EventEngine)
    done = threading.Event()
    numbers = range(case.work)

    def handler_of_its_own() -> Callable[[Event], None]:
        def work(_event: Event) -> None:
            sum(numbers)

        return work if case.work else lambda _event: None

    types = [f"eTick.{number}" for number in range(case.types)]
    for _number in range(case.typed):
        for name in types:
            engine.register(name, handler_of_its_own())
    for _number in range(case.general):
        engine.register_general(handler_of_its_own())
    engine.register("end", lambda _event: done.set())
    queue = [Event(types[number % case.types]) for number in range(events)]

    def produce() -> None:
        for event in queue:
            engine.put(event)
        engine.put(Event("end"))

    if not case.producer:
        produce()
    producer = threading.Thread(target=produce) if case.producer else None
    started = time.perf_counter()
    engine.start()
    if producer is not None:
        producer.start()
    done.wait()
    took = time.perf_counter() - started
    if producer is not None:
        producer.join()
    engine.stop()
    return took


if __name__ == "__main__":
    sys.exit(main())
