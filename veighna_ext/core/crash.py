"""Uncaught exceptions, wherever they rise: logged with traceback, shown once, never fatal to the rest."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from loguru import logger

from veighna_ext.core.i18n import _
from veighna_ext.core.notices import NoticeBoard


def failed_start(error: Exception, folder: Path | None) -> str:
    """What to say when the desktop cannot be opened and nobody foresaw why; the traceback goes to a file."""
    file = (folder or Path(tempfile.gettempdir())) / "failed_start.txt"
    with contextlib.suppress(OSError):
        # nothing is lost where this fails too: the sentence still says what happened
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return _("The desktop could not be opened ({reason}). The details are in {file}.").format(
        reason=reason, file=file
    )


def leave_if_threads_hang(code: int) -> None:
    """Threads of apps and gateways that ignore `close` must not keep a windowless process alive."""
    lingering = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if lingering:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class CrashReporter:
    """Counts what nobody caught and puts it on the notice board."""

    def __init__(self, notices: NoticeBoard) -> None:
        self.count = 0
        self._notices = notices
        self._previous = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def install(self) -> None:
        """Take over the process's hooks."""
        sys.excepthook = self.report
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._previous

    def note_failure(self) -> None:
        """Count an exception that its own reporter has already told about."""
        self.count += 1

    def report(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
        where: str = "",
    ) -> None:
        """Tell the log and the user about one uncaught exception."""
        if issubclass(kind, KeyboardInterrupt):
            self._previous[0](kind, error or kind(), trace)
            return
        self.count += 1
        detail = "".join(traceback.format_exception(kind, error, trace))
        logger.bind(gateway_name=where or "desktop").error("{}", detail)
        self._notices.error(
            _("Unexpected error: {error}").format(error=f"{kind.__name__}: {error}"),
            source=where,
            detail=detail,
        )

    def in_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The exception handler of the desktop's loop."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.report(type(error), error, error.__traceback__, where=_where(context))
        else:
            self.count += 1
            logger.bind(gateway_name="desktop").error("{}", context.get("message", ""))
            self._notices.error(str(context.get("message", "")), source=_where(context))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            self.report(
                args.exc_type, args.exc_value, args.exc_traceback, args.thread.name if args.thread else ""
            )

    def _unraisable(self, unraisable: Any) -> None:
        self.report(
            unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback, repr(unraisable.object)
        )


def _where(context: dict[str, Any]) -> str:
    task = context.get("task") or context.get("future")
    return task.get_name() if isinstance(task, asyncio.Task) else ""
