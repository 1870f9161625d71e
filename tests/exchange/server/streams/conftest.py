"""A venue with market streams for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.server.streams.watching import Watched, watching


@pytest.fixture
def market() -> Iterator[Watched]:
    """Two symbols with empty books, and nobody listening yet."""
    with watching() as opened:
        yield opened
