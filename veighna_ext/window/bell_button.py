"""The bell in the status bar, with the number of warnings and errors that wait to be read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from veighna_ext.core.i18n import _, ngettext
from veighna_ext.core.notices import Level
from veighna_ext.widgets.icons import icon
from veighna_ext.window.levels import level_color
from veighna_ext.window.notifications import NotificationCenter

MOST = 99
ICON = 16


class BellButton(QToolButton):
    """Click it to open the list of notices; the badge counts what is unread."""

    def __init__(self, center: NotificationCenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = center.feed
        self.setObjectName("bell")
        self.setIcon(icon("bell"))
        self.setIconSize(QSize(ICON, ICON))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.unread = -1
        self._worst = Level.WARNING
        self._feed.changed.connect(self._refresh)
        self._refresh()

    def sizeHint(self) -> QSize:
        """Room for the bell and the widest badge, so that the status bar never moves."""
        size = super().sizeHint()
        return QSize(size.width() + self._badge_metrics().horizontalAdvance(f"{MOST}+"), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bell at the left, the badge over its right shoulder."""
        painter = QPainter(self)
        top = (self.height() - ICON) / 2
        if self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().button())
            painter.drawRoundedRect(self.rect(), 4, 4)
        self.icon().paint(painter, 5, round(top), ICON, ICON)
        if self.unread <= 0:
            return
        text = str(self.unread) if self.unread <= MOST else f"{MOST}+"
        metrics = self._badge_metrics()
        height = metrics.height()
        badge = QRectF(14, max(0.0, top - 4), max(metrics.horizontalAdvance(text) + 8, height), height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(level_color(self._worst))
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setFont(self._badge_font())
        painter.setPen(self.palette().window().color())
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _refresh(self) -> None:
        unread = self._feed.unread(Level.WARNING)
        worst = Level.ERROR if self._feed.unread(Level.ERROR) else Level.WARNING
        if (unread, worst) == (self.unread, self._worst):
            return
        self.unread, self._worst = unread, worst
        words = ngettext("{count} unread warning or error", "{count} unread warnings and errors", unread)
        self.setToolTip(words.format(count=unread) if unread else _("Notices: nothing unread"))
        self.setAccessibleName(self.toolTip())
        self.update()

    def _badge_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.78)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _badge_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._badge_font())
