"""
Closing: how fast, how cleanly, and whether opening and closing again and again leaves anything behind.

    python benchmarks/closing.py [--quick] [--platform offscreen|xcb]

One part ends real processes of our desktop by SIGTERM and looks at what is left; the other opens and closes
engines and window many times in one process, ours beside the stock ones.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from harness import Place, Verdict, clean_place, print_table, run_child, screen_for

SECONDS_LIMIT = 3.0
WARM_UP = 5
# until then Qt's pixmap cache fills up to its limit of 10 MB
CACHES_FULL = 40
MEGABYTES_PER_CYCLE = 0.1
# a cache may take a new entry now and then; one forgotten widget is more
OBJECTS_PER_CYCLE = 1.0
OPEN_TIMEOUT = 30.0


def close_one(place: Place) -> dict[str, Any]:
    """Open our desktop as a user does, let it settle, end it by SIGTERM, and look at what is left."""
    stderr = place.folder / "stderr.txt"
    with stderr.open("wb") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "veighna_ext", "--data-dir", str(place.folder)],
            cwd=place.folder,
            env=place.env,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
    try:
        opened = _wait_until_idle(psutil.Process(process.pid))
        family = psutil.Process(process.pid).children(recursive=True)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            code: int | None = process.wait(OPEN_TIMEOUT)
        except subprocess.TimeoutExpired:
            code = None
        seconds = time.monotonic() - started
        orphans = [child for child in family if child.is_running()]
    finally:
        process.kill()
        process.wait()
    said = [
        line
        for line in stderr.read_text(encoding="utf-8", errors="replace").splitlines()
        if not _harmless(line)
    ]
    return {"opened": opened, "exit_code": code, "seconds": seconds, "orphans": len(orphans), "stderr": said}


def _wait_until_idle(process: psutil.Process) -> bool:
    """The start is over when a second passes almost without CPU use."""
    until = time.monotonic() + OPEN_TIMEOUT
    process.cpu_percent(None)
    time.sleep(1)
    while time.monotonic() < until and process.is_running():
        time.sleep(1)
        if process.cpu_percent(None) < 8:
            return True
    return False


def _harmless(line: str) -> bool:
    return not line.strip() or "propagateSizeHints" in line or "plugin does not support raise" in line


def cycle_ours(cycles: int) -> None:
    """The child process: the composition root again and again on one loop."""
    import asyncio

    from veighna_ext import launch
    from veighna_ext.options import parse_options

    options = parse_options(["--data-dir", str(Path.cwd())])
    place = launch.prepare_place(options)
    place.store.update(welcome_seen=True, confirm_exit=False)
    app = launch.make_application(place)
    loop = launch.make_desktop_loop(app)

    async def live_and_close(desktop: Any) -> None:
        await desktop.add_apps()
        await asyncio.sleep(0.15)
        await desktop.window.close_now()
        await desktop.finish()

    counts = []
    for _number in range(cycles):
        desktop = launch.assemble(loop, place, options)
        loop.run_until_complete(live_and_close(desktop))
        desktop.discard_window()
        del desktop
        counts.append(_count(app))
    print(json.dumps({"counts": counts}), flush=True)
    os._exit(0)


def cycle_stock(cycles: int) -> None:
    """The child process: the official start script's steps again and again."""
    import sides
    from PySide6.QtWidgets import QApplication
    from vnpy.event import EventEngine
    from vnpy.trader.engine import MainEngine
    from vnpy.trader.ui import MainWindow

    side = sides.open_side("stock")
    app = side.app
    assert isinstance(app, QApplication)
    side.main_engine.close()
    side.window.deleteLater()
    del side
    counts = []
    for _number in range(cycles):
        main_engine = MainEngine(EventEngine())
        sides.add_official(main_engine)
        window = MainWindow(main_engine, main_engine.event_engine)
        window.show()
        _process_for(app, 0.15)
        main_engine.close()
        window.hide()
        window.deleteLater()
        del window, main_engine
        _process_for(app, 0.05)
        counts.append(_count(app))
    print(json.dumps({"counts": counts}), flush=True)
    os._exit(0)


def _process_for(app: Any, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.01)


def _count(app: Any) -> dict[str, float]:
    """What is alive now, after Qt deleted what it was told to and Python collected its cycles."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject
    from shiboken6 import isValid

    for _round in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    objects = gc.get_objects()
    return {
        "memory_mb": psutil.Process().memory_info().rss / 2**20,
        "threads": threading.active_count(),
        "widgets": len(app.allWidgets()),
        "top_levels": len(app.topLevelWidgets()),
        "qobjects": sum(isinstance(thing, QObject) and isValid(thing) for thing in objects),
        "objects": len(objects),
    }


def main(quick: bool, platform: str) -> int:
    """Both parts, then the bars."""
    cycles, closings = (12, 1) if quick else (50, 3)
    verdict = Verdict("closing")
    rows = []
    with screen_for(platform) as screen:
        with clean_place(screen) as place:
            closed = [close_one(place) for _number in range(closings)]
        for name in ("stock", "ours"):
            with clean_place(screen) as place:
                outcome = run_child(
                    [__file__, "--side", name, "--cycles", str(cycles)], place, 60 + cycles * 5
                )
            counts = outcome.answer.get("counts", [])
            verdict.figures[name] = counts
            if not counts:
                print(
                    f"{name} gave no answer: exit {outcome.exit_code}, {outcome.stderr[-800:]}",
                    file=sys.stderr,
                )
                continue
            warm, last = counts[min(WARM_UP, len(counts) - 2)], counts[-1]
            rows.append([name, *(f"{warm[key]:,.0f} → {last[key]:,.0f}" for key in warm)])
    print_table(
        ["desktop", "memory MB", "threads", "widgets", "top levels", "QObjects", "Python objects"], rows
    )
    verdict.figures["closed"] = closed
    verdict.holds("opened before it was closed", all(one["opened"] for one in closed), f"{len(closed)} times")
    verdict.at_most("seconds to close", max(one["seconds"] for one in closed), SECONDS_LIMIT, " s")
    verdict.holds(
        "exit code 0", all(one["exit_code"] == 0 for one in closed), str([one["exit_code"] for one in closed])
    )
    verdict.holds(
        "no orphan process",
        not any(one["orphans"] for one in closed),
        str([one["orphans"] for one in closed]),
    )
    said = [line for one in closed for line in one["stderr"]]
    verdict.holds("nothing on stderr", not said, said[0][:80] if said else "clean")
    _judge_growth(verdict, verdict.figures["ours"], verdict.figures["stock"])
    return verdict.finish()


def _judge_growth(verdict: Verdict, ours: list[dict[str, float]], stock: list[dict[str, float]]) -> None:
    if min(len(ours), len(stock)) <= WARM_UP + 1:
        verdict.holds("open and close again and again", False, "no answer")
        return
    warm, last = ours[WARM_UP], ours[-1]
    for key in ("threads", "widgets", "top_levels"):
        verdict.holds(f"no growth of {key}", last[key] <= warm[key], f"{warm[key]:.0f} → {last[key]:.0f}")
    # the stock trading panel leaves a validator behind each time
    verdict.at_most(
        "Qt objects left per cycle, not more than stock",
        _per_cycle(ours, "qobjects", WARM_UP),
        max(0.0, _per_cycle(stock, "qobjects", WARM_UP)),
    )
    half = len(ours) // 2
    verdict.at_most(
        f"Python objects left per cycle, second half (stock {_per_cycle(stock, 'objects', half):.3g})",
        _per_cycle(ours, "objects", half),
        OBJECTS_PER_CYCLE,
    )
    if len(ours) > CACHES_FULL + 5:
        growth = _per_cycle(ours, "memory_mb", CACHES_FULL)
        verdict.at_most("memory growth per cycle", growth, MEGABYTES_PER_CYCLE, " MB")


def _per_cycle(counts: list[dict[str, float]], key: str, since: int) -> float:
    return (counts[-1][key] - counts[since][key]) / (len(counts) - 1 - since)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer cycles")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--side", choices=("stock", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--cycles", type=int, default=12, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side == "stock":
        cycle_stock(chosen.cycles)
    elif chosen.side == "ours":
        cycle_ours(chosen.cycles)
    else:
        sys.exit(main(chosen.quick, chosen.platform))
