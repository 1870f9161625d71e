"""The page a newcomer starts from: the demo, a gateway, the apps, the guide."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from veighna_ext.core.i18n import _, language
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.paths import resources_dir
from veighna_ext.core.settings import SettingsStore
from veighna_ext.widgets.icons import app_icon, icon
from veighna_ext.widgets.theme import shades
from veighna_ext.window.app_names import describe_app, official_app_titles
from veighna_ext.window.card import Card
from veighna_ext.window.column_grid import ColumnGrid
from veighna_ext.window.saving import save_settings
from veighna_ext.window.texts import Heading, remark

MARGIN = 28
ACCENT = """
    QPushButton { background: palette(highlight); color: palette(highlighted-text); }
    QPushButton { border-radius: 5px; padding: 4px 16px; }
    QPushButton:hover { border: 1px solid palette(text); }
    QPushButton:focus { border: 1px solid palette(text); }
"""


class WelcomeHost(Protocol):
    """What the page needs of the main window."""

    main_engine: Any
    store: SettingsStore
    notices: NoticeBoard

    def connect_gateway(self, gateway_name: str) -> None:
        """Open a gateway's connect dialog."""

    def open_app(self, app_name: str) -> object:
        """Open an app's window."""

    def open_more_gateways(self) -> object:
        """Open the list of gateways."""

    def open_doctor(self) -> object:
        """Open the doctor."""

    def open_settings(self) -> object:
        """Open our settings."""


def guide_file() -> Path | None:
    """The user guide in the user's language, if it is shipped here."""
    guide = resources_dir().parent / "docs" / f"guide.{language()}.md"
    return guide if guide.is_file() else None


class WelcomePage(QDialog):
    """Non-modal; the demo's button is there only if there is a demo to start."""

    def __init__(
        self,
        host: WelcomeHost,
        parent: QWidget | None = None,
        *,
        start_demo: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent if parent is not None else host if isinstance(host, QWidget) else None)
        self._host = host
        self._start_demo = start_demo
        self.setObjectName("welcome")
        self.setWindowTitle(_("Welcome"))
        self.setSizeGripEnabled(True)
        self._build()
        room = self.screen().availableSize()
        self.resize(min(920, room.width() - 40), min(600, room.height() - 40))

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(18)
        column.addLayout(self._build_title())
        column.addWidget(ColumnGrid(self._make_buttons()))
        cards = self._make_cards()
        if cards:
            column.addWidget(Heading(_("Apps"), 1.15))
            column.addWidget(ColumnGrid(cards))
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.area, 1)
        outer.addLayout(self._build_foot())

    def _build_title(self) -> QHBoxLayout:
        badge = QLabel()
        badge.setPixmap(app_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(6)
        title = Heading(_("Welcome to VeighNa Trader"), 1.9)
        title.setWordWrap(True)
        words.addWidget(title)
        words.addWidget(
            remark(
                _(
                    "From an idea to a tested strategy to a live account, in one window. Connect a gateway "
                    "to see prices, open an app to work with them. The coloured strip at the top of the "
                    "main window always says whether an order can cost real money."
                )
            )
        )
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _make_buttons(self) -> list[QPushButton]:
        self.demo_button = self.guide_button = None
        buttons: list[QPushButton] = []
        if self._start_demo is not None:
            self.demo_button = _button("play", _("Start the demo"), self._start_demo)
            self.demo_button.setIcon(icon("play", QColor(shades().accent_text)))
            self.demo_button.setStyleSheet(ACCENT)
            self.demo_button.setDefault(True)
            buttons.append(self.demo_button)
        self.connect_button = QPushButton(icon("plug"), _("Connect a gateway"))
        self.gateway_menu = self._make_gateway_menu()
        self.connect_button.setMenu(self.gateway_menu)
        buttons.append(self.connect_button)
        guide = guide_file()
        if guide is not None:
            open_guide = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(guide)))
            self.guide_button = _button("book", _("User guide"), open_guide)
            buttons.append(self.guide_button)
        self.doctor_button = _button("heartbeat", _("Check this machine"), self._host.open_doctor)
        self.settings_button = _button("language", _("Language and looks"), self._host.open_settings)
        buttons += [self.doctor_button, self.settings_button]
        for button in buttons:
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(button.fontMetrics().lineSpacing() + 22)
            button.setIconSize(QSize(18, 18))
            button.setAutoDefault(button.isDefault())
        return buttons

    def _make_gateway_menu(self) -> QMenu:
        menu = QMenu(self)
        for name in self._host.main_engine.get_all_gateway_names():
            menu.addAction(name, partial(self._host.connect_gateway, name))
        menu.addSeparator()
        menu.addAction(_("More gateways…"), self._host.open_more_gateways)
        return menu

    def _make_cards(self) -> list[Card]:
        cards = []
        titles = official_app_titles()
        for app in self._host.main_engine.get_all_apps():
            title = titles.get(app.app_module, app.display_name)
            card = Card(title, describe_app(app.app_name), QIcon(app.icon_name))
            card.clicked.connect(partial(self._host.open_app, app.app_name))
            cards.append(card)
        return cards

    def _build_foot(self) -> QHBoxLayout:
        self.at_start = QCheckBox(_("Show this page at start"))
        self.at_start.setChecked(not self._host.store.current.welcome_seen)
        self.at_start.toggled.connect(
            lambda wanted: save_settings(self._host.store, self._host.notices, welcome_seen=not wanted)
        )
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 10, MARGIN, 12)
        foot.addWidget(self.at_start)
        foot.addStretch(1)
        foot.addWidget(close)
        return foot


def _button(icon_name: str, text: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(icon(icon_name), text)
    button.clicked.connect(slot)
    return button
