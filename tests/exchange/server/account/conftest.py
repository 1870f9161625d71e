"""A venue for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.server.venue import Venue, open_venue


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A live exchange with an empty book."""
    with open_venue() as opened:
        yield opened
