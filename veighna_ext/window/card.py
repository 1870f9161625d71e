"""A large button with an icon, a name and a line that explains it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

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
            PAD * 3 + ICON + self.fontMetrics().averageCharWidth() * 24,
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


class CardGrid(QWidget):
    """Cards in as many columns as the width has room for."""

    SPACING = 10

    def __init__(self, cards: list[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = cards
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(self.SPACING)
        self.lay_out(700)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit now."""
        super().resizeEvent(event)
        self.lay_out(event.size().width())

    def lay_out(self, width: int) -> None:
        """Put the cards into the columns that `width` holds."""
        widest = max((card.sizeHint().width() for card in self.cards), default=1)
        columns = max(1, (width + self.SPACING) // (widest + self.SPACING))
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
