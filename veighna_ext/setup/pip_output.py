"""Reads pip's output as it comes: which package, how many of how many, how many MB, and why it failed."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

_COLLECTING = re.compile(r"^(?:Collecting|Requirement already satisfied:)\s+(?P<name>[A-Za-z0-9._-]+)")
_PROGRESS = re.compile(r"^Progress (?P<done>\d+) of (?P<size>\d+)")
_INSTALLING = re.compile(r"^Installing collected packages:\s+(?P<names>.+)$")

_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ConnectionResetError|ProxyError"
    r"|ConnectionError|Failed to establish a new connection|Temporary failure in name resolution"
    r"|Network is unreachable|Connection (?:refused|broken|timed out|aborted)|Read timed out|incomplete-download"
    r"|Could not fetch URL|Failed to connect|Remote end closed connection"
)
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded|\[Errno 28\]|\[Errno 122\]|WinError 112")
_NOT_WRITABLE = re.compile(r"Permission denied|Read-only file system|\[Errno 13\]|\[Errno 30\]|WinError 5\b")
_NOT_FOUND = re.compile(r"No matching distribution found for (?P<name>\S+)")
_BAD_HASH = re.compile(r"THESE PACKAGES DO NOT MATCH THE HASHES")

KEPT_LINES = 400


@dataclass
class PipOutput:
    """What pip has said so far while installing `expected` packages."""

    expected: int
    package: str = ""
    reached: int = 0
    installing: tuple[str, ...] = ()
    done_bytes: int = 0
    size_bytes: int = 0
    finished_bytes: int = 0
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))

    def feed(self, line: str) -> None:
        """One line of pip's output."""
        if found := _PROGRESS.match(line):
            self.done_bytes, self.size_bytes = int(found["done"]), int(found["size"])
            return
        self.lines.append(line)
        if line.startswith("Ignoring ") and "don't match your environment" in line:
            self.expected -= 1
        elif found := _COLLECTING.match(line):
            self.finished_bytes += self.size_bytes
            self.done_bytes = self.size_bytes = 0
            self.reached += 1
            self.package = found["name"]
        elif found := _INSTALLING.match(line):
            self.finished_bytes += self.size_bytes
            self.done_bytes = self.size_bytes = 0
            self.installing = tuple(found["names"].split(", "))

    @property
    def downloaded_mb(self) -> float:
        """What came over the network so far; packages found in pip's cache cost nothing."""
        return (self.finished_bytes + self.done_bytes) / 1e6

    @property
    def offline(self) -> bool:
        return self._said(_NETWORK)

    @property
    def no_space(self) -> bool:
        return self._said(_NO_SPACE)

    @property
    def not_writable(self) -> bool:
        return self._said(_NOT_WRITABLE)

    @property
    def tampered(self) -> bool:
        """A download is not the file the lock describes."""
        return self._said(_BAD_HASH)

    @property
    def not_found(self) -> str:
        """The package the index has no ready-made file of for this computer."""
        for line in self.lines:
            if found := _NOT_FOUND.search(line):
                return found["name"]
        return ""

    def _said(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(line) for line in self.lines)
