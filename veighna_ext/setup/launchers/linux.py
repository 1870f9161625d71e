"""The menu entry and the desktop icon of a freedesktop desktop (GNOME, KDE, Xfce, …)."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from veighna_ext.core.paths import resources_dir
from veighna_ext.setup.launchers import sentences
from veighna_ext.setup.launchers.files import drawn_icons, put, template
from veighna_ext.setup.launchers.quoting import desktop_value, exec_argument, fill

# the same word is the window's class, its Wayland app id and the icon's name
APP_ID = "veighna_ext"

_USER_DIR = re.compile(r'^\s*XDG_DESKTOP_DIR="(.*)"\s*$', re.MULTILINE)


@dataclass(frozen=True)
class Places:
    """Where a user's launchers belong."""

    data: Path
    desktop: Path | None

    @property
    def own(self) -> Path:
        """Our own folder among the user's data."""
        return self.data / APP_ID


def places(home: Path | None = None) -> Places:
    """The folders of the user who runs this, or of a given home whatever the environment says."""
    base = home or Path.home()
    data, config = base / ".local" / "share", base / ".config"
    if home is None:
        data = _absolute("XDG_DATA_HOME") or data
        config = _absolute("XDG_CONFIG_HOME") or config
    return Places(data, desktop_folder(base, config))


def desktop_folder(home: Path, config: Path) -> Path | None:
    """The folder shown on the desktop, under whatever name the user's language gave it; None without one."""
    listed = config / "user-dirs.dirs"
    text = listed.read_text(encoding="utf-8", errors="replace") if listed.is_file() else ""
    found = _USER_DIR.search(text)
    name = re.sub(r"\\(.)", r"\1", found[1]) if found else "$HOME/Desktop"
    folder = home / name[len("$HOME"):].lstrip("/") if name.startswith("$HOME") else Path(name)
    # xdg-user-dirs points a folder that the user does not want at the home folder
    return folder if folder.is_dir() and folder != home else None


def desktop_file(script: Path, project: Path) -> str:
    """The text of the .desktop file."""
    command = f"/bin/sh {exec_argument(str(script))}"
    return fill(
        template("veighna_ext.desktop"), {"EXEC": desktop_value(command), "PATH": desktop_value(str(project))}
    )


def open_script(project: Path, python: Path) -> str:
    """The shell script behind the .desktop file: opens the desktop, and shows why when it cannot."""
    return fill(template("open.sh"), {
        "PROJECT": shlex.quote(str(project)),
        "PYTHON": shlex.quote(str(python)),
        "MOVED": shlex.quote(sentences.moved(project)),
        "NO_TERMINAL": shlex.quote(sentences.no_terminal(project)),
        "FAILED": shlex.quote(sentences.failed()),
        "PRESS_ENTER": shlex.quote(sentences.press_enter()),
    })


def install(project: Path, python: Path, where: Places) -> list[Path]:
    """Write the script, the icons, the menu entry and, if there is a desktop, its icon."""
    script = put(where.own / "open.sh", open_script(project, python), 0o755)
    icons = where.data / "icons" / "hicolor"
    svg = (resources_dir() / "icons" / f"{APP_ID}.svg").read_bytes()
    written = [script, put(icons / "scalable" / "apps" / f"{APP_ID}.svg", svg)]
    for size, png in drawn_icons(python).items():
        written.append(put(icons / f"{size}x{size}" / "apps" / f"{APP_ID}.png", png))
    entry = desktop_file(script, project)
    written.append(put(where.data / "applications" / f"{APP_ID}.desktop", entry, 0o755))
    if where.desktop is not None:
        on_desktop = put(where.desktop / f"{APP_ID}.desktop", entry, 0o755)
        # GNOME opens an icon on the desktop only once it is trusted; elsewhere there is nothing to trust
        _run_if_present("gio", "set", str(on_desktop), "metadata::trusted", "true")
        written.append(on_desktop)
    refresh(where)
    return written


def refresh(where: Places) -> None:
    """Tell the menus and the icon theme that something changed."""
    applications, icons = where.data / "applications", where.data / "icons" / "hicolor"
    if applications.is_dir():
        _run_if_present("update-desktop-database", str(applications))
    if icons.is_dir():
        os.utime(icons)
        # a cache is only kept fresh, never begun: it would hide what other programs put beside it
        if (icons / "icon-theme.cache").exists():
            _run_if_present("gtk-update-icon-cache", "--force", "--ignore-theme-index", "--quiet", str(icons))


def _absolute(variable: str) -> Path | None:
    """A folder from the environment; the standard says that a relative one is to be ignored."""
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else None


def _run_if_present(program: str, *arguments: str) -> None:
    """Run a desktop's own tool; the launcher works without what it does, so its failure is not ours."""
    found = shutil.which(program)
    if found is not None:
        command: Sequence[str] = (found, *arguments)
        subprocess.run(command, capture_output=True, timeout=30, check=False)
