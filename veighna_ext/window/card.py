"""A large button with an icon, a name and a line that explains it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from veighna_ext.window.texts import characters

ICON = 32
PAD = 14
EXPLAIN = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class Card(QAbstractButton):
    """Opens what it names; works with the mouse and the keyboard."""

    def __init__(self, title: str, explanation: str, picture: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setIcon(picture)
        self.explanation = explanation
        self.setAccessibleDescription(explanation)
        self.setToolTip(explanation)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines of explanation fit."""
        title, lines = QFontMetrics(self._title_font()), self.fontMetrics().lineSpacing() * 2
        return QSize(
            PAD * 3 + ICON + characters(self, 22),
            PAD * 2 + title.lineSpacing() + 4 + lines,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded panel that lights up under the mouse and shows the keyboard's focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        lit = self.underMouse() or self.isDown()
        painter.setBrush(palette.color(QPalette.ColorRole.Button if lit else QPalette.ColorRole.Base))
        edge = QPalette.ColorRole.Highlight if self.hasFocus() or lit else QPalette.ColorRole.Mid
        painter.setPen(QPen(palette.color(edge)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self.icon().paint(painter, PAD, PAD, ICON, ICON)
        left = PAD * 2 + ICON
        painter.setFont(self._title_font())
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        line = painter.fontMetrics().lineSpacing()
        words = QRect(left, PAD - 2, self.width() - left - PAD, line)
        painter.drawText(
            words, painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        )
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        below = QRect(left, words.bottom() + 3, words.width(), self.height() - words.bottom() - PAD)
        painter.drawText(below, EXPLAIN, self.explanation)

    def _title_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPointSizeF(font.pointSizeF() * 1.08)
        return font
