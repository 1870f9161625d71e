"""Bytes that are really on the disk, on each operating system."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

BINARY = getattr(os, "O_BINARY", 0)

if sys.platform == "darwin":
    import fcntl

    def sync(handle: int) -> None:
        """Force a file's bytes onto the disk."""
        # fsync alone leaves them in the drive's cache there
        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
else:
    sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


if sys.platform == "win32":

    def sync_folder(folder: Path) -> None:
        """Names are on the disk with the file there."""
else:

    def sync_folder(folder: Path) -> None:
        """Force names made, changed or removed in a folder onto the disk."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(handle: int, content: bytes | bytearray) -> None:
    """Write all of it: one write, and more only where the system took less than it was given."""
    written = os.write(handle, content)
    while written < len(content):
        # on a full disk the first write is short, and only the next one says why
        with memoryview(content) as view:
            written += os.write(handle, view[written:])


def cut(path: Path, size: int) -> None:
    """Shorten a file for good."""
    with path.open("r+b") as file:
        file.truncate(size)
        os.fsync(file.fileno())
