"""How the tests ask what an account may ask."""

from __future__ import annotations

from typing import Any

from tests.exchange.server.venue import Venue
from veighna_ext.exchange.server.account import OPERATIONS
from veighna_ext.exchange.server.operations import by_route

ROUTES = by_route(OPERATIONS)


def ask(venue: Venue, path: str, number: int = 1, **sent: Any) -> Any:
    """What the client of an account reads."""
    return venue.ask(ROUTES[path]["GET"], number, **sent)
