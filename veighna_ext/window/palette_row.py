"""The palette's rows: icon, name, where it lives, shortcut."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from veighna_ext.window.ranking import Entry

ENTRY = Qt.ItemDataRole.UserRole
PAD = 8
ICON = 18


class EntryModel(QAbstractListModel):
    """The entries found, best first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.rows = entries
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row per entry."""
        return 0 if parent.isValid() else len(self.rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The entry for painting; its words for screen readers."""
        if not index.isValid():
            return None
        entry = self.rows[index.row()]
        if role == ENTRY:
            return entry
        return f"{entry.title} {entry.subtitle}" if role == Qt.ItemDataRole.DisplayRole else None


class EntryRow(QStyledItemDelegate):
    """One line: the name first, the rest quieter, the shortcut at the right."""

    def sizeHint(self, option: Any, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, max(ICON, option.fontMetrics.lineSpacing()) + PAD * 2)

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        entry: Entry = index.data(ENTRY)
        palette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Highlight))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.AlternateBase))
        ink = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        quiet = ink if chosen else palette.color(QPalette.ColorRole.PlaceholderText)
        box = option.rect.adjusted(PAD + 4, 0, -PAD - 4, 0)
        if isinstance(entry.icon, QIcon):
            entry.icon.paint(painter, QRect(box.x(), box.center().y() - ICON // 2, ICON, ICON))
        box.setLeft(box.left() + ICON + PAD)
        if entry.shortcut:
            used = _write(painter, box, entry.shortcut, quiet, Qt.AlignmentFlag.AlignRight)
            box.setRight(box.right() - used - PAD * 2)
        used = _write(painter, box, entry.title, ink)
        box.setLeft(box.left() + used + PAD * 2)
        _write(painter, box, entry.subtitle, quiet)
        painter.restore()


def _write(
    painter: QPainter,
    box: QRect,
    text: str,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> int:
    """Draw what fits of `text`; returns the width it took."""
    if box.width() <= 0:
        return 0
    metrics = painter.fontMetrics()
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.setPen(color)
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, fitting)
    return metrics.horizontalAdvance(fitting)
