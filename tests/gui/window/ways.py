"""What several tests of windows need: both languages and themes, and an eye for clipped texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from veighna_ext.core import i18n
from veighna_ext.widgets.theme import ThemeName, apply_theme

LOOKS: list[tuple[str, ThemeName]] = [("en", "dark"), ("en", "light"), ("zh", "dark"), ("zh", "light")]


@contextmanager
def dressed(language: str, theme: ThemeName) -> Iterator[None]:
    """Everything built inside is in this language and theme."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = i18n.language(), app.styleSheet(), app.palette(), app.font()
    i18n.set_language(language)
    apply_theme(app, theme)
    try:
        yield
    finally:
        i18n.set_language(before[0])
        app.setStyleSheet(before[1])
        app.setPalette(before[2])
        app.setFont(before[3])


def clipped(window: QWidget) -> list[str]:
    """The texts of shown buttons and one-line labels that have less room than they need."""
    found = []
    widgets: list[QAbstractButton | QLabel] = [
        *window.findChildren(QAbstractButton),
        *window.findChildren(QLabel),
    ]
    for widget in widgets:
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        ignores = widget.sizePolicy().horizontalPolicy() == widget.sizePolicy().Policy.Ignored
        if not widget.isVisible() or not widget.text() or wraps or ignores:
            continue
        wanted = widget.minimumSizeHint()
        if widget.width() < wanted.width() or widget.height() < wanted.height():
            found.append(f"{widget.text()}: {widget.size()} instead of {wanted}")
    return found
