"""What those who are over a limit are told."""

from __future__ import annotations

from veighna_ext.exchange.server.limits.intervals import Limit
from veighna_ext.exchange.server.refusals import Refusal

TOO_MANY_REQUESTS = 429
BANNED = 418


class OverLimit(Refusal):
    """A limit is used up, or its sender is banned; it ends by itself."""

    def __init__(self, code: int, message: str, status: int, now: int, until: int) -> None:
        # rounded up: who waits that long finds the limit free
        super().__init__(code, message, status=status, retry_after=-((now - until) // 1_000_000))
        self.now = now
        self.until = until
        """Microseconds since the epoch, as ``now``."""

    def times(self, time_divisor: int = 1000) -> dict[str, int]:
        """The ``data`` of the WebSocket API's error; REST says it in the header ``Retry-After`` alone."""
        return {"serverTime": self.now // time_divisor, "retryAfter": -(-self.until // time_divisor)}


def too_much_weight(limit: Limit, now: int, until: int) -> OverLimit:
    """An address asked for too much in this interval."""
    return OverLimit(
        -1003,
        f"Too much request weight used; current limit is {limit.limit} request weight per {limit.in_words}. "
        "Please use WebSocket Streams for live updates to avoid polling the API.",
        TOO_MANY_REQUESTS,
        now,
        until,
    )


def banned(now: int, until: int) -> OverLimit:
    """An address did not stop when it was told to."""
    return OverLimit(
        -1003,
        f"Way too much request weight used; IP banned until {-(-until // 1000)}. "
        "Please use WebSocket Streams for live updates to avoid bans.",
        BANNED,
        now,
        until,
    )


def too_many_orders(limit: Limit, now: int, until: int) -> OverLimit:
    """An account placed too many orders that did not trade."""
    return OverLimit(
        -1015,
        f"Too many new orders; current limit is {limit.limit} orders per {limit.in_words}.",
        TOO_MANY_REQUESTS,
        now,
        until,
    )


def too_many_connections(limit: Limit, now: int, until: int) -> OverLimit:
    """An address opened too many connections."""
    return OverLimit(
        -1034,
        f"Too many connection attempts from IP; current limit is {limit.limit} per '{limit.in_words}'.",
        TOO_MANY_REQUESTS,
        now,
        until,
    )
