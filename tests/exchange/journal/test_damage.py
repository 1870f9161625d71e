"""Acknowledged records that do not read refuse the start, by file and offset; the folder stays as it was."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import pytest

from tests.exchange.journal.journals import (
    HEAD,
    IDENTITY,
    flip,
    make,
    names,
    payload,
    record_starts,
    segment,
    write,
)
from veighna_ext.exchange.journal import CorruptJournal, Journal, JournalError, MissingSegment, UnknownVersion
from veighna_ext.exchange.journal.records import FRAME

RECORDS = 8
STARTS = record_starts(RECORDS)


def refused(folder: Path) -> CorruptJournal:
    with pytest.raises(CorruptJournal) as problem:
        Journal.open(folder, IDENTITY)
    return problem.value


def test_a_flipped_bit_in_any_byte_before_the_last_record_is_refused_at_its_record(tmp_path: Path) -> None:
    whole = make(tmp_path, RECORDS).read_bytes()
    path = segment(tmp_path, 1)
    for number in range(RECORDS - 1):
        for offset in range(STARTS[number], STARTS[number + 1]):
            flip(path, offset, 1 << offset % 8)
            problem = refused(tmp_path)
            assert (problem.path, problem.offset, problem.last_good) == (path, STARTS[number], number)
            path.write_bytes(whole)


def test_a_damaged_byte_in_the_head_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    whole = path.read_bytes()
    for offset in range(HEAD):
        flip(path, offset)
        with pytest.raises(CorruptJournal if not 8 <= offset < 12 else UnknownVersion) as problem:
            Journal.open(tmp_path, IDENTITY)
        assert str(path) in str(problem.value)
        path.write_bytes(whole)


def test_the_refusal_names_file_offset_and_both_ways_out(tmp_path: Path) -> None:
    folder = tmp_path / "my data"
    path = make(folder, RECORDS)
    flip(path, STARTS[3] + 20)
    assert str(refused(folder)) == (
        f"{path} is damaged at byte {STARTS[3]}: record 4 cannot be read, and record 5 behind it can. "
        "Restore a copy of the folder, or keep everything up to record 3 and move the rest aside with: "
        f"{sys.executable} -m veighna_ext.exchange.journal salvage '{folder}'"
    )


def test_a_refused_folder_is_left_as_it_was(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    flip(path, STARTS[2] + 5)
    unfinished = tmp_path / "snapshot-00000000000000000005.bin.unfinished"
    unfinished.write_bytes(b"half")
    before = path.read_bytes()
    refused(tmp_path)
    assert path.read_bytes() == before
    assert unfinished.exists()


def test_a_record_twice_is_refused_though_it_is_whole(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[STARTS[-2] :])
    problem = refused(tmp_path)
    assert problem.offset == STARTS[-1]
    assert "record 8 stands where record 9 is due" in str(problem)


def test_a_record_cut_out_of_the_middle_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    whole = path.read_bytes()
    path.write_bytes(whole[: STARTS[2]] + whole[STARTS[3] :])
    problem = refused(tmp_path)
    assert problem.offset == STARTS[2]
    assert "record 4 stands where record 3 is due" in str(problem)


def test_a_hole_of_zeros_with_records_behind_it_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    whole = path.read_bytes()
    for start, end in ((STARTS[1], STARTS[3]), (STARTS[1] + 3, STARTS[5] + 1), (STARTS[0], STARTS[-2])):
        path.write_bytes(whole[:start] + b"\0" * (end - start) + whole[end:])
        assert refused(tmp_path).offset == max(begin for begin in STARTS if begin <= start)


def test_damage_far_before_the_whole_records_is_refused(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        journal.append(b"first")
        journal.append(bytes(range(256)) * 200)
        journal.append(b"third")
    flip(segment(tmp_path, 1), HEAD + FRAME.size + 5 + FRAME.size + 7)
    assert refused(tmp_path).offset == HEAD + FRAME.size + 5


def test_a_damaged_length_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    flip(path, STARTS[2] + 3)
    tracemalloc.start()
    try:
        assert refused(tmp_path).offset == STARTS[2]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20


def test_a_missing_file_between_others_is_refused_by_its_name(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        for _ in range(3):
            write(journal, 2)
            journal.rotate()
    segment(tmp_path, 3).unlink()
    with pytest.raises(MissingSegment, match=f"{segment(tmp_path, 5).name} goes on after it") as problem:
        Journal.open(tmp_path, IDENTITY)
    assert problem.value.path == segment(tmp_path, 3)
    assert problem.value.last_good == 2


def test_a_missing_first_file_is_refused(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 2)
        journal.rotate()
    segment(tmp_path, 1).unlink()
    with pytest.raises(MissingSegment):
        Journal.open(tmp_path, IDENTITY)


def test_the_file_after_a_snapshot_is_missed_even_if_it_is_the_last(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 2)
        journal.snapshot([b"state"])
        write(journal, 2)
    assert names(tmp_path) == ["journal-1", "journal-3", "snapshot-2"]
    segment(tmp_path, 3).unlink()
    with pytest.raises(MissingSegment) as problem:
        Journal.open(tmp_path, IDENTITY)
    assert problem.value.path == segment(tmp_path, 3)


def test_a_file_whose_records_an_earlier_one_has_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path, 6)
    segment(tmp_path, 4).write_bytes(path.read_bytes())
    problem = refused(tmp_path)
    assert problem.path == segment(tmp_path, 4)
    assert "an earlier file has its records up to 6" in str(problem)


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path, 3)
    (tmp_path / "copy").write_bytes(path.read_bytes())
    (tmp_path / "copy").rename(segment(tmp_path, 4))
    assert "it is the file of record 1 under another name" in str(refused(tmp_path))


def test_random_bytes_for_a_journal_are_refused(tmp_path: Path) -> None:
    segment(tmp_path, 1).write_bytes(payload(3) * 40)
    with pytest.raises(JournalError, match="does not begin as such a file must"):
        Journal.open(tmp_path, IDENTITY)
