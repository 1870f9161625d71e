"""Reads pip's output as it comes: which package, how many of how many and how many MB."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLLECTING = re.compile(r"^(?:Collecting|Requirement already satisfied:)\s+(?P<name>[A-Za-z0-9._-]+)")
_FROM_A_FOLDER = re.compile(r"^Processing (?:.*[/\\])?(?P<name>[A-Za-z0-9._]+)-[^/\\]+\.(?:whl|tar\.gz)")
_PROGRESS = re.compile(r"^Progress (?P<done>\d+) of (?P<size>\d+)")
_INSTALLING = re.compile(r"^Installing collected packages:\s+(?P<names>.+)$")


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

    def feed(self, line: str) -> None:
        """One line of pip's output."""
        if found := _PROGRESS.match(line):
            self.done_bytes, self.size_bytes = int(found["done"]), int(found["size"])
            return
        if found := _COLLECTING.match(line) or _FROM_A_FOLDER.match(line):
            self._next()
            self.installing = ()
            self.reached += 1
            self.package = found["name"]
        elif found := _INSTALLING.match(line):
            self._next()
            self.installing = tuple(found["names"].split(", "))

    def _next(self) -> None:
        self.finished_bytes += self.size_bytes
        self.done_bytes = self.size_bytes = 0

    @property
    def downloaded_mb(self) -> float:
        """What came over the network so far; packages found in pip's cache cost nothing."""
        return (self.finished_bytes + self.done_bytes) / 1e6
