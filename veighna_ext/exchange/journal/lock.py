"""One writer per folder; the system lets go of the lock however the process ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from veighna_ext.exchange.journal.disk import BINARY
from veighna_ext.exchange.journal.errors import FolderInUse, failure
from veighna_ext.exchange.journal.folder import LOCK_NAME

_TAKEN = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


class FolderLock:
    """Held from its making to its release."""

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_NAME
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | BINARY, 0o644)
        except OSError as error:
            raise failure(folder, error) from error
        try:
            _lock(self._handle)
        except OSError as error:
            with os.fdopen(self._handle, "rb") as file:
                owner = file.read(20).decode("ascii", "replace").strip()
            if error.errno in _TAKEN:
                raise FolderInUse(folder, owner) from error
            raise failure(folder, error) from error
        # the number is a courtesy to whoever is refused; a full disk must not refuse the owner
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.write(self._handle, str(os.getpid()).encode())

    def release(self) -> None:
        """Let another process write the folder."""
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    # locked bytes cannot be read there, so the lock lies behind the owner's number
    _LOCKED_BYTE = 1 << 20

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
