"""How often an address may open a WebSocket."""

from __future__ import annotations

from veighna_ext.exchange.server.limits import refusing
from veighna_ext.exchange.server.limits.intervals import CONNECTIONS, Limit, Tally


class ConnectionAttempts:
    """Attempts of each address in five minutes of the clock, successful or not."""

    def __init__(self, *, enabled: bool = True, limit: Limit = CONNECTIONS) -> None:
        self._enabled = enabled
        self._attempts: Tally[str] = Tally(limit)

    def attempt(self, ip: str, now: int) -> None:
        """Count an attempt; raises OverLimit where it must not succeed."""
        attempts = self._attempts.at(now)
        attempts[ip] = made = attempts.get(ip, 0) + 1
        if made > self._attempts.most and self._enabled:
            raise refusing.too_many_connections(self._attempts.limit, now, self._attempts.ends)
