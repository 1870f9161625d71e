"""What was committed comes back, whatever it was and however often the venue restarts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.journal.journals import IDENTITY, make, names, payload, payloads, read, write
from veighna_ext.exchange.journal import Journal, JournalClosed, read_identity
from veighna_ext.exchange.journal.records import BLOCK


def test_a_new_folder_is_made_and_called_new(tmp_path: Path) -> None:
    journal, recovered = Journal.open(tmp_path / "data" / "venue", IDENTITY)
    journal.close()
    assert recovered.report.started_new
    assert recovered.report.sentences() == [f"A new journal begins in {tmp_path / 'data' / 'venue'}."]
    assert not recovered.has_snapshot
    assert list(recovered.snapshot_chunks()) == []
    assert list(recovered.records()) == []
    assert recovered.last_sequence == 0


def test_records_are_numbered_from_one_and_come_back_in_order(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    assert [journal.append(b"a"), journal.append(b""), journal.append(b"c")] == [1, 2, 3]
    assert journal.commit() == 3
    journal.close()
    _, records, recovered = read(tmp_path)
    assert records == [b"a", b"", b"c"]
    assert (recovered.first_sequence, recovered.last_sequence) == (1, 3)
    assert not recovered.report.started_new
    assert recovered.report.sentences() == [
        f"The journal in {tmp_path} resumes at record 3 (no snapshot, records read: 3)."
    ]


def test_a_commit_is_on_the_disk_and_an_append_is_not(tmp_path: Path) -> None:
    path = make(tmp_path, 0)
    journal, _ = Journal.open(tmp_path, IDENTITY)
    empty = path.stat().st_size
    journal.append(b"one")
    journal.append(b"two")
    assert path.stat().st_size == empty
    assert journal.commit() == 2
    assert path.stat().st_size == empty + 2 * (16 + 3)
    assert journal.commit() == 2
    assert path.stat().st_size == empty + 2 * (16 + 3)
    journal.close()


def test_closing_commits_and_a_closed_journal_says_so(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    journal.append(b"last words")
    journal.close()
    journal.close()
    with pytest.raises(JournalClosed):
        journal.append(b"more")
    with pytest.raises(JournalClosed):
        journal.commit()
    assert read(tmp_path)[1] == [b"last words"]


def test_a_journal_forced_onto_the_disk_reads_the_same(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY, "fsync")
    write(journal, 3)
    journal.snapshot([b"state"])
    write(journal, 2)
    journal.close()
    assert read(tmp_path)[:2] == ([b"state"], payloads(4, 5))


def test_an_unknown_durability_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write, fsync, not 'none'"):
        Journal.open(tmp_path / "data", IDENTITY, "none")  # type: ignore[arg-type]
    assert not (tmp_path / "data").exists()


def test_records_longer_than_a_reading_block_and_across_its_edges_come_back(tmp_path: Path) -> None:
    sizes = [BLOCK - 50, 100, 2 * BLOCK + 7, 1, BLOCK - 16, 0, 3]
    written = [bytes([number]) * size for number, size in enumerate(sizes)]
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        for content in written:
            journal.append(content)
    assert read(tmp_path)[1] == written


def test_sequences_beyond_32_bits_come_back(tmp_path: Path) -> None:
    from veighna_ext.exchange.journal.records import begin_segment
    from veighna_ext.exchange.journal.snapshot import SnapshotDraft

    start = (1 << 32) - 2
    with SnapshotDraft(tmp_path, start, IDENTITY, lambda: None) as draft:
        draft.write(b"state")
    begin_segment(tmp_path, start + 1, IDENTITY, syncs=False)
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 5)
    _, records, recovered = read(tmp_path)
    assert records == payloads(start + 1, start + 5)
    assert recovered.last_sequence == start + 5


def test_whose_journal_it_is_can_be_asked_before_opening(tmp_path: Path) -> None:
    assert read_identity(tmp_path / "none") is None
    assert read_identity(tmp_path) is None
    make(tmp_path, 1)
    assert read_identity(tmp_path) == IDENTITY


def test_a_new_file_at_every_rotation_and_one_reading_of_all(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with journal:
        write(journal, 3)
        journal.rotate()
        journal.rotate()
        write(journal, 2)
        journal.append(payload(6))
        journal.rotate()
    assert names(tmp_path) == ["journal-1", "journal-4", "journal-7"]
    assert read(tmp_path)[1] == payloads(1, 6)


ACTS = st.one_of(
    st.lists(st.binary(max_size=60), max_size=6),
    st.sampled_from(["commit", "rotate", "snapshot", "restart", "torn"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_whatever_a_venue_does_and_however_it_stops_its_committed_records_are_its_state(
    acts: list[list[bytes] | str],
) -> None:
    committed: list[bytes] = []
    appended: list[bytes] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal, _ = Journal.open(folder, IDENTITY)
        for act in [*acts, "restart"]:
            if isinstance(act, list):
                for content in act:
                    assert journal.append(content) == len(appended) + 1
                    appended.append(content)
                continue
            committed = list(appended)
            if act == "commit":
                assert journal.commit() == len(committed)
            elif act == "rotate":
                journal.rotate()
            elif act == "snapshot":
                journal.snapshot(committed)
            else:
                journal.close()
                if act == "torn":
                    with max(folder.glob("*.log")).open("ab") as file:
                        file.write(b"\x09\0\0\0half a record")
                journal, recovered = Journal.open(folder, IDENTITY)
                assert [*recovered.snapshot_chunks(), *recovered.records()] == committed
                assert recovered.last_sequence == len(committed)
                assert (recovered.report.cut_tail is not None) == (act == "torn")
        journal.close()
