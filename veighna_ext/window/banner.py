"""The strip that always says whether an order from here can cost money."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from veighna_ext.core.i18n import _
from veighna_ext.core.modes import Mode
from veighna_ext.widgets.icons import icon, pixmap

GROUND = {Mode.SIM: "#1d4f91", Mode.MOCK: "#8a5a00", Mode.TESTNET: "#1d6b42", Mode.LIVE: "#a32020"}
# no order can leave yet: the hue of the mode, not its alarm
GROUND_UNCONNECTED = {
    Mode.SIM: "#33465f",
    Mode.MOCK: "#57492f",
    Mode.TESTNET: "#324f42",
    Mode.LIVE: "#613a40",
}
NO_GATEWAY = "#3a414d"
INK = "#ffffff"


def describe(mode: Mode) -> str:
    """What the mode means for the trader's money."""
    return {
        Mode.SIM: _("simulated account, no order leaves this program"),
        Mode.MOCK: _("mock exchange on this machine, no real money"),
        Mode.TESTNET: _("the venue's practice server, no real money"),
        Mode.LIVE: _("orders trade real money"),
    }[mode]


class ModeBanner(QWidget):
    """Shows the mode of the gateway chosen in the trading panel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mode_banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._badge = QLabel(self)
        self._mode = QLabel(self)
        self._text = QLabel(self)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.search_button = QToolButton(self)
        self.search_button.setObjectName("banner_search")
        self.search_button.setText("  " + _("Search  Ctrl+K"))
        self.search_button.setIcon(icon("search", self.palette().brightText().color()))
        self.search_button.setIconSize(QSize(14, 14))
        self.search_button.setToolButtonStyle(self.search_button.toolButtonStyle().ToolButtonTextBesideIcon)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 2, 6, 2)
        layout.setSpacing(8)
        layout.addWidget(self._badge)
        layout.addWidget(self._mode)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.search_button)
        self.mode: Mode | None = None

    def show_gateway(self, gateway_name: str, mode: Mode | None, connected: bool) -> None:
        """Follow the chosen gateway; no gateway at all leaves a neutral strip."""
        self.mode = mode
        if mode is None:
            self._dress(NO_GATEWAY)
            self._badge.clear()
            self._mode.setText(_("No gateway"))
            self._text.setText(_("choose one in the System menu"))
            return
        self._dress(GROUND[mode] if connected else GROUND_UNCONNECTED[mode])
        self._badge.setPixmap(pixmap(f"mode_{mode.value.lower()}", 18, self.devicePixelRatioF()))
        self._mode.setText(f"<b>{mode.value}</b>")
        state = "" if connected else _(" · not connected")
        self._text.setText(f"{gateway_name}{state} — {describe(mode)}")
        self._text.setToolTip(self._text.text())

    def _dress(self, ground: str) -> None:
        self.setStyleSheet(
            f"#mode_banner {{ background: {ground}; }} #mode_banner QLabel {{ color: {INK}; }}"
            f" #banner_search {{ color: {INK}; background: rgba(255,255,255,32); }}"
            " #banner_search { padding: 2px 10px; border-radius: 4px; }"
            " #banner_search:hover { background: rgba(255,255,255,64); }"
        )
