"""Makes an app's window fit on a small screen."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

FRAME = QSize(16, 40)
"""About what a window manager puts around a window."""


def fit_on_screen(window: QWidget, screen: QSize) -> None:
    """Give the buttons of a window that is too high their ordinary height; some apps double it."""
    window.ensurePolished()
    if window.minimumSizeHint().height() <= (screen - FRAME).height():
        return
    for button in cast("list[QPushButton]", window.findChildren(QPushButton)):
        ordinary = button.sizeHint().height()
        if button.minimumHeight() == button.maximumHeight() > ordinary:
            button.setFixedHeight(ordinary)
