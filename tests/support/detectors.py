"""
Fail a test for what it leaves behind or says under its breath.

Watched: Qt warnings, error logs (loguru and logging), errors of the loop, threads still running, top-level
widgets still alive, tasks still pending. Un-awaited coroutines fail through pytest's own warning filter. A
test that means to cause errors says so: `@pytest.mark.expected_errors("pattern", …)`; each must then occur.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Generator
from typing import Any

import pytest

from tests.support.leaks import new_threads, new_top_level_widgets, top_level_widgets

_IGNORED_QT_MESSAGES = (
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",
    # Qt's own, where there is no system tray: the risk manager asks for one
    "QObject::connect: No such signal QPlatformNativeInterface::systemTrayWindowChanged(QScreen*)",
)

_failed = pytest.StashKey[bool]()
_skipped = pytest.StashKey[bool]()


class Detectors:
    """A pytest plugin; fixtures add what only they can see through `report`."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._left: list[str] = []
        self._threads: set[threading.Thread] = set()
        self._widgets: set[int] = set()
        self._sink: int | None = None
        self._log_handler = _ErrorHandler(self)
        logging.getLogger().addHandler(self._log_handler)

    def report_error(self, text: str) -> None:
        """An error that happened during the test; it may be an expected one."""
        self._said.append(text)

    def report_leak(self, text: str) -> None:
        """Something the test left behind; never expected."""
        self._left.append(text)

    def watch_loguru(self) -> None:
        """vnpy removes every loguru sink when it is imported, so ours is added again after that."""
        loguru = sys.modules.get("loguru")
        if loguru is None or self._sink in loguru.logger._core.handlers:
            return
        self._sink = loguru.logger.add(
            lambda message: self.report_error(f"error log: {message}"),
            level="ERROR",
            format="{message}",
            backtrace=False,
            diagnose=False,
        )

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        self._said.clear()
        self._left.clear()
        self._threads = set(threading.enumerate())
        self._widgets = set(top_level_widgets())
        self._watch_qt()
        self.watch_loguru()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        threads, widgets = set(threading.enumerate()), set(top_level_widgets())
        result = yield
        if fixturedef.scope != "function":
            self._threads |= set(threading.enumerate()) - threads
            self._widgets |= set(top_level_widgets()) - widgets
        if fixturedef.argname == "qapp":
            self._watch_qt()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        item.stash[_failed] = item.stash.get(_failed, False) or report.failed
        item.stash[_skipped] = item.stash.get(_skipped, False) or report.skipped
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        result = yield
        leaks = new_top_level_widgets(self._widgets) + new_threads(self._threads) + self._left
        problems = self._unexpected(item)
        if not item.stash.get(_failed, False):
            # a failed test's traceback keeps its objects alive: only its errors are worth telling
            problems += leaks
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)
        return result

    def _unexpected(self, item: pytest.Item) -> list[str]:
        patterns = [str(pattern) for mark in item.iter_markers("expected_errors") for pattern in mark.args]
        said = list(self._said)
        problems = [text for text in said if not any(re.search(pattern, text) for pattern in patterns)]
        if not (item.stash.get(_failed, False) or item.stash.get(_skipped, False)):
            problems += [
                f"expected error did not occur: {pattern}"
                for pattern in patterns
                if not any(re.search(pattern, text) for text in said)
            ]
        return problems

    def _watch_qt(self) -> None:
        core = sys.modules.get("PySide6.QtCore")
        if core is not None:
            core.qInstallMessageHandler(self._qt_message)

    def _qt_message(self, kind: Any, _context: Any, message: str) -> None:
        if kind.name in ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg"):
            if message not in _IGNORED_QT_MESSAGES:
                self.report_error(f"{kind.name}: {message}")
        else:
            sys.stderr.write(f"{message}\n")


class _ErrorHandler(logging.Handler):
    def __init__(self, detectors: Detectors) -> None:
        super().__init__(level=logging.ERROR)
        self._detectors = detectors

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f": {record.exc_info[1]!r}"
        self._detectors.report_error(f"error log of {record.name}: {text}")
