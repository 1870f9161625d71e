"""Credentials are found by their key, come back after a restart, and never lie open on the disk."""

from __future__ import annotations

import base64
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from tests.exchange.server.access.signers import SECRET, senders
from veighna_ext.exchange.server.access import HmacCredential, KeyRing, new_api_key, new_secret

PAYLOAD = b"timestamp=1"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def secret_of(keys: KeyRing, api_key: str) -> str:
    credential = keys.get(api_key)
    assert credential is not None
    return credential.material


def test_credentials_are_found_by_their_key_until_they_are_removed() -> None:
    keys = KeyRing()
    keys.add(*(sender.credential for sender in senders()))
    for sender in senders():
        credential = keys.get(sender.credential.api_key)
        assert credential is not None
        assert credential.verify(PAYLOAD, sender.sign(PAYLOAD))
    assert keys.get("nobody") is None
    keys.remove("rsa", "nobody")
    assert keys.get("rsa") is None
    assert len(keys) == 2


def test_every_kind_of_credential_comes_back_after_a_restart(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path / "data" / "keys")
    for sender in senders():
        keys.add(sender.credential)
    again = KeyRing(tmp_path / "data" / "keys")
    assert len(again) == 3
    for sender in senders():
        credential = again.get(sender.credential.api_key)
        assert type(credential) is type(sender.credential)
        assert credential is not None
        assert credential.verify(PAYLOAD, sender.sign(PAYLOAD))


def test_what_was_removed_or_replaced_stays_so_after_a_restart(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path)
    keys.add(HmacCredential("a", "first"), HmacCredential("b", "first"), HmacCredential("c", "first"))
    keys.add(HmacCredential("b", "second"))
    keys.remove("c")
    again = KeyRing(tmp_path)
    assert len(again) == 2
    assert (secret_of(again, "a"), secret_of(again, "b")) == ("first", "second")


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    KeyRing().add(HmacCredential("a", "first"))
    assert files(tmp_path) == {}


def test_no_file_holds_a_secret_or_an_api_key_in_any_spelling(tmp_path: Path) -> None:
    api_key = new_api_key()
    KeyRing(tmp_path).add(HmacCredential(api_key, SECRET))
    found = b"".join(files(tmp_path).values())
    assert len(found) > len(SECRET)
    for text in (SECRET, api_key):
        plain = text.encode()
        for spelling in (plain, plain[:16], plain.hex().encode(), base64.b64encode(plain)[:80], plain[::-1]):
            assert spelling not in found


def test_the_same_keys_never_look_the_same_on_the_disk(tmp_path: Path) -> None:
    for name in ("one", "two"):
        KeyRing(tmp_path / name).add(HmacCredential("a", SECRET))
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.keys() == two.keys() == {"api-keys", "api-keys.master"}
    assert all(one[name] != two[name] for name in one)


def test_every_change_is_sealed_anew(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path)
    seen = set()
    for secret in ("first", "other", "first"):
        keys.add(HmacCredential("a", secret))
        seen.add(files(tmp_path)["api-keys"])
    assert len(seen) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        KeyRing(tmp_path / "keys").add(HmacCredential("a", SECRET))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    paths = list((tmp_path / "keys").iterdir())
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600, 0o600]
    for path in paths:
        path.chmod(0o644)
    KeyRing(tmp_path / "keys")
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600, 0o600]


def test_a_key_given_again_unchanged_is_not_written_again(tmp_path: Path) -> None:
    KeyRing(tmp_path).add(HmacCredential("mock-key", "mock-secret"))
    before = files(tmp_path)
    again = KeyRing(tmp_path)
    again.add(HmacCredential("mock-key", "mock-secret"))
    again.remove("nobody")
    assert files(tmp_path) == before
    again.add(HmacCredential("mock-key", "another"))
    assert files(tmp_path) != before


def test_a_change_that_is_taken_back_is_taken_back_on_the_disk(tmp_path: Path) -> None:
    KeyRing(tmp_path).add(HmacCredential("a", "first"))
    keys = KeyRing(tmp_path)
    keys.add(HmacCredential("b", "second"))
    keys.remove("b")
    assert KeyRing(tmp_path).get("b") is None


def test_nothing_about_a_key_ring_shows_a_secret(tmp_path: Path) -> None:
    for keys in (KeyRing(), KeyRing(tmp_path)):
        keys.add(HmacCredential("a", SECRET))
        assert SECRET not in f"{keys!r} {keys} {keys.get('a')!r} {[keys.get('a')]}"
    assert repr(keys) == f"KeyRing(1 API keys in {tmp_path / 'api-keys'})"


def test_changes_from_many_threads_are_all_kept(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path)
    together = threading.Barrier(8)

    def change(number: int) -> None:
        together.wait()
        for count in range(3):
            keys.add(HmacCredential(f"{number}-{count}", new_secret()))

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = KeyRing(tmp_path)
    assert len(again) == 24
    for number in range(8):
        for count in range(3):
            assert secret_of(again, f"{number}-{count}") == secret_of(keys, f"{number}-{count}")
