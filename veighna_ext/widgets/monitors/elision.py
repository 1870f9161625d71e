"""Shortening texts to the width of their cell, remembering what was shortened how."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

REMEMBERED = 5000


class Elision:
    """One font's way of shortening."""

    def __init__(self, metrics: QFontMetrics) -> None:
        self._metrics = metrics
        self._digit = max(metrics.horizontalAdvance(digit) for digit in "0123456789-")
        self._known: dict[tuple[str, int, Qt.TextElideMode], str] = {}

    def number(self, text: str, width: int) -> str:
        """A number is as wide as its digits: most need no measuring."""
        return text if len(text) * self._digit <= width else self.right(text, width)

    def right(self, text: str, width: int) -> str:
        """The end left out."""
        return self._shorten(text, width, Qt.TextElideMode.ElideRight)

    def middle(self, text: str, width: int) -> str:
        """The middle left out: the two ends of an id tell it from others."""
        return self._shorten(text, width, Qt.TextElideMode.ElideMiddle)

    def _shorten(self, text: str, width: int, mode: Qt.TextElideMode) -> str:
        key = (text, width, mode)
        short = self._known.get(key)
        if short is None:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            short = self._known[key] = self._metrics.elidedText(text, mode, width)
        return short
