"""What a column of a table shows: which field, as what kind of value, how wide."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Kind(enum.Enum):
    """What a value means to the trader; decides its text, colour, alignment and how it sorts."""

    TEXT = "text"
    IDENTITY = "identity"
    CHOICE = "choice"
    DIRECTION = "direction"
    STATUS = "status"
    PRICE = "price"
    AVERAGE_PRICE = "average price"
    LAST_PRICE = "last price"
    BID_PRICE = "bid price"
    ASK_PRICE = "ask price"
    VOLUME = "volume"
    BID_VOLUME = "bid volume"
    ASK_VOLUME = "ask volume"
    MONEY = "money"
    PROFIT = "profit"
    TIME = "time"
    MESSAGE = "message"


PRICES = frozenset({Kind.PRICE, Kind.AVERAGE_PRICE, Kind.LAST_PRICE, Kind.BID_PRICE, Kind.ASK_PRICE})
NUMBERS = PRICES | {Kind.VOLUME, Kind.BID_VOLUME, Kind.ASK_VOLUME, Kind.MONEY, Kind.PROFIT}
CHOICES = frozenset({Kind.CHOICE, Kind.DIRECTION, Kind.STATUS})


@dataclass(frozen=True)
class Column:
    """One column; `width` is the number of digits that fit in it at first."""

    field: str
    label: str
    kind: Kind
    width: int


def columns_like(
    headers: Mapping[str, Mapping[str, Any]], kinds: Mapping[str, tuple[Kind, int]]
) -> tuple[Column, ...]:
    """The columns of a stock table, in its order and with its translated labels."""
    plain = (Kind.TEXT, 8)
    return tuple(
        Column(field, header["display"], *kinds.get(field, plain)) for field, header in headers.items()
    )
