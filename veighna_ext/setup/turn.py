"""Only one set-up at a time works on an environment; a second one waits for its turn."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

POLL_S = 0.2

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def turn(lock_path: Path, waiting: Callable[[], None]) -> Iterator[int]:
    """
    Hold the lock at `lock_path`; `waiting` is called once if another holds it.

    Yields its descriptor: a child process given it keeps holding the lock should we be killed.
    """
    handle = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take(handle):
            waiting()
            while not _take(handle):
                time.sleep(POLL_S)
        yield handle
    finally:
        os.close(handle)
