"""Turns what pip wrote to its log when it failed into one sentence that says what to do."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.setup.failures import NotTrusted, SetupFailure, disk_full, folder_read_only, offline

_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded|\[Errno (?:28|122)\]|WinError 112\b")
_NOT_WRITABLE = re.compile(r"OSError: \[(?:Errno (?:1|13|30)|WinError 5)\]")
_BAD_HASH = re.compile(r"THESE PACKAGES DO NOT MATCH THE HASHES")
_CERTIFICATE = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError")
_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ConnectionResetError|ProxyError"
    r"|Could not fetch URL \S+ (?:connection error|timed out)|Failed to establish a new connection"
    r"|Temporary failure in name resolution|Network is unreachable|Read timed out|incomplete-download"
    r"|Connection (?:refused|broken|timed out|aborted)|Failed to connect"
)
_NOT_FOUND = re.compile(r"No matching distribution found for (?P<name>[A-Za-z0-9._-]+)")


def failure(title: str, said: str, folder: Path, needed_mb: int, log: Path) -> SetupFailure:
    """What stopped the step `title`, whose pip wrote `said` to `log` while working on `folder`."""
    if _NO_SPACE.search(said):
        return disk_full(folder, needed_mb)
    if _NOT_WRITABLE.search(said):
        return folder_read_only(folder)
    if _BAD_HASH.search(said):
        sentence = _("A downloaded file is not the one that was checked; try another pip mirror. See {log}.")
        return SetupFailure(sentence.format(log=log))
    if _CERTIFICATE.search(said):
        sentence = _(
            "The secure connection to the package index was refused: check this computer's date, or name "
            "your network's certificate in pip's settings (pip config set global.cert FILE), and start again."
        )
        return NotTrusted(sentence)
    if _NETWORK.search(said):
        return offline()
    if found := _NOT_FOUND.search(said):
        sentence = _("The package index has no {package} for this computer ({machine}, Python {version}).")
        machine = f"{platform.system()} {platform.machine()}"
        return SetupFailure(
            sentence.format(package=found["name"], machine=machine, version=platform.python_version())
        )
    sentence = _("{title} failed; what pip said is in {log}. Start again to continue.")
    return SetupFailure(sentence.format(title=title, log=log))
