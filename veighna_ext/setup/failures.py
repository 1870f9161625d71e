"""What can go wrong during set-up, each as a named failure with one sentence and its own exit code."""

from __future__ import annotations

import errno
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.core.problems import StartupProblem


class SetupFailure(StartupProblem):
    """The set-up cannot go on; the text says what happened and what to do."""

    code = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, self.code)


class BadOption(SetupFailure):
    """The command line makes no sense."""

    code = 2


class UnsupportedPython(SetupFailure):
    """This Python is one our packages are not made for."""

    code = 2


class Offline(SetupFailure):
    """The package index cannot be reached."""

    code = 4


class NotTrusted(SetupFailure):
    """The package index shows a certificate this computer does not trust."""

    code = 4


class DiskFull(SetupFailure):
    """There is no room for the environment."""

    code = 6


class FolderReadOnly(SetupFailure):
    """The environment's folder cannot be written."""

    code = 7


class SystemPackageMissing(SetupFailure):
    """A package of the operating system is needed and could not be installed."""

    code = 8


def offline() -> Offline:
    """No network."""
    return Offline(
        _(
            "The package index cannot be reached. Check the network (or your pip mirror and proxy settings) "
            "and start again: what is already installed is kept."
        )
    )


def disk_full(folder: Path, needed_mb: int) -> DiskFull:
    """No room in `folder`."""
    sentence = _(
        "There is no room left in {folder}: about {size} MB are needed. Free some space and start again."
    )
    return DiskFull(sentence.format(folder=folder, size=needed_mb))


def folder_read_only(folder: Path) -> FolderReadOnly:
    """`folder` cannot be written."""
    sentence = _("{folder} cannot be written. Move the project to a folder of your own and start again.")
    return FolderReadOnly(sentence.format(folder=folder))


def from_os_error(error: OSError, folder: Path, needed_mb: int) -> SetupFailure:
    """The sentence for what the operating system refused while writing into `folder`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder, needed_mb)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return folder_read_only(folder)
    sentence = _("The set-up could not write {folder}: {error}.")
    return SetupFailure(sentence.format(folder=folder, error=error.strerror))
