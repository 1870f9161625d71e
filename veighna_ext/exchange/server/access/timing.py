"""Whether a signed request is neither too old nor from the future; reckoned in whole microseconds."""

from __future__ import annotations

import re
from functools import lru_cache

from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.access import errors
from veighna_ext.exchange.server.parameters import moment

DEFAULT_WINDOW = 5_000_000
WIDEST_WINDOW = 60_000_000
ALLOWED_AHEAD = 1_000_000

_WINDOW = r"([0-9]{1,20})(\.[0-9]{1,3})?"
_read_window = re.compile(_WINDOW).fullmatch


def check(
    timestamp_text: str | None, recv_window_text: str | None, now_us: int, other_now_us: int | None = None
) -> int:
    """
    For how many more microseconds the request may wait on its way to the engine: 0 or more, or it is refused.

    In a replay the exchange's clock is the tape's, and a time near the other clock, the real one, is as good.
    """
    if not timestamp_text:
        raise refusals.malformed("timestamp")
    timestamp = moment("timestamp", timestamp_text)
    window = DEFAULT_WINDOW if recv_window_text is None else _window(recv_window_text)
    age = now_us - timestamp
    if -ALLOWED_AHEAD < age <= window:
        return window - age
    if other_now_us is not None:
        other_age = other_now_us - timestamp
        if -ALLOWED_AHEAD < other_age <= window:
            return window - other_age
        # the sender goes by the clock that its time is nearer to
        age = min(age, other_age, key=abs)
    raise errors.too_early() if age < 0 else errors.too_late()


@lru_cache(256)
def _window(text: str) -> int:
    if not text:
        raise refusals.empty("recvWindow")
    parts = _read_window(text)
    if parts is None:
        raise refusals.illegal("recvWindow", f"^{_WINDOW}$")
    window = int(parts[1]) * 1000
    if parts[2] is not None:
        window += int(parts[2][1:].ljust(3, "0"))
    if window > WIDEST_WINDOW:
        raise errors.window_too_wide()
    return window
