"""Each client lives in an environment of its own, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.clients.table import CLIENTS, JOURNEYS, Client
from tests.conformance.environments import ClientEnvironment


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_the_pins_hold_the_version_in_the_table(client: Client) -> None:
    lines = ClientEnvironment(client).pins.read_text(encoding="utf-8").splitlines()
    assert client.requirement in lines


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_makes_every_journey_or_says_why_not(client: Client) -> None:
    for reasons in (client.cannot, client.in_its_own_way):
        assert set(reasons) <= set(JOURNEYS)
        assert all(reasons.values())
    assert not set(client.cannot) & set(client.in_its_own_way)


def test_an_environment_is_made_once_and_a_half_made_one_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = tmp_path / "nothing.txt"
    pins.write_text("# needs no network\n", encoding="utf-8")
    monkeypatch.setattr("tests.conformance.environments.PINS", tmp_path)
    environment = ClientEnvironment(Client("nothing", "1", "nothing"), tmp_path / "kept")
    environment.make()
    assert environment.ready()
    made = environment.python.stat().st_ctime_ns, environment.folder.stat().st_ino

    environment.make()
    assert (environment.python.stat().st_ctime_ns, environment.folder.stat().st_ino) == made

    (environment.folder / "made-from.txt").unlink()
    left = environment.folder / "left-over"
    left.touch()
    assert not environment.ready()
    environment.make()
    assert environment.ready()
    assert not left.exists()

    pins.write_text("# other versions\n", encoding="utf-8")
    assert not environment.ready()
