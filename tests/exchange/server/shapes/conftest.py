"""Two servers for all tests of shapes: one on which only traders move prices, one that moves by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.venue import Venue
from tests.exchange.server.access.signers import hmac_sender
from tests.exchange.server.process import Trader, running
from tests.exchange.server.shapes.asking import ApiAsker, Asker, RestAsker

SYMBOLS = ("BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT")
ACCOUNTS = ("first:first-secret", "second:second-secret")
OPTIONS = (
    "--no-rate-limit",
    "--symbols",
    ",".join(SYMBOLS),
    *(part for account in ACCOUNTS for part in ("--account", account)),
    *(part for asset in ("USDT", "BTC", "BNB", "ETH") for part in ("--balance", f"{asset}=1000000")),
)


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A server whose books hold what the two traders place, and nothing else."""
    options = ("--market", "manual", "--legacy-listen-key", *OPTIONS)
    with running(tmp_path_factory.mktemp("quiet"), *options) as venue:
        yield venue


@pytest.fixture(scope="session")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """A server as it comes, with a market that moves."""
    with running(tmp_path_factory.mktemp("moving"), "--seed", "7", *OPTIONS) as venue:
        yield venue


def trader(venue: Venue, name: str) -> Trader:
    """One of the two traders."""
    return Trader(venue, name, hmac_sender(f"{name}-secret").sign)


@pytest.fixture(params=["rest", "ws-api"])
def first(request: pytest.FixtureRequest, quiet: Venue) -> Iterator[Asker]:
    """The first trader, by REST and then by the WebSocket API."""
    way: type[Asker] = RestAsker if request.param == "rest" else ApiAsker
    asker = way(trader(quiet, "first"))
    yield asker
    asker.close()


@pytest.fixture
def second(quiet: Venue) -> Iterator[Asker]:
    """The second trader."""
    asker = RestAsker(trader(quiet, "second"))
    yield asker
    asker.close()


@pytest.fixture
def heard(quiet: Venue) -> Iterator[ApiAsker]:
    """The first trader's user data."""
    asker = ApiAsker(trader(quiet, "first"))
    asker.ask("userDataStream.subscribe.signature")
    yield asker
    asker.close()


@pytest.fixture(autouse=True)
def nothing_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test left in the books of the quiet server is taken away."""
    yield
    if "quiet" not in request.fixturenames:
        return
    venue: Venue = request.getfixturevalue("quiet")
    for name in ("first", "second"):
        asker = RestAsker(trader(venue, name))
        for symbol in {order.symbol for order in asker.ask("openOrders.status")}:
            asker.ask("openOrders.cancelAll", symbol=symbol)
        asker.close()
