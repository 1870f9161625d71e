"""A killed process leaves a torn end: it is cut at the last whole record, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.journal.journals import (
    HEAD,
    IDENTITY,
    flip,
    make,
    names,
    payload,
    payloads,
    read,
    record_starts,
    segment,
    write,
)
from veighna_ext.exchange.journal import CorruptJournal, CutTail, Journal

RECORDS = 8
STARTS = record_starts(RECORDS)


def test_cut_at_every_byte_of_the_last_records_all_before_is_there(tmp_path: Path) -> None:
    whole = make(tmp_path, RECORDS).read_bytes()
    assert len(whole) == STARTS[-1]
    for size in range(STARTS[4], STARTS[-1]):
        segment(tmp_path, 1).write_bytes(whole[:size])
        kept = max(number for number in range(RECORDS + 1) if STARTS[number] <= size)
        _, records, recovered = read(tmp_path)
        assert records == payloads(1, kept)
        torn = size - STARTS[kept]
        assert recovered.report.cut_tail == (
            CutTail(segment(tmp_path, 1), STARTS[kept], torn) if torn else None
        )
        assert segment(tmp_path, 1).read_bytes() == whole[: STARTS[kept]]


def test_the_cut_is_reported_in_a_sentence_and_only_once(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    path.write_bytes(path.read_bytes()[:-1])
    size = 16 + len(payload(RECORDS)) - 1
    assert read(tmp_path)[2].report.sentences()[1] == (
        f"{path} ended in {size} bytes of no whole record; it was cut at byte {STARTS[-2]}."
    )
    assert len(read(tmp_path)[2].report.sentences()) == 1


def test_after_a_cut_the_journal_goes_on_with_the_next_number(tmp_path: Path) -> None:
    path = make(tmp_path, RECORDS)
    path.write_bytes(path.read_bytes()[:-1])
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        assert journal.append(b"again") == RECORDS
    assert read(tmp_path)[1] == [*payloads(1, RECORDS - 1), b"again"]


def test_a_damaged_last_record_is_cut_or_refused_but_never_read(tmp_path: Path) -> None:
    whole = make(tmp_path, RECORDS).read_bytes()
    for offset in range(STARTS[-2], STARTS[-1]):
        segment(tmp_path, 1).write_bytes(whole)
        flip(segment(tmp_path, 1), offset)
        if STARTS[-2] + 12 <= offset < STARTS[-2] + 16:
            # the upper half of its number: a whole record, but another one
            with pytest.raises(
                CorruptJournal, match=f"byte {STARTS[-2]}: record .* stands where record 8 is due"
            ):
                read(tmp_path)
            continue
        _, records, recovered = read(tmp_path)
        assert records == payloads(1, RECORDS - 1)
        assert recovered.report.cut_tail is not None


@pytest.mark.parametrize("size", [1, 15, 16, 17, 5_000, 3_000_000])
def test_zeros_behind_the_last_record_are_a_torn_end(tmp_path: Path, size: int) -> None:
    path = make(tmp_path, RECORDS)
    with path.open("ab") as file:
        file.write(b"\0" * size)
    _, records, recovered = read(tmp_path)
    assert records == payloads(1, RECORDS)
    assert recovered.report.cut_tail == CutTail(path, STARTS[-1], size)


def test_a_file_killed_while_its_head_was_written_is_made_again(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 4)
        journal.rotate()
    newest = segment(tmp_path, 5)
    head = newest.read_bytes()
    for torn in [head[:size] for size in range(len(head))] + [b"\0" * 20, b"\0" * len(head)]:
        newest.write_bytes(torn)
        assert read(tmp_path)[1] == payloads(1, 4)
        assert newest.read_bytes() == head
    assert names(tmp_path) == ["journal-1", "journal-5"]


def test_a_first_file_killed_while_its_head_was_written_begins_anew(tmp_path: Path) -> None:
    path = make(tmp_path, 0)
    path.write_bytes(path.read_bytes()[:20])
    assert read(tmp_path)[1] == []
    assert path.stat().st_size == HEAD


def test_an_end_cut_off_before_a_later_file_is_no_torn_end(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, RECORDS)
        journal.rotate()
    path = segment(tmp_path, 1)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(CorruptJournal, match="its end is cut off, and a later file goes on") as refused:
        Journal.open(tmp_path, IDENTITY)
    assert (refused.value.path, refused.value.offset) == (path, STARTS[-2])
