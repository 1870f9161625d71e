"""What the window benchmarks share: a clean folder per run, a virtual screen, bounded runs, a verdict."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCREEN = "1920x1200x24"
TRADER_SETTING = {"log.console": False, "font.family": "Noto Sans CJK SC", "font.size": 10}


@dataclass(frozen=True)
class Place:
    """A folder that no other run has used, and the environment that keeps a desktop inside it."""

    folder: Path
    env: dict[str, str]


@contextlib.contextmanager
def clean_place(screen: dict[str, str]) -> Iterator[Place]:
    """A new data folder and HOME, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="veighna-bench-"))
    try:
        setting = folder / ".vntrader" / "vt_setting.json"
        setting.parent.mkdir()
        setting.write_text(json.dumps(TRADER_SETTING), encoding="utf-8")
        home = folder / "home"
        home.mkdir()
        yield Place(
            folder,
            {
                **os.environ,
                **screen,
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home / ".config"),
                "XDG_CACHE_HOME": str(home / ".cache"),
                "LANGUAGE": "en",
                "PYTHONPATH": str(ROOT),
                "QT_LOGGING_RULES": "*.debug=false",
            },
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def screen_for(platform: str) -> Iterator[dict[str, str]]:
    """The environment variables of a Qt platform; for xcb with its own virtual screen and window manager."""
    if platform == "offscreen":
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with contextlib.ExitStack() as stack:
        server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
        stack.callback(_end, server)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start; install it or use --platform offscreen")
        env = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}
        if shutil.which("openbox"):
            manager = subprocess.Popen(["openbox"], env={**os.environ, **env}, stderr=subprocess.DEVNULL)
            stack.callback(_end, manager)
        yield env


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class Outcome:
    """How a child process went: its JSON line and when it came, how it ended, what it complained about."""

    answer: dict[str, Any] = field(default_factory=dict)
    answered_after: float = 0.0
    first_answer_after: float = 0.0
    ended_after: float = 0.0
    exit_code: int | None = None
    stderr: str = ""


def run_child(command: Sequence[str], place: Place, timeout: float) -> Outcome:
    """Run a Python command line to its end, or kill it; seconds count from the start of the process."""
    outcome = Outcome()
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, *command],
        cwd=place.folder,
        env=place.env,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    complaints: list[str] = []
    assert child.stdout is not None
    assert child.stderr is not None
    collector = threading.Thread(target=complaints.extend, args=(child.stderr,), daemon=True)
    collector.start()
    killer = threading.Timer(timeout, child.kill)
    killer.start()
    try:
        for line in child.stdout:
            if line.startswith("{"):
                outcome.answer = json.loads(line)
                outcome.answered_after = time.monotonic() - started
                outcome.first_answer_after = outcome.first_answer_after or outcome.answered_after
        outcome.exit_code = child.wait()
    finally:
        killer.cancel()
        child.kill()
        child.wait()
    outcome.ended_after = time.monotonic() - started
    collector.join(5)
    outcome.stderr = "".join(complaints)
    return outcome


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle value; 0 of none."""
    return statistics.median(values) if values else 0.0


@dataclass(frozen=True)
class Bar:
    """One promise: what was measured, beside what must be reached."""

    name: str
    measured: str
    promised: str
    met: bool


@dataclass
class Verdict:
    """Collects rows and bars, prints them for people, and ends with one JSON line for programs."""

    title: str
    figures: dict[str, Any] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)

    def at_most(self, name: str, value: float, limit: float, unit: str = "") -> None:
        """Promise that `value` does not pass `limit`."""
        self.bars.append(Bar(name, f"{value:.3g}{unit}", f"≤ {limit:g}{unit}", value <= limit))

    def at_least(self, name: str, value: float, limit: float, unit: str = "") -> None:
        """Promise that `value` reaches `limit`."""
        self.bars.append(Bar(name, f"{value:.3g}{unit}", f"≥ {limit:g}{unit}", value >= limit))

    def holds(self, name: str, met: bool, measured: str) -> None:
        """Promise something that is true or not."""
        self.bars.append(Bar(name, measured, "yes", met))

    def finish(self) -> int:
        """Print everything; 0 when every bar is met, else 1."""
        print()
        print_table(
            ["bar", "measured", "promised", ""],
            [[bar.name, bar.measured, bar.promised, "met" if bar.met else "MISSED"] for bar in self.bars],
        )
        met = all(bar.met for bar in self.bars)
        bars = {
            bar.name: {"measured": bar.measured, "promised": bar.promised, "met": bar.met}
            for bar in self.bars
        }
        print(json.dumps({"benchmark": self.title, "met": met, "bars": bars, "figures": self.figures}))
        return 0 if met else 1


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, ["-" * width for width in widths], *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    sys.stdout.flush()
