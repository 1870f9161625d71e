"""The running desktop: its loop, engines, window, and the orderly way out."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterable

from loguru import logger
from PySide6.QtCore import QCoreApplication, QEvent

from veighna_ext.core.bridge import EventBridge
from veighna_ext.core.catalogue import OFFICIAL_APPS, SOURCE_ONLY_APPS, AppEntry, GatewayEntry, gateways
from veighna_ext.core.crash import CrashReporter
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.event_stats import HandlerFailure
from veighna_ext.core.i18n import _
from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.settings import SettingsStore
from veighna_ext.core.tasks import TaskFailure, Tasks
from veighna_ext.options import Options
from veighna_ext.widgets.loop import DesktopEventLoop
from veighna_ext.window.main_window import DesktopWindow

CLOSING_SECONDS = 2.0
TASKS_SECONDS = 0.4


class Desktop:
    """Built step by step by `launch`; `run` returns when the window has closed and everything is stopped."""

    def __init__(self, loop: DesktopEventLoop, store: SettingsStore, options: Options) -> None:
        self.store = store
        self.options = options
        self.notices = NoticeBoard()
        self.crashes = CrashReporter(self.notices)
        self.crashes.install()
        self.loop = loop
        self.loop.set_exception_handler(self.crashes.in_loop)
        self.lag = LoopLag(self.loop)
        self.lag.start()
        self.tasks = Tasks(self.loop, on_error=self._task_failed)
        self.event_engine = DesktopEventEngine(on_handler_error=self._handler_failed)
        self.bridge = EventBridge(self.event_engine, self.loop)
        self.main_engine = DesktopMainEngine(self.event_engine, self.notices)
        self.exit_code = 0
        self._ended = self.loop.create_future()

    def report(self, warnings: Iterable[str]) -> None:
        """Put what was found while preparing on the notice board."""
        for warning in warnings:
            self.notices.warning(warning, source=_("Start"))

    def add_gateways(self) -> None:
        """Every declared gateway whose package is here; one that fails to import costs only itself."""
        for entry in gateways():
            if (
                entry.always or entry.installed()
            ) and entry.class_name not in self.store.current.gateways_left_out:
                self._add(entry)

    def add_apps(self) -> None:
        """The official apps; one that fails to import costs only itself."""
        for entry in OFFICIAL_APPS:
            if entry.package not in self.store.current.apps_left_out:
                self._add(entry)

    def _add(self, entry: AppEntry | GatewayEntry) -> None:
        try:
            loaded = entry.load()
            if isinstance(entry, AppEntry):
                self.main_engine.add_app(loaded)
            else:
                self.main_engine.add_gateway(loaded)
        except Exception as error:  # noqa: BLE001 - foreign code; the rest must start
            if (
                entry.package in SOURCE_ONLY_APPS
                and isinstance(error, ModuleNotFoundError)
                and error.name == entry.package
            ):
                self.main_engine.write_log(
                    _("{name} is not installed: `run.py add riskmanager` adds it.").format(name=entry.package)
                )
                return
            self.notices.error(
                _("{name} could not be loaded and is left out: {error}").format(
                    name=entry.class_name, error=error
                ),
                source=entry.package,
            )

    def open_window(self) -> None:
        """Build and show the main window."""
        self.window = DesktopWindow(
            self.main_engine,
            self.event_engine,
            store=self.store,
            notices=self.notices,
            tasks=self.tasks,
            lag=self.lag,
            shut_down=self.shut_down,
        )
        self.window.show()

    def run(self) -> int:
        """Serve until the window is closed; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            if sys.platform != "win32":
                self.loop.add_signal_handler(number, self._on_signal)
        with self.loop:
            self.loop.run_until_complete(self._live())
        self.discard_window()
        _leave_if_threads_hang(self.exit_code)
        return self.exit_code

    async def _live(self) -> None:
        if os.environ.get("VEIGHNA_EXT_EXIT_AFTER_START"):
            self.tasks.start(self.window.close_now(), name="exit after start", owner="start")
        if self.options.smoke_seconds:
            from veighna_ext.smoke import smoke

            self.tasks.start(smoke(self), name="smoke", owner="start")
        elif not self.store.current.welcome_seen:
            self.window.open_welcome()
        await self._ended
        await self.finish()

    async def finish(self) -> None:
        """The last step on the loop: whatever still runs is cancelled and, if it does not end, named."""
        late = [
            *await self.tasks.close(timeout=TASKS_SECONDS),
            *await self.loop.shutdown(timeout=TASKS_SECONDS),
        ]
        if late:
            logger.bind(gateway_name="desktop").warning(
                "{}", _("Did not end in time: {names}").format(names=", ".join(late))
            )
        self.lag.stop()
        self.crashes.remove()

    def discard_window(self) -> None:
        """Destroy the closed window now, not at some point of the interpreter's end."""
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)

    def _on_signal(self) -> None:
        self.tasks.start(self.window.close_now(), name="signal", owner="window")

    async def shut_down(self) -> None:
        """Tasks, engines and gateways end, in a thread where they may block, and within a bounded time."""
        closing = self.loop.run_in_executor(None, self.main_engine.close)
        done, _late = await asyncio.wait({closing}, timeout=CLOSING_SECONDS)
        if not done:
            logger.bind(gateway_name="desktop").warning(_("Closing took too long and was cut short."))
        self._ended.set_result(None)

    def _task_failed(self, failure: TaskFailure) -> None:
        self.crashes.note_failure()
        self.notices.error(
            _("{task} failed: {error}").format(task=failure.task, error=failure.summary),
            source=failure.owner,
            detail=failure.traceback,
        )

    def _handler_failed(self, failure: HandlerFailure) -> None:
        self.crashes.note_failure()
        self.notices.error(
            _("{handler} failed on {event}: {error}").format(
                handler=failure.handler, event=failure.event_type, error=failure.summary
            ),
            source="EventEngine",
            detail=failure.traceback,
        )


def _leave_if_threads_hang(code: int) -> None:
    """Threads of gateways that ignore `close` must not keep a windowless process alive."""
    lingering = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if lingering:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
