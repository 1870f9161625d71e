"""The desktop as the user's system meets it: a process with a folder, an environment, output and an end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.support.detectors import _IGNORED_QT_MESSAGES
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
DESKTOP = ("-m", "veighna_ext")
SECONDS = 30.0


@dataclass(frozen=True)
class Ended:
    """How a desktop ended, and what it said."""

    code: int
    said: str
    complaints: list[str]
    seconds: float

    @property
    def answer(self) -> dict[str, Any]:
        """What the JSON lines among the log lines on its standard output say."""
        lines = [line for line in self.said.splitlines() if line.startswith("{")]
        assert lines, (self.said, self.complaints)
        answer: dict[str, Any] = {}
        for line in lines:
            answer.update(json.loads(line))
        return answer


class DesktopProcess:
    """A desktop on a data folder of its own; it is killed, with its children, when the test leaves."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: tuple[str, ...] = DESKTOP,
        environment: Mapping[str, str | None] | None = None,
    ) -> None:
        self.folder = folder
        self._said = folder.parent / f"{folder.name}-{time.monotonic_ns()}.out"
        self._complained = self._said.with_suffix(".err")
        self._started = time.monotonic()
        with self._said.open("wb") as out, self._complained.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, *command, *arguments],
                cwd=folder.parent,
                env=_environment(folder, environment or {}),
                stdout=out,
                stderr=err,
            )

    def __enter__(self) -> DesktopProcess:
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self.family():
            process.kill()
        self._process.kill()
        self._process.wait()

    @property
    def said(self) -> str:
        """Its standard output so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def said_something(self) -> bool:
        """Whether anything has come on its standard output."""
        return bool(self.said.strip())

    def family(self) -> list[psutil.Process]:
        """The processes it has started and that still run."""
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something the running desktop does."""
        wait_until(lambda: condition() or not self.running(), SECONDS)
        assert self.running(), self._complaints()

    def until_apps_load(self) -> None:
        """Its window is there and the first apps are being added: vnpy says that there is no data feed."""
        self.until(self.said_something)

    def until_settled(self) -> None:
        """On a first start the welcome page comes last, and that it was seen is then remembered."""
        settings = self.folder / ".vntrader" / "veighna_ext" / "settings.json"
        self.until(lambda: settings.exists() and b'"welcome_seen": true' in settings.read_bytes())

    def terminate(self, by: signal.Signals = signal.SIGTERM) -> Ended:
        """Ask it to end, as a system that shuts down does, or by another signal."""
        self._started = time.monotonic()
        self._process.send_signal(by)
        return self.wait()

    def wait(self) -> Ended:
        """Wait for its end."""
        code = self._process.wait(SECONDS)
        return Ended(code, self.said, self._complaints(), time.monotonic() - self._started)

    def _complaints(self) -> list[str]:
        lines = self._complained.read_text(encoding="utf-8", errors="replace").splitlines()
        return [
            line
            for line in lines
            if line.strip() and not any(known in line for known in _IGNORED_QT_MESSAGES)
        ]


def run_desktop(
    folder: Path,
    *arguments: str,
    command: tuple[str, ...] = DESKTOP,
    environment: Mapping[str, str | None] | None = None,
) -> Ended:
    """Start a desktop that ends by itself, and wait for that."""
    with DesktopProcess(folder, *arguments, command=command, environment=environment) as desktop:
        return desktop.wait()


def start_once(folder: Path, *arguments: str, **environment: str) -> Ended:
    """Open the desktop until every app is loaded, and close it again; its answer holds the notices."""
    return run_desktop(
        folder,
        "--data-dir",
        str(folder),
        *arguments,
        environment={"VEIGHNA_EXT_EXIT_AFTER_START": "1", **environment},
    )


def _environment(folder: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    """That of the tests with a home of its own; None takes a variable away."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    environment: dict[str, str | None] = {
        **os.environ,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "LANGUAGE": "en",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        **changes,
    }
    return {name: value for name, value in environment.items() if value is not None}
