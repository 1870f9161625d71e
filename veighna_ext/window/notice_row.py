"""How one notice looks in the list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from veighna_ext.core.notices import Notice
from veighna_ext.window.levels import level_icon
from veighna_ext.window.notice_model import NOTICE, origin

PAD = 8
ICON = 16


class NoticeRow(QStyledItemDelegate):
    """Level, text and origin in two lines; unread ones bold."""

    def sizeHint(self, option: Any, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, option.fontMetrics.lineSpacing() * 2 + PAD * 2)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        notice: Notice = index.data(NOTICE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        painter.save()
        if chosen:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Highlight))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.AlternateBase))
        ink = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        quiet = ink if chosen else palette.color(QPalette.ColorRole.PlaceholderText)
        box = option.rect.adjusted(PAD + 4, PAD, -PAD, -PAD)
        level_icon(notice.level, ink if chosen else None).paint(painter, QRect(box.x(), box.y(), ICON, ICON))
        line = option.fontMetrics.lineSpacing()
        words = QRect(box.x() + ICON + PAD, box.y(), box.width() - ICON - PAD, line)
        font = QFont(option.font)
        font.setBold(not notice.read)
        painter.setFont(font)
        _write(painter, words, notice.text.replace("\n", " "), ink)
        painter.setFont(option.font)
        _write(painter, words.translated(0, line), origin(notice), quiet)
        painter.restore()


def _write(painter: QPainter, box: QRect, text: str, color: QColor) -> None:
    painter.setPen(color)
    fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
