"""Background work is named, owned, cancellable, tells its progress, and its failure is told exactly once."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from veighna_ext.core.progress import Progress, ProgressReport
from veighna_ext.core.tasks import TaskFailure, Tasks, TaskState


class Office:
    """Tasks, and what they reported."""

    def __init__(self) -> None:
        self.failures: list[TaskFailure] = []
        self.tasks = Tasks(asyncio.get_running_loop(), self.failures.append)


async def give(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def fail() -> None:
    raise LookupError("no such contract")


async def for_ever() -> None:
    await asyncio.Event().wait()


async def settled(office: Office) -> None:
    """Wait until nothing runs any more."""
    idle = asyncio.Event()
    office.tasks.observe(lambda: None if office.tasks.running() else idle.set())
    await idle.wait()


async def test_awaiting_a_task_gives_its_result() -> None:
    task = Office().tasks.start(give(5), name="load", owner="test")
    assert task.running
    assert await task == 5
    assert task.state is TaskState.DONE


async def test_a_task_is_listed_while_it_runs() -> None:
    office = Office()
    changes: list[list[str]] = []
    office.tasks.observe(lambda: changes.append([task.name for task in office.tasks.running()]))
    await office.tasks.start(give(1), name="load bars", owner="test")
    await asyncio.sleep(0)
    assert changes == [["load bars"], []]


async def test_a_failure_nobody_handles_is_told_once_with_its_traceback() -> None:
    office = Office()
    task = office.tasks.start(fail(), name="find contract", owner=office)
    await settled(office)
    (failure,) = office.failures
    assert (failure.task, failure.owner) == ("find contract", "Office")
    assert failure.summary == "LookupError: no such contract"
    assert "raise LookupError" in failure.traceback
    assert task.state is TaskState.FAILED


async def test_a_failure_somebody_awaits_is_theirs_alone() -> None:
    office = Office()
    with pytest.raises(LookupError):
        await office.tasks.start(fail(), name="find", owner="test")
    assert not office.failures


async def test_a_failure_with_its_own_handler_is_not_told_again() -> None:
    office = Office()
    errors: list[BaseException] = []
    office.tasks.start(fail(), name="find", owner="test", on_error=errors.append)
    await settled(office)
    assert isinstance(errors[0], LookupError)
    assert not office.failures


async def test_a_result_goes_to_whoever_asked_for_it() -> None:
    office = Office()
    results: list[int] = []
    office.tasks.start(give(7), name="load", owner="test", on_success=results.append)
    await settled(office)
    assert results == [7]


async def test_a_result_that_cannot_be_shown_is_told() -> None:
    office = Office()
    office.tasks.start(give("x"), name="load", owner="test", on_success=int)
    await settled(office)
    assert office.failures[0].summary.startswith("ValueError")


async def test_a_cancelled_task_is_no_failure() -> None:
    office = Office()
    task = office.tasks.start(for_ever(), name="wait", owner="test")
    await asyncio.sleep(0)
    task.cancel()
    assert [task.state] == [TaskState.CANCELLING]
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.state is TaskState.CANCELLED
    assert not office.failures


async def test_cancelling_who_waits_leaves_the_work_running() -> None:
    release = asyncio.Event()
    task = Office().tasks.start(release.wait(), name="wait", owner="test")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(task, 0.01)
    assert task.state is TaskState.RUNNING
    release.set()
    assert await task is True


async def test_closing_a_window_cancels_only_what_it_started() -> None:
    office, window = Office(), object()
    mine = office.tasks.start(for_ever(), name="mine", owner=window)
    other = office.tasks.start(for_ever(), name="other", owner=object())
    office.tasks.cancel_owner(window)
    assert (mine.state, other.state) == (TaskState.CANCELLING, TaskState.RUNNING)
    await office.tasks.close()


async def test_progress_is_heard_on_the_loop() -> None:
    office = Office()
    heard: list[ProgressReport] = []

    async def work(progress: Progress) -> None:
        progress.update(0.25, "reading")
        await asyncio.sleep(0)
        progress.update(text="writing")
        progress.update(2.0)
        await asyncio.sleep(0)

    task = office.tasks.start(work, name="copy", owner="test")
    task.progress.observe(heard.append)
    await task
    assert heard == [ProgressReport(0.25, "reading"), ProgressReport(1.0, "writing")]
    assert task.progress.report == ProgressReport(1.0, "writing")


async def test_blocking_work_runs_in_a_thread_and_its_result_arrives_on_the_loop() -> None:
    office = Office()

    def where(_progress: Progress, value: int) -> tuple[int, threading.Thread]:
        return value, threading.current_thread()

    value, thread = await office.tasks.in_thread(where, 3, name="where", owner="test")
    assert value == 3
    assert thread is not threading.current_thread()
    assert thread.daemon
    await office.tasks.close()


async def test_blocking_work_is_cancelled_at_its_next_progress() -> None:
    office, begun = Office(), threading.Event()

    def count(progress: Progress) -> None:
        while True:
            begun.set()
            progress.update(0.5)

    task = office.tasks.in_thread(count, name="count", owner="test")
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.state is TaskState.CANCELLED
    assert not office.failures
    await office.tasks.close()


async def test_a_waiting_thread_wakes_at_once_when_cancelled() -> None:
    office = Office()
    task = office.tasks.in_thread(lambda progress: progress.wait(30), name="wait", owner="test")
    started = time.perf_counter()
    await asyncio.sleep(0)
    assert await office.tasks.close() == []
    assert time.perf_counter() - started < 1
    assert task.state is TaskState.CANCELLED


async def test_many_reports_from_a_thread_wake_the_loop_a_few_times_only() -> None:
    office = Office()
    heard: list[ProgressReport] = []

    def count(progress: Progress) -> None:
        for number in range(10_000):
            progress.update(number / 9_999)

    task = office.tasks.in_thread(count, name="count", owner="test")
    task.progress.observe(heard.append)
    await task
    await asyncio.sleep(0)
    assert heard[-1].fraction == 1.0
    assert len(heard) < 5_000
    await office.tasks.close()


async def test_a_failure_in_a_thread_is_told() -> None:
    office = Office()
    office.tasks.in_thread(lambda _progress: 1 / 0, name="divide", owner="test")
    await settled(office)
    assert office.failures[0].summary == "ZeroDivisionError: division by zero"
    await office.tasks.close()


async def test_closing_names_what_did_not_end() -> None:
    office, release = Office(), threading.Event()
    stuck = office.tasks.in_thread(lambda _progress: release.wait(10), name="stuck", owner="test")
    office.tasks.start(for_ever(), name="polite", owner="test")
    assert await office.tasks.close(timeout=0.05) == ["stuck"]
    release.set()
    assert await stuck is True


async def test_nothing_starts_once_the_desktop_is_closing() -> None:
    office = Office()
    await office.tasks.close()
    with pytest.raises(RuntimeError, match="cannot start 'load'"):
        office.tasks.start(give(1), name="load", owner="test")
    with pytest.raises(RuntimeError, match="cannot start 'load'"):
        office.tasks.in_thread(print, name="load", owner="test")
