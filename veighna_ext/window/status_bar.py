"""The status bar: gateways, events, the window's reaction time, CPU, memory, and in words what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStatusBar, QWidget

from veighna_ext.core.concerns import BACKLOG_EVENTS, LATE_MS, LOOK_BACK, Concern, concerns
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.i18n import _
from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.vitals import ProcessMeter, TickClock, Vitals, VitalSigns
from veighna_ext.widgets.theme import market_colors
from veighna_ext.window.gateway_lamps import GatewayLamps

INTERVAL_MS = 1000
ROOM_FOR_GATEWAYS = 240
ROOM_FOR_WORDS = 260
MEGABYTE = 1024 * 1024


class Field(QWidget):
    """A labelled figure as wide as its widest value, so that nothing beside it ever moves."""

    def __init__(self, name: str, label: str, widest: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._label = label
        self._widest = widest
        self.text = ""
        self.warns = False

    def show_value(self, text: str, warns: bool = False) -> None:
        """Paint again only if something changed."""
        if (text, warns) != (self.text, self.warns):
            self.text, self.warns = text, warns
            self.update()

    def sizeHint(self) -> QSize:
        """Label, a space, the widest value."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(f"{self._label} {self._widest}") + 10, metrics.height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The label quietly, then the value."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        area = self.rect().adjusted(4, 0, -4, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._label)
        area.setLeft(area.left() + self.fontMetrics().horizontalAdvance(f"{self._label} "))
        usual = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(market_colors().warning if self.warns else usual)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text)


class ConcernLine(QWidget):
    """The worst concern in words, all of them and the advice in the tooltip; absent when all is well."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("concern")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.text = ""
        self.hide()

    def show_concerns(self, found: list[Concern]) -> bool:
        """Show the first; more are counted behind it. Returns whether it needs another width than before."""
        text = "⚠ " + found[0].text if found else ""
        if len(found) > 1:
            text += f"  (+{len(found) - 1})"
        if text == self.text:
            return False
        # grows at once and shrinks only with the last concern, so that counting digits move nothing
        resized = not text or len(text) > len(self.text)
        self.text = text
        self.setToolTip("\n\n".join(f"{concern.text}\n{concern.advice}" for concern in found))
        self.setVisible(bool(found))
        if resized:
            self.updateGeometry()
        self.update()
        return resized

    def sizeHint(self) -> QSize:
        """The whole sentence."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text) + 22, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Its beginning, in a narrow window."""
        return QSize(min(120, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """In the colour of warnings, cut off at the end if need be."""
        painter = QPainter(self)
        painter.setPen(market_colors().warning)
        area = self.rect().adjusted(8, 0, -8, 0)
        text = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class StatusBar(QStatusBar):
    """Looks once a second; a click anywhere asks for the performance panel."""

    clicked = Signal()

    def __init__(
        self,
        main_engine: DesktopMainEngine,
        event_engine: DesktopEventEngine,
        lag: LoopLag,
        *,
        bell: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self.setSizeGripEnabled(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._ticks = TickClock(event_engine)
        self.history = VitalSigns(main_engine, event_engine, lag, self._ticks, ProcessMeter())
        self._bell = bell
        self._build()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(INTERVAL_MS)
        self.refresh()

    def refresh(self) -> None:
        """Measure and show what changed."""
        now = self.history.take()
        self._lamps.show_gateways(now.gateways)
        if self._concern.show_concerns(concerns(self.history.latest(LOOK_BACK))):
            self._body.fit()
        for field, text, warns in self._figures(now):
            field.show_value(text, warns)

    def _figures(self, now: Vitals) -> list[tuple[Field, str, bool]]:
        return [
            (self._lag, _("{number:,.0f} ms").format(number=now.lag_p99_ms), now.lag_p99_ms > LATE_MS),
            (self._queue, f"{now.queue_depth:,}", now.queue_depth >= BACKLOG_EVENTS),
            (self._events, _("{number:,.0f}/s").format(number=now.events_per_second), False),
            (self._cpu, f"{now.cpu * 100:.0f} %", False),
            (self._memory, f"{now.memory / MEGABYTE:,.0f} MB", False),
        ]

    def _build(self) -> None:
        self._body = body = _NarrowingBody(self)
        self._lamps = GatewayLamps(body)
        self._concern = ConcernLine(body)
        self._events = Field(
            "events",
            _("Events"),
            _("{number:,.0f}/s").format(number=99_999),
            _("Ticks, orders, fills and everything else handled per second."),
            body,
        )
        self._queue = Field(
            "queue", _("Waiting"), "99,999", _("Events not handled yet. Should stay near zero."), body
        )
        self._lag = Field(
            "lag",
            _("Delay"),
            _("{number:,.0f} ms").format(number=9_999),
            _("How late the window reacts: 99 of 100 times in the last seconds it was no later than this."),
            body,
        )
        self._cpu = Field(
            "cpu", _("CPU"), "999 %", _("100 % means one core fully used by this program."), body
        )
        self._memory = Field("memory", _("Memory"), "9,999 MB", _("Memory this program uses."), body)
        layout = QHBoxLayout(body)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.setSpacing(4)
        layout.addWidget(self._lamps, 1)
        for widget in (self._concern, self._events, self._queue, self._lag, self._cpu, self._memory):
            layout.addWidget(widget)
        if self._bell is not None:
            layout.addWidget(self._bell)
        body.first_to_go = (self._memory, self._cpu, self._events, self._queue, self._lag)
        body.concern = self._concern
        body.bell = self._bell
        self.addPermanentWidget(body, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Anywhere on the bar will do."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class _NarrowingBody(QWidget):
    """Leaves out figures, the least important first, rather than keep the window wide."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.first_to_go: tuple[Field, ...] = ()
        self.concern: ConcernLine | None = None
        self.bell: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Narrow, and as high as a line of text or the bell."""
        height = self.fontMetrics().height() + 6
        return QSize(ROOM_FOR_GATEWAYS, max(height, self.bell.sizeHint().height() if self.bell else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other figures."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show as many figures as leave room for the gateways and for what is wrong."""
        room = self.width() - ROOM_FOR_GATEWAYS - (self.bell.sizeHint().width() if self.bell else 0)
        if self.concern is not None and self.concern.text:
            room -= min(ROOM_FOR_WORDS, self.concern.sizeHint().width())
        for field in reversed(self.first_to_go):
            room -= field.sizeHint().width() + 4
            field.setVisible(room >= 0)
