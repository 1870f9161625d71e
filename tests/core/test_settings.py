"""Settings survive; a file that cannot be used is kept, named, and replaced by defaults."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from veighna_ext.core.settings import Settings, SettingsStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_first_start_has_working_defaults(folder: Path) -> None:
    store = SettingsStore(folder)
    assert store.current == Settings()
    assert store.problem == ""
    assert not store.path.exists()


def test_a_change_is_there_after_a_restart(folder: Path) -> None:
    SettingsStore(folder).update(theme="light", language="zh")
    again = SettingsStore(folder)
    assert (again.current.theme, again.current.language) == ("light", "zh")


def test_a_change_that_makes_no_sense_is_refused_and_the_file_is_untouched(folder: Path) -> None:
    store = SettingsStore(folder)
    store.update(theme="light")
    before = store.path.read_bytes()
    with pytest.raises(msgspec.ValidationError):
        store.update(theme="pink")
    assert store.path.read_bytes() == before
    assert store.current.theme == "light"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"version": 99}',
        b'{"theme": "dark"}',
        b'{"version": 1, "theme": 7}',
    ],
)
def test_an_unusable_file_is_kept_aside_with_its_reason(folder: Path, content: bytes) -> None:
    path = SettingsStore(folder).path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    store = SettingsStore(folder)

    assert store.current == Settings()
    aside = [file for file in path.parent.iterdir() if ".unreadable-" in file.name]
    assert [file.read_bytes() for file in aside] == [content]
    assert str(aside[0]) in store.problem


def test_two_unusable_files_in_one_second_are_both_kept(folder: Path) -> None:
    path = SettingsStore(folder).path
    path.parent.mkdir(parents=True)
    for content in (b"first", b"second"):
        path.write_bytes(content)
        SettingsStore(folder)
    kept = {file.read_bytes() for file in path.parent.iterdir()}
    assert kept == {b"first", b"second"}


def test_fields_of_a_newer_release_do_not_disturb_an_older_one(folder: Path) -> None:
    store = SettingsStore(folder)
    store.update(theme="light")
    content = json.loads(store.path.read_bytes())
    content["from_the_future"] = 1
    store.path.write_text(json.dumps(content))
    assert SettingsStore(folder).current.theme == "light"
