"""The performance panel as plain text, to be sent to whoever helps."""

from __future__ import annotations

import platform
import statistics
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from veighna_ext import __version__
from veighna_ext.core.event_stats import EngineStats
from veighna_ext.core.i18n import _
from veighna_ext.core.tasks import BackgroundTask
from veighna_ext.core.vitals import Vitals

MEGABYTE = 1024 * 1024


def seconds_text(seconds: float) -> str:
    """A duration in the unit that suits it."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.1f} µs"
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds:.2f} s"


def progress_text(task: BackgroundTask[Any]) -> str:
    """How far a task is, in words."""
    if task.progress.cancelled:
        return _("stopping")
    report = task.progress.report
    share = "" if report.fraction is None else f"{report.fraction * 100:.0f} %"
    return "  ".join(part for part in (share, report.text) if part)


def report_text(samples: Sequence[Vitals], stats: EngineStats, tasks: Sequence[BackgroundTask[Any]]) -> str:
    """Figures now and over the time kept, slow and failing handlers, running tasks."""
    lines = [
        f"VeighNa Ext {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}",
        _("{count:,} events handled since the start").format(count=stats.total_events),
        _("{count} threads").format(count=threading.active_count()),
    ]
    lines += ["", *_figures(samples)] if samples else []
    lines += [
        f"{gateway.name}: {gateway.lamp.value}" + ("" if gateway.age is None else f" {gateway.age:.1f} s")
        for gateway in (samples[-1].gateways if samples else ())
    ]
    lines += ["", _("Slowest handlers")]
    lines += [
        f"  {timing.handler}: {timing.calls:,} × "
        f"{seconds_text(timing.total_seconds / max(1, timing.calls))}, "
        f"≤ {seconds_text(timing.max_seconds)}"
        for timing in stats.slowest
        if timing.max_seconds
    ]
    if stats.failures:
        lines += ["", _("Failures")]
    for failure in stats.failures:
        lines += [f"  {failure.handler} ×{failure.count} ({failure.event_type})", failure.traceback.rstrip()]
    lines += ["", _("Running tasks")]
    lines += [f"  {task.name} ({task.owner_name}) {progress_text(task)}".rstrip() for task in tasks]
    return "\n".join(lines) + "\n"


def _figures(samples: Sequence[Vitals]) -> list[str]:
    kept: list[tuple[str, Callable[[Vitals], float]]] = [
        (_("Events per second"), lambda vitals: vitals.events_per_second),
        (_("Events waiting"), lambda vitals: vitals.queue_depth),
        (_("Delay of the window, ms (99 % and worst)"), lambda vitals: vitals.lag_p99_ms),
        (_("CPU, percent of one core"), lambda vitals: vitals.cpu * 100),
        (_("Memory, MB"), lambda vitals: vitals.memory / MEGABYTE),
    ]
    lines = []
    for title, value in kept:
        values = [value(vitals) for vitals in samples]
        lines.append(
            _("{title}: {now:,.1f} now, {middle:,.1f} median, {highest:,.1f} highest in {count} s").format(
                title=title,
                now=values[-1],
                middle=statistics.median(values),
                highest=max(values),
                count=len(values),
            )
        )
    return lines
