"""
A flood of ticks through the event engine into the main window: ours beside the stock one.

    python benchmarks/ticks_into_window.py [--quick] [--platform offscreen|xcb]

Every run is a process of its own. A heartbeat of 10 ms in the GUI thread tells how long the window did not
react.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from typing import Any

from harness import Verdict, clean_place, percentile, print_table, run_child, screen_for

SYMBOLS = 300
FLOOD = 10_000
CALM = 1_000
PATIENCE = 20.0
SHOWN_WITHIN = 3.0
LIMITS = {"p99_ms": 20, "max_ms": 100, "gui": 0.25, "gui_ratio": 0.2}


def measure(side_name: str, rate: float, seconds: float, is_sorted: bool) -> None:
    """The child process: one desktop, one load; prints one JSON line and ends, window frozen or not."""
    import sides
    from market import Heartbeat, Producer, symbols
    from PySide6.QtCore import QObject, Qt, QTimer, Signal
    from vnpy.event import Event

    side = sides.open_side(side_name)
    names = symbols(SYMBOLS)
    gateway = side.gateway(SYMBOLS)
    producer = Producer(gateway, names, rate, seconds)
    for name in names:
        producer.send(name)
    side.settle(2.0)
    table = sides.tick_table(side.window)
    if is_sorted:
        sides.click_header(table, "last_price")
    side.settle(0.5)
    heart = Heartbeat()
    drained, compared = threading.Event(), threading.Event()
    wrong: list[str] = []

    class Behind(QObject):
        """Arrives in the GUI thread after every tick that was sent before it."""

        arrived = Signal()

    behind = Behind()

    def compare() -> None:
        shown = sides.shown_prices(table)
        wrong[:] = [
            name for name, price in producer.last_price.items() if abs(shown.get(name, 0.0) - price) > 1e-6
        ]
        if wrong and time.monotonic() < give_up:
            QTimer.singleShot(50, compare)
        else:
            compared.set()

    def on_drained() -> None:
        nonlocal give_up
        drained.set()
        give_up = time.monotonic() + SHOWN_WITHIN
        compare()

    give_up = 0.0
    behind.arrived.connect(on_drained, Qt.ConnectionType.QueuedConnection)
    side.main_engine.event_engine.register("eBenchEnd", lambda _event: behind.arrived.emit())

    def judge() -> None:
        started, cpu = time.monotonic(), heart.cpu_seconds()
        producer.start()
        producer.join()
        elapsed, used = time.monotonic() - started, heart.cpu_seconds() - cpu
        side.main_engine.event_engine.put(Event("eBenchEnd"))
        drained.wait(PATIENCE)
        drain = time.monotonic() - started - elapsed
        gaps = heart.gaps_ms()
        compared.wait(SHOWN_WITHIN + 2)
        print(
            json.dumps(
                {
                    "sent": producer.sent,
                    "rate": producer.sent / producer.took,
                    "gui": used / elapsed,
                    "p50_ms": percentile(gaps, 0.5),
                    "p99_ms": percentile(gaps, 0.99),
                    "max_ms": max(gaps),
                    "drain_s": drain,
                    "drained": drained.is_set(),
                    "wrong": len(wrong) if compared.is_set() else SYMBOLS,
                }
            ),
            flush=True,
        )
        sides.leave()

    def begin() -> None:
        heart.restart()
        threading.Thread(target=judge, daemon=True).start()

    QTimer.singleShot(200, begin)
    side.run()


def main(quick: bool, platform: str) -> int:
    """Run both sides at both rates and judge ours."""
    seconds, stock_seconds = (6.0, 4.0) if quick else (30.0, 10.0)
    verdict = Verdict("ticks_into_window")
    runs = [
        (
            name,
            rate,
            stock_seconds if name == "stock" else (seconds if rate == FLOOD else min(seconds, 15.0)),
            is_sorted,
        )
        for rate in (CALM, FLOOD)
        for is_sorted in (False, True)
        for name in ("stock", "ours")
    ]
    rows = []
    with screen_for(platform) as screen:
        for name, rate, length, is_sorted in runs:
            with clean_place(screen) as place:
                arguments = [__file__, "--side", name, "--rate", str(rate), "--seconds", str(length)]
                outcome = run_child([*arguments, *(["--sorted"] if is_sorted else [])], place, length + 90)
            found = outcome.answer
            key = f"{name} {rate:,}/s {'sorted' if is_sorted else 'unsorted'}"
            verdict.figures[key] = found
            rows.append([key, *(_cells(found) if found else ["no answer", outcome.stderr[-200:]])])
            print(f"  {key} done", file=sys.stderr)
    width = max(map(len, rows))
    print_table(
        ["desktop", "sent/s", "GUI CPU", "gap p50", "gap p99", "gap max", "drained after", "wrong prices"],
        [[*row, *[""] * (width - len(row))] for row in rows],
    )
    _judge(verdict)
    return verdict.finish()


def _cells(found: dict[str, Any]) -> list[str]:
    drained = f"{found['drain_s']:.2f} s" if found["drained"] else f"not in {PATIENCE:.0f} s"
    return [
        f"{found['rate']:,.0f}",
        f"{found['gui']:.1%}",
        f"{found['p50_ms']:.1f} ms",
        f"{found['p99_ms']:.1f} ms",
        f"{found['max_ms']:,.0f} ms",
        drained,
        str(found["wrong"]),
    ]


def _judge(verdict: Verdict) -> None:
    for order in ("unsorted", "sorted"):
        ours = verdict.figures[f"ours {FLOOD:,}/s {order}"]
        if not ours:
            verdict.holds(f"flood, {order}", False, "no answer")
            continue
        verdict.at_most(f"flood, {order}: gap p99", ours["p99_ms"], LIMITS["p99_ms"], " ms")
        verdict.at_most(f"flood, {order}: gap max", ours["max_ms"], LIMITS["max_ms"], " ms")
        verdict.at_most(f"flood, {order}: GUI thread", ours["gui"], LIMITS["gui"], " core")
        sent = ours["rate"] >= 0.98 * FLOOD
        verdict.holds(f"flood, {order}: every last price shown", ours["wrong"] == 0, f"{ours['wrong']} wrong")
        verdict.holds(f"flood, {order}: the flood was one", sent, f"{ours['rate']:,.0f}/s")
        calm, stock = (
            verdict.figures[f"ours {CALM:,}/s {order}"],
            verdict.figures[f"stock {CALM:,}/s {order}"],
        )
        if calm and stock:
            verdict.at_most(
                f"{CALM:,}/s, {order}: GUI CPU against stock", calm["gui"] / stock["gui"], LIMITS["gui_ratio"]
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter runs")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--side", choices=("stock", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--rate", type=float, default=FLOOD, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=6, help=argparse.SUPPRESS)
    parser.add_argument("--sorted", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        measure(chosen.side, chosen.rate, chosen.seconds, chosen.sorted)
    else:
        sys.exit(main(chosen.quick, chosen.platform))
