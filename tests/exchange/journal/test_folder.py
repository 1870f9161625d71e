"""A folder that cannot be used is refused in one clear sentence, before anything is put into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.journal.journals import IDENTITY, answer, child, flip, make, payloads, read, segment
from veighna_ext.exchange.journal import (
    FolderInUse,
    FolderUnusable,
    ForeignFiles,
    Journal,
    NotAFolder,
    OtherVenue,
    UnknownVersion,
)

HOLDER = """
import sys
from veighna_ext.exchange.journal import Journal
journal, _ = Journal.open(sys.argv[1], {"seed": 7, "market": "synthetic"})
journal.append(b"1:1:")
journal.commit()
print("held", flush=True)
sys.stdin.read()
"""

WITHOUT_RIGHTS = """
import os, sys
from veighna_ext.exchange.journal import Journal
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Journal.open(sys.argv[1], {})
except Exception as problem:
    print(type(problem).__name__, problem)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that a process without our rights can reach."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_second_writer_is_told_which_process_has_the_folder(tmp_path: Path) -> None:
    journal, _ = Journal.open(tmp_path, IDENTITY)
    with pytest.raises(FolderInUse) as problem:
        Journal.open(tmp_path, IDENTITY)
    assert str(problem.value) == (
        f"{tmp_path} is in use by process {os.getpid()}: stop that one first, or name another folder."
    )
    journal.close()
    Journal.open(tmp_path, IDENTITY)[0].close()


def test_a_killed_writer_lets_go_of_the_folder(tmp_path: Path) -> None:
    with child(HOLDER, tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderInUse, match=f"process {holder.pid}:"):
            Journal.open(tmp_path, IDENTITY)
        holder.kill()
        holder.wait()
    assert read(tmp_path)[1] == payloads(1, 1)


def test_a_refused_folder_is_let_go_of(tmp_path: Path) -> None:
    flip(make(tmp_path, 3), 8)
    for _ in range(2):
        with pytest.raises(UnknownVersion):
            Journal.open(tmp_path, IDENTITY)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("in the way")
    for path in (file, file / "data"):
        with pytest.raises(NotAFolder) as problem:
            Journal.open(path, IDENTITY)
        assert str(problem.value) == f"{file} is a file, and the journal needs a folder: name another one."


def test_a_folder_of_other_files_is_refused_and_nothing_is_put_into_it(tmp_path: Path) -> None:
    for name in ("taxes.ods", "photo.jpg", "thesis.tex", "wills.pdf"):
        (tmp_path / name).touch()
    with pytest.raises(ForeignFiles) as problem:
        Journal.open(tmp_path, IDENTITY)
    assert str(problem.value) == (
        f"{tmp_path} holds other files (photo.jpg, taxes.ods, thesis.tex, …) and no journal: "
        "name an empty folder or a new one."
    )
    assert len(list(tmp_path.iterdir())) == 4


def test_other_files_beside_a_journal_and_what_systems_leave_everywhere_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "lost+found").mkdir()
    make(tmp_path, 3)
    (tmp_path / "notes.txt").touch()
    (tmp_path / "journal-5.log").touch()
    assert read(tmp_path)[1] == payloads(1, 3)
    assert (tmp_path / "notes.txt").exists()


def test_a_folder_whose_first_start_was_killed_is_as_good_as_new(tmp_path: Path) -> None:
    (tmp_path / "journal.lock").write_text("4711")
    assert read(tmp_path)[2].report.started_new


def test_a_folder_without_the_right_to_write_is_refused(open_to_all: Path) -> None:
    open_to_all.chmod(0o555)
    for folder in (open_to_all, open_to_all / "new"):
        [said] = answer(WITHOUT_RIGHTS, folder)
        assert said == (
            f"FolderUnusable {folder} cannot be used (Permission denied): make it readable and writable, "
            "or name another folder."
        )


def test_a_journal_file_that_cannot_be_read_is_refused(open_to_all: Path) -> None:
    make(open_to_all, 3)
    (open_to_all / "journal.lock").chmod(0o666)
    segment(open_to_all, 1).chmod(0o000)
    [said] = answer(WITHOUT_RIGHTS, open_to_all)
    assert said.startswith(f"{FolderUnusable.__name__} {segment(open_to_all, 1)} cannot be used (Permission")


@pytest.mark.parametrize("version", [0, 2, 300, 1 << 31])
def test_another_format_version_is_refused_with_the_way_out(tmp_path: Path, version: int) -> None:
    path = make(tmp_path, 3)
    content = path.read_bytes()
    path.write_bytes(content[:8] + version.to_bytes(4, "little") + content[12:])
    with pytest.raises(UnknownVersion) as problem:
        Journal.open(tmp_path, IDENTITY)
    assert str(problem.value) == (
        f"{path} has format version {version}, and this release reads version 1: "
        "start the release that wrote it, or name another folder."
    )


def test_another_venues_folder_is_refused_with_every_difference(tmp_path: Path) -> None:
    path = make(tmp_path, 3)
    with pytest.raises(OtherVenue) as problem:
        Journal.open(tmp_path, {"seed": 8, "market": "synthetic", "tape": None})
    assert str(problem.value) == (
        f"{path} belongs to another venue (seed is 7 there and 8 here; tape is None there and None here): "
        "start with its values, or name another folder."
    )


def test_an_identity_that_is_a_whole_story_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a few words"):
        Journal.open(tmp_path, {"story": "x" * 70_000})
