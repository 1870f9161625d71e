"""
One file on the disk that only its owner's master key opens, replaced as a whole or not at all.

The master key is a file of its own beside it, so that neither alone, in a copy or a backup, tells a secret.
"""

from __future__ import annotations

import os
import secrets
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from veighna_ext.exchange.journal.disk import BINARY, sync, sync_folder, write_whole

VERSION = 1

_MODE = 0o600
_FOLDER_MODE = 0o700
_MAGIC = b"VXSEALED"
_HEAD = struct.Struct("<8sI")
_NONCE_SIZE = 12
_MASTER_SIZE = 32


class SealedFileError(Exception):
    """Trouble with the file or its master key; the text is for the person who reads it."""


class FileUnusable(SealedFileError):
    """A file or its folder may not be read or written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{error.filename or path} cannot be used ({error.strerror or error}): "
            "make it readable and writable, or name another folder."
        )


class MasterKeyMissing(SealedFileError):
    """The sealed file is there and what opens it is not."""

    def __init__(self, path: Path, master: Path) -> None:
        super().__init__(
            f"{master} is missing, and {path} cannot be opened without it: "
            f"restore it from a copy, or move {path.name} away to start with no API keys."
        )


class DamagedFile(SealedFileError):
    """The sealed file does not open with this master key."""

    def __init__(self, path: Path, master: Path) -> None:
        super().__init__(
            f"{path} is damaged, or {master} is not the key that sealed it: "
            "restore both from the same copy, or move both away to start with no API keys."
        )


class UnknownVersion(SealedFileError):
    """A file of a format this release does not read."""

    def __init__(self, path: Path, found: int) -> None:
        super().__init__(
            f"{path} has format version {found}, and this release reads version {VERSION}: "
            "start the release that wrote it, or name another folder."
        )


class SealedFile:
    """What is read and written in clear here is encrypted on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.master_path = path.with_name(path.name + ".master")
        try:
            path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            master = _read(self.master_path)
            if master is None:
                if path.exists():
                    raise MasterKeyMissing(path, self.master_path)
                master = AESGCM.generate_key(8 * _MASTER_SIZE)
                _replace(self.master_path, master)
        except OSError as error:
            raise FileUnusable(path, error) from error
        if len(master) != _MASTER_SIZE:
            raise DamagedFile(path, self.master_path)
        self._cipher = AESGCM(master)

    def read(self) -> bytes | None:
        """What was last written; `None` before the first time."""
        try:
            content = _read(self.path)
        except OSError as error:
            raise FileUnusable(self.path, error) from error
        if content is None:
            return None
        head, sealed = content[: _HEAD.size], content[_HEAD.size :]
        if len(head) < _HEAD.size or not head.startswith(_MAGIC):
            raise DamagedFile(self.path, self.master_path)
        _, version = _HEAD.unpack(head)
        if version != VERSION:
            raise UnknownVersion(self.path, version)
        try:
            return self._cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], head)
        except (InvalidTag, ValueError) as error:
            raise DamagedFile(self.path, self.master_path) from error

    def write(self, content: bytes) -> None:
        """Put this in place of what was there; on return it is on the disk."""
        head = _HEAD.pack(_MAGIC, VERSION)
        # used twice with one master key, a nonce would give both contents away
        nonce = secrets.token_bytes(_NONCE_SIZE)
        try:
            _replace(self.path, head + nonce + self._cipher.encrypt(nonce, content, head))
        except OSError as error:
            raise FileUnusable(self.path, error) from error


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    # a copy put back from elsewhere may come with wider rights
    if path.stat().st_mode & 0o077:
        path.chmod(_MODE)
    return content


def _replace(path: Path, content: bytes) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, _MODE)
    try:
        write_whole(handle, content)
        sync(handle)
    finally:
        os.close(handle)
    unfinished.replace(path)
    sync_folder(path.parent)
