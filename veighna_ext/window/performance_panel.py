"""The performance panel: five minutes of vital signs as plots, the slowest handlers, the running tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any

import psutil
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.event_stats import EngineStats
from veighna_ext.core.i18n import _
from veighna_ext.core.tasks import BackgroundTask, Tasks
from veighna_ext.core.vitals import VitalSigns
from veighna_ext.core.vitals_report import progress_text, report_text, seconds_text
from veighna_ext.widgets.icons import icon
from veighna_ext.window.live_table import LiveTable
from veighna_ext.window.vital_plots import VitalPlot, VitalPlots

EACH_MS = 1000
MANY_HANDLERS = 50
SAY_COPIED_MS = 2000


class PerformancePanel(QWidget):
    """A window of its own that may stay open; hidden, it costs nothing."""

    def __init__(
        self,
        history: VitalSigns,
        event_engine: DesktopEventEngine,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("performance_panel")
        self.setWindowTitle(_("Performance"))
        self.setWindowIcon(icon("gauge"))
        room = self.screen().availableSize()
        self.resize(min(1120, room.width() - 40), min(690, room.height() - 40))
        self._history = history
        self._event_engine = event_engine
        self._tasks = tasks
        self._build()
        parts: list[Callable[[], None]] = [partial(self._draw, plot) for plot in self.plots.plots]
        self._parts = cycle([*parts, self._fill_tables])
        self._copied = QTimer(self, singleShot=True, interval=SAY_COPIED_MS)
        self._copied.timeout.connect(self._offer_to_copy)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh_next)

    def refresh(self) -> None:
        """Show the newest state everywhere."""
        for plot in self.plots.plots:
            self._draw(plot)
        self._fill_tables()

    def _refresh_next(self) -> None:
        """One part at a time: painting all plots at once would be felt as a hitch in the price tables."""
        next(self._parts)()

    def _draw(self, plot: VitalPlot) -> None:
        plot.show_samples(self._history.samples)

    def _fill_tables(self) -> None:
        stats = self._event_engine.stats(MANY_HANDLERS)
        self._words.setText(self._summary(stats))
        self.handlers.show_rows(self._handler_rows(stats))
        running = self._tasks.running()
        self.running.show_rows({task: self._task_row(task) for task in running})
        self._no_tasks.setVisible(not running)

    def report(self) -> str:
        """Everything here as plain text, for a message to whoever helps."""
        stats = self._event_engine.stats(MANY_HANDLERS)
        return report_text(list(self._history.samples), stats, self._tasks.running())

    def copy_report(self) -> None:
        """Put the report on the clipboard and say so on the button."""
        QGuiApplication.clipboard().setText(self.report())
        self.copy_button.setText(_("Copied"))
        self._copied.start()

    def _offer_to_copy(self) -> None:
        self.copy_button.setText(_("Copy report"))

    def showEvent(self, event: QShowEvent) -> None:
        """Be up to date at once, and stay it while visible."""
        super().showEvent(event)
        self.refresh()
        self._timer.start(EACH_MS // (len(self.plots.plots) + 1))

    def hideEvent(self, event: QHideEvent) -> None:
        """The samples are kept elsewhere; nothing needs doing here."""
        super().hideEvent(event)
        self._timer.stop()

    def _build(self) -> None:
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setMargin(8)
        self.plots = VitalPlots(self._words, self)
        self.handlers = LiveTable(
            "handlers",
            [_("Handler"), _("Calls"), _("Mean"), _("Longest"), _("Over 100 ms"), _("Failures")],
            self,
        )
        self.running = LiveTable("tasks", [_("Task"), _("Started by"), _("Progress"), ""], self)
        self.running.button_clicked.connect(_cancel)
        self._no_tasks = QLabel(_("No task is running."), self)
        self._no_tasks.setEnabled(False)
        tables = QSplitter(Qt.Orientation.Horizontal, self)
        tables.addWidget(_titled(_("Slowest handlers"), self.handlers))
        tables.addWidget(_titled(_("Running tasks"), self.running, self._no_tasks))
        tables.setStretchFactor(0, 3)
        tables.setStretchFactor(1, 2)
        tables.setSizes([640, 460])
        tables.setChildrenCollapsible(False)
        self.copy_button = QPushButton(icon("copy"), _("Copy report"), self)
        self.copy_button.clicked.connect(self.copy_report)
        close_button = QPushButton(_("Close"), self)
        close_button.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(self.plots, 3)
        layout.addWidget(tables, 2)
        layout.addLayout(buttons)

    def _summary(self, stats: EngineStats) -> str:
        lines = [
            _("{count:,} events handled since the start").format(count=stats.total_events),
            _("{count} threads").format(count=threading.active_count()),
            _("{count} failed handlers").format(count=len(stats.failures)),
        ]
        memory = psutil.virtual_memory()
        lines.append(
            _("this computer: {free:,.1f} of {total:,.1f} GB of memory free").format(
                free=memory.available / 2**30, total=memory.total / 2**30
            )
        )
        if stats.dropped_events:
            lines.append(_("{count:,} events came after the end").format(count=stats.dropped_events))
        return "\n".join(lines)

    def _handler_rows(self, stats: EngineStats) -> dict[object, list[str]]:
        """Handlers that fail first, they may be too quick to have been timed; then the slowest."""
        failed: dict[str, int] = {}
        for failure in stats.failures:
            failed[failure.handler] = failed.get(failure.handler, 0) + failure.count
        rows: dict[object, list[str]] = {
            name: [name, "", "", "", "", f"{count:,}"] for name, count in failed.items()
        }
        for timing in stats.slowest:
            if timing.max_seconds:
                rows[timing.handler] = [
                    timing.handler,
                    f"{timing.calls:,}" if timing.calls else "",
                    seconds_text(timing.total_seconds / timing.calls) if timing.calls else "",
                    seconds_text(timing.max_seconds),
                    f"{timing.slow_calls:,}" if timing.slow_calls else "",
                    f"{failed[timing.handler]:,}" if timing.handler in failed else "",
                ]
        return rows

    def _task_row(self, task: BackgroundTask[Any]) -> list[str]:
        return [
            task.name,
            task.owner_name,
            progress_text(task),
            "" if task.progress.cancelled else _("Cancel"),
        ]


def _cancel(task: object) -> None:
    if isinstance(task, BackgroundTask):
        task.cancel()


def _titled(title: str, *widgets: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(QLabel(title, box))
    for number, widget in enumerate(widgets):
        layout.addWidget(widget, 0 if number else 1)
    return box
