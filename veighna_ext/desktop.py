"""The running desktop: its loop, engines, window, and the orderly way out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
import warnings
from collections.abc import Iterable, Sequence

from loguru import logger
from PySide6.QtCore import QCoreApplication, QEvent

from veighna_ext.core import late_imports
from veighna_ext.core.bridge import EventBridge
from veighna_ext.core.catalogue import OFFICIAL_APPS, SOURCE_ONLY_APPS, AppEntry, GatewayEntry, gateways
from veighna_ext.core.crash import CrashReporter, leave_if_threads_hang
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.event_stats import HandlerFailure
from veighna_ext.core.i18n import _
from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.paths import adding
from veighna_ext.core.progress import Progress
from veighna_ext.core.settings import SettingsStore
from veighna_ext.core.tasks import TaskFailure, Tasks
from veighna_ext.core.vitals import process_age
from veighna_ext.options import Options
from veighna_ext.widgets.garbage import GuiThreadGarbage
from veighna_ext.widgets.loop import DesktopEventLoop
from veighna_ext.window.first_frame import first_frame
from veighna_ext.window.main_window import DesktopWindow
from veighna_ext.window.saving import save_settings

CLOSING_SECONDS = 2.0
TASKS_SECONDS = 0.4
PULSE_SECONDS = 0.25
"""Rare enough to let an idle machine sleep; a stall counts in full however rarely it is looked for."""
STARTING = "starting"
"""The owner of what must not go on adding apps while the desktop closes."""


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
        self.lag = LoopLag(self.loop, period=PULSE_SECONDS)
        self.lag.start()
        self.garbage = GuiThreadGarbage()
        self.garbage.start()
        self.tasks = Tasks(self.loop, on_error=self._task_failed)
        self.event_engine = DesktopEventEngine(on_handler_error=self._handler_failed)
        self.bridge = EventBridge(self.event_engine, self.loop)
        self.main_engine = DesktopMainEngine(self.event_engine, self.notices)
        self.exit_code = 0
        self.startup_seconds = 0.0
        self.apps_added: asyncio.Future[None] = self.loop.create_future()
        self._ended: asyncio.Future[None] = self.loop.create_future()
        self._stopping: asyncio.Task[None] | None = None

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

    async def add_apps(self) -> None:
        """The official apps, imported beside the shown window; one that fails costs only itself."""
        wanted = [entry for entry in OFFICIAL_APPS if entry.package not in self.store.current.apps_left_out]
        await self.tasks.in_thread(_import_all, wanted, name=_("Import the apps"), owner="start")
        for entry in wanted:
            self._add(entry)
            await asyncio.sleep(0)
        self.apps_added.set_result(None)

    def _add(self, entry: AppEntry | GatewayEntry) -> None:
        try:
            loaded = entry.load()
            if isinstance(entry, AppEntry):
                self.main_engine.add_app(loaded)
                self.window.add_app_entry(self.main_engine.apps[loaded.app_name])
            else:
                self.main_engine.add_gateway(loaded)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code; the rest must start
            if (
                entry.package in SOURCE_ONLY_APPS
                and isinstance(error, ModuleNotFoundError)
                and error.name == entry.package
            ):
                self.main_engine.write_log(
                    _("{name} is not installed: `{command}` adds it.").format(
                        name=entry.package, command=adding("riskmanager", entry.package)
                    )
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
        # pyqtgraph says it on stderr when the application ends: it disconnects what nobody has connected
        warnings.filterwarnings("ignore", r'Failed to disconnect .* from signal "destroyed', RuntimeWarning)
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                self.loop.add_signal_handler(number, self._on_signal)
            # `nohup` has it ignored, and means it
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
                self.loop.add_signal_handler(signal.SIGHUP, self._on_hang_up)
        with self.loop:
            living = self.loop.create_task(self._live(), name="desktop")
            living.add_done_callback(lambda _done: self.loop.stop())
            while not living.done():
                self._serve()
            living.result()
        self.discard_window()
        leave_if_threads_hang(self.exit_code)
        return self.exit_code

    def _serve(self) -> None:
        """Run the loop; who ends Qt's own (`QApplication.exit`, `sys.exit` in a slot) means the window."""
        try:
            self.loop.run_forever()
        except SystemExit as error:
            self.exit_code = error.code if isinstance(error.code, int) else int(error.code is not None)
        self._close()

    async def _live(self) -> None:
        self.tasks.start(self._begin(), name=_("Start"), owner=STARTING)
        await self._ended
        await self.finish()

    async def _begin(self) -> None:
        await first_frame(self.window)
        self.window.show_detached()
        self.startup_seconds = process_age()
        if not self.apps_added.done():
            self.tasks.start(self.add_apps(), name=_("Load the apps"), owner=STARTING)
        if os.environ.get("VEIGHNA_EXT_EXIT_AFTER_START"):
            self.tasks.start(self._report_start(), name="report start", owner="start")
        elif self.options.smoke_seconds:
            from veighna_ext.smoke import smoke

            self.tasks.start(smoke(self), name="smoke", owner="start")
        else:
            self.tasks.start(self._welcome(), name=_("Welcome"), owner="start")
        if self.options.demo:
            self.notices.warning(
                _("The demo needs the mock exchange, which this version does not have yet."), source="--demo"
            )

    async def _welcome(self) -> None:
        await self.apps_added
        if not self.store.current.welcome_seen:
            save_settings(self.store, self.notices, welcome_seen=True)
            self.window.open_welcome()

    async def _report_start(self) -> None:
        print(json.dumps({"startup_s": round(self.startup_seconds, 3)}), flush=True)
        await self.apps_added
        figures = {
            "startup_s": round(self.startup_seconds, 3),
            "apps_ready_s": round(process_age(), 3),
            "notices": [notice.text for notice in self.notices.all()],
        }
        print(json.dumps(figures, ensure_ascii=False), flush=True)
        await self.window.close_now()

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
        self.garbage.stop()
        self.crashes.remove()

    def discard_window(self) -> None:
        """Destroy the closed windows now, not at some point of the interpreter's end."""
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _on_signal(self) -> None:
        if self._stopping is not None:
            # asked a second time while the first is under way
            os._exit(self.exit_code or 1)
        self._close()

    def _on_hang_up(self) -> None:
        """The terminal was closed: what a strategy prints as it stops must not fail for want of one."""
        # the shell tells of it too, and as late as it likes
        self.loop.remove_signal_handler(signal.SIGHUP)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            if stat.S_ISCHR(os.fstat(stream).st_mode):
                os.dup2(nowhere, stream)
        os.close(nowhere)
        self._close()

    def _close(self) -> None:
        if self._stopping is None:
            self.tasks.start(self._close_unasked(), name=_("Close"), owner="window")

    async def _close_unasked(self) -> None:
        """Where the window fails to close, the engines still do and the process ends."""
        try:
            await self.window.close_now()
        finally:
            await self.shut_down()

    async def shut_down(self) -> None:
        """Engines and gateways end; whoever asked for it may be cancelled on the way, this goes on."""
        if self._stopping is None:
            self._stopping = self.loop.create_task(self._stop(), name="shut down")
        await asyncio.shield(self._stopping)

    async def _stop(self) -> None:
        """In a thread, where foreign code may block, and within a bounded time."""
        try:
            self.tasks.cancel_owner(STARTING)
            closing = self.loop.run_in_executor(None, self.main_engine.close)
            done, _late = await asyncio.wait({closing}, timeout=CLOSING_SECONDS)
            if not done:
                logger.bind(gateway_name="desktop").warning(_("Closing took too long and was cut short."))
        finally:
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


def _import_all(progress: Progress, entries: Sequence[AppEntry]) -> None:
    late_imports.load_the_rest()
    for number, entry in enumerate(entries):
        progress.update(number / len(entries), entry.package)
        # whatever fails here fails again, and is reported, where the app is added
        with contextlib.suppress(Exception, SystemExit):
            entry.load()
