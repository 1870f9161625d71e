"""The environment beside `run.py`: where it is, what its stamp says it holds, and whether it still works."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from veighna_ext.setup import lock

FOLDER = ".venv"
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stamp:
    """What a finished set-up leaves behind: the state of everything it was made from."""

    python: str
    project: str
    parts: dict[str, str]
    left_out: dict[str, str]
    libraries_complete: bool

    def to_json(self) -> str:
        return json.dumps(self.__dict__, indent=1, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Stamp | None:
        """The stamp in `text`, or nothing when it is not one of ours."""
        try:
            found = json.loads(text)
            return Stamp(
                python=str(found["python"]),
                project=str(found["project"]),
                parts=dict(found["parts"]),
                left_out=dict(found["left_out"]),
                libraries_complete=bool(found["libraries_complete"]),
            )
        except (ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True)
class Environment:
    """The virtual environment of the checkout at `project`."""

    project: Path

    @property
    def folder(self) -> Path:
        return self.project / FOLDER

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp_file(self) -> Path:
        return self.folder / "set-up.json"

    @property
    def log_file(self) -> Path:
        return self.folder / "set-up.log"

    @property
    def origin_file(self) -> Path:
        return self.folder / "made-in.txt"

    @property
    def site_packages(self) -> Path:
        library = "Lib" if os.name == "nt" else f"lib/python{python_version()}"
        return self.folder / library / "site-packages"

    @property
    def turn_file(self) -> Path:
        """Beside the folder rather than in it, as rebuilding removes the folder."""
        return self.project / f"{FOLDER}.lock"

    def stamp(self) -> Stamp | None:
        """What the last finished set-up recorded."""
        try:
            return Stamp.from_json(self.stamp_file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return None

    def write_stamp(self, stamp: Stamp) -> None:
        """Record a finished set-up; readers see the old stamp or the new one, never half."""
        fresh = self.stamp_file.with_suffix(".tmp")
        fresh.write_text(stamp.to_json(), encoding="utf-8")
        fresh.replace(self.stamp_file)

    def project_state(self) -> str:
        """Changes when the project moves or its metadata changes: the editable install is then made again."""
        metadata = (self.project / "pyproject.toml").read_bytes()
        return hashlib.sha256(str(self.project).encode() + b"\0" + metadata).hexdigest()

    def outdated(self, parts: tuple[str, ...]) -> list[str]:
        """Those of `parts` that the environment lacks or holds in other versions."""
        stamp = self.stamp()
        if stamp is None or not self.interpreter_fits(stamp):
            return list(parts)
        return [part for part in parts if stamp.parts.get(part) != lock.digest(self.project, part)]

    def ready(self, parts: tuple[str, ...]) -> bool:
        """Nothing to install for `parts`."""
        stamp = self.stamp()
        return stamp is not None and stamp.project == self.project_state() and not self.outdated(parts)

    def interpreter_fits(self, stamp: Stamp) -> bool:
        """The interpreter is still there and is the Python we were started with."""
        return stamp.python == python_version() and self.python.exists()

    def works(self) -> bool:
        """Whether it answers as the Python it should be, in the place it was made for, even if half-made."""
        if not self.python.exists() or self.origin() != str(self.folder):
            return False
        code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run(
                [self.python, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return answer.stdout.strip() == python_version()

    def origin(self) -> str:
        """Where it was made: a copied or moved environment runs, but its scripts point to the old place."""
        try:
            return self.origin_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def run_arguments(self, *arguments: str) -> list[str]:
        """The command that runs the environment's Python."""
        return [str(self.python), *arguments]


def python_version() -> str:
    """The part of the version an environment depends on."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
