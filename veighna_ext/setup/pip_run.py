"""Runs the environment's pip: progress to the person, all it says to the log, failures as one sentence."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from veighna_ext.core.i18n import _
from veighna_ext.setup import lock
from veighna_ext.setup.environment import Environment
from veighna_ext.setup.failures import SetupFailure
from veighna_ext.setup.pip_failure import failure
from veighna_ext.setup.pip_output import PipOutput
from veighna_ext.setup.progress import Progress

NEEDED_MB = 900
POLL_S = 0.2
TOGETHER = 12
KEPT_LINES = 100

_TRUE_MARKERS = """
import sys
from pip._vendor.packaging.markers import Marker
for text in sys.argv[1:]:
    if Marker(text).evaluate():
        print(text)
"""
# these send the packages somewhere else than into the environment
_MISLEADING = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_PYTHON",
    "PIP_USER",
    "PIP_REQUIREMENT",
    "PIP_CONSTRAINT",
)


class Pip:
    """pip of one environment; mirrors and proxies from the user's own pip settings stay in force."""

    def __init__(self, environment: Environment, progress: Progress, turn_handle: int) -> None:
        self._environment = environment
        self._progress = progress
        self._turn_handle = turn_handle

    def install_pins(self, title: str, pins: Sequence[lock.Pin], *options: str) -> None:
        """Exactly `pins`, some at a time: what is in place when we are interrupted need not come again."""
        output = PipOutput(len(pins))
        requirements = self._environment.folder / "set-up-requirements.txt"
        for first in range(0, len(pins), TOGETHER):
            text = lock.write_pins(pins[first : first + TOGETHER], "the pins being installed")
            requirements.write_text(text, encoding="utf-8")
            self._install(title, output, [*options, "--require-hashes", "--no-deps", "-r", str(requirements)])

    def install_project(self, title: str, project: Path) -> None:
        """The checkout itself, so that its files are the ones that run."""
        options = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", str(project)]
        self._install(title, PipOutput(1), options)

    def for_this_python(self, pins: Sequence[lock.Pin]) -> list[lock.Pin]:
        """Those of `pins` whose markers describe the environment, as its pip reads them."""
        markers = sorted({pin.marker for pin in pins if pin.marker})
        if not markers:
            return list(pins)
        answer = subprocess.run(
            self._environment.run_arguments("-I", "-c", _TRUE_MARKERS, *markers),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if answer.returncode:
            raise SetupFailure(
                _("The environment's pip does not work: {reason}").format(reason=answer.stderr.strip())
            )
        true = set(answer.stdout.splitlines())
        return [
            lock.Pin(pin.name, pin.version, "", pin.hashes)
            for pin in pins
            if not pin.marker or pin.marker in true
        ]

    def _install(self, title: str, output: PipOutput, options: Sequence[str]) -> None:
        log = self._environment.log_file
        before = log.stat().st_size if log.exists() else 0
        quietly = ("--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--no-user")
        command = self._environment.run_arguments(
            "-I", "-X", "utf8", "-m", "pip", "install", *quietly, "--log", str(log), *options
        )
        last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        try:
            code = self._run(title, command, output, last_lines)
        finally:
            self._progress.done()
        if code:
            with log.open("rb") as written:
                written.seek(before)
                said = written.read().decode("utf-8", "replace") + "\n".join(last_lines)
            raise failure(title, said, self._environment.folder, NEEDED_MB, log)

    def _run(self, title: str, command: list[str], output: PipOutput, last_lines: deque[str]) -> int:
        keep_turn = () if sys.platform == "win32" else (self._turn_handle,)
        surroundings = {name: value for name, value in os.environ.items() if name.upper() not in _MISLEADING}
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=surroundings,
            pass_fds=keep_turn,
        )
        assert process.stdout is not None
        try:
            for line in _lines_and_pauses(process.stdout):
                if line is not None:
                    output.feed(line)
                    last_lines.append(line)
                self._show(title, output)
            return process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise

    def _show(self, title: str, output: PipOutput) -> None:
        if not output.package:
            self._progress.update(title)
            return
        text = _("{title}: {reached} of {expected}, {package}").format(
            title=title, reached=output.reached, expected=output.expected, package=output.package
        )
        details = [_("{size:.0f} MB downloaded").format(size=output.downloaded_mb)]
        if output.installing:
            placed = f"{self._placed(output.installing)}/{len(output.installing)}"
            details.insert(0, _("installing {placed}").format(placed=placed))
        elif output.size_bytes:
            done, size = output.done_bytes / 1e6, output.size_bytes / 1e6
            details.insert(0, _("{done:.1f} of {size:.1f} MB").format(done=done, size=size))
        self._progress.update(text, ", ".join(details))

    def _placed(self, names: tuple[str, ...]) -> int:
        """pip says nothing between the first and the last package it places: count what has arrived."""
        wanted = {_folded(name) for name in names}
        arrived = self._environment.site_packages.glob("*.dist-info")
        found = {_folded(entry.name.split("-")[0]) for entry in arrived}
        return len(wanted & found)


def _lines_and_pauses(pipe: IO[str]) -> Iterator[str | None]:
    """Each line as it comes, and nothing whenever none came for a moment."""
    said: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in pipe:
            said.put(line.rstrip("\n"))
        said.put(None)

    threading.Thread(target=read, name="pip output", daemon=True).start()
    while True:
        try:
            line = said.get(timeout=POLL_S)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
