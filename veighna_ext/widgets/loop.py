"""The one event loop of the desktop: asyncio and Qt in the same thread, on qasync."""

from __future__ import annotations

import asyncio
import heapq
import logging
import math
import time
from asyncio.tasks import _enter_task, _leave_task
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any, cast

import qasync
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from veighna_ext.core.daemon_threads import DaemonThreads

ErrorCallback = Callable[[str, BaseException | None], None]
ExceptionHandler = Callable[[asyncio.AbstractEventLoop, dict[str, Any]], None]

_SLICE_SECONDS = 0.008
_LONGEST_TIMER_MS = 24 * 3600 * 1000

logger = logging.getLogger(__name__)


class _Waker(QObject):
    """Carries a wake-up from any thread into the Qt loop."""

    wake = Signal()


class DesktopEventLoop(qasync.QEventLoop):
    """
    qasync's loop with its scheduling replaced.

    - Timers are precise and never early (qasync's are coarse Qt timers, up to 5 % early).
    - Callbacks run in order, many per wake-up, in slices short enough for Qt to paint between them.
    - An official dialog's `exec()` inside a task keeps every other task running: the task in the dialog is
      set aside while they step. With qasync alone each task that becomes ready meanwhile is lost for ever.
    - After `close()`, `call_soon_threadsafe` drops the call: a worker that finishes late must not fail.
    - The default executor's threads are daemons: a DNS look-up that hangs does not keep the process alive.
    """

    def __init__(self, app: QApplication) -> None:
        self._pending: deque[asyncio.Handle] = deque()
        self._timers: list[Any] = []  # asyncio.TimerHandle, whose loop-side attributes have no types
        self._cancelled_timers = 0
        self._wake_posted = False
        self._fatal: BaseException | None = None
        self._waker = _Waker()
        self._waker.wake.connect(self._run_pending, Qt.ConnectionType.QueuedConnection)
        self._clock = QTimer()
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._run_due)
        super().__init__(app)
        self.set_default_executor(DaemonThreads("loop worker"))

    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run a callback in the next round of the loop."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._add_callback(handle)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run a callback in the next round of the loop, asked for by any thread; dropped after `close()`."""
        handle = asyncio.Handle(callback, args, self, context)
        if self.is_closed():
            handle.cancel()
        else:
            self._add_callback(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run a callback after `delay` seconds."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run a callback at a time of the loop's clock, never before it."""
        self._check_closed()
        handle: Any = asyncio.TimerHandle(when, callback, args, self, context)
        handle._scheduled = True
        heapq.heappush(self._timers, handle)
        if self._timers[0] is handle:
            self._arm()
        return cast("asyncio.TimerHandle", handle)

    def _add_callback(self, handle: asyncio.Handle, _delay: float = 0) -> asyncio.Handle:
        self._pending.append(handle)
        self._wake()
        return handle

    def _wake(self) -> None:
        if not self._wake_posted:
            self._wake_posted = True
            self._waker.wake.emit()

    def _arm(self) -> None:
        if self._timers:
            wait_ms = math.ceil((self._timers[0].when() - self.time()) * 1000)
            self._clock.start(min(max(wait_ms, 0), _LONGEST_TIMER_MS))

    def _timer_handle_cancelled(self, handle: Any) -> None:
        """Called by asyncio: forget cancelled timers in bulk, or long time-outs would pile up."""
        self._cancelled_timers += handle._scheduled
        if self._cancelled_timers > 100 and self._cancelled_timers > len(self._timers) // 2:
            self._timers = [timer for timer in self._timers if not timer.cancelled()]
            heapq.heapify(self._timers)
            self._cancelled_timers = 0

    def run_forever(self) -> int:
        """Run until `stop()`; a SystemExit or KeyboardInterrupt of a callback is raised here."""
        self._wake_posted = False
        self._wake()
        self._arm()
        try:
            result: int = super().run_forever()
        finally:
            fatal, self._fatal = self._fatal, None
            if fatal is not None:
                raise fatal
        return result

    def _run_due(self) -> None:
        if not self.is_running():
            return
        now = self.time()
        while self._timers and self._timers[0].when() <= now:
            handle = heapq.heappop(self._timers)
            handle._scheduled = False
            if handle.cancelled():
                self._cancelled_timers -= 1
            else:
                self._pending.append(handle)
        self._arm()
        self._run_pending()

    def _run_pending(self) -> None:
        self._wake_posted = False
        if not self.is_running():
            return
        count = len(self._pending)
        if count > 1:
            # a callback may open a nested Qt loop, which has to find the rest of this round
            self._wake()
        until = time.perf_counter() + _SLICE_SECONDS
        for _number in range(count):
            if not self._pending:
                return
            handle = self._pending.popleft()
            if not handle.cancelled():
                self._run_handle(handle)
            if time.perf_counter() > until:
                break
        if self._pending:
            self._wake()

    def _run_handle(self, handle: asyncio.Handle) -> None:
        dialog_task = asyncio.current_task(self)
        if dialog_task is not None:
            _leave_task(self, dialog_task)
        started = time.perf_counter() if self.get_debug() else 0.0
        try:
            handle._run()
        except (SystemExit, KeyboardInterrupt) as error:
            self._fatal = error
            self.stop()
        finally:
            if dialog_task is not None:
                _enter_task(self, dialog_task)
        if started and (took := time.perf_counter() - started) >= self.slow_callback_duration:
            logger.warning("%r took %.3f seconds", handle, took)

    async def shutdown(self, timeout: float = 2.0) -> list[str]:
        """Cancel every other task and wait for their ends; returns the names of those that did not end."""
        deadline = self.time() + timeout
        stuck: set[asyncio.Task[Any]] = set()
        while (others := self._other_tasks() - stuck) and self.time() < deadline:
            for task in others:
                task.cancel()
            done, stuck = await asyncio.wait(others, timeout=deadline - self.time())
            for task in done:
                self._report_failure(task)
        await self.shutdown_asyncgens()
        return sorted(task.get_name() for task in self._other_tasks())

    def close(self) -> None:
        """Release everything; calls from other threads are dropped from now on."""
        if self.is_closed():
            return
        super().close()
        self._waker.wake.disconnect()
        self._clock.stop()
        self._pending.clear()
        self._timers.clear()

    def _other_tasks(self) -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks(self) if task is not asyncio.current_task(self)}

    def _report_failure(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.call_exception_handler(
                {"message": "exception while the loop shut down", "exception": error, "task": task}
            )


def make_loop(app: QApplication, on_error: ErrorCallback | None = None) -> DesktopEventLoop:
    """
    The desktop's loop, set as the current one.

    `on_error(message, exception)` hears of everything no task or callback has handled. Closing the last
    window does not end the loop: the main window's orderly shutdown does.
    """
    app.setQuitOnLastWindowClosed(False)
    loop = DesktopEventLoop(app)
    if on_error is not None:
        loop.set_exception_handler(_exception_handler(on_error))
    asyncio.set_event_loop(loop)
    return loop


def _exception_handler(on_error: ErrorCallback) -> ExceptionHandler:
    def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        task = context.get("task") or context.get("future")
        message = str(context.get("message", ""))
        name = task.get_name() if isinstance(task, asyncio.Task) else ""
        on_error(f"{message} ({name})" if name else message, context.get("exception"))

    return handle
