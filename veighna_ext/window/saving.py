"""Saving a choice of the user's; a disk that refuses becomes one notice."""

from __future__ import annotations

from veighna_ext.core.i18n import _
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.settings import SettingsStore


def save_settings(store: SettingsStore, notices: NoticeBoard, **changes: object) -> bool:
    """Write the changes; False when the file could not be written, which the user is then told."""
    try:
        store.update(**changes)
    except OSError as error:
        notices.error(
            _(
                "The settings could not be saved in {folder} ({reason}). They hold until this program closes."
            ).format(folder=store.path.parent, reason=error.strerror or error),
            source=_("Settings"),
        )
        return False
    return True
