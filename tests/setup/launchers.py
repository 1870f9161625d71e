"""A user's home and checkout in awkward places, and stand-ins for the programs that a launcher runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

AWKWARD = "交易 \"q\" $HOME %f `b` 'a' back\\slash ;=&"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="runs a launcher as Linux would")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home whose desktop has a Chinese name, in a folder with every awkward character."""
    folder = tmp_path / AWKWARD
    (folder / "桌面").mkdir(parents=True)
    (folder / ".config").mkdir()
    listed = '# made by xdg-user-dirs\nXDG_DESKTOP_DIR="$HOME/桌面"\n'
    (folder / ".config" / "user-dirs.dirs").write_text(listed, encoding="utf-8")
    return folder


@pytest.fixture
def project(home: Path) -> Path:
    """A checkout in that home."""
    folder = home / f"checkout {AWKWARD}"
    folder.mkdir()
    (folder / "run.py").touch()
    return folder


def script(path: Path, body: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def environment_that(folder: Path, does: str) -> Path:
    """An environment's python that answers the launcher's check and then opens the desktop as told."""
    check = '[ "$2" = veighna_ext.setup.launchers.ready ] && exit 0'
    return script(folder / "venv" / "python", f"{check}\n{does}")
