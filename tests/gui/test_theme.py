"""What the two looks must let one see."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QDateEdit, QLineEdit, QSpinBox

from veighna_ext.widgets.theme import ThemeName, apply_theme


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_ground_of_a_field_stands_out_from_the_window(qapp: QApplication, name: ThemeName) -> None:
    apply_theme(qapp, "light" if name == "dark" else "dark")
    fields = [QLineEdit(), QSpinBox(), QDateEdit()]
    for field in fields:
        field.grab()
    apply_theme(qapp, name)
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    for field in fields:
        shown = field.grab().toImage()
        ground = shown.pixelColor(shown.width() - 40, shown.height() // 2)
        assert abs(ground.lightness() - window.lightness()) >= 14, field
