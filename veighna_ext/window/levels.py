"""How serious a notice is, shown: its colour, icon and name."""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon

from veighna_ext.core.i18n import _
from veighna_ext.core.notices import Level
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.theme import market_colors, shades

_ICONS = {Level.INFO: "info", Level.WARNING: "warning", Level.ERROR: "error"}


def level_color(level: Level) -> QColor:
    """The colour of a level in the theme in force."""
    if level is Level.INFO:
        return QColor(shades().link)
    return market_colors().warning if level is Level.WARNING else market_colors().error


def level_icon(level: Level, color: QColor | None = None) -> QIcon:
    """The icon of a level, in its own colour unless `color` is given."""
    return icon(_ICONS[level], color or level_color(level))


def level_name(level: Level) -> str:
    """The level in the user's language."""
    return {Level.INFO: _("Information"), Level.WARNING: _("Warning"), Level.ERROR: _("Error")}[level]
