"""Small live plots of the last five minutes. Importing this brings pyqtgraph: only the opened panel does."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from veighna_ext.core.i18n import _
from veighna_ext.core.vitals import KEEP_SAMPLES, Vitals
from veighna_ext.widgets.theme import market_colors, shades, theme_version

COLUMNS = 3
EDGE_SECONDS = 18
AXIS_WIDTH = 52
AXIS_EXTRA = 12
GRID_OPACITY = 38
LEAST_HEIGHT = 60
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Series:
    """What one plot shows: title, how its newest value is written, the values, perhaps a second line."""

    title: str
    written: Callable[[Vitals], str]
    value: Callable[[Vitals], float]
    second: Callable[[Vitals], float] | None = None
    from_zero: bool = True
    least_span: float = 1.0


def all_series() -> list[Series]:
    """The five plots, in reading order."""
    return [
        Series(
            _("Events per second"),
            lambda now: f"{now.events_per_second:,.0f}",
            lambda vitals: vitals.events_per_second,
            least_span=10,
        ),
        Series(
            _("Events waiting"),
            lambda now: f"{now.queue_depth:,}",
            lambda vitals: vitals.queue_depth,
            least_span=10,
        ),
        Series(
            _("Delay of the window, ms (99 % and worst)"),
            lambda now: f"{now.lag_p99_ms:,.0f} / {now.lag_max_ms:,.0f}",
            lambda vitals: vitals.lag_p99_ms,
            lambda vitals: vitals.lag_max_ms,
            least_span=20,
        ),
        Series(
            _("CPU, percent of one core"),
            lambda now: f"{now.cpu * 100:.1f}",
            lambda vitals: vitals.cpu * 100,
            least_span=10,
        ),
        Series(
            _("Memory, MB"),
            lambda now: f"{now.memory / MEGABYTE:,.0f}",
            lambda vitals: vitals.memory / MEGABYTE,
            from_zero=False,
            least_span=20,
        ),
    ]


class VitalPlot(QWidget):
    """One plot under its title and newest value; never zoomed or moved, only looked at."""

    def __init__(self, series: Series, parent: QWidget) -> None:
        super().__init__(parent)
        self._series = series
        self._range = (0.0, 0.0)
        title = QLabel(series.title, self)
        title.setToolTip(series.title)
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.value_label = QLabel(self)
        self.value_label.setAlignment(Qt.AlignmentFlag.AlignRight)
        bold = QFont(self.value_label.font())
        bold.setBold(True)
        self.value_label.setFont(bold)
        self._left = pg.AxisItem("left")
        self._bottom = pg.AxisItem("bottom")
        self._second = pg.PlotCurveItem()
        self.line = pg.PlotCurveItem()
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.view = self._draw_area()
        head = QGridLayout()
        head.addWidget(title, 0, 0)
        head.addWidget(self.value_label, 0, 1)
        head.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        self.dress()

    def _draw_area(self) -> pg.GraphicsView:
        """Only the parts needed: a whole PlotItem is slow to build and leaves menus behind."""
        self._left.enableAutoSIPrefix(False)
        self._left.setWidth(AXIS_WIDTH)
        self._left.setGrid(GRID_OPACITY)
        self._left.linkToView(self._box)
        self._bottom.setHeight(QFontMetrics(self.font()).boundingRect(_("now")).height() + AXIS_EXTRA)
        self._bottom.linkToView(self._box)
        self._bottom.setTicks(
            [
                [
                    (-60 * minutes, _("{number} min").format(number=minutes) if minutes else _("now"))
                    for minutes in range(5, -1, -1)
                ]
            ]
        )
        self._box.disableAutoRange()
        self._box.setXRange(-KEEP_SAMPLES - EDGE_SECONDS, EDGE_SECONDS, padding=0)
        self._box.addItem(self._second)
        self._box.addItem(self.line)
        cells = pg.GraphicsLayout()
        cells.setContentsMargins(0, 6, 6, 0)
        cells.setSpacing(0)
        cells.addItem(self._left, 0, 0)
        cells.addItem(self._box, 0, 1)
        cells.addItem(self._bottom, 1, 1)
        view = pg.GraphicsView(self)
        view.setCentralItem(cells)
        view.setMinimumHeight(LEAST_HEIGHT)
        return view

    def dress(self) -> None:
        """Take the colours of the theme in force."""
        shade = shades()
        self.view.setBackground(QColor(shade.panel))
        accent = QColor(shade.accent)
        ground = QColor(accent)
        ground.setAlpha(40)
        self.line.setPen(pg.mkPen(accent))
        self.line.setBrush(ground)
        self._second.setPen(pg.mkPen(market_colors().warning))
        for axis in (self._left, self._bottom):
            axis.setPen(pg.mkPen(shade.border))
            axis.setTextPen(pg.mkPen(shade.muted))
            axis.setTickFont(self.font())

    def show_samples(self, samples: Sequence[Vitals]) -> None:
        """Draw these, oldest first, against their distance from the newest; nothing before the first."""
        if not samples:
            return
        now = samples[-1]
        self.value_label.setText(self._series.written(now))
        times = [vitals.at - now.at for vitals in samples]
        values = [self._series.value(vitals) for vitals in samples]
        highest = values
        if self._series.second is not None:
            highest = [self._series.second(vitals) for vitals in samples]
            self._second.setData(times, highest)
        span = nice_range(min(values), max(highest), self._series.from_zero, self._series.least_span)
        if span != self._range:
            self._range = span
            self._box.setYRange(*span, padding=0)
            self.line.setFillLevel(span[0])
        self.line.setData(times, values)


def nice_range(low: float, high: float, from_zero: bool, least_span: float) -> tuple[float, float]:
    """Round limits around the values that stay put while the values move a little."""
    bottom = 0.0 if from_zero else low
    span = max(high - bottom, least_span)
    step = 10.0 ** math.floor(math.log10(span)) / 2
    bottom = math.floor(bottom / step) * step
    top = math.ceil((high + 0.05 * span) / step) * step
    return bottom, max(top, bottom + least_span)


class VitalPlots(QWidget):
    """All plots in a grid, and a place for words in the cell that is left."""

    def __init__(self, words: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.plots = [VitalPlot(series, self) for series in all_series()]
        self._dressed_for = theme_version()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(14)
        layout.setVerticalSpacing(10)
        for number, cell in enumerate([*self.plots, words]):
            layout.addWidget(cell, number // COLUMNS, number % COLUMNS)
        for column in range(COLUMNS):
            layout.setColumnStretch(column, 1)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a switch between dark and light."""
        super().changeEvent(event)
        if (
            event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
            and self._dressed_for != theme_version()
        ):
            self._dressed_for = theme_version()
            for plot in self.plots:
                plot.dress()
