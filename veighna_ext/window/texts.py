"""Labels that follow the theme by themselves: headings, quiet remarks, text that always fits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QPainter, QPaintEvent, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget


class Heading(QLabel):
    """A bold line, `scale` times as large as the interface font whatever that becomes."""

    def __init__(self, text: str, scale: float = 1.25, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._scale = scale
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._resize_font()

    def changeEvent(self, event: QEvent) -> None:
        """Grow and shrink with the interface font."""
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._resize_font()
        super().changeEvent(event)

    def _resize_font(self) -> None:
        font = QFont()
        font.setPointSizeF(QApplication.font().pointSizeF() * self._scale)
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)


def remark(text: str, wrap: bool = True) -> QLabel:
    """A quiet line or paragraph in the theme's muted colour."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(wrap)
    return label


def characters(widget: QWidget, count: int) -> int:
    """The width of `count` digits; the average of a font with Chinese says nothing about Latin text."""
    return widget.fontMetrics().horizontalAdvance("0") * count


def fixed_font() -> QFont:
    """Fixed width at the interface's size, also after that changes: only the family is set."""
    font = QFont()
    font.setFamilies([QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
    return font


class WrappedText(QWidget):
    """Plain text that wraps even inside long words and ends with an ellipsis after `lines` lines."""

    def __init__(self, text: str = "", lines: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._lines = lines
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The whole text, also what does not fit."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for a sentence; the height follows from the width given."""
        width = min(self.fontMetrics().horizontalAdvance(self._text) + 2, characters(self, 40))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One line, however narrow."""
        return QSize(characters(self, 8), self.fontMetrics().lineSpacing())

    def heightForWidth(self, width: int) -> int:
        """Room for the lines that `width` needs."""
        return max(1, len(self._broken(width))) * self.fontMetrics().lineSpacing()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines that fit."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = self.fontMetrics()
        for number, line in enumerate(self._broken(self.width())):
            painter.drawText(QPointF(0, number * metrics.lineSpacing() + metrics.ascent()), line)

    def _broken(self, width: int) -> list[str]:
        text = self._text.replace("\n", "\u2028")
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(text, self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[tuple[int, int]] = []
        while len(starts) <= self._lines:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(width, 1))
            starts.append((line.textStart(), line.textLength()))
        layout.endLayout()
        lines = [text[start : start + length].rstrip("\u2028 ") for start, length in starts[: self._lines]]
        if len(starts) > self._lines:
            rest = text[starts[self._lines - 1][0] :].replace("\u2028", " ")[:400]
            lines[-1] = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, width)
        return lines
