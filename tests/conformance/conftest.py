"""The venues, the clients' processes, and what each journey saw; all journeys are begun early."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.clients.table import named
from tests.conformance.environments import ClientEnvironment, CouldNotMake
from tests.conformance.players import Play, Played, Player
from tests.conformance.staging import Staging

HERE = Path(__file__).parent
PAUSES = frozenset({"restart"})
"""Journeys in which the test has a part: they begin when it does."""

_could_not: dict[str, CouldNotMake] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "journey(name): judges what clients saw on this journey")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make the environments of the clients that are needed: it may take longer than a test may."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    for name in sorted({name for _journey, name in _wanted(session)}):
        environment = ClientEnvironment(named(name))
        if environment.ready() or session.config.option.collectonly:
            continue
        if reporter is not None:
            reporter.write_line(f"installing {environment.client.requirement} beside ours …")
        try:
            environment.make()
        except CouldNotMake as error:
            _could_not[name] = error


def _wanted(session: pytest.Session) -> list[tuple[str, str]]:
    """Journeys and clients of the tests that were chosen, in their order."""
    found: dict[tuple[str, str], None] = {}
    for item in session.items:
        if isinstance(item, pytest.Function) and HERE in item.path.parents and hasattr(item, "callspec"):
            client = item.callspec.params.get("client")
            for mark in item.iter_markers("journey"):
                if isinstance(client, str):
                    found[mark.args[0], client] = None
    return list(found)


@pytest.fixture(scope="session")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staging]:
    """The venues; they must not have logged an error when they end."""
    staging = Staging(tmp_path_factory.mktemp("venues"))
    yield staging
    assert not (problems := staging.stop()), "\n".join(problems)


@pytest.fixture(scope="session")
def play(request: pytest.FixtureRequest, staging: Staging) -> Iterator[Play]:
    """Begins every journey that tests were chosen for, and gives what one of them saw."""
    folder = staging_folder(request)
    wanted = _wanted(request.session)
    names = {name for _journey, name in wanted} - set(_could_not)
    players = {name: Player(name, folder) for name in sorted(names)}
    played: dict[tuple[str, str], Played] = {}

    def begin(journey: str, name: str) -> None:
        if name in players and (journey, name) not in played:
            played[journey, name] = players[name].begin(journey, staging.asked(journey, name))

    def give(journey: str, name: str) -> Played:
        if name in _could_not:
            raise _could_not[name]
        staging.prepare(each for each in wanted if each[0] not in PAUSES)
        for each in wanted:
            if each[0] not in PAUSES and each != (journey, name):
                # what cannot begin fails its own test
                with contextlib.suppress(AssertionError, OSError):
                    begin(*each)
        begin(journey, name)
        return played[journey, name]

    yield give
    for player in players.values():
        player.stop()


def staging_folder(request: pytest.FixtureRequest) -> Path:
    """Where the clients' output is kept."""
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    return factory.mktemp("clients")


@pytest.fixture
def saw(request: pytest.FixtureRequest, play: Play, client: str) -> Played:
    """What the client saw on the journey this test is about."""
    mark = request.node.get_closest_marker("journey")
    assert mark is not None
    played = play(mark.args[0], client)
    return played if mark.args[0] in PAUSES else played.finish()
