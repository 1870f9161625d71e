"""Every credential the venue knows, by its API key; with a folder, kept over restarts and never in clear."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from veighna_ext.exchange.server.access.keys import Credential, restored
from veighna_ext.exchange.server.access.sealing import SealedFile

FILE_NAME = "api-keys"


class _Kept(msgspec.Struct, array_like=True):
    """A credential as it is written."""

    kind: str
    api_key: str
    material: str


class KeyRing:
    """
    The credentials by API key; which account a key belongs to is the engine's business.

    A change is on the disk before anyone sees it. As it waits for the disk, it may be made on another thread.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Read what the folder keeps; with no folder, everything is in memory only."""
        self._credentials: dict[str, Credential] = {}
        self._changing = threading.Lock()
        self._file: SealedFile | None = None
        self._content = b"[]"
        if folder is not None:
            self._file = SealedFile(folder / FILE_NAME)
            self._content = self._file.read() or self._content
            for kept in msgspec.json.decode(self._content, type=list[_Kept]):
                self._credentials[kept.api_key] = restored(kept.kind, kept.api_key, kept.material)

    def get(self, api_key: str) -> Credential | None:
        """The credential of an API key."""
        return self._credentials.get(api_key)

    def add(self, *credentials: Credential) -> None:
        """Take these in, all or none of them; one with the same API key is replaced."""
        with self._changing:
            self._put({**self._credentials, **{each.api_key: each for each in credentials}})

    def remove(self, *api_keys: str) -> None:
        """Forget these; one that is not there is no trouble."""
        with self._changing:
            self._put({key: each for key, each in self._credentials.items() if key not in api_keys})

    def _put(self, credentials: dict[str, Credential]) -> None:
        if self._file is not None:
            kept = [_Kept(each.kind, each.api_key, each.material) for each in credentials.values()]
            content = msgspec.json.encode(kept)
            # a venue gets the keys of its command line again at every start
            if content != self._content:
                self._file.write(content)
                self._content = content
        self._credentials = credentials

    def __len__(self) -> int:
        return len(self._credentials)

    def __repr__(self) -> str:
        where = "in memory" if self._file is None else f"in {self._file.path}"
        return f"KeyRing({len(self)} API keys {where})"
