"""Waiting until a window has really been painted."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

LONGEST_WAIT = 3.0
"""A window that opens minimised is not painted at all."""


async def first_frame(window: QWidget) -> None:
    """Return once the window has painted itself for the first time."""
    loop = asyncio.get_running_loop()
    painted: asyncio.Future[None] = loop.create_future()
    watch = _PaintWatch(painted, window)
    window.installEventFilter(watch)
    window.update()
    await asyncio.wait({painted}, timeout=LONGEST_WAIT)
    window.removeEventFilter(watch)
    watch.deleteLater()


class _PaintWatch(QObject):
    def __init__(self, painted: asyncio.Future[None], window: QWidget) -> None:
        super().__init__(window)
        self._painted = painted

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._painted.done():
            # its children paint before the loop comes round
            self._painted.set_result(None)
        return False
