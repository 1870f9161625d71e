"""The gateways in the status bar: lamp, name, age of the last tick; a popup for those that do not fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from veighna_ext.core.i18n import _
from veighna_ext.core.vitals import GatewayVitals, Lamp, connected_first
from veighna_ext.widgets.theme import market_colors, theme_name

GREEN = {"dark": "#3ecf8e", "light": "#15803d"}
LAMP_SIZE = 9
GAP = 6
BETWEEN = 16


def age_text(age: float | None) -> str:
    """An age as short as it can be said."""
    if age is None:
        return ""
    if age < 10:
        return _("{number:.1f} s").format(number=age)
    if age < 60:
        return _("{number:.0f} s").format(number=age)
    if age < 3600:
        return _("{number:.0f} min").format(number=age // 60)
    if age < 172_800:
        return _("{number:.0f} h").format(number=age // 3600)
    return _("{number:.0f} days").format(number=age // 86_400)


def explain(gateway: GatewayVitals) -> str:
    """What the lamp means and what to do about it."""
    name, age = gateway.name, age_text(gateway.age)
    return {
        Lamp.OFF: _("{gateway}: not connected. Connect it from the first menu."),
        Lamp.WAITING: _("{gateway}: connecting, or connected and nothing subscribed yet: no tick has come."),
        Lamp.FRESH: _("{gateway}: ticks are coming in, the last {age} ago."),
        Lamp.STALE: _("{gateway}: no tick for {age}. A quiet market, or the connection is slow."),
        Lamp.LOST: _(
            "{gateway}: no tick for {age}. The market is closed or the connection is lost: see the log, "
            "then connect again."
        ),
    }[gateway.lamp].format(gateway=name, age=age)


def _lamp_color(lamp: Lamp, off: QColor) -> QColor:
    colors = market_colors()
    return {
        Lamp.OFF: off,
        Lamp.WAITING: colors.warning,
        Lamp.FRESH: QColor(GREEN[theme_name()]),
        Lamp.STALE: colors.warning,
        Lamp.LOST: colors.error,
    }[lamp]


def _shown(gateway: GatewayVitals) -> tuple[str, Lamp, str]:
    return gateway.name, gateway.lamp, age_text(gateway.age)


class _GatewayRow(QWidget):
    """Paints gateways without child widgets: a tick's age changes every second, and a layout must not."""

    def _cell_width(self, gateway: GatewayVitals) -> int:
        metrics = self.fontMetrics()
        width = LAMP_SIZE + GAP + metrics.horizontalAdvance(gateway.name)
        if gateway.lamp is not Lamp.OFF:
            widest = max(metrics.horizontalAdvance(age_text(age)) for age in (0.0, 59.0, 3540.0, 169_200.0))
            width += GAP + widest
        return width

    def _paint_gateway(self, painter: QPainter, cell: QRect, gateway: GatewayVitals) -> None:
        color = _lamp_color(gateway.lamp, self.palette().color(QPalette.ColorRole.PlaceholderText))
        size = LAMP_SIZE - 2
        circle = QRect(cell.left() + 1, cell.center().y() - size // 2, size, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.6))
        # a ring where nothing has come yet, so that the lamps differ for who cannot tell the colours apart
        hollow = gateway.lamp in (Lamp.OFF, Lamp.WAITING)
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
        painter.drawEllipse(circle)
        text = cell.adjusted(LAMP_SIZE + GAP, 0, 0, 0)
        quiet = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(
            quiet if gateway.lamp is Lamp.OFF else self.palette().color(QPalette.ColorRole.WindowText)
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, gateway.name)
        painter.setPen(color if gateway.lamp in (Lamp.STALE, Lamp.LOST) else quiet)
        text.setLeft(text.left() + self.fontMetrics().horizontalAdvance(gateway.name) + GAP)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, age_text(gateway.age))


class GatewayPopup(_GatewayRow):
    """The gateways there was no room for, one per line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("gateway_popup")
        self.gateways: list[GatewayVitals] = []

    def show_gateways(self, gateways: list[GatewayVitals]) -> None:
        """Show these; while it is open, only what changed is painted."""
        if [_shown(gateway) for gateway in gateways] == [_shown(gateway) for gateway in self.gateways]:
            return
        self.gateways = gateways
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every line."""
        widest = max((self._cell_width(gateway) for gateway in self.gateways), default=0)
        return QSize(widest + 2 * BETWEEN, len(self.gateways) * self._line_height() + BETWEEN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame and the lines."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        height = self._line_height()
        for line, gateway in enumerate(self.gateways):
            cell = QRect(BETWEEN, BETWEEN // 2 + line * height, self.width() - 2 * BETWEEN, height)
            self._paint_gateway(painter, cell, gateway)

    def _line_height(self) -> int:
        return self.fontMetrics().height() + 6


class GatewayLamps(_GatewayRow):
    """As many gateways as fit, connected ones first, and "+3" for the rest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gateway_lamps")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._gateways: list[GatewayVitals] = []
        self._cells: list[QRect] = []
        self._more = QRect()
        self.popup = GatewayPopup(self)

    def show_gateways(self, gateways: tuple[GatewayVitals, ...]) -> None:
        """Show the newest state; only cells that look different are painted again."""
        before, self._gateways = self._gateways, connected_first(gateways)
        same_cells = [(old.name, old.lamp is Lamp.OFF) for old in before] == [
            (new.name, new.lamp is Lamp.OFF) for new in self._gateways
        ]
        if not same_cells:
            self._place()
            self.update()
        else:
            for cell, old, new in zip(self._cells, before, self._gateways, strict=False):
                if _shown(old) != _shown(new):
                    self.update(cell)
        if self.popup.isVisible():
            self.popup.show_gateways(self.hidden())

    def shown(self) -> list[GatewayVitals]:
        """The gateways there is room for."""
        return self._gateways[: len(self._cells)]

    def hidden(self) -> list[GatewayVitals]:
        """The gateways behind "+3"."""
        return self._gateways[len(self._cells) :]

    def more_area(self) -> QRect:
        """Where "+3" is; empty when everything fits."""
        return self._more

    def minimumSizeHint(self) -> QSize:
        """Never in the way of a narrow window."""
        return QSize(self._more_width(99), self.fontMetrics().height() + 4)

    def sizeHint(self) -> QSize:
        """The first gateway at least; more room comes from the layout."""
        width = max((self._cell_width(gateway) for gateway in self._gateways[:1]), default=0)
        return QSize(width + BETWEEN + self._more_width(99), self.fontMetrics().height() + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other gateways."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other widths."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells that the event touches."""
        painter = QPainter(self)
        for cell, gateway in zip(self._cells, self._gateways, strict=False):
            if event.region().intersects(cell):
                self._paint_gateway(painter, cell, gateway)
        if not self._more.isEmpty():
            painter.setPen(self.palette().color(QPalette.ColorRole.Link))
            painter.drawText(self._more, Qt.AlignmentFlag.AlignCenter, self._more_text(len(self.hidden())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On "+3" the rest is shown; elsewhere the click belongs to the status bar."""
        if not self._more.contains(event.position().toPoint()):
            super().mouseReleaseEvent(event)
            return
        self.popup.show_gateways(self.hidden())
        above = self.mapToGlobal(self._more.topLeft()) - QPoint(0, self.popup.sizeHint().height() + 2)
        self.popup.move(above)
        self.popup.show()

    def event(self, event: QEvent) -> bool:
        """A tooltip for the gateway under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._tip_at(event.pos())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _tip_at(self, point: QPoint) -> str:
        for cell, gateway in zip(self._cells, self._gateways, strict=False):
            if cell.contains(point):
                return explain(gateway)
        return "\n".join(explain(gateway) for gateway in self.hidden()) if self._more.contains(point) else ""

    def _place(self) -> None:
        widths = [self._cell_width(gateway) for gateway in self._gateways]
        height, left = self.height(), GAP
        self._cells, self._more = [], QRect()
        for number, width in enumerate(widths):
            rest = len(widths) - number - 1
            needed = left + width + (BETWEEN + self._more_width(rest) if rest else 0)
            last_fits = sum(widths[number:]) + BETWEEN * rest + left <= self.width()
            if needed > self.width() and not last_fits:
                self._more = QRect(left, 0, self._more_width(rest + 1), height)
                return
            self._cells.append(QRect(left, 0, width, height))
            left += width + BETWEEN

    def _more_text(self, count: int) -> str:
        return f"+{count}"

    def _more_width(self, count: int) -> int:
        return self.fontMetrics().horizontalAdvance(self._more_text(count)) + 2 * GAP
