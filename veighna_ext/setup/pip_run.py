"""Runs the environment's pip: progress to the person, everything else to the log, failures as one sentence."""

from __future__ import annotations

import os
import platform
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from veighna_ext.core.i18n import _
from veighna_ext.setup.environment import Environment
from veighna_ext.setup.failures import SetupFailure, disk_full, folder_read_only, offline
from veighna_ext.setup.pip_output import PipOutput
from veighna_ext.setup.progress import Progress

NEEDED_MB = 900
POLL_S = 0.2
# these send the packages somewhere else than into the environment
_MISLEADING = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_USER", "PIP_REQUIREMENT", "PIP_CONSTRAINT")


class Pip:
    """pip of one environment; mirrors and proxies from the user's own pip settings stay in force."""

    def __init__(self, environment: Environment, progress: Progress, turn_handle: int) -> None:
        self._environment = environment
        self._progress = progress
        self._turn_handle = turn_handle

    def install(self, title: str, arguments: Iterable[str], expected: int) -> None:
        """`pip install` with `arguments`, which name `expected` packages."""
        output = PipOutput(expected)
        command = self._environment.run_arguments(
            "-I", "-X", "utf8", "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
            "--no-warn-script-location", "--no-user", *arguments,
        )  # fmt: skip
        try:
            code = self._run(title, command, output)
        finally:
            self._progress.done()
        if code:
            raise self._failure(title, output)

    def _run(self, title: str, command: list[str], output: PipOutput) -> int:
        keep_turn = {} if sys.platform == "win32" else {"pass_fds": (self._turn_handle,)}
        surroundings = {name: value for name, value in os.environ.items() if name.upper() not in _MISLEADING}
        with self._environment.log_file.open("a", encoding="utf-8") as log:
            log.write(f"\n== {time.strftime('%Y-%m-%d %H:%M:%S')} {title}\n")
            log.flush()
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                encoding="utf-8", errors="replace", env=surroundings, **keep_turn,
            )  # fmt: skip
            assert process.stdout is not None
            try:
                self._follow(title, process.stdout, log, output)
                return process.wait()
            except BaseException:
                process.terminate()
                process.wait()
                raise

    def _follow(self, title: str, pipe: IO[str], log: IO[str], output: PipOutput) -> None:
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
                self._show(title, output)
                continue
            if line is None:
                return
            output.feed(line)
            if not line.startswith("Progress "):
                log.write(line + "\n")
            self._show(title, output)

    def _show(self, title: str, output: PipOutput) -> None:
        if output.installing:
            placed, total = self._placed(output.installing), len(output.installing)
            text = _("{title}: installing").format(title=title)
            self._progress.update(text, f"{placed}/{total}")
        elif output.package:
            text = _("{title}: {reached} of {expected}, {package}").format(
                title=title, reached=output.reached, expected=max(output.expected, output.reached), package=output.package
            )
            detail = _("{done:.1f} of {size:.1f} MB").format(done=output.done_bytes / 1e6, size=output.size_bytes / 1e6)
            total_mb = _("{size:.0f} MB downloaded").format(size=output.downloaded_mb)
            self._progress.update(text, f"{detail if output.size_bytes else ''}  {total_mb}".strip())

    def _placed(self, names: tuple[str, ...]) -> int:
        """pip says nothing between the first and the last package it places: count what has arrived."""
        wanted = {_folded(name) for name in names}
        arrived = self._environment.site_packages.glob("*.dist-info")
        found = {_folded(entry.name.split("-")[0]) for entry in arrived}
        return len(wanted & found)

    def _failure(self, title: str, output: PipOutput) -> SetupFailure:
        folder: Path = self._environment.folder
        if output.no_space:
            return disk_full(folder, NEEDED_MB)
        if output.offline:
            return offline()
        if output.not_writable:
            return folder_read_only(folder)
        if output.tampered:
            return SetupFailure(
                _(
                    "A downloaded file is not the one this version of the project was checked with. Try another pip "
                    "mirror; details are in {log}."
                ).format(log=self._environment.log_file)
            )
        if output.not_found:
            return SetupFailure(
                _("There is no ready-made {package} for this computer ({machine}, Python {version}).").format(
                    package=output.not_found, machine=f"{platform.system()} {platform.machine()}",
                    version=platform.python_version(),
                )  # fmt: skip
            )
        return SetupFailure(
            _("{title} failed; what pip said is in {log}. Start again to continue.").format(
                title=title, log=self._environment.log_file
            )
        )


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")
