"""A local order book follows the stream: by the library's own depth cache where it has one."""

from __future__ import annotations

import pytest

from tests.conformance.asserting import no_complaints
from tests.conformance.clients.table import clients_for
from tests.conformance.marks import journey
from tests.conformance.players import Play, Played
from tests.conformance.staging import followed_for


@pytest.mark.timeout(followed_for() + 100)
@pytest.mark.parametrize("client", clients_for("local_book"))
@pytest.mark.journey("local_book")
def test_the_copy_is_the_book_to_the_last_digit(play: Play, client: str) -> None:
    step = play("local_book", client).finish(followed_for() + 60).one("halted")
    assert step["update_id"] >= step["last_update_id"]
    assert min(len(step["bids"]), len(step["asks"])) >= 20
    assert step["bids"] == step["venue_bids"]
    assert step["asks"] == step["venue_asks"]


@journey("local_book")
def test_the_stream_has_no_gap(saw: Played) -> None:
    step = saw.one("followed")
    assert step["restarts"] == 0
    assert step["updates"] > followed_for()


@journey("local_book")
def test_the_copy_is_never_crossed(saw: Played) -> None:
    assert saw.one("followed")["crossed"] == 0
    no_complaints(saw.complaints)
