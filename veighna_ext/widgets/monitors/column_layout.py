"""The order, width and visibility of a table's columns and its sort, remembered from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QHeaderView

from veighna_ext.widgets.monitors.columns import Column

GROUP = "monitors"
HIDDEN = "hidden"
WIDEST = 2000


@dataclass(frozen=True)
class Place:
    """Where one column stands; a line of these from left to right is a layout."""

    field: str
    width: int
    hidden: bool = False

    def written(self) -> str:
        return f"{self.field}:{self.width}:{HIDDEN}" if self.hidden else f"{self.field}:{self.width}"


def save_layout(settings: QSettings, name: str, header: QHeaderView, columns: Sequence[Column]) -> None:
    """Remember how the columns of the table `name` stand."""
    places = []
    for visual in range(header.count()):
        column = header.logicalIndex(visual)
        hidden = header.isSectionHidden(column)
        if hidden:
            header.showSection(column)
        places.append(Place(columns[column].field, header.sectionSize(column), hidden).written())
        header.setSectionHidden(column, hidden)
    section = header.sortIndicatorSection()
    descending = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    settings.setValue(f"{GROUP}/{name}/columns", " ".join(places))
    settings.setValue(
        f"{GROUP}/{name}/sort",
        f"{columns[section].field}:{'descending' if descending else 'ascending'}" if section >= 0 else "",
    )


def restore_layout(settings: QSettings, name: str, header: QHeaderView, columns: Sequence[Column]) -> None:
    """Put the columns back; what is not remembered, or not readable, stays as it is."""
    column_of = {column.field: at for at, column in enumerate(columns)}
    for visual, place in enumerate(_read(str(settings.value(f"{GROUP}/{name}/columns", "")), column_of)):
        column = column_of[place.field]
        header.moveSection(header.visualIndex(column), visual)
        header.resizeSection(column, place.width)
        header.setSectionHidden(column, place.hidden)
    if header.hiddenSectionCount() == header.count():
        header.showSection(0)
    field, _colon, way = str(settings.value(f"{GROUP}/{name}/sort", "")).partition(":")
    if field in column_of:
        descending = way == "descending"
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(column_of[field], order)


def _read(text: str, known: dict[str, int]) -> list[Place]:
    places: dict[str, Place] = {}
    for word in text.split():
        field, _colon, rest = word.partition(":")
        width, _colon, hidden = rest.partition(":")
        if field in known and width.isdecimal() and 0 < int(width) <= WIDEST:
            places[field] = Place(field, int(width), hidden == HIDDEN)
    return list(places.values())
