"""Where windows and tables remember their layout: one INI file, with keys that no language changes."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from veighna_ext.core.paths import own_dir


def layout_settings() -> QSettings:
    """The remembered layout of the current data folder."""
    return QSettings(str(own_dir() / "layout.ini"), QSettings.Format.IniFormat)
