"""The double-click file of macOS: a `.command`, which opens in a Terminal window."""

from __future__ import annotations

import shlex
from pathlib import Path

from veighna_ext.setup.launchers import sentences
from veighna_ext.setup.launchers.files import put, template
from veighna_ext.setup.launchers.quoting import fill


def own_folder(home: Path | None = None) -> Path:
    """Our folder among the user's application data."""
    return (home or Path.home()) / "Library" / "Application Support" / "veighna_ext"


def command_file(project: Path, python: Path) -> str:
    """The text of the `.command` file."""
    return fill(template("open.command"), {
        "PROJECT": shlex.quote(str(project)),
        "PYTHON": shlex.quote(str(python)),
        "MOVED": shlex.quote(sentences.moved(project)),
    })


def install(project: Path, python: Path, desktop: Path) -> list[Path]:
    """Write the file where the user double-clicks it."""
    return [put(desktop / "VeighNa Trader.command", command_file(project, python), 0o755)]
