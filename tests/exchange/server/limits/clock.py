"""Times the tests of limits use, in microseconds."""

from __future__ import annotations

from datetime import datetime, timezone

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

MIDNIGHT = int(datetime(2026, 1, 5, tzinfo=timezone.utc).timestamp()) * SECOND


def at(text: str) -> int:
    """A time of that day, as ``12:34:56`` or ``12:34:56.5``."""
    hours, minutes, seconds = text.split(":")
    return MIDNIGHT + int(hours) * 60 * MINUTE + int(minutes) * MINUTE + round(float(seconds) * SECOND)
