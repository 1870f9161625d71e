"""The Start menu entry and the desktop icon of Windows: shortcuts to a batch file."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

from veighna_ext.setup.launchers import sentences
from veighna_ext.setup.launchers.files import drawn_icons, put, template
from veighna_ext.setup.launchers.ico import ico_file
from veighna_ext.setup.launchers.quoting import batch_text, fill, powershell_literal


def own_folder(home: Path | None = None) -> Path:
    """Our folder among the user's local application data."""
    local = os.environ.get("LOCALAPPDATA", "") if home is None else ""
    return (Path(local) if local else (home or Path.home()) / "AppData" / "Local") / "veighna_ext"


def batch_file(project: Path, python: Path) -> str:
    """The text of the batch file: opens the desktop, and shows why when it cannot."""
    text = fill(template("open.bat"), {
        "PROJECT": batch_text(str(project)),
        "PYTHON": batch_text(str(python)),
        "MOVED": batch_text(sentences.moved(project)),
        "FAILED": batch_text(sentences.failed()),
    })
    return "\r\n".join(text.splitlines()) + "\r\n"


def shortcut_script(batch: Path, project: Path, icon: Path) -> str:
    """The PowerShell that makes the shortcuts and prints their paths: only Windows knows its desktop's."""
    return fill(template("shortcut.ps1"), {
        "BATCH": powershell_literal(str(batch)),
        "PROJECT": powershell_literal(str(project)),
        "ICON": powershell_literal(str(icon)),
        "DESCRIPTION": powershell_literal(sentences.description()),
    })


def powershell_command(powershell: str, script: str) -> list[str]:
    """The command that runs `script`, whatever its characters and whatever policy forbids script files."""
    encoded = base64.b64encode(script.encode("utf-16-le")).decode("ascii")
    return [powershell, "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]


def install(project: Path, python: Path, own: Path, desktop: Path) -> list[Path]:
    """Write the batch file, the icon and shortcuts; a batch file on `desktop` where those are refused."""
    text = batch_file(project, python)
    batch = put(own / "open.bat", text)
    icon = put(own / "veighna_ext.ico", ico_file(drawn_icons(python)))
    shortcuts = _make_shortcuts(shortcut_script(batch, project, icon))
    if not shortcuts and desktop.is_dir():
        shortcuts = [put(desktop / "VeighNa Trader.bat", text)]
    return [batch, icon, *shortcuts]


def _make_shortcuts(script: str) -> list[Path]:
    powershell = shutil.which("powershell")
    if powershell is None:
        return []
    command = powershell_command(powershell, script)
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        return []
    return [Path(line) for line in done.stdout.decode("utf-8").lstrip("\ufeff").splitlines() if line.strip()]
