"""What can go wrong with a data folder: each kind by name, each text one sentence with the way out."""

from __future__ import annotations

import errno
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


class JournalError(Exception):
    """Any trouble with the journal; its text is for the person who reads it."""


class NotAFolder(JournalError):
    """The data folder's path leads to a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is a file, and the journal needs a folder: name another one.")


class FolderUnusable(JournalError):
    """The data folder may not be read and written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path} cannot be used ({error.strerror or error}): make it readable and writable, "
            "or name another folder."
        )


class ForeignFiles(JournalError):
    """The folder holds something else and no journal."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        super().__init__(
            f"{folder} holds other files ({shown}) and no journal: name an empty folder or a new one."
        )


class FolderInUse(JournalError):
    """Another process writes this folder now."""

    def __init__(self, folder: Path, owner: str) -> None:
        who = f"process {owner}" if owner else "another process"
        super().__init__(f"{folder} is in use by {who}: stop that one first, or name another folder.")


class UnknownVersion(JournalError):
    """A file of a format this release does not read."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path} has format version {found}, and this release reads version {known}: "
            "start the release that wrote it, or name another folder."
        )
        self.path = path
        self.found = found


class OtherVenue(JournalError):
    """The folder belongs to a venue with another identity."""

    def __init__(self, path: Path, there: Mapping[str, object], here: Mapping[str, object]) -> None:
        differences = "; ".join(
            f"{key} is {there.get(key)!r} there and {here.get(key)!r} here"
            for key in sorted(there.keys() | here.keys())
            if there.get(key) != here.get(key) or (key in there) != (key in here)
        )
        super().__init__(
            f"{path} belongs to another venue ({differences}): start with its values, or name another folder."
        )
        self.path = path


class DamagedFile(JournalError):
    """One file that does not read as it was written."""

    def __init__(self, path: Path, offset: int, reason: str) -> None:
        super().__init__(f"{path} is damaged at byte {offset}: {reason}.")
        self.path = path
        self.offset = offset
        self.reason = reason


class CorruptJournal(JournalError):
    """Records that were acknowledged cannot be read, so nothing is started on what is left."""

    def __init__(self, path: Path, offset: int, reason: str, *, last_good: int, snapshot: int | None) -> None:
        self.path = path
        self.offset = offset
        self.reason = reason
        self.last_good = last_good
        self.snapshot = snapshot
        super().__init__(f"{self._finding()}. {self._way_out()}")

    @property
    def nothing_before(self) -> bool:
        """Whether the damage leaves neither a snapshot nor a record."""
        return self.snapshot is None and self.last_good == 0

    def _finding(self) -> str:
        return f"{self.path} is damaged at byte {self.offset}: {self.reason}"

    def _way_out(self) -> str:
        if self.nothing_before:
            return "Nothing that reads comes before it: restore a copy of the folder, or name another one."
        command = [sys.executable, "-m", "veighna_ext.exchange.journal", "salvage", str(self.path.parent)]
        return (
            f"Restore a copy of the folder, or keep everything up to record {self.last_good} "
            f"and move the rest aside with: {shlex.join(command)}"
        )


class MissingSegment(CorruptJournal):
    """A journal file that must exist does not."""

    def __init__(self, path: Path, reason: str, *, last_good: int, snapshot: int | None) -> None:
        super().__init__(path, 0, reason, last_good=last_good, snapshot=snapshot)

    def _finding(self) -> str:
        return f"{self.path} is missing: {self.reason}"


class NothingToSalvage(JournalError):
    """There is nothing a salvage could keep, or nothing it would have to move."""


class JournalClosed(JournalError):
    """The journal was closed."""


class JournalFailed(JournalError):
    """A write failed; nothing more is accepted, and a restart recovers what was committed."""

    consequence = "nothing more is accepted; restart to resume from what was committed"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} failed ({error.strerror or error}): {self.consequence}.")


class JournalFull(JournalFailed):
    """The disk, the quota or the allowed file size is used up."""

    consequence = "free some space and restart to resume from what was committed"


class SnapshotFailed(JournalError):
    """The snapshot could not be written; the journal goes on and loses nothing."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path} could not be written ({error.strerror or error}): the journal goes on without it."
        )


class SnapshotUnderWay(JournalError):
    """One snapshot at a time."""


def write_failure(path: Path, error: OSError) -> JournalFailed:
    """What the system's error means for a running journal."""
    return JournalFull(path, error) if error.errno in _FULL else JournalFailed(path, error)


def failure(folder: Path, error: OSError) -> JournalError:
    """What the system's error means for the start on a folder."""
    if error.errno in _FULL:
        return JournalFull(folder, error)
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return NotAFolder(next(path for path in (folder, *folder.parents) if path.exists()))
    return FolderUnusable(folder, error)
