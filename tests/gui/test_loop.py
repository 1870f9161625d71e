"""The desktop's loop: exact timers, order, other threads, dialogs inside tasks, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import os
import signal
import sys
import threading
import time
import weakref
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from veighna_ext.widgets.loop import DesktopEventLoop, make_loop


@pytest.mark.parametrize("delay", [0.0002, 0.01, 0.05, 0.5])
async def test_a_sleep_is_never_short(loop: DesktopEventLoop, delay: float) -> None:
    slept = []
    for _number in range(8 if delay > 0.1 else 20):
        started = time.perf_counter()
        await asyncio.sleep(delay)
        slept.append(time.perf_counter() - started)
    assert min(slept) >= delay
    # a coarse Qt timer would be up to 5 % late; the smallest of several is not the machine's fault
    assert min(slept) <= delay + 0.02


async def test_timers_fire_in_the_order_of_their_times(loop: DesktopEventLoop) -> None:
    fired: list[str] = []
    loop.call_later(0.03, fired.append, "third")
    loop.call_later(0.01, fired.append, "first")
    loop.call_later(0.02, fired.append, "second")
    last = loop.call_later(0.015, fired.append, "cancelled")
    last.cancel()
    await asyncio.sleep(0.05)
    assert fired == ["first", "second", "third"]


async def test_no_timer_fires_early_with_another(loop: DesktopEventLoop) -> None:
    early: list[float] = []

    def check(when: float) -> None:
        early.append(when - loop.time())

    now = loop.time()
    for number in range(60):
        loop.call_at(now + number * 0.0007, check, now + number * 0.0007)
    await asyncio.sleep(0.06)
    assert len(early) == 60
    assert max(early) <= 0


async def test_cancelled_timeouts_do_not_pile_up(loop: DesktopEventLoop) -> None:
    for _number in range(1000):
        loop.call_later(3600, print).cancel()
    assert len(loop._timers) < 300
    fired = asyncio.Event()
    loop.call_later(0.01, fired.set)
    await fired.wait()


async def test_a_timer_knows_its_time(loop: DesktopEventLoop) -> None:
    handle = loop.call_at(loop.time() + 10, print)
    assert handle.when() == pytest.approx(loop.time() + 10, abs=1)
    handle.cancel()


async def test_callbacks_run_in_order(loop: DesktopEventLoop) -> None:
    ran: list[int] = []
    for number in range(200):
        loop.call_soon(ran.append, number)
    await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert ran == list(range(200))


async def test_calls_from_a_thread_arrive_in_order_on_the_loops_thread(loop: DesktopEventLoop) -> None:
    ran: list[tuple[int, threading.Thread]] = []
    done = asyncio.Event()

    def call_often() -> None:
        for number in range(5000):
            loop.call_soon_threadsafe(lambda number=number: ran.append((number, threading.current_thread())))
        loop.call_soon_threadsafe(done.set)

    await asyncio.to_thread(call_often)
    await done.wait()
    assert [number for number, _thread in ran] == list(range(5000))
    assert {thread for _number, thread in ran} == {threading.main_thread()}


async def test_a_call_from_a_thread_wakes_an_idle_loop(loop: DesktopEventLoop) -> None:
    woken = asyncio.Event()
    timer = threading.Timer(0.02, lambda: loop.call_soon_threadsafe(woken.set))
    timer.start()
    await asyncio.wait_for(woken.wait(), 5)
    timer.join()


async def test_a_flood_of_callbacks_leaves_qt_its_turn(loop: DesktopEventLoop) -> None:
    turns: list[float] = []
    qt_timer = QTimer()
    qt_timer.timeout.connect(lambda: turns.append(time.perf_counter()))
    qt_timer.start(5)

    def work() -> None:
        until = time.perf_counter() + 0.001
        while time.perf_counter() < until:
            pass

    for _number in range(200):
        loop.call_soon(work)
    done = asyncio.Event()
    loop.call_soon(done.set)
    await done.wait()
    qt_timer.stop()
    gaps = [later - earlier for earlier, later in itertools.pairwise(turns)]
    assert len(turns) >= 5
    assert max(gaps) < 0.1


def close_later(dialog: QDialog, milliseconds: int = 60) -> None:
    QTimer.singleShot(milliseconds, dialog.accept)


async def test_a_dialogs_exec_inside_a_task_keeps_every_other_task_running(
    loop: DesktopEventLoop, qtbot: QtBot
) -> None:
    ticks: list[asyncio.Task[Any] | None] = []

    async def tick() -> None:
        while True:
            ticks.append(asyncio.current_task())
            await asyncio.sleep(0.001)

    ticking = [asyncio.create_task(tick()) for _number in range(3)]
    woken_by_thread = loop.create_future()
    waiting = asyncio.create_task(asyncio.wait_for(woken_by_thread, 10))
    await asyncio.sleep(0.01)
    dialog = QDialog()
    qtbot.addWidget(dialog)
    me = asyncio.current_task()
    thread = threading.Timer(0.02, lambda: loop.call_soon_threadsafe(woken_by_thread.set_result, "tick"))
    thread.start()
    close_later(dialog)
    before = len(ticks)
    dialog.exec()
    during = len(ticks) - before
    assert asyncio.current_task() is me
    assert during >= 30
    assert await waiting == "tick"
    before = len(ticks)
    await asyncio.sleep(0.03)
    assert len(ticks) - before >= 10
    assert set(ticks) == set(ticking)
    thread.join()
    for task in ticking:
        task.cancel()
    await asyncio.wait(ticking)


async def test_tasks_ready_in_the_same_round_as_a_dialog_run_behind_it(
    loop: DesktopEventLoop, qtbot: QtBot
) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    ran: list[str] = []

    def open_dialog() -> None:
        dialog.exec()
        ran.append("dialog closed")

    await asyncio.sleep(0.01)  # no wake-up of the start is left that could do the work
    loop.call_soon(open_dialog)
    loop.call_soon(ran.append, "same round")
    close_later(dialog)
    await asyncio.sleep(0.08)
    assert ran == ["same round", "dialog closed"]


async def test_a_task_may_be_cancelled_while_in_a_dialog(loop: DesktopEventLoop, qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)

    async def sit() -> None:
        close_later(dialog)
        dialog.exec()
        await asyncio.sleep(10)

    sitting = asyncio.create_task(sit())
    loop.call_later(0.01, sitting.cancel)
    with pytest.raises(asyncio.CancelledError):
        await sitting


async def test_dialogs_of_two_tasks_may_overlap(loop: DesktopEventLoop, qtbot: QtBot) -> None:
    results: list[str] = []

    async def sit(name: str, milliseconds: int) -> None:
        dialog = QDialog()
        qtbot.addWidget(dialog)
        close_later(dialog, milliseconds)
        dialog.exec()
        task = asyncio.current_task()
        results.append(f"{name} in {task.get_name() if task else None}")
        await asyncio.sleep(0)

    await asyncio.gather(
        asyncio.create_task(sit("outer", 20), name="outer"),
        asyncio.create_task(sit("inner", 60), name="inner"),
    )
    assert sorted(results) == ["inner in inner", "outer in outer"]


async def test_processing_events_inside_a_task_loses_nothing(loop: DesktopEventLoop) -> None:
    ran: list[int] = []

    async def step(number: int) -> None:
        await asyncio.sleep(0)
        ran.append(number)

    tasks = [asyncio.create_task(step(number)) for number in range(10)]
    for _number in range(5):
        QCoreApplication.processEvents()
    await asyncio.gather(*tasks)
    assert ran == list(range(10))


async def test_sockets_and_child_processes_work(loop: DesktopEventLoop) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(200_000))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"x" * 200_000)
    assert await reader.read() == b"x" * 200_000
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print('hello')", stdout=asyncio.subprocess.PIPE
    )
    output, _errors = await child.communicate()
    assert output.strip() == b"hello"


@pytest.mark.skipif(sys.platform == "win32", reason="no loop signal handlers on Windows")
async def test_a_signal_reaches_an_idle_loop(loop: DesktopEventLoop) -> None:
    signalled = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, signalled.set)
    killer = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGUSR1))
    killer.start()
    await asyncio.wait_for(signalled.wait(), 5)
    loop.remove_signal_handler(signal.SIGUSR1)
    killer.join()


@pytest.mark.expected_errors("error on the loop: .*'broken callback'")
async def test_an_error_nobody_handles_is_told(loop: DesktopEventLoop) -> None:
    def broken() -> None:
        raise ValueError("broken callback")

    loop.call_soon(broken)
    await asyncio.sleep(0.01)


@pytest.mark.expected_errors(r"never retrieved \(forgotten\): .*'broken task'")
async def test_the_error_of_a_forgotten_task_is_told_with_its_name(loop: DesktopEventLoop) -> None:
    async def broken() -> None:
        raise ValueError("broken task")

    task = asyncio.create_task(broken(), name="forgotten")
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    await asyncio.sleep(0)


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_asking_to_exit_in_a_callback_ends_the_loop_with_it(
    loop: DesktopEventLoop, error: BaseException
) -> None:
    def leave() -> None:
        raise error

    loop.call_soon(leave)
    with pytest.raises(type(error)):
        loop.run_forever()
    loop.run_until_complete(asyncio.sleep(0))


def test_callbacks_wait_while_the_loop_does_not_run(loop: DesktopEventLoop) -> None:
    ran: list[int] = []
    loop.call_soon(ran.append, 1)
    QCoreApplication.processEvents()
    assert ran == []
    loop.run_until_complete(asyncio.sleep(0))
    assert ran == [1]


@pytest.fixture
def own_loop(qapp: QApplication) -> DesktopEventLoop:
    return make_loop(qapp)


def test_shutting_down_cancels_tasks_and_names_the_stubborn(own_loop: DesktopEventLoop) -> None:
    ended: list[str] = []

    async def polite() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            ended.append("polite")

    async def stubborn(release: asyncio.Event) -> None:
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()

    async def live() -> tuple[list[str], list[str]]:
        release = asyncio.Event()
        kept = [
            asyncio.create_task(polite()),
            asyncio.create_task(stubborn(release), name="stubborn"),
        ]
        await asyncio.sleep(0)
        late = await own_loop.shutdown(timeout=0.05)
        release.set()
        await asyncio.wait(kept)
        return late, ended

    late, ended_then = own_loop.run_until_complete(live())
    own_loop.close()
    assert late == ["stubborn"]
    assert ended_then == ["polite"]


def test_a_worker_that_finishes_after_the_end_does_not_fail(own_loop: DesktopEventLoop) -> None:
    own_loop.close()
    handle = own_loop.call_soon_threadsafe(print, "too late")
    assert handle.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        own_loop.call_soon(print)


def test_a_blocked_worker_does_not_keep_the_loop_from_closing(own_loop: DesktopEventLoop) -> None:
    release = threading.Event()

    async def look_up() -> None:
        own_loop.run_in_executor(None, release.wait, 20)

    own_loop.run_until_complete(look_up())
    started = time.perf_counter()
    own_loop.close()
    assert time.perf_counter() - started < 2
    release.set()


def test_a_closed_loop_is_freed(qapp: QApplication) -> None:
    loop = make_loop(qapp)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    asyncio.set_event_loop(None)
    gone = weakref.ref(loop)
    del loop
    gc.collect()
    assert gone() is None


async def test_closing_the_last_window_does_not_end_the_loop(loop: DesktopEventLoop, qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.close()
    await asyncio.sleep(0.05)
    assert loop.is_running()
