"""Writing a launcher's files, and remembering them so that they can be taken away again."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.core.paths import resources_dir
from veighna_ext.setup.failures import SetupFailure

RECORD = "launcher.json"


class LauncherError(SetupFailure):
    """No launcher could be made or removed."""


def template(name: str) -> str:
    """The text of `resources/launcher/NAME`."""
    return (resources_dir() / "launcher" / name).read_text(encoding="utf-8")


def put(path: Path, content: str | bytes, mode: int = 0o644) -> Path:
    """Write `content` whole or not at all; answers the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    except OSError:
        Path(unfinished).unlink()
        raise
    return path


def remember(folder: Path, written: Sequence[Path]) -> None:
    """Add `written` to the record in `folder`."""
    known = {str(path) for path in remembered(folder)}
    known.update(str(path) for path in written)
    put(folder / RECORD, json.dumps(sorted(known), ensure_ascii=False, indent=1))


def remembered(folder: Path) -> list[Path]:
    """The files that earlier calls of `remember` named; none when there is no record."""
    record = folder / RECORD
    if not record.is_file():
        return []
    try:
        return [Path(name) for name in json.loads(record.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise LauncherError(_("{path} is damaged: delete it and try again.").format(path=record)) from error


def drawn_icons(python: Path) -> dict[int, bytes]:
    """The app icon as PNG by size, drawn by the environment's Qt because the set-up itself has none."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), "-m", "veighna_ext.widgets.render_icons", folder]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            reason = said[-1] if said else str(done.returncode)
            raise LauncherError(
                _("The icons could not be drawn ({reason}). `python3 run.py doctor` says what is missing.")
                .format(reason=reason)
            )
        return {int(path.stem): path.read_bytes() for path in sorted(Path(folder).glob("*.png"))}
