"""Keys that cannot be read are told in one sentence with the way out, and what is there stays as it is."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.server.access.test_keyring import files
from veighna_ext.exchange.server.access import HmacCredential, KeyRing, SealedFileError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where one key is kept."""
    KeyRing(tmp_path).add(HmacCredential("a", "first"))
    return tmp_path


def problem(folder: Path) -> str:
    """What opening the folder tells; nothing in it may change by that."""
    before = files(folder)
    with pytest.raises(SealedFileError) as told:
        KeyRing(folder)
    assert files(folder) == before
    return str(told.value)


def damaged(folder: Path) -> str:
    return (
        f"{folder / 'api-keys'} is damaged, or {folder / 'api-keys.master'} is not the key that sealed it: "
        "restore both from the same copy, or move both away to start with no API keys."
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_change_of_any_byte_is_noticed(folder: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["api-keys", "api-keys.master"]))
    path = folder / name
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        told = problem(folder)
    finally:
        path.write_bytes(whole)
    assert told == damaged(folder) or "format version" in told


@pytest.mark.parametrize("name", ["api-keys", "api-keys.master"])
def test_a_file_that_was_cut_or_grew_is_noticed(folder: Path, name: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    for content in [*(whole[:size] for size in range(len(whole))), whole + b"\0"]:
        path.write_bytes(content)
        assert problem(folder) == damaged(folder)


def test_without_the_master_key_the_keys_stay_closed_until_one_of_the_ways_out_is_taken(folder: Path) -> None:
    sealed, master = folder / "api-keys", folder / "api-keys.master"
    copy = master.read_bytes()
    master.unlink()
    assert problem(folder) == (
        f"{master} is missing, and {sealed} cannot be opened without it: "
        "restore it from a copy, or move api-keys away to start with no API keys."
    )
    master.write_bytes(copy)
    assert len(KeyRing(folder)) == 1
    master.unlink()
    sealed.rename(folder / "away")
    keys = KeyRing(folder)
    assert len(keys) == 0
    keys.add(HmacCredential("b", "second"))
    assert len(KeyRing(folder)) == 1


def test_keys_sealed_elsewhere_are_refused_until_both_files_are_moved_away(
    folder: Path, tmp_path: Path
) -> None:
    KeyRing(tmp_path / "other").add(HmacCredential("b", "second"))
    (tmp_path / "other" / "api-keys").replace(folder / "api-keys")
    (tmp_path / "other" / "api-keys.master").unlink()
    (tmp_path / "other").rmdir()
    assert problem(folder) == damaged(folder)
    for path in list(folder.iterdir()):
        path.unlink()
    assert len(KeyRing(folder)) == 0


def test_a_file_of_a_later_release_is_named_with_both_versions(folder: Path) -> None:
    path = folder / "api-keys"
    content = path.read_bytes()
    path.write_bytes(content[:8] + (7).to_bytes(4, "little") + content[12:])
    assert problem(folder) == (
        f"{path} has format version 7, and this release reads version 1: "
        "start the release that wrote it, or name another folder."
    )


def test_what_a_killed_write_left_behind_is_no_trouble(folder: Path) -> None:
    for name in ("api-keys.unfinished", "api-keys.master.unfinished"):
        (folder / name).write_bytes(b"half")
    keys = KeyRing(folder)
    assert len(keys) == 1
    keys.add(HmacCredential("b", "second"))
    assert "api-keys.unfinished" not in files(folder)
    assert len(KeyRing(folder)) == 2


def test_a_path_that_leads_to_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(SealedFileError, match=r"cannot be used .*name another folder"):
            KeyRing(path)


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX's")
def test_a_full_disk_refuses_the_new_key_and_keeps_the_old_ones(folder: Path) -> None:
    import resource
    import signal

    keys = KeyRing(folder)
    before = files(folder)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(SealedFileError, match=os.strerror(errno.EFBIG)):
            keys.add(HmacCredential("b", "second"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert keys.get("b") is None
    assert {name: content for name, content in files(folder).items() if name in before} == before
    keys.add(HmacCredential("c", "third"))
    assert len(KeyRing(folder)) == 2
