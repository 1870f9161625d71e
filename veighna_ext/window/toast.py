"""One notice in the corner of the window: seen without being in the way."""

from __future__ import annotations

import math

from PySide6.QtCore import QByteArray, QEvent, QPropertyAnimation, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from veighna_ext.core.i18n import _
from veighna_ext.core.notices import Level, Notice
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.theme import shades
from veighna_ext.window.levels import level_color, level_icon
from veighna_ext.window.texts import WrappedText

SECONDS = {Level.INFO: 5.0, Level.WARNING: 10.0, Level.ERROR: math.inf}
FADE_MS = 220
SECONDS_AFTER_HOVER = 2.0


class Toast(QFrame):
    """Shows one notice; goes by itself unless it is an error or the mouse rests on a toast."""

    dismissed = Signal(object)
    expired = Signal(object)
    opened = Signal(object)
    hovered = Signal(bool)

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(_("Click to open the list of notices"))
        self._badge = QLabel()
        self._text = WrappedText(notice.text, lines=4)
        self.meta = QLabel()
        self.meta.setTextFormat(Qt.TextFormat.PlainText)
        self.meta.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.close_button = self._make_close_button()
        self._lay_out()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._fade)
        self._fading: QPropertyAnimation | None = None
        self.show_notice(notice)

    def show_notice(self, notice: Notice) -> None:
        """Show `notice`, or the same one again with a higher count; its time starts anew."""
        if notice.level is not self.notice.level:
            self.notice = notice
            self._dress()
            self.update()
        self.notice = notice
        self._text.set_text(notice.text)
        repeats = f"×{notice.count}" if notice.count > 1 else ""
        self.meta.setText(" · ".join(filter(None, (repeats, notice.source, f"{notice.when:%H:%M:%S}"))))
        self._stop_fading()
        self._count_down(SECONDS[notice.level])

    def hold(self) -> None:
        """Stay for now."""
        self._timer.stop()
        self._stop_fading()

    def release(self) -> None:
        """Go on as before `hold`, with time enough to look away."""
        if not self._timer.isActive():
            self._count_down(min(SECONDS[self.notice.level], SECONDS_AFTER_HOVER))

    @property
    def expires(self) -> bool:
        """Whether it is about to go by itself."""
        return self._timer.isActive() or self._fading is not None

    def fit(self, width: int) -> None:
        """Take the height that `width` needs."""
        self.resize(width, self.heightForWidth(width))

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse rests here: nothing may vanish under it."""
        self.hovered.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse left."""
        self.hovered.emit(False)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the list."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self)

    def changeEvent(self, event: QEvent) -> None:
        """Icons carry the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A raised card with a stripe in the level's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QPainterPath()
        card.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(card, self.palette().color(QPalette.ColorRole.Button))
        painter.setClipPath(card)
        painter.fillRect(QRectF(0, 0, 4, self.height()), level_color(self.notice.level))
        painter.setClipping(False)
        painter.setPen(QPen(shades().border))
        painter.drawPath(card)

    def _make_close_button(self) -> QToolButton:
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setAutoRaise(True)
        button.setIconSize(QSize(12, 12))
        button.setToolTip(_("Dismiss"))
        button.setAccessibleName(_("Dismiss"))
        button.clicked.connect(lambda: self.dismissed.emit(self))
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._text)
        words.addWidget(self.meta)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 6, 10)
        row.setSpacing(10)
        row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._dress()

    def _dress(self) -> None:
        self._badge.setPixmap(level_icon(self.notice.level).pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self.close_button.setIcon(icon("close"))

    def _count_down(self, seconds: float) -> None:
        if math.isinf(seconds):
            self._timer.stop()
        else:
            self._timer.start(round(seconds * 1000))

    def _fade(self) -> None:
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        self._fading = QPropertyAnimation(effect, QByteArray(b"opacity"), self)
        self._fading.setDuration(FADE_MS)
        self._fading.setStartValue(1.0)
        self._fading.setEndValue(0.0)
        self._fading.finished.connect(lambda: self.expired.emit(self))
        self._fading.start()

    def _stop_fading(self) -> None:
        if self._fading is not None:
            self._fading.stop()
            self._fading.deleteLater()
            self._fading = None
            # PySide's stub leaves out that no effect is a valid effect
            self.setGraphicsEffect(None)  # type: ignore[arg-type]
