"""A busy server with accounts of every kind of key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.server.process import Server, running

OPTIONS = ("--market", "manual", "--symbols", "BTCUSDT,BNBUSDT", "--no-rate-limit", "--legacy-listen-key")
BALANCES = {"USDT": "1000000", "BTC": "100", "BNB": "1000"}


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that must keep its accounts apart."""
    with running(tmp_path_factory.mktemp("guarded"), *OPTIONS) as venue:
        yield venue
