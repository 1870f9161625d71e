"""Salvage keeps what comes before the damage, moves the rest aside, and deletes nothing."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.exchange.journal.journals import (
    HEAD,
    IDENTITY,
    PROJECT,
    flip,
    make,
    names,
    payloads,
    read,
    record_starts,
    segment,
    snapshot,
    write,
)
from veighna_ext.exchange.journal import CorruptJournal, FolderInUse, Journal, NothingToSalvage, salvage

STARTS = record_starts(8)


def make_three_files(folder: Path) -> None:
    """Records 1–8, 9–12 and 13–14."""
    journal, _ = Journal.open(folder, IDENTITY)
    with journal:
        for count in (8, 4, 2):
            write(journal, count)
            journal.rotate()


def test_records_before_the_damage_stay_and_the_whole_damaged_file_is_kept_aside(tmp_path: Path) -> None:
    path = make(tmp_path, 8)
    flip(path, STARTS[5] + 3)
    damaged = path.read_bytes()
    kept = salvage(tmp_path)
    assert (kept.kept_through, kept.set_aside, kept.files) == (5, tmp_path / "set-aside-1", (path.name,))
    assert str(kept) == f"Kept everything up to record 5; moved to {tmp_path / 'set-aside-1'}: {path.name}."
    assert (kept.set_aside / path.name).read_bytes() == damaged
    assert read(tmp_path)[1] == payloads(1, 5)


def test_later_files_move_aside_with_the_damaged_one(tmp_path: Path) -> None:
    make_three_files(tmp_path)
    flip(segment(tmp_path, 9), HEAD + 3)
    kept = salvage(tmp_path)
    assert kept.kept_through == 8
    assert names(tmp_path) == ["journal-1", "journal-9", "set-aside-1"]
    assert names(kept.set_aside) == ["journal-9", "journal-13", "journal-15"]
    journal, recovered = Journal.open(tmp_path, IDENTITY)
    with journal:
        assert list(recovered.records()) == payloads(1, 8)
        write(journal, 1)
    assert read(tmp_path)[1] == payloads(1, 9)


def test_a_file_with_a_damaged_head_moves_aside_whole(tmp_path: Path) -> None:
    make_three_files(tmp_path)
    flip(segment(tmp_path, 9), 20)
    assert salvage(tmp_path).kept_through == 8
    assert names(tmp_path) == ["journal-1", "set-aside-1"]
    assert read(tmp_path)[1] == payloads(1, 8)


def test_files_behind_a_missing_one_move_aside(tmp_path: Path) -> None:
    make_three_files(tmp_path)
    segment(tmp_path, 9).unlink()
    assert salvage(tmp_path).kept_through == 8
    assert names(tmp_path) == ["journal-1", "set-aside-1"]
    assert read(tmp_path)[1] == payloads(1, 8)


def test_the_snapshot_stays_when_the_records_after_it_are_lost(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 3)
        journal.snapshot([b"state"])
        write(journal, 4)
    flip(segment(tmp_path, 4), 20)
    assert salvage(tmp_path).kept_through == 3
    assert read(tmp_path)[:2] == ([b"state"], [])


def test_a_damaged_snapshot_beyond_the_kept_records_moves_aside(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 8)
        journal.snapshot([b"state"])
        write(journal, 4)
    flip(snapshot(tmp_path, 8), 80)
    flip(segment(tmp_path, 1), STARTS[2] + 3)
    kept = salvage(tmp_path)
    assert kept.kept_through == 2
    assert names(kept.set_aside) == ["journal-1", "journal-9", "snapshot-8"]
    assert read(tmp_path)[:2] == ([], payloads(1, 2))


def test_a_second_salvage_has_a_folder_of_its_own(tmp_path: Path) -> None:
    path = make(tmp_path, 8)
    for number, kept in ((1, 5), (2, 3)):
        flip(path, STARTS[kept] + 3)
        assert salvage(tmp_path).set_aside == tmp_path / f"set-aside-{number}"
        assert read(tmp_path)[1] == payloads(1, kept)


def test_what_cannot_be_salvaged_is_said_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NothingToSalvage, match="holds no journal"):
        salvage(tmp_path / "none")
    path = make(tmp_path, 8)
    with pytest.raises(NothingToSalvage, match="it opens as it is"):
        salvage(tmp_path)
    flip(path, 3)
    damaged = path.read_bytes()
    with pytest.raises(NothingToSalvage, match="restore a copy of the folder, or name another one"):
        salvage(tmp_path)
    assert path.read_bytes() == damaged
    assert names(tmp_path) == ["journal-1"]


def test_a_folder_in_use_is_not_salvaged(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    write(journal, 1)
    with journal, pytest.raises(FolderInUse):
        salvage(tmp_path)


def test_the_command_in_the_refusal_works(tmp_path: Path) -> None:
    flip(make(tmp_path, 8), STARTS[4])
    with pytest.raises(CorruptJournal) as problem:
        Journal.open(tmp_path, IDENTITY)
    command = shlex.split(str(problem.value).partition("with: ")[2])
    first, again = (
        subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False) for _ in range(2)
    )
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("Kept everything up to record 4;")
    assert (again.returncode, again.stderr) == (1, f"{tmp_path} needs no salvage: it opens as it is.\n")
    assert read(tmp_path)[1] == payloads(1, 4)
