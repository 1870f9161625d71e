"""When the disk refuses, nothing more is acknowledged, and what was committed is there after a restart."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.journal.journals import IDENTITY, answer, names, payload, payloads, read, segment, write
from veighna_ext.exchange.journal import Journal, JournalClosed, JournalFailed, JournalFull

FILL = """
import resource, sys
from veighna_ext.exchange.journal import Journal, JournalFull
if sys.argv[2] != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
journal, _ = Journal.open(sys.argv[1], {"seed": 7, "market": "synthetic"})
committed = journal.last_sequence
while True:
    for _ in range(5):
        sequence = journal.append(f"{committed + _ + 1}:".encode() * (1 + (committed + _ + 1) % 5))
    try:
        committed = journal.commit()
    except JournalFull as problem:
        print(committed)
        print(problem)
        break
for attempt in (journal.commit, journal.rotate, lambda: journal.append(b"x"), lambda: journal.snapshot([])):
    try:
        attempt()
    except JournalFull:
        print("still full")
journal.close()
"""

BEGIN = """
import resource, sys
from veighna_ext.exchange.journal import Journal
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
try:
    Journal.open(sys.argv[1], {"seed": 7, "market": "synthetic"})
except Exception as problem:
    print(type(problem).__name__, problem)
"""

SNAPSHOT = """
import resource, sys
from veighna_ext.exchange.journal import Journal, SnapshotFailed
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
journal, _ = Journal.open(sys.argv[1], {"seed": 7, "market": "synthetic"})
for size in (99_990, 3_000_000):
    journal.append(f"{journal.last_sequence + 1}:".encode() * (1 + (journal.last_sequence + 1) % 5))
    try:
        journal.snapshot([b"x" * size])
    except SnapshotFailed as problem:
        print(problem)
journal.append(b"3:3:3:3:")
print(journal.commit())
journal.close()
"""


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def check_filled(folder: Path, said: list[str]) -> None:
    committed = int(said[0])
    assert said[1].startswith(f"{segment(folder, 1)} failed (")
    assert said[1].endswith("): free some space and restart to resume from what was committed.")
    assert said[2:] == ["still full"] * 4
    _, records, _ = read(folder)
    assert committed <= len(records) < committed + 5
    assert records == payloads(1, len(records))


@pytest.mark.parametrize("limit", [300, 1_000, 4_097])
def test_at_the_limit_of_a_files_size_the_journal_stops_and_restarts(tmp_path: Path, limit: int) -> None:
    check_filled(tmp_path, answer(FILL, tmp_path, str(limit)))


def test_on_a_full_disk_the_journal_stops_and_restarts_there(tiny_disk: Path) -> None:
    check_filled(tiny_disk / "data", answer(FILL, tiny_disk / "data", "0"))


def test_a_limit_below_the_head_is_called_full_at_the_start(tmp_path: Path) -> None:
    [said] = answer(BEGIN, tmp_path)
    assert said.startswith(f"JournalFull {tmp_path} failed (File too large): free some space and restart")
    assert read(tmp_path)[2].last_sequence == 0


def test_a_snapshot_that_finds_no_room_does_not_stop_the_journal(tmp_path: Path) -> None:
    said = answer(SNAPSHOT, tmp_path)
    assert [line.split(" could not be written")[0][-14:] for line in said[:2]] == [
        "0000000001.bin",
        "0000000002.bin",
    ]
    assert said[2] == "3"
    assert names(tmp_path) == ["journal-1", "journal-2", "journal-3"]
    assert read(tmp_path)[1] == payloads(1, 3)


def test_a_failing_disk_stops_the_journal(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    write(journal, 3)
    _break_writes(segment(tmp_path, 1), "/dev/null", os.O_RDONLY)
    journal.append(payload(4))
    with pytest.raises(JournalFailed, match="nothing more is accepted; restart to resume") as problem:
        journal.commit()
    assert not isinstance(problem.value, JournalFull)
    with pytest.raises(JournalFailed):
        journal.append(payload(5))
    journal.close()
    assert read(tmp_path)[1] == payloads(1, 3)


def test_a_disk_that_cannot_force_its_bytes_out_stops_the_journal(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY, "fsync")
    write(journal, 3)
    reader, writer = os.pipe()
    # a pipe takes every write, and refuses to be forced onto a disk
    _break_writes(segment(tmp_path, 1), f"/dev/fd/{writer}", os.O_WRONLY)
    os.close(writer)
    journal.append(payload(4))
    with pytest.raises(JournalFailed):
        journal.commit()
    with pytest.raises(JournalFailed):
        journal.commit()
    journal.close()
    os.close(reader)


def test_a_stopped_journal_complains_as_briefly_every_time(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    journal.close()
    lengths = []
    for attempt in (journal.commit, lambda: journal.append(b"x")) * 5:
        with pytest.raises(JournalClosed) as problem:
            attempt()
        lengths.append(len(problem.traceback))

    assert max(lengths) == lengths[1]


def _break_writes(path: Path, instead: str, flags: int) -> None:
    """Let the descriptor that this process has open on `path` lead elsewhere."""
    for link in Path("/proc/self/fd").iterdir():
        if link.exists() and link.resolve() == path.resolve():
            other = os.open(instead, flags)
            os.dup2(other, int(link.name))
            os.close(other)
            return
    raise AssertionError(f"{path} is not open")
