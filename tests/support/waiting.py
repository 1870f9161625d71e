"""Wait for a condition instead of sleeping and hoping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_LOOK_EVERY = 0.002


def wait_until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Block this thread until the condition holds; other threads do the work. Widgets need `until`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(_LOOK_EVERY)


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Let the loop run until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await asyncio.sleep(_LOOK_EVERY)
