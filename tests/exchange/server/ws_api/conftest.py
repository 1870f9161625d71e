"""Clients that are connected to one venue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.server.venue import Venue
from tests.exchange.server.ws_api.client import Client, Connect, connecting


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Opens a connection to the venue: two symbols, two accounts."""
    with connecting() as connect:
        yield connect


@pytest.fixture
def client(connect: Connect) -> Client:
    """A connection as most clients open it."""
    return connect()


@pytest.fixture
def venue(client: Client) -> Venue:
    """The venue all are connected to."""
    return client.venue
