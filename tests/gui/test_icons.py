"""Our icons: sharp at every size and scale, readable on both themes, in the colour of the text."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from veighna_ext.widgets import icons
from veighna_ext.widgets.icons import (
    SIZES,
    app_icon,
    icon,
    icon_names,
    icon_path,
    image,
    is_line_icon,
    pixmap,
)

NAMES = icon_names()
BADGES = ("mode_sim", "mode_mock", "mode_testnet", "mode_live")
COLORFUL = ("veighna_ext", "ai_strategy", "mock_exchange", "paper_account", *BADGES)
DARK_GROUND, LIGHT_GROUND = QColor("#15181d"), QColor("#ffffff")


def colors(picture: QImage) -> list[QColor]:
    side = range(picture.width())
    return [picture.pixelColor(x, y) for y in side for x in side]


def alphas(picture: QImage) -> list[int]:
    return [color.alpha() for color in colors(picture)]


def solid_colors(picture: QImage) -> list[QColor]:
    return [color for color in colors(picture) if color.alpha() == 255]


def greys_on(picture: QImage, ground: QColor) -> list[int]:
    flat = QImage(picture.size(), QImage.Format.Format_RGB32)
    flat.fill(ground)
    painter = QPainter(flat)
    painter.drawImage(0, 0, picture)
    painter.end()
    return [color.lightness() for color in colors(flat)]


def soft_pixels(picture: QImage) -> int:
    return sum(0 < alpha < 255 for alpha in alphas(picture))


def mean_difference(first: list[int], second: list[int]) -> float:
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / len(first)


def luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def test_the_app_every_app_of_ours_and_every_mode_has_an_icon() -> None:
    assert set(COLORFUL) <= set(NAMES)
    assert not any(is_line_icon(name) for name in COLORFUL)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_outside_the_icon_where_it_would_be_cut_off(name: str) -> None:
    source = icon_path(name).read_text(encoding="utf-8").replace("currentColor", "#000000")
    renderer = QSvgRenderer(QByteArray(source.encode()))
    box = renderer.viewBoxF()
    margin = box.width() / 4
    renderer.setViewBox(box.adjusted(-margin, -margin, margin, margin))
    side = 192
    wide = QImage(side, side, QImage.Format.Format_ARGB32)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    inside = range(side // 6, side - side // 6)
    outside = [
        (x, y) for x in range(side) for y in range(side)
        if (x not in inside or y not in inside) and wide.pixelColor(x, y).alpha() > 0
    ]
    assert not outside
    assert any(wide.pixelColor(x, y).alpha() == 255 for x in inside for y in inside)


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_has_text_of_no_font_and_leans_on_no_other_file(name: str) -> None:
    source = icon_path(name).read_text(encoding="utf-8")
    assert "<text" not in source
    assert "href" not in source
    assert len(source) < 2048


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", NAMES)
def test_an_icon_fills_the_device_pixels_of_every_size_and_scale(
    qapp: QApplication, name: str, dpr: float
) -> None:
    shown = icon(name)
    for size in SIZES:
        drawn = shown.pixmap(QSize(size, size), dpr)
        assert drawn.size() == QSize(round(size * dpr), round(size * dpr))
        assert drawn.devicePixelRatio() == dpr
        assert pixmap(name, size, dpr).toImage() == drawn.toImage()
        if size <= 32:
            inked = sum(alpha > 127 for alpha in alphas(drawn.toImage()))
            assert inked >= 0.05 * drawn.width() * drawn.height()


@pytest.mark.parametrize("name", NAMES)
def test_a_large_icon_is_drawn_large_and_not_a_small_one_blown_up(name: str) -> None:
    blown_up = image(name, 16).scaled(
        128, 128, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    assert soft_pixels(image(name, 128)) < 0.35 * soft_pixels(blown_up)


@pytest.mark.parametrize("name", ["columns", "layout", "fullscreen", "stop", "mode_testnet", "mock_exchange"])
def test_straight_lines_are_sharper_at_16_pixels_than_a_large_icon_scaled_down(name: str) -> None:
    shifted = image(name, 256).scaled(
        17, 17, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    assert soft_pixels(image(name, 16)) < soft_pixels(shifted)


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_a_widget_paints_the_icon_pixel_for_pixel_on_a_scaled_screen(qapp: QApplication, dpr: float) -> None:
    pixels = round(24 * dpr)
    canvas = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.setDevicePixelRatio(dpr)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    icon("ai_strategy").paint(painter, QRect(0, 0, 24, 24))
    painter.end()
    canvas.setDevicePixelRatio(1.0)
    assert canvas == image("ai_strategy", pixels)


@pytest.mark.parametrize(("first", "second"), list(combinations(BADGES, 2)))
def test_two_modes_are_told_apart_without_colour(first: str, second: str) -> None:
    one, other = image(first, 16), image(second, 16)
    assert mean_difference(alphas(one), alphas(other)) > 10
    for ground in (DARK_GROUND, LIGHT_GROUND):
        assert mean_difference(greys_on(one, ground), greys_on(other, ground)) > 20


@pytest.mark.parametrize(
    ("name", "hues"),
    [
        ("mode_sim", range(200, 240)),
        ("mode_mock", range(30, 50)),
        ("mode_testnet", range(120, 160)),
        ("mode_live", range(2)),
    ],
    ids=["sim is blue", "mock is amber", "testnet is green", "live is red"],
)
def test_a_badge_has_the_colour_of_its_banner(name: str, hues: range) -> None:
    solid = solid_colors(image(name, 64))
    ground = [color.hue() for color in solid if color.saturation() > 150 and color.value() > 100]
    assert len(ground) > len(solid) / 2
    assert set(ground) <= set(hues)


@pytest.mark.parametrize("ground", [DARK_GROUND, LIGHT_GROUND], ids=["dark", "light"])
@pytest.mark.parametrize("name", COLORFUL)
def test_a_coloured_icon_stands_out_from_both_themes(name: str, ground: QColor) -> None:
    solid = solid_colors(image(name, 16))
    own = sum(luminance(color) for color in solid) / len(solid)
    bright, dark = max(own, luminance(ground)), min(own, luminance(ground))
    assert (bright + 0.05) / (dark + 0.05) > 1.7


@pytest.mark.parametrize("name", [name for name in NAMES if is_line_icon(name)])
def test_a_line_icon_takes_the_colour_it_is_given(name: str) -> None:
    red = QColor("#d02030")
    assert {color.name() for color in solid_colors(image(name, 32, red))} == {red.name()}


@pytest.fixture
def palette_of_the_app(qapp: QApplication) -> Iterator[QPalette]:
    """Text colours that differ from each other; the application's own palette comes back afterwards."""
    before = QPalette(qapp.palette())
    palette = QPalette(before)
    palette.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText, QColor("#dfe3ea"))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, QColor("#8b94a3"))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#fefefe"))
    qapp.setPalette(palette)
    yield palette
    qapp.setPalette(before)


def ink(drawn: QPixmap) -> str:
    return drawn.toImage().pixelColor(8, 8).name()


def test_a_line_icon_follows_the_theme_without_being_made_again(
    qapp: QApplication, palette_of_the_app: QPalette
) -> None:
    shown = icon("stop")
    assert ink(shown.pixmap(16, QIcon.Mode.Normal)) == "#dfe3ea"
    assert ink(shown.pixmap(16, QIcon.Mode.Disabled)) == "#8b94a3"
    assert ink(shown.pixmap(16, QIcon.Mode.Selected)) == "#fefefe"
    palette_of_the_app.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText, QColor("#1b1f26"))
    qapp.setPalette(palette_of_the_app)
    assert ink(shown.pixmap(16, QIcon.Mode.Normal)) == "#1b1f26"
    assert ink(icon("stop", QColor("#c62828")).pixmap(16)) == "#c62828"


def test_a_disabled_coloured_icon_fades(qapp: QApplication) -> None:
    shown = app_icon()
    full = shown.pixmap(32, QIcon.Mode.Normal).toImage().pixelColor(16, 2)
    faded = shown.pixmap(32, QIcon.Mode.Disabled).toImage().pixelColor(16, 2)
    assert full.alpha() == 255
    assert 60 < faded.alpha() < 150


def test_an_unknown_name_is_an_error_that_names_the_near_ones() -> None:
    with pytest.raises(icons.UnknownIconError, match="chevron_down"):
        icon("chevron-down")


def test_an_icon_is_neither_read_nor_drawn_before_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "torn.svg").write_text("not a picture", encoding="utf-8")
    monkeypatch.setattr(icons, "resources_dir", lambda: tmp_path)
    assert not icon("torn").isNull()
    with pytest.raises(icons.BrokenIconError, match=r"torn\.svg"):
        image("torn", 16)


def test_an_icon_lives_on_when_qt_copies_and_changes_it(qapp: QApplication) -> None:
    for _round in range(50):
        original = icon("bell")
        copy = QIcon(original)
        copy.addPixmap(QPixmap(8, 8))
        del original
        gc.collect()
        assert copy.pixmap(16).size() == QSize(16, 16)


@pytest.mark.parametrize("name", COLORFUL)
def test_an_icon_file_works_where_vnpy_wants_a_path(qapp: QApplication, name: str) -> None:
    drawn = QIcon(str(icon_path(name))).pixmap(40).toImage()
    assert drawn.pixelColor(20, 20).alpha() == 255


def test_a_window_offers_every_size_of_the_app_icon_to_the_task_bar(qtbot: QtBot) -> None:
    assert [size.width() for size in app_icon().availableSizes()] == list(SIZES)
