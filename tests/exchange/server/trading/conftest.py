"""A venue and two traders for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.server.trading.asking import Trader
from tests.exchange.server.venue import Venue, open_venue


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A live exchange with an empty book."""
    with open_venue() as opened:
        yield opened


@pytest.fixture
def trader(venue: Venue) -> Trader:
    """Who sends the orders."""
    return Trader(venue, 1)


@pytest.fixture
def other(venue: Venue) -> Trader:
    """Who trades with them."""
    return Trader(venue, 2)
