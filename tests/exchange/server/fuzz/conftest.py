"""The server that is fuzzed, and those who must not notice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.server.fuzz.bystander import Bystander
from tests.exchange.server.fuzz.settings import NIGHTLY
from tests.exchange.server.process import Server, running

HERE = Path(__file__).parent
OPTIONS = (
    "--market",
    "manual",
    "--symbols",
    "BTCUSDT,BNBUSDT,ETHBTC",
    "--no-rate-limit",
    "--legacy-listen-key",
)
ACCOUNTS = ("--account", "fuzzed:fuzzed-secret", "--account", "other:other-secret")
BALANCES = tuple(part for asset in ("USDT", "BTC", "BNB") for part in ("--balance", f"{asset}=1000000"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nightly runs have their time."""
    for item in items:
        if NIGHTLY and HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(scope="session")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that must end well, and must not have logged an error, whatever was sent to it."""
    with running(tmp_path_factory.mktemp("fuzzed"), *OPTIONS, *ACCOUNTS, *BALANCES) as venue:
        yield venue


@pytest.fixture
def bystander(fuzzed: Server) -> Iterator[Bystander]:
    """Somebody on the same server who asks for something sensible now and then."""
    bystander = Bystander(fuzzed)
    yield bystander
    bystander.close()
