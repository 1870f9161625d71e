"""What is still there after a test: threads and top-level widgets."""

from __future__ import annotations

import gc
import sys
import threading
import time
import traceback

_GRACE_SECONDS = 1.0
_QT_HELPERS = ("QTipLabel", "QShapedPixmapWidget", "QDesktopScreenWidget")


def new_threads(before: set[threading.Thread]) -> list[str]:
    """A line per thread that was not there before and does not end by itself, with what it is doing."""
    deadline = time.monotonic() + _GRACE_SECONDS
    found = []
    for thread in set(threading.enumerate()) - before:
        # a thread of Qt's that ran Python once has a stand-in here that outlives it
        if isinstance(thread, threading._DummyThread):
            continue
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            frame = sys._current_frames().get(thread.ident or 0)
            stack = "".join(traceback.format_stack(frame)[-4:]) if frame is not None else ""
            found.append(f"thread still running: {thread.name}\n{stack}")
    return found


def top_level_widgets() -> dict[int, str]:
    """Every top-level widget by its C++ address; nothing, and no Qt import, in a test without widgets."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    shiboken = sys.modules["shiboken6"]
    return {
        shiboken.getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.windowTitle()!r}"
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.metaObject().className() not in _QT_HELPERS
    }


def new_top_level_widgets(before: set[int]) -> list[str]:
    """A line per top-level widget that was not there before; they are then deleted to spare the next test."""
    if set(top_level_widgets()) <= before:
        return []
    _deliver_deletions()
    if not set(top_level_widgets()) <= before:
        gc.collect()
        _deliver_deletions()
    left = {address: name for address, name in top_level_widgets().items() if address not in before}
    _delete(set(left))
    return [f"top-level widget still alive: {name}" for name in left.values()]


def _deliver_deletions() -> None:
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)


def _delete(addresses: set[int]) -> None:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if not addresses or widgets is None:
        return
    shiboken = sys.modules["shiboken6"]
    for widget in widgets.QApplication.topLevelWidgets():
        # Qt deleting plots whose Python halves live would end the process and hide the failure
        plots = widget.findChild(widgets.QGraphicsView) is not None
        if shiboken.getCppPointer(widget)[0] in addresses and not plots:
            widget.hide()
            widget.deleteLater()
    _deliver_deletions()
