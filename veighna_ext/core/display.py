"""Whether Qt will find a screen to open the window on: asked before Qt, which would abort the process."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.core.paths import own_command


def missing_display() -> str:
    """One sentence when none of the platforms Qt would try can open a window, else nothing."""
    if not sys.platform.startswith("linux"):
        return ""
    problem = ""
    for platform in _platforms():
        problem = _problem_of(platform)
        if not problem:
            return ""
    return problem


def _platforms() -> list[str]:
    """What Qt tries, in its order."""
    chosen = [name.split(":")[0] for name in os.environ.get("QT_QPA_PLATFORM", "").split(";") if name]
    return chosen or (["wayland", "xcb"] if os.environ.get("WAYLAND_DISPLAY") else ["xcb"])


def _problem_of(platform: str) -> str:
    return _without_screen(platform) or _without_plugin(platform)


def _without_screen(platform: str) -> str:
    if platform == "xcb":
        name = os.environ.get("DISPLAY", "")
        answers = _x_server_answers
    elif platform.startswith("wayland"):
        name = os.environ.get("WAYLAND_DISPLAY", "wayland-0")
        answers = _wayland_answers
    else:
        return ""
    if not name:
        return _("There is no screen to open the window on: start it from a desktop session, or set DISPLAY.")
    if not answers(name):
        return _(
            "The screen {display} does not answer: check DISPLAY, or start from a desktop session."
        ).format(display=name)
    return ""


def _x_server_answers(name: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # which library is missing is the next question
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(name.encode(), None))
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _wayland_answers(name: str) -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _without_plugin(platform: str) -> str:
    """Qt's own words for a missing library name another one, so load what it will load and see."""
    package = find_spec("PySide6")
    for folder in (package.submodule_search_locations if package else None) or ():
        plugins = Path(folder, "Qt", "plugins", "platforms")
        if not plugins.is_dir():
            continue
        # wayland is in libqwayland-generic.so and libqwayland-egl.so
        found = sorted(plugins.glob(f"libq{platform}.so")) or sorted(plugins.glob(f"libq{platform}-*.so"))
        if not found:
            return _("Qt knows no platform “{platform}”: check QT_QPA_PLATFORM.").format(platform=platform)
        try:
            ctypes.CDLL(str(found[0]))
        except OSError as error:
            return _(
                "The window cannot be opened, because this system lacks {library}: "
                "`{command}` says which package brings it."
            ).format(library=Path(str(error).split(":")[0]).name, command=own_command("doctor"))
    return ""
