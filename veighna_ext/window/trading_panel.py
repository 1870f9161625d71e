"""vnpy's trading panel, unchanged to the hand, with ticks at frame rate and a word before real money."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QLayout
from vnpy.event import Event, EventEngine
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import EVENT_TICK
from vnpy.trader.ui.widget import TradingWidget

from veighna_ext.core.i18n import _
from veighna_ext.widgets.theme import market_colors

FRAME_MS = 33


class TradingPanel(TradingWidget):
    """Signals ask the window for what the panel cannot decide alone."""

    order_wanted = Signal(str)
    refused = Signal(str)
    _tick_waiting = Signal()

    def __init__(self, main_engine: MainEngine, event_engine: EventEngine) -> None:
        self._side_labels: list[tuple[QLabel, str]] = []
        self._latest: Event | None = None
        super().__init__(main_engine, event_engine)

    def init_ui(self) -> None:
        """vnpy's form, with its rows close enough for a small screen."""
        super().init_ui()
        # two fields share it, and without a parent it would outlive the panel
        self.price_line.validator().setParent(self)
        layouts = cast("list[QLayout]", self.findChildren(QLayout))
        for layout in layouts:
            layout.setContentsMargins(6, 2, 6, 2)
            layout.setSpacing(4)

    def register_event(self) -> None:
        """Take only the shown contract's ticks, and only the newest once per frame."""
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._show_latest)
        self._tick_waiting.connect(self._frame.start)
        self.event_engine.register(EVENT_TICK, self._keep_tick)
        engine, keep = self.event_engine, self._keep_tick
        self.destroyed.connect(lambda: engine.unregister(EVENT_TICK, keep))

    def _keep_tick(self, event: Event) -> None:
        if event.data.vt_symbol != self.vt_symbol:
            return
        waiting, self._latest = self._latest, event
        if waiting is None:
            self._tick_waiting.emit()

    def _show_latest(self) -> None:
        event, self._latest = self._latest, None
        if event is not None:
            self.process_tick_event(event)

    def create_label(self, color: str = "", alignment: int = 1) -> QLabel:
        """Bid and ask labels in colours that the theme in force can show."""
        label: QLabel = super().create_label("", alignment)
        if color:
            self._side_labels.append((label, "bid" if color.startswith("rgb(255") else "ask"))
            _tint(label, color_of(self._side_labels[-1][1]))
        return label

    def apply_theme(self) -> None:
        """Follow a change of theme."""
        for label, side in self._side_labels:
            _tint(label, color_of(side))

    def send_order(self) -> None:
        """Say what is missing without a blocking box; then let the window confirm, or send."""
        problem = self._missing()
        if problem:
            self.refused.emit(problem)
        else:
            self.order_wanted.emit(self.gateway_combo.currentText())

    def send_confirmed_order(self) -> None:
        """Send what the panel shows now."""
        super().send_order()

    def _missing(self) -> str:
        if not self.symbol_line.text().strip():
            return _("Order not sent: enter a contract code first.")
        if not self.gateway_combo.currentText():
            return _("Order not sent: no gateway is loaded.")
        for line, name in ((self.volume_line, _("volume")), (self.price_line, _("price"))):
            text = line.text().strip()
            if not text and line is self.price_line:
                continue
            try:
                number = float(text)
            except ValueError:
                number = -1.0
            if number < 0 or (number == 0 and line is self.volume_line):
                return _("Order not sent: the {field} “{text}” is not a number above zero.").format(
                    field=name, text=text
                )
        return ""


def color_of(side: str) -> QColor:
    """The colour of one side of the book."""
    return market_colors().bid if side == "bid" else market_colors().ask


def _tint(label: QLabel, color: QColor) -> None:
    label.setStyleSheet(f"color:{color.name()}")
