"""An environment for each client: two of them own the same package name. Made once, kept beside ours."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.clients.table import Client
from veighna_ext.setup.turn import turn

PINS = Path(__file__).with_name("pins")
KEPT = Path(sys.prefix) / "clients"
INSTALL = ("install", "--quiet", "--no-input", "--no-deps", "--only-binary", ":all:", "--no-compile")


class CouldNotMake(Exception):
    """A client could not be installed."""


@dataclass(frozen=True)
class ClientEnvironment:
    """The environment of one client."""

    client: Client
    kept: Path = KEPT

    @property
    def folder(self) -> Path:
        return self.kept / self.client.name

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def pins(self) -> Path:
        """Every version in it: the same run tomorrow is the same run."""
        return PINS / f"{self.client.name}.txt"

    def ready(self) -> bool:
        """Whether it was made to the end, from these pins, by this Python."""
        try:
            return self.python.exists() and self._stamp.read_text(encoding="utf-8") == self._made_from()
        except OSError:
            return False

    def make(self) -> None:
        """Leave it ready; a half-made one is thrown away, and only one run makes it."""
        if self.ready():
            return
        self.kept.mkdir(parents=True, exist_ok=True)
        with turn(self.folder.with_suffix(".lock"), lambda: None):
            if not self.ready():
                self._make()

    @property
    def _stamp(self) -> Path:
        return self.folder / "made-from.txt"

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        _run(sys.executable, "-m", "venv", "--without-pip", str(self.folder))
        pip = (sys.executable, "-m", "pip", "--python", str(self.python), "--disable-pip-version-check")
        _run(*pip, *INSTALL, "--requirement", str(self.pins))
        self._stamp.write_text(self._made_from(), encoding="utf-8")

    def _made_from(self) -> str:
        pins = hashlib.sha256(self.pins.read_bytes()).hexdigest()
        return f"{sys.version} {sys.base_prefix} {self.folder} {pins}"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise CouldNotMake(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
