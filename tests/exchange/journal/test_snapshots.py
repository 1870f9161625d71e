"""A snapshot shortens the way back; it is whole or it is not there, and one damaged file is not the end."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.journal.journals import (
    IDENTITY,
    flip,
    names,
    payloads,
    read,
    segment,
    snapshot,
    write,
)
from veighna_ext.exchange.journal import Journal, MissingSegment, OtherVenue, SnapshotUnderWay, UnknownVersion
from veighna_ext.exchange.journal.records import FRAME


def make(folder: Path, *counts: int) -> None:
    """So many records before each snapshot, and two more at the end; a snapshot says how many there were."""
    journal, _ = Journal.open(folder, IDENTITY)
    with journal:
        for count in counts:
            write(journal, count)
            journal.snapshot([b"state after ", str(journal.last_sequence).encode()])
        write(journal, 2)


def test_a_restart_reads_the_newest_snapshot_and_the_records_after_it(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    parts, records, recovered = read(tmp_path)
    assert parts == [b"state after ", b"7"]
    assert records == payloads(8, 9)
    assert (recovered.report.snapshot, recovered.first_sequence, recovered.last_sequence) == (7, 8, 9)
    assert recovered.report.sentences() == [
        f"The journal in {tmp_path} resumes at record 9 (snapshot of record 7, records read: 2)."
    ]


def test_parts_come_back_as_they_were_given(tmp_path: Path) -> None:
    given = [b"", b"a", b"", b"x" * 3_000_000, b"\0" * 16, b"z"]
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        journal.snapshot(given)
    assert read(tmp_path)[0] == given


def test_what_has_not_been_committed_is_before_the_snapshot(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        journal.append(b"one")
        journal.snapshot([b"state after one"])
    assert read(tmp_path)[:2] == ([b"state after one"], [])


def test_an_empty_state_before_the_first_record_is_a_state(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        journal.snapshot([])
        write(journal, 1)
    parts, records, recovered = read(tmp_path)
    assert (parts, records) == ([], payloads(1, 1))
    assert recovered.has_snapshot


def test_two_snapshots_stay_with_the_records_after_the_older(tmp_path: Path) -> None:
    make(tmp_path, 3)
    assert names(tmp_path) == ["journal-1", "journal-4", "snapshot-3"]
    make(tmp_path, 3)
    assert names(tmp_path) == ["journal-4", "journal-9", "snapshot-3", "snapshot-8"]
    make(tmp_path, 1)
    assert names(tmp_path) == ["journal-9", "journal-12", "snapshot-8", "snapshot-11"]


def test_a_single_record_between_two_snapshots_stays(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        for _ in range(4):
            write(journal, 1)
            journal.snapshot([b"state after ", str(journal.last_sequence).encode()])
    flip(snapshot(tmp_path, 4), 80)
    assert read(tmp_path)[:2] == ([b"state after ", b"3"], payloads(4, 4))


def test_the_same_state_again_takes_the_place_of_its_snapshot(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 3)
        journal.snapshot([b"state"])
        journal.snapshot([b"state"])
    assert names(tmp_path) == ["journal-1", "journal-4", "snapshot-3"]
    assert read(tmp_path)[:2] == ([b"state"], [])


def test_a_damaged_newest_snapshot_is_reported_and_the_older_one_serves(tmp_path: Path) -> None:
    make(tmp_path, 3, 4, 5)
    damaged = snapshot(tmp_path, 12)
    flip(damaged, damaged.stat().st_size - 1)
    parts, records, recovered = read(tmp_path)
    assert (parts, records) == ([b"state after ", b"7"], payloads(8, 14))
    assert [damage.path for damage in recovered.report.damaged_snapshots] == [damaged]
    assert recovered.report.sentences()[1].startswith(f"{damaged} is damaged at byte ")
    assert recovered.report.sentences()[1].endswith(
        f"It is kept as {damaged.name}.damaged; what came before it is used instead."
    )
    assert read(tmp_path)[2].report.damaged_snapshots == ()


def test_a_damaged_snapshot_does_not_count_as_one_of_the_two(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    flip(snapshot(tmp_path, 7), 80)
    make(tmp_path, 1)
    assert names(tmp_path) == [
        "journal-4",
        "journal-8",
        "journal-11",
        "snapshot-3",
        "snapshot-7.damaged",
        "snapshot-10",
    ]


def test_a_damaged_only_snapshot_gives_way_to_the_records_from_the_start(tmp_path: Path) -> None:
    make(tmp_path, 3)
    snapshot(tmp_path, 3).write_bytes(b"")
    parts, records, _ = read(tmp_path)
    assert (parts, records) == ([], payloads(1, 5))


def test_damage_in_any_byte_of_a_snapshot_is_found(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    newest = snapshot(tmp_path, 7)
    whole = newest.read_bytes()
    for offset in [*range(8), *range(12, len(whole))]:
        flip(newest, offset)
        parts, records, recovered = read(tmp_path)
        assert (parts, records) == ([b"state after ", b"3"], payloads(4, 9))
        assert len(recovered.report.damaged_snapshots) == 1
        newest.with_name(newest.name + ".damaged").unlink()
        newest.write_bytes(whole)
    for size in range(len(whole)):
        newest.write_bytes(whole[:size])
        assert read(tmp_path)[1] == payloads(4, 9)
    newest.write_bytes(whole + b"\0")
    assert read(tmp_path)[1] == payloads(4, 9)


def test_a_snapshot_that_lacks_or_exchanges_whole_parts_is_damaged(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    newest = snapshot(tmp_path, 7)
    whole = newest.read_bytes()
    first = whole.index(b"state after ") - FRAME.size
    second = first + FRAME.size + len(b"state after ")
    end = second + FRAME.size + len(b"7")
    before, state, number, after = whole[:first], whole[first:second], whole[second:end], whole[end:]
    for parts in ((before, number, after), (before, state, after), (before, number, state, after)):
        newest.write_bytes(b"".join(parts))
        found, records, recovered = read(tmp_path)
        assert (found, records) == ([b"state after ", b"3"], payloads(4, 9))
        assert len(recovered.report.damaged_snapshots) == 1


def test_a_damaged_length_in_a_snapshot_does_not_fill_the_memory(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    newest = snapshot(tmp_path, 7)
    flip(newest, newest.read_bytes().index(b"state after ") - FRAME.size + 3)
    tracemalloc.start()
    try:
        assert read(tmp_path)[2].report.snapshot == 3
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20


def test_a_damaged_snapshot_without_the_records_it_replaced_is_refused(tmp_path: Path) -> None:
    make(tmp_path, 3, 4, 5)
    flip(snapshot(tmp_path, 12), 80)
    segment(tmp_path, 8).unlink()
    with pytest.raises(MissingSegment) as problem:
        Journal.open(tmp_path, IDENTITY)
    assert (problem.value.path, problem.value.snapshot) == (segment(tmp_path, 8), 7)
    assert snapshot(tmp_path, 12).exists()


def test_a_damaged_snapshot_newer_than_every_record_left_is_refused(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    flip(snapshot(tmp_path, 7), 80)
    segment(tmp_path, 8).unlink()
    segment(tmp_path, 4).unlink()
    with pytest.raises(MissingSegment, match=f"its snapshot {snapshot(tmp_path, 7).name} is damaged"):
        Journal.open(tmp_path, IDENTITY)


def test_when_every_snapshot_is_damaged_and_the_first_records_are_gone_nothing_starts(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    for sequence in (3, 7):
        flip(snapshot(tmp_path, sequence), 80)
    segment(tmp_path, 1).unlink(missing_ok=True)
    with pytest.raises(MissingSegment) as problem:
        Journal.open(tmp_path, IDENTITY)
    assert problem.value.path == segment(tmp_path, 1)


def test_a_newer_snapshot_format_is_refused_and_no_older_one_used(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    flip(snapshot(tmp_path, 7), 8, 3)
    with pytest.raises(UnknownVersion, match="has format version 2, and this release reads version 1"):
        Journal.open(tmp_path, IDENTITY)


def test_a_snapshot_of_another_venue_is_refused(tmp_path: Path) -> None:
    make(tmp_path / "ours", 3)
    journal, _ = Journal.open(tmp_path / "theirs", {"seed": 8, "market": "synthetic"})
    with journal:
        write(journal, 3)
        journal.snapshot([b"their state"])
    snapshot(tmp_path / "theirs", 3).replace(snapshot(tmp_path / "ours", 3))
    with pytest.raises(OtherVenue, match="seed is 8 there and 7 here"):
        Journal.open(tmp_path / "ours", IDENTITY)


def test_a_snapshot_under_another_name_is_damaged(tmp_path: Path) -> None:
    make(tmp_path, 3, 4)
    snapshot(tmp_path, 7).write_bytes(snapshot(tmp_path, 3).read_bytes())
    assert read(tmp_path)[2].report.damaged_snapshots[0].reason == (
        "it is the snapshot of record 3 under another name"
    )


def test_the_journal_goes_on_while_a_snapshot_is_written(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 3)
        draft = journal.begin_snapshot()
        draft.write(b"state after 3")
        write(journal, 2)
        with pytest.raises(SnapshotUnderWay, match="the snapshot of record 3 is not finished"):
            journal.begin_snapshot()
        draft.finish()
        write(journal, 1)
        journal.snapshot([b"state after 6"])
        write(journal, 1)
    snapshot(tmp_path, 6).unlink()
    assert read(tmp_path)[:2] == ([b"state after 3"], payloads(4, 7))


def test_a_snapshot_that_was_not_finished_leaves_no_trace(tmp_path: Path) -> None:
    make(tmp_path, 3)
    (tmp_path / f"{snapshot(tmp_path, 4).name}.unfinished").write_bytes(b"a killed process wrote this")
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        assert names(tmp_path) == ["journal-1", "journal-4", "snapshot-3"]
        write(journal, 1)
        journal.begin_snapshot().write(b"half")
    assert names(tmp_path) == ["journal-1", "journal-4", "journal-7", "snapshot-3"]
    assert read(tmp_path)[1] == payloads(4, 6)


def test_a_state_that_breaks_on_the_way_does_not_stop_the_journal(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 2)
        with pytest.raises(ZeroDivisionError):
            journal.snapshot(_state_that_breaks())
        write(journal, 1)
        journal.snapshot([b"state"])
        write(journal, 1)
    assert read(tmp_path)[:2] == ([b"state"], payloads(4, 4))


def test_a_large_state_is_neither_written_nor_read_in_one_piece(tmp_path: Path) -> None:
    chunk = bytes(1 << 20)
    journal, _ = Journal.open(tmp_path, IDENTITY)
    tracemalloc.start()
    try:
        journal.snapshot(bytes(chunk) for _ in range(40))
        journal.close()
        journal, recovered = Journal.open(tmp_path, IDENTITY)
        journal.close()
        assert sum(map(len, recovered.snapshot_chunks())) == 40 << 20
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


def _state_that_breaks() -> Iterator[bytes]:
    yield b"good so far"
    yield bytes(1 // 0)
