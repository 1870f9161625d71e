"""The trader folder: chosen, writable, ours alone, and free of files that vnpy would choke on."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from pathlib import Path
from typing import IO

from veighna_ext.core.files import put_aside
from veighna_ext.core.i18n import _
from veighna_ext.core.paths import own_dir, trader_dir
from veighna_ext.core.problems import StartupProblem

ROOM_NEEDED = 256 * 1024
READ_AT_START = ("vt_setting.json", "wechat_setting.json", "connect_*.json")
"""What vnpy and the window read before any app, and only understand as an object."""


def choose(data_dir: Path | None) -> Path:
    """Enter the folder vnpy will use: `data_dir`, else vnpy's own rule. Must run before vnpy's import."""
    if data_dir is None:
        folder = trader_dir()
        _make(folder / ".vntrader")
    else:
        folder = data_dir.expanduser().resolve()
        _make(folder / ".vntrader")
        os.chdir(folder)
    _make(own_dir(folder))
    for place in (folder / ".vntrader", own_dir(folder)):
        _check_writable(place)
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error


def _check_writable(folder: Path) -> None:
    probe = folder / f".room-{os.getpid()}"
    try:
        probe.write_bytes(b"\0" * ROOM_NEEDED)
    except OSError as error:
        raise _unusable(folder, error) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)


def _unusable(folder: Path, error: OSError) -> StartupProblem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StartupProblem(
            _(
                "The disk that holds the data folder {folder} is full: free some space and start again, "
                "or name another folder with --data-dir."
            ).format(folder=folder)
        )
    return StartupProblem(
        _(
            "The data folder {folder} cannot be written ({reason}): make it writable "
            "or name another one with --data-dir."
        ).format(folder=folder, reason=error.strerror or error)
    )


class InstanceLock:
    """Held while a desktop uses a trader folder; the system lets go of it however the process ends."""

    def __init__(self, folder: Path) -> None:
        self._path = own_dir(folder) / "instance.lock"
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise _unusable(self._path, error) from error
        if not _try_lock(self._file):
            self._file.close()
            raise StartupProblem(
                _(
                    "VeighNa is already running on the data folder {folder}: use that window, "
                    "or start a second one with --data-dir and another folder."
                ).format(folder=folder),
                exit_code=3,
            )

    def release(self) -> None:
        """Let another desktop use the folder."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def set_aside_unreadable(folder: Path) -> list[str]:
    """Move away vnpy's JSON files that no longer parse (it would refuse to start); one sentence for each."""
    sentences = []
    for path in sorted((folder / ".vntrader").glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            usable = dict if any(map(path.match, READ_AT_START)) else dict | list
            reason = "" if isinstance(content, usable) else _("it holds no settings")
        except (OSError, ValueError, RecursionError) as error:
            reason = str(error)
        if reason:
            try:
                aside = put_aside(path)
            except OSError as error:
                raise _unusable(path, error) from error
            sentences.append(
                _("{file} could not be read ({reason}). It is kept as {aside}; defaults are used.").format(
                    file=path.name, reason=reason, aside=aside.name
                )
            )
    return sentences
