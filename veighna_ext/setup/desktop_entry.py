"""`python3 run.py install-desktop`: the icon that a double click opens, on every system in its own form."""

from __future__ import annotations

import sys
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.setup.launchers import linux, macos, windows
from veighna_ext.setup.launchers.files import RECORD, LauncherError, remember, remembered

__all__ = ["LauncherError", "install_desktop", "uninstall_desktop"]


def install_desktop(
    project_dir: Path, python: Path, *, platform: str = sys.platform, home: Path | None = None
) -> list[Path]:
    """Make the launcher for the desktop in `project_dir`; answers the files written; repeatable."""
    # not resolved: the environment's python is a link to one that knows nothing of the environment
    project, interpreter = project_dir.absolute(), python.absolute()
    user = home or Path.home()
    own = own_folder(platform, home)
    try:
        if platform == "win32":
            written = windows.install(project, interpreter, own, user / "Desktop")
        elif platform == "darwin":
            written = macos.install(project, interpreter, user / "Desktop")
        else:
            written = linux.install(project, interpreter, linux.places(home))
        remember(own, written)
    except OSError as error:
        raise LauncherError(
            _("The launcher could not be written: {reason}: {path}").format(
                reason=error.strerror or error, path=error.filename or own
            )
        ) from error
    return written


def uninstall_desktop(*, platform: str = sys.platform, home: Path | None = None) -> list[Path]:
    """Take away what `install_desktop` wrote; answers the files removed."""
    own = own_folder(platform, home)
    removed = [path for path in remembered(own) if path.is_file()]
    try:
        for path in removed:
            path.unlink()
        (own / RECORD).unlink(missing_ok=True)
        if own.is_dir() and not any(own.iterdir()):
            own.rmdir()
    except OSError as error:
        raise LauncherError(
            _("The launcher could not be removed: {reason}: {path}").format(
                reason=error.strerror or error, path=error.filename or own
            )
        ) from error
    if platform not in ("win32", "darwin"):
        linux.refresh(linux.places(home))
    return removed


def own_folder(platform: str, home: Path | None) -> Path:
    """Where the launcher keeps its script and the list of its files."""
    if platform == "win32":
        return windows.own_folder(home)
    if platform == "darwin":
        return macos.own_folder(home)
    return linux.places(home).own
