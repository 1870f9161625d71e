"""Which part of a history is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.parameters import Values, last_moment, moment, number_up_to, optional
from veighna_ext.exchange.server.trading import refusing

LIMIT = optional("limit", number_up_to(1000), default=500)
START, END = optional("startTime", moment), optional("endTime", last_moment)
_LONGEST_HOURS: Final = 24
_LONGEST: Final = _LONGEST_HOURS * 3600 * 1_000_000


def period(values: Values) -> tuple[int | None, int | None]:
    """Start and end, each None where it was not sent; refused where too far apart or turned round."""
    start, end = values["startTime"], values["endTime"]
    if start is not None and end is not None:
        if end < start:
            raise refusals.malformed("endTime")
        if end - start >= _LONGEST + 1000:
            raise refusing.too_long_a_period(_LONGEST_HOURS)
    return start, end


def check_together(values: Values, names: Iterable[str], allowed: frozenset[frozenset[str]]) -> None:
    """Refuse parameters that do not go together."""
    if frozenset(name for name in names if values[name] is not None) not in allowed:
        raise refusals.bad_combination()


def combinations(*allowed: str) -> frozenset[frozenset[str]]:
    """Sets of names, each written as names with spaces between."""
    return frozenset(frozenset(each.split()) for each in allowed)
