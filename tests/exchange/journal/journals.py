"""Journals to test with: records that tell their own number, and processes that write them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from veighna_ext.exchange.journal import Journal, Recovered
from veighna_ext.exchange.journal.head import encode_head
from veighna_ext.exchange.journal.records import FRAME

IDENTITY = {"seed": 7, "market": "synthetic"}
HEAD = len(encode_head(b"VXJOURNL", 1, IDENTITY))
PROJECT = Path(__file__).parents[3]


def payload(sequence: int) -> bytes:
    """Different for each record, in content and in length."""
    return f"{sequence}:".encode() * (1 + sequence % 5)


def payloads(first: int, last: int) -> list[bytes]:
    return [payload(sequence) for sequence in range(first, last + 1)]


def write(journal: Journal, count: int) -> None:
    """Append so many records and commit them together."""
    for _ in range(count):
        journal.append(payload(journal.last_sequence + 1))
    journal.commit()


def make(folder: Path, count: int) -> Path:
    """A closed journal of so many records in one file; returns that file."""
    journal, _ = Journal.open(folder, IDENTITY)
    with journal:
        write(journal, count)
    return segment(folder, 1)


def read(folder: Path) -> tuple[list[bytes], list[bytes], Recovered]:
    """Snapshot parts and records that a restart finds."""
    journal, recovered = Journal.open(folder, IDENTITY)
    with journal:
        return list(recovered.snapshot_chunks()), list(recovered.records()), recovered


def record_starts(last: int) -> list[int]:
    """The offset of each record in a file that begins with record 1, then the offset of its end."""
    starts = [HEAD]
    for sequence in range(1, last + 1):
        starts.append(starts[-1] + FRAME.size + len(payload(sequence)))
    return starts


def segment(folder: Path, first: int) -> Path:
    return folder / f"journal-{first:020}.log"


def snapshot(folder: Path, sequence: int) -> Path:
    return folder / f"snapshot-{sequence:020}.bin"


def names(folder: Path) -> list[str]:
    """The journal's files by short names, such as `journal-6` and `snapshot-5`."""
    found = sorted(path.name for path in folder.iterdir() if path.name != "journal.lock")
    return [re.sub(r"-0*(\d+)\.(log|bin)", r"-\1", name) for name in found]


def flip(path: Path, offset: int, bits: int = 0x41) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= bits
    path.write_bytes(content)


def child(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """A Python process that imports the journal and runs `script`."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )


def answer(script: str, *arguments: str | Path) -> list[str]:
    """What such a process prints, line by line."""
    with child(script, *arguments) as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out.splitlines()
