"""Deleting a window for good, plots or not."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QGraphicsView, QWidget


def discard(window: QWidget) -> None:
    """
    Let go of a window that nobody needs any more.

    What is drawn in plots has C++ and Python halves that hold each other. Deleting or collecting a window
    around them takes them apart in whatever order comes and ends the process; so the plots are emptied first,
    while both halves are whole.
    """
    views = cast("list[QGraphicsView]", window.findChildren(QGraphicsView))
    for view in views:
        scene = view.scene()
        if scene is not None:
            scene.clear()
    window.deleteLater()
