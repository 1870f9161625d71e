"""The two looks: Fusion with our palette, a small style sheet, a font with Chinese, market colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from veighna_ext.core.i18n import language
from veighna_ext.core.paths import resources_dir

ThemeName = Literal["dark", "light"]
RisingColor = Literal["red", "green"]

CHINESE_FONTS = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
)
LATIN_FONTS = ("Segoe UI", "SF Pro Text", "Inter", "Cantarell", "Ubuntu", "Noto Sans", "DejaVu Sans")


@dataclass(frozen=True)
class Shades:
    """The greys and the accent of one theme, from the window's ground up."""

    window: str
    panel: str
    stripe: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    link: str


@dataclass(frozen=True)
class MarketColors:
    """Colours that mean something to a trader; chosen to be readable on the theme's ground."""

    long: QColor
    short: QColor
    bid: QColor
    ask: QColor
    profit: QColor
    loss: QColor
    muted: QColor
    warning: QColor
    error: QColor


DARK = Shades(
    "#15181d",
    "#1b1f26",
    "#20252d",
    "#2a303a",
    "#343b47",
    "#dfe3ea",
    "#8b94a3",
    "#3d7eff",
    "#ffffff",
    "#6ea0ff",
)
LIGHT = Shades(
    "#eef0f3",
    "#ffffff",
    "#f6f7f9",
    "#ffffff",
    "#cdd2da",
    "#1b1f26",
    "#667080",
    "#1f62e0",
    "#ffffff",
    "#1a56c4",
)

_REDS = {"dark": "#ff6b6b", "light": "#c62828"}
_GREENS = {"dark": "#3ecf8e", "light": "#15803d"}
_WARNINGS = {"dark": "#f5b04c", "light": "#a15c00"}
_ERRORS = {"dark": "#ff7a7a", "light": "#b91c1c"}

_name: ThemeName = "dark"
_rising: RisingColor = "red"
_version = 0
_colors: MarketColors | None = None


def apply_theme(
    app: QApplication, name: ThemeName, rising: RisingColor = "red", family: str = "", size: int = 0
) -> None:
    """Dress the whole application; may be called again to switch while it runs."""
    global _name, _rising, _version, _colors
    _name, _rising, _colors = name, rising, None
    _version += 1
    app.setStyle("Fusion")
    app.setFont(interface_font(family, size))
    app.setPalette(_palette(shades()))
    app.setStyleSheet(_style_sheet(shades()))


def shades() -> Shades:
    """The greys of the theme in force."""
    return DARK if _name == "dark" else LIGHT


def theme_name() -> ThemeName:
    """`dark` or `light`."""
    return _name


def theme_version() -> int:
    """Grows with every change of theme, for whoever caches colours."""
    return _version


def market_colors() -> MarketColors:
    """The meaning colours of the theme in force; rising and falling as the user's market has them."""
    global _colors
    if _colors is None:
        red, green = QColor(_REDS[_name]), QColor(_GREENS[_name])
        up, down = (red, green) if _rising == "red" else (green, red)
        _colors = MarketColors(
            long=up,
            short=down,
            bid=up,
            ask=down,
            profit=up,
            loss=down,
            muted=QColor(shades().muted),
            warning=QColor(_WARNINGS[_name]),
            error=QColor(_ERRORS[_name]),
        )
    return _colors


def interface_font(family: str = "", size: int = 0) -> QFont:
    """The interface's font: the user's if it exists, else the first good one, always with Chinese in it."""
    have = set(QFontDatabase.families())
    chinese = [name for name in CHINESE_FONTS if name in have][:1]
    latin = [name for name in LATIN_FONTS if name in have][:1]
    chosen = [family] if family in have else []
    # Chinese drawn as a fallback comes out bold on some systems, so it leads where it is what one reads
    chosen += chinese + latin if language() == "zh" else latin + chinese
    font = QFont()
    if chosen:
        font.setFamilies(chosen)
    font.setPointSize(size if 6 <= size <= 32 else 10)
    return font


def _palette(shade: Shades) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, color in {
        role.Window: shade.window,
        role.WindowText: shade.text,
        role.Base: shade.panel,
        role.AlternateBase: shade.stripe,
        role.Text: shade.text,
        role.Button: shade.raised,
        role.ButtonText: shade.text,
        role.BrightText: shade.accent_text,
        role.ToolTipBase: shade.raised,
        role.ToolTipText: shade.text,
        role.PlaceholderText: shade.muted,
        role.Highlight: shade.accent,
        role.HighlightedText: shade.accent_text,
        role.Link: shade.link,
        role.LinkVisited: shade.link,
        role.Light: shade.raised,
        role.Midlight: shade.raised,
        role.Mid: shade.border,
        role.Dark: shade.border,
        role.Shadow: "#000000",
        role.Accent: shade.accent,
    }.items():
        palette.setColor(target, QColor(color))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(shade.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(shade.border))
    return palette


def _style_sheet(shade: Shades) -> str:
    """What Fusion cannot do by palette; table cells stay free of it because styled cells paint slowly."""
    tick = (resources_dir() / "theme" / "tick.svg").as_posix()
    return f"""
    QToolTip {{ color: {shade.text}; background: {shade.raised}; border: 1px solid {shade.border};
        padding: 3px; }}
    QMainWindow::separator {{ background: {shade.window}; width: 5px; height: 5px; }}
    QMainWindow::separator:hover {{ background: {shade.accent}; }}
    QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; }}
    QDockWidget::title {{ background: {shade.window}; padding: 5px 8px; text-align: left; }}
    QMenuBar {{ background: {shade.window}; padding: 1px 4px; }}
    QMenuBar::item {{ padding: 4px 10px; border-radius: 3px; background: transparent; }}
    QMenuBar::item:selected {{ background: {shade.raised}; }}
    QMenu {{ background: {shade.panel}; border: 1px solid {shade.border}; padding: 4px; }}
    QMenu::item {{ padding: 5px 28px 5px 26px; border-radius: 3px; }}
    QMenu::item:selected {{ background: {shade.accent}; color: {shade.accent_text}; }}
    QMenu::item:disabled {{ color: {shade.muted}; background: transparent; }}
    QMenu::separator {{ height: 1px; background: {shade.border}; margin: 4px 8px; }}
    QMenu::icon {{ padding-left: 6px; }}
    QToolBar {{ background: {shade.window}; border: none; padding: 4px; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 4px; }}
    QToolButton:hover {{ background: {shade.raised}; }}
    QToolButton:pressed, QToolButton:checked {{ background: {shade.border}; }}
    QHeaderView::section {{ background: {shade.window}; color: {shade.muted}; border: none; padding: 4px 6px;
        border-bottom: 1px solid {shade.border}; border-right: 1px solid {shade.stripe}; }}
    QHeaderView::section:hover {{ color: {shade.text}; }}
    QTabWidget::pane {{ background: {shade.panel}; border: 1px solid {shade.border}; }}
    QTabBar::tab {{ background: transparent; color: {shade.muted}; padding: 5px 14px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {shade.text}; border-bottom: 2px solid {shade.accent}; }}
    QTabBar::tab:hover {{ color: {shade.text}; }}
    QStatusBar {{ background: {shade.window}; }}
    QStatusBar::item {{ border: none; }}
    QLineEdit, QAbstractSpinBox {{ background-color: {shade.raised}; }}
    QCheckBox::indicator, QGroupBox::indicator {{ width: 14px; height: 14px; border-radius: 3px;
        border: 1px solid {shade.muted}; background: {shade.panel}; }}
    QCheckBox::indicator:hover, QGroupBox::indicator:hover {{ border-color: {shade.accent}; }}
    QCheckBox::indicator:checked, QGroupBox::indicator:checked {{ border-color: {shade.accent};
        background: {shade.accent}; image: url("{tick}"); }}
    QCheckBox::indicator:disabled {{ border-color: {shade.border}; }}
    QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
    QScrollBar::handle {{ background: {shade.border}; border-radius: 4px; margin: 2px;
        min-height: 28px; min-width: 28px; }}
    QScrollBar::handle:hover {{ background: {shade.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
