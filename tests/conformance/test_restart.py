"""The venue restarts; orders, streams and user streams go on."""

from __future__ import annotations

import pytest

from tests.conformance.asserting import has
from tests.conformance.clients.table import clients_for
from tests.conformance.players import Play
from tests.conformance.staging import Staging

KILLED = ("ccxt", "binance-connector")
"""For these the venue does not end, it is gone."""


@pytest.mark.parametrize("client", clients_for("restart"))
@pytest.mark.journey("restart")
def test_everything_goes_on_after_a_restart(play: Play, staging: Staging, client: str) -> None:
    saw = play("restart", client)
    saw.wait("ready_for_restart")
    venue = staging.venue("restart", client)
    if client in KILLED:
        venue.kill()
    else:
        assert venue.stop() == 0
    venue.start_again()
    saw.go_on()
    saw.finish()
    resumed = saw.one("resumed")
    has(resumed["found"], status="NEW")
    assert resumed["second"]["orderId"] > resumed["found"]["orderId"]
    assert resumed["quotes"]
    assert "CANCELED" in {report["x"] for report in resumed["reports"]}
    money = next(each for each in resumed["account"]["balances"] if each["asset"] == "USDT")
    assert float(money["free"]) + float(money["locked"]) == 10_000


@pytest.mark.parametrize("client", ["binance-connector"])
@pytest.mark.journey("restart")
def test_a_client_that_stays_away_is_told_that_it_was_disconnected(play: Play, client: str) -> None:
    saw = play("restart", client).finish()
    assert saw.one("errors")["feed"]
