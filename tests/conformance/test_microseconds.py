"""Times in microseconds, for those who ask for them."""

from __future__ import annotations

from tests.conformance.asserting import no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played


@journey("microseconds")
def test_every_time_is_in_microseconds(saw: Played) -> None:
    times = {name: value for name, value in saw.one("times").items() if name != "step"}
    now = saw.one("in_milliseconds")["clock"] * 1000
    assert all(abs(value - now) < 60_000_000 for value in times.values()), (times, now)
    assert any(value % 1000 for value in times.values())
    assert times["working"] == times["placed"] == times["found"]
    assert times["fill"] == times["trade"] == times["websocket"]
    no_complaints(saw.complaints)
