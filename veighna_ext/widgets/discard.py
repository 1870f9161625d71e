"""Deleting a window for good, plots or not."""

from __future__ import annotations

from PySide6.QtWidgets import QGraphicsView, QWidget


def discard(window: QWidget) -> None:
    """
    Let go of a window that nobody needs any more.

    Qt deletes it, unless it holds plots: Qt deleting those while the Python halves of what is drawn in them
    live ends the process. Such a window is left to Python, which collects both halves together.
    """
    if window.findChild(QGraphicsView) is None:
        window.deleteLater()
    else:
        window.setParent(None)
