"""The one way to start background work: named, owned, with progress and cancel, failures told once."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future as ThreadFuture
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from veighna_ext.core.daemon_threads import DaemonThreads
from veighna_ext.core.error_text import error_summary, error_traceback
from veighna_ext.core.progress import Progress, TaskCancelled

T = TypeVar("T")

CoroutineFactory = Callable[[Progress], Coroutine[Any, Any, T]]


class TaskState(enum.Enum):
    """Where a task stands; a running one that was asked to end is `CANCELLING`."""

    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class TaskFailure:
    """A task that ended with an exception nobody handled."""

    task: str
    owner: str
    error: BaseException
    traceback: str

    @property
    def summary(self) -> str:
        """The exception as one line."""
        return error_summary(self.error)


class BackgroundTask(Generic[T]):
    """One piece of background work; await it for its result. Cancelling the awaiter leaves it running."""

    def __init__(self, name: str, owner: object, progress: Progress) -> None:
        self.name = name
        self.owner = owner
        self.progress = progress
        self.state = TaskState.RUNNING
        self._future: asyncio.Future[T]
        self._awaited = 0
        self._cancel_work: Callable[[], object]

    @property
    def owner_name(self) -> str:
        """The owner's name as shown to the user."""
        return self.owner if isinstance(self.owner, str) else type(self.owner).__name__

    @property
    def running(self) -> bool:
        """Whether the work has not ended yet."""
        return self.state in (TaskState.RUNNING, TaskState.CANCELLING)

    def cancel(self) -> None:
        """Ask the work to end: a coroutine at its next await, a thread at its next `progress.update()`."""
        if self.state is TaskState.RUNNING:
            self.state = TaskState.CANCELLING
            self.progress.cancel()
            self._cancel_work()

    def __await__(self) -> Generator[Any, None, T]:
        self._awaited += 1
        try:
            return (yield from asyncio.shield(self._future).__await__())
        finally:
            self._awaited -= 1

    def __repr__(self) -> str:
        return f"<BackgroundTask {self.name!r} of {self.owner_name}, {self.state.value}>"


class Tasks:
    """Starts and keeps the background work of the desktop; lives on the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_error: Callable[[TaskFailure], None]) -> None:
        self._loop = loop
        self._on_error = on_error
        self._running: dict[BackgroundTask[Any], None] = {}
        self._observers: list[Callable[[], None]] = []
        self._threads = DaemonThreads("task thread")
        self._closed = False

    def start(
        self,
        work: Coroutine[Any, Any, T] | CoroutineFactory[T],
        *,
        name: str,
        owner: object,
        on_success: Callable[[T], object] | None = None,
        on_error: Callable[[BaseException], object] | None = None,
    ) -> BackgroundTask[T]:
        """Run a coroutine, or what a function of its `Progress` returns, as a task of the loop."""
        progress = Progress(self._loop)
        coroutine = work if asyncio.iscoroutine(work) else work(progress)
        if self._closed:
            coroutine.close()
            raise RuntimeError(f"cannot start {name!r}: the desktop is closing")
        inner: asyncio.Task[T] = self._loop.create_task(coroutine, name=name)
        return self._follow(inner, inner.cancel, progress, name, owner, on_success, on_error)

    def in_thread(
        self,
        func: Callable[..., T],
        *args: object,
        name: str,
        owner: object,
        on_success: Callable[[T], object] | None = None,
        on_error: Callable[[BaseException], object] | None = None,
    ) -> BackgroundTask[T]:
        """Run blocking `func(progress, *args)` in a thread; its result arrives on the loop."""
        if self._closed:
            raise RuntimeError(f"cannot start {name!r}: the desktop is closing")
        progress = Progress(self._loop)
        job: ThreadFuture[T] = self._threads.submit(func, progress, *args)
        inner = asyncio.wrap_future(job, loop=self._loop)
        return self._follow(inner, job.cancel, progress, name, owner, on_success, on_error)

    def running(self) -> list[BackgroundTask[Any]]:
        """What is running now, oldest first."""
        return list(self._running)

    def observe(self, observer: Callable[[], None]) -> None:
        """Call `observer()` whenever a task starts or ends."""
        self._observers.append(observer)

    def cancel_owner(self, owner: object) -> None:
        """Cancel everything this owner started; for a window that closes."""
        for task in self.running():
            if task.owner is owner or task.owner == owner:
                task.cancel()

    async def close(self, timeout: float = 2.0) -> list[str]:
        """Cancel everything and wait; returns the names of the tasks that did not end in time."""
        self._closed = True
        for task in self.running():
            task.cancel()
        futures = [task._future for task in self.running()]
        if futures:
            await asyncio.wait(futures, timeout=timeout)
        self._threads.shutdown(wait=False)
        return [task.name for task in self.running()]

    def _follow(
        self,
        inner: asyncio.Future[T],
        cancel: Callable[[], object],
        progress: Progress,
        name: str,
        owner: object,
        on_success: Callable[[T], object] | None,
        on_error: Callable[[BaseException], object] | None,
    ) -> BackgroundTask[T]:
        task: BackgroundTask[T] = BackgroundTask(name, owner, progress)
        task._future = self._loop.create_future()
        task._cancel_work = cancel
        self._running[task] = None
        inner.add_done_callback(lambda ended: self._ended(task, ended, on_success, on_error))
        self._changed()
        return task

    def _ended(
        self,
        task: BackgroundTask[T],
        inner: asyncio.Future[T],
        on_success: Callable[[T], object] | None,
        on_error: Callable[[BaseException], object] | None,
    ) -> None:
        self._running.pop(task, None)
        error = None if inner.cancelled() else inner.exception()
        if inner.cancelled() or isinstance(error, TaskCancelled):
            task.state = TaskState.CANCELLED
            task._future.cancel()
        elif error is not None:
            task.state = TaskState.FAILED
            self._failed(task, error, on_error)
        else:
            task.state = TaskState.DONE
            task._future.set_result(inner.result())
            if on_success is not None:
                self._guarded(task, on_success, inner.result())
        self._changed()

    def _failed(
        self,
        task: BackgroundTask[T],
        error: BaseException,
        on_error: Callable[[BaseException], object] | None,
    ) -> None:
        handled = task._awaited > 0 or on_error is not None
        task._future.set_exception(error)
        task._future.exception()  # marks it retrieved: reporting is ours, not the garbage collector's
        if on_error is not None:
            self._guarded(task, on_error, error)
        if not handled:
            self._report(task, error)

    def _guarded(self, task: BackgroundTask[Any], callback: Callable[[Any], object], value: Any) -> None:
        try:
            callback(value)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs in the task's report
            self._report(task, error)

    def _report(self, task: BackgroundTask[Any], error: BaseException) -> None:
        self._on_error(TaskFailure(task.name, task.owner_name, error, error_traceback(error)))

    def _changed(self) -> None:
        for observer in self._observers:
            self._loop.call_soon(observer)
