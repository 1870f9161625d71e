"""Blocking work gets a thread that cannot keep the process alive."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from veighna_ext.core.daemon_threads import DaemonThreads


@pytest.fixture
def pool() -> Iterator[DaemonThreads]:
    pool = DaemonThreads("test pool", max_threads=2)
    yield pool
    pool.shutdown()


def test_work_gives_its_result_or_its_error(pool: DaemonThreads) -> None:
    assert pool.submit(divmod, 7, 2).result(5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 7, 0).result(5)


def test_idle_threads_are_used_again(pool: DaemonThreads) -> None:
    for _number in range(50):
        pool.submit(int).result(5)
        # the thread is idle a moment after its result is there
        time.sleep(0.001)
    assert len({thread.name for thread in threading.enumerate() if thread.name.startswith("test pool")}) <= 2


def test_no_more_threads_than_allowed_and_all_work_is_done(pool: DaemonThreads) -> None:
    jobs = [pool.submit(lambda: threading.current_thread().name) for _number in range(100)]
    names = {job.result(5) for job in jobs}
    assert names <= {"test pool 1", "test pool 2"}


def test_blocked_work_does_not_keep_shutdown_waiting(pool: DaemonThreads) -> None:
    release = threading.Event()
    pool.submit(release.wait, 20)
    started = time.perf_counter()
    pool.shutdown()
    assert time.perf_counter() - started < 2
    release.set()


def test_waiting_work_is_cancelled_on_request(pool: DaemonThreads) -> None:
    release = threading.Event()
    blocked = [pool.submit(release.wait, 20) for _number in range(2)]
    waiting = [pool.submit(int) for _number in range(3)]
    while not all(job.running() for job in blocked):
        time.sleep(0.001)
    pool.shutdown(wait=False, cancel_futures=True)
    release.set()
    assert all(job.cancelled() for job in waiting)
    assert all(job.result(5) for job in blocked)


def test_nothing_is_accepted_after_shutdown(pool: DaemonThreads) -> None:
    pool.shutdown()
    with pytest.raises(RuntimeError, match="test pool"):
        pool.submit(int)
