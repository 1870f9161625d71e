"""The project's icons: drawn from SVG at the very size asked for, line icons in the colour of the text."""

from __future__ import annotations

import difflib
from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from veighna_ext.core.paths import resources_dir

SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
APP_ICON = "veighna_ext"
DISABLED_OPACITY = 0.4
_BLACK = 0xFF000000


class UnknownIconError(LookupError):
    """No SVG of that name is shipped."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name, icon_names(), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(icon_names())}"
        super().__init__(f"no icon named {name!r}: {hint}")


class BrokenIconError(ValueError):
    """A shipped SVG that Qt cannot draw."""


def icon(name: str, color: QColor | None = None) -> QIcon:
    """The icon `name`; a line icon follows the palette's text colour unless `color` is given.

    Nothing is read or drawn until the icon is first shown.
    """
    icon_path(name)
    return QIcon(_SvgIconEngine(name, QColor(color) if color is not None else None))


def app_icon() -> QIcon:
    """The icon of the desktop itself, for windows and the task bar."""
    return icon(APP_ICON)


def pixmap(name: str, size: int, dpr: float = 1.0, color: QColor | None = None) -> QPixmap:
    """The icon `name` as `size` logical pixels for a screen of `dpr` device pixels each."""
    return _pixmap(name, size, dpr, color, QIcon.Mode.Normal)


def image(name: str, pixels: int, color: QColor | None = None) -> QImage:
    """The icon `name` on `pixels` × `pixels`; needs no application, a line icon is black without `color`."""
    return _drawn(name, pixels, color.rgba() if color is not None else _BLACK, 1.0).copy()


def icon_names() -> list[str]:
    """Every icon there is."""
    return sorted(path.stem for path in _folder().glob("*.svg"))


def icon_path(name: str) -> Path:
    """The SVG file of `name`, for vnpy's `BaseApp.icon_name` and the desktop's icon theme."""
    path = _folder() / f"{name}.svg"
    if not path.is_file():
        raise UnknownIconError(name)
    return path


def is_line_icon(name: str) -> bool:
    """Whether the icon takes its colour from the text around it."""
    return "currentColor" in _source(name)


class _SvgIconEngine(QIconEngine):
    """Draws one icon when Qt asks, so that a change of theme or screen needs no new icon."""

    def __init__(self, name: str, color: QColor | None) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        left, top = rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2
        pixels = _pixels(side, painter.device().devicePixelRatioF())
        painter.drawImage(QRect(left, top, side, side), _look(self._name, pixels, self._color, mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        return _pixmap(self._name, min(size.width(), size.height()), 1.0, self._color, mode)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        return _pixmap(self._name, min(size.width(), size.height()), scale, self._color, mode)

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)

    def availableSizes(
        self, _mode: QIcon.Mode = QIcon.Mode.Normal, _state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(size, size) for size in SIZES]

    def iconName(self) -> str:
        return self._name

    def isNull(self) -> bool:
        return False

    def key(self) -> str:
        return "veighna_ext"

    def clone(self) -> QIconEngine:
        # Qt takes the clone over but PySide does not know, and would free it under Qt's hands
        _clones[:] = [engine for engine in _clones if isValid(engine)]
        _clones.append(_SvgIconEngine(self._name, self._color))
        return _clones[-1]


_clones: list[_SvgIconEngine] = []


def _pixmap(name: str, size: int, dpr: float, color: QColor | None, mode: QIcon.Mode) -> QPixmap:
    drawn = QPixmap.fromImage(_look(name, _pixels(size, dpr), color, mode))
    drawn.setDevicePixelRatio(dpr)
    return drawn


def _pixels(size: int, dpr: float) -> int:
    return max(1, round(size * dpr))


def _look(name: str, pixels: int, color: QColor | None, mode: QIcon.Mode) -> QImage:
    """The icon as a widget in `mode` shows it: disabled ones fade, selected ones stand on the highlight."""
    disabled = mode == QIcon.Mode.Disabled
    faded = DISABLED_OPACITY if disabled else 1.0
    if not is_line_icon(name):
        return _drawn(name, pixels, _BLACK, faded)
    if color is not None:
        return _drawn(name, pixels, color.rgba(), faded)
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Selected:
        return _drawn(name, pixels, palette.color(QPalette.ColorRole.HighlightedText).rgba(), 1.0)
    group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
    return _drawn(name, pixels, palette.color(group, QPalette.ColorRole.WindowText).rgba(), 1.0)


# images and not pixmaps, because those must not outlive the application
@lru_cache(maxsize=256)
def _drawn(name: str, pixels: int, rgba: int, opacity: float) -> QImage:
    ink = QColor.fromRgba(rgba)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", ink.name()).encode()))
    if not renderer.isValid():
        raise BrokenIconError(f"{icon_path(name)} is not an SVG that Qt can draw")
    drawn = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity * ink.alphaF())
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return drawn


@cache
def _source(name: str) -> str:
    return icon_path(name).read_text(encoding="utf-8")


def _folder() -> Path:
    return resources_dir() / "icons"
