"""How often an address may open a WebSocket."""

from __future__ import annotations

import pytest

from tests.exchange.server.limits.clock import at
from veighna_ext.exchange.server.limits import ConnectionAttempts, OverLimit

HOME = "127.0.0.1"


def test_five_minutes_have_300_attempts_and_not_one_more() -> None:
    connections = ConnectionAttempts()
    for _ in range(300):
        connections.attempt(HOME, at("12:05:00"))
    connections.attempt("10.0.0.7", at("12:05:00"))
    with pytest.raises(OverLimit) as refused:
        connections.attempt(HOME, at("12:09:59.5"))
    assert refused.value.code == -1034
    expected = "Too many connection attempts from IP; current limit is 300 per '5 MINUTE'."
    assert refused.value.message == expected
    assert (refused.value.status, refused.value.retry_after) == (429, 1)
    connections.attempt(HOME, at("12:10:00"))


def test_without_limits_anybody_may_connect() -> None:
    connections = ConnectionAttempts(enabled=False)
    for _ in range(1000):
        connections.attempt(HOME, at("12:05:00"))
