"""The text, the colour and the sort rank of a value, by the kind of its column."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any

from vnpy.trader.constant import Direction, Status

from veighna_ext.widgets.monitors.columns import CHOICES, NUMBERS, PRICES, Column, Kind

DigitsOf = Callable[[str], "int | None"]
TextOf = Callable[[Any], str]
RankOf = Callable[[Any], Any]
TintOf = Callable[[Any], "str | None"]

NO_VALUE = "–"
# some gateways send the largest float where there is no price
ABSURD = 1e300
LINE_BREAK = " ⏎ "

_STATUS_TINTS = {
    Status.SUBMITTING: "warning",
    Status.PARTTRADED: "warning",
    Status.ALLTRADED: "muted",
    Status.CANCELLED: "muted",
    Status.REJECTED: "error",
}


def plain_number(value: Any) -> str:
    """A number without float noise: 0.30000000000000004 is 0.3, 5.0 is 5."""
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    if not -ABSURD < value < ABSURD:
        return NO_VALUE
    if value == int(value):
        return str(int(value))
    text = f"{value:.12g}"
    return f"{value:.12f}".rstrip("0").rstrip(".") if "e" in text else text


def fixed_number(value: Any, digits: int | None) -> str:
    """A number with the decimals of its contract; with its own where those would hide something."""
    if digits is None or not isinstance(value, (float, int)) or not -ABSURD < value < ABSURD:
        return plain_number(value)
    text = f"{value:.{digits}f}"
    shown = float(text)
    if shown == value or math.isclose(shown, value, rel_tol=1e-9, abs_tol=1e-12):
        return text
    return plain_number(value)


def money(value: Any) -> str:
    """An amount with two decimals, or with as many as a tiny one needs."""
    if not isinstance(value, (float, int)) or not -ABSURD < value < ABSURD or 0 < abs(value) < 0.01:
        return plain_number(value)
    return f"{value:.2f}"


def clock(value: datetime | None) -> str:
    """The local time of day with milliseconds."""
    if value is None:
        return ""
    local = value.astimezone() if value.tzinfo else value
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"


def one_line(message: Any) -> str:
    """A message of several lines on one."""
    text = str(message).strip()
    if "\n" not in text and "\r" not in text:
        return text
    return LINE_BREAK.join(line.strip() for line in text.splitlines())


def choice(value: Any) -> str:
    """The translated name of an enumerated value."""
    return "" if value is None else str(getattr(value, "_value_", value))


def text_of(column: Column, digits_of: DigitsOf) -> TextOf:
    """The function that writes this column's cell for a data object."""
    read = attrgetter(column.field)
    kind = column.kind
    if kind in CHOICES:
        return lambda data: choice(read(data))
    if kind is Kind.AVERAGE_PRICE:
        return lambda data: _average_price(read(data), digits_of(data.vt_symbol))
    if kind in PRICES:
        return lambda data: fixed_number(read(data), digits_of(data.vt_symbol))
    if kind is Kind.PROFIT:
        return lambda data: money(read(data))
    if kind in NUMBERS:
        return lambda data: plain_number(read(data))
    if kind is Kind.TIME:
        return lambda data: clock(read(data))
    if kind is Kind.MESSAGE:
        return lambda data: one_line(read(data))
    return lambda data: "" if read(data) is None else str(read(data))


def rank_of(column: Column) -> RankOf:
    """The function that gives this column's sort rank: numbers by size, times by time, the rest by text."""
    read = attrgetter(column.field)
    if column.kind in NUMBERS:
        return lambda data: _number_rank(read(data))
    if column.kind is Kind.TIME:
        return lambda data: _time_rank(read(data))
    if column.kind in CHOICES:
        return lambda data: choice(read(data))
    return lambda data: "" if read(data) is None else str(read(data))


def tint_of(column: Column) -> TintOf:
    """The function that names the market colour of this column's cell, `None` for ordinary text."""
    read = attrgetter(column.field)
    kind = column.kind
    if kind is Kind.DIRECTION:
        return lambda data: _DIRECTION_TINTS.get(read(data))
    if kind is Kind.STATUS:
        return lambda data: _STATUS_TINTS.get(read(data))
    if kind in (Kind.BID_PRICE, Kind.BID_VOLUME):
        return lambda _data: "bid"
    if kind in (Kind.ASK_PRICE, Kind.ASK_VOLUME):
        return lambda _data: "ask"
    if kind is Kind.PROFIT:
        return lambda data: _sign_tint(read(data))
    if kind is Kind.LAST_PRICE:
        return lambda data: _sign_tint(read(data) - data.pre_close) if data.pre_close else None
    if kind is Kind.MESSAGE:
        return lambda data: _level_tint(data.level)
    return lambda _data: None


_DIRECTION_TINTS = {Direction.LONG: "long", Direction.SHORT: "short"}


def _average_price(value: Any, digits: int | None) -> str:
    """An average falls between two ticks: it gets two more decimals than a price."""
    return plain_number(value) if digits is None or value is None else plain_number(round(value, digits + 2))


def _number_rank(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return -math.inf
    return -math.inf if math.isnan(number) else number


def _time_rank(value: datetime | None) -> float:
    return -math.inf if value is None else value.timestamp()


def _sign_tint(value: float) -> str | None:
    if value > 0:
        return "profit"
    return "loss" if value < 0 else None


def _level_tint(level: int) -> str | None:
    if level >= 40:
        return "error"
    if level >= 30:
        return "warning"
    return "muted" if level < 20 else None
