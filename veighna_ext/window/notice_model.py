"""The notices of the chosen levels as rows, newest first."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from veighna_ext.core.notices import Level, Notice
from veighna_ext.window.levels import level_name

NOTICE = Qt.ItemDataRole.UserRole


class NoticeModel(QAbstractListModel):
    """Row 0 is the newest; a role gives the notice itself to the painter."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Notice] = []

    def show(self, notices: list[Notice]) -> None:
        """Take other rows; untouched if they are the same."""
        if notices == self.rows:
            return
        if [notice.number for notice in notices] == [notice.number for notice in self.rows]:
            self.rows = notices
            self.dataChanged.emit(self.index(0), self.index(len(notices) - 1))
            return
        self.beginResetModel()
        self.rows = notices
        self.endResetModel()

    def row_of(self, number: int) -> int:
        """The row of a notice, −1 when it is not shown."""
        return next((row for row, notice in enumerate(self.rows) if notice.number == number), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row per notice."""
        return 0 if parent.isValid() else len(self.rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The notice for painting; its words for tooltips and screen readers."""
        if not index.isValid():
            return None
        notice = self.rows[index.row()]
        if role == NOTICE:
            return notice
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{level_name(notice.level)}: {notice.text}"
        return notice.text if role == Qt.ItemDataRole.ToolTipRole else None


def origin(notice: Notice) -> str:
    """When, from where and how often, in one line."""
    today = f"{notice.when:%Y-%m-%d}" == time.strftime("%Y-%m-%d")
    moment = notice.when.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M:%S")
    return " · ".join(filter(None, (moment, notice.source, f"×{notice.count}" if notice.count > 1 else "")))


def as_text(notice: Notice) -> str:
    """All of a notice, for the clipboard."""
    head = f"{notice.when:%Y-%m-%d %H:%M:%S} {level_name(notice.level)}"
    parts = (
        head,
        f"{notice.source}" if notice.source else "",
        f"×{notice.count}" if notice.count > 1 else "",
    )
    return (
        "\n".join(filter(None, (" · ".join(filter(None, parts)), notice.text, notice.detail))).rstrip() + "\n"
    )


def of_levels(notices: list[Notice], levels: frozenset[Level]) -> list[Notice]:
    """The notices of these levels only."""
    return notices if len(levels) == len(Level) else [notice for notice in notices if notice.level in levels]
