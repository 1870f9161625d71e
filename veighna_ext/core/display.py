"""Whether there is a screen to open a window on."""

from __future__ import annotations

import ctypes
import os
import sys

from veighna_ext.core.i18n import _


def missing_display() -> str:
    """One sentence when Qt would find no screen, else nothing."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] not in (
        "",
        "xcb",
    ):
        return ""
    name = os.environ.get("DISPLAY", "")
    if os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if not name:
        return _("There is no screen to open the window on: start it from a desktop session, or set DISPLAY.")
    if not _answers(name):
        return _(
            "The screen {display} does not answer: check DISPLAY, or start from a desktop session."
        ).format(display=name)
    return ""


def _answers(name: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(name.encode(), None))
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
