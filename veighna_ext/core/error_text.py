"""Exceptions as text, also those whose own `str()` fails: telling about an error must not cause another."""

from __future__ import annotations

import traceback
from types import TracebackType


def error_summary(error: BaseException) -> str:
    """The exception as one line."""
    name, text = type(error).__name__, error_message(error)
    return f"{name}: {text}" if text else name


def error_message(error: BaseException) -> str:
    """What the exception says."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the exception being told is the one that matters
        return "(its text cannot be shown)"


def error_traceback(error: BaseException, since: TracebackType | None = None) -> str:
    """The traceback, from the frame `since` on if given; never with the values of local variables."""
    shown = since or error.__traceback__
    return "".join(traceback.format_exception(type(error), error, shown)).rstrip()
