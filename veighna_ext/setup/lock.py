"""The lock files in `resources/lock`: exact versions with hashes, one file per part of the environment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PIP = "pip"
BUILD = "build"
DESKTOP = "desktop"
TEST = "test"
DEV = "dev"
RISKMANAGER_BUILD = "riskmanager-build"
RISKMANAGER = "riskmanager"
QT_ADDONS = "qt-addons"
PARQUET = "parquet"

PARTS = (PIP, BUILD, DESKTOP, TEST, DEV, RISKMANAGER_BUILD, RISKMANAGER, QT_ADDONS, PARQUET)
DESKTOP_PARTS = (PIP, BUILD, DESKTOP)
OPTIONAL_PARTS = (RISKMANAGER, QT_ADDONS, PARQUET)

_ENTRY = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One version of one package, for the machines its marker describes."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


class LockError(ValueError):
    """A line of a lock file is not a pinned, hashed requirement."""


def lock_file(project: Path, part: str) -> Path:
    """Where the pins of `part` are kept."""
    return project / "resources" / "lock" / f"{part}.txt"


def normalized(name: str) -> str:
    """A package name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(text: str) -> list[Pin]:
    """The pins in a lock file's text."""
    pins: list[Pin] = []
    for block in re.sub(r"\\\n\s*", r"\\ ", text).splitlines():
        line = block.strip()
        if not line or line.startswith("#"):
            continue
        requirement, _, tail = line.partition("--hash")
        found = _ENTRY.match(requirement.replace("\\", "").strip())
        hashes = tuple(_HASH.findall("--hash" + tail))
        if found is None or not hashes:
            raise LockError(f"not a pinned and hashed requirement: {requirement.strip()}")
        marker = (found["marker"] or "").strip()
        pins.append(Pin(normalized(found["name"]), found["version"], marker, hashes))
    return pins


def write_pins(pins: Sequence[Pin], heading: str) -> str:
    """The text of a lock file holding `pins`."""
    lines = [f"# {heading}"]
    for pin in pins:
        marker = f" ; {pin.marker}" if pin.marker else ""
        lines.append(f"{pin.name}=={pin.version}{marker} \\")
        lines.append(" \\\n".join(f"    --hash=sha256:{digest}" for digest in pin.hashes))
    return "\n".join(lines) + "\n"


def pins_of(project: Path, part: str) -> list[Pin]:
    """What `part` holds, for every Python and system."""
    return read_pins(lock_file(project, part).read_text(encoding="utf-8"))


def digest(project: Path, part: str) -> str:
    """Changes whenever the pins of `part` change."""
    return hashlib.sha256(lock_file(project, part).read_bytes()).hexdigest()
