"""Which column of a tape holds what, told by its header or, without one, by the look of its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TRADES = "trades"
AGG_TRADES = "aggTrades"
KLINES = "klines"

EXPECTED = (
    "expected the columns of Binance's trades, aggTrades or klines, "
    "or bars under the header datetime,open,high,low,close,volume"
)

FLAGS = {"True": True, "true": True, "TRUE": True, "False": False, "false": False, "FALSE": False}
"""How tapes write whether the buyer was the maker."""

_ID = ("id", "tradeid", "aggtradeid", "aggregatetradeid")
_TIME = ("time", "timestamp", "transacttime", "datetime", "opentime", "date")
_QUANTITY = ("qty", "quantity")
_MAKER = ("isbuyermaker", "buyerismaker", "wasthebuyerthemaker")
_TAKER_BUY = ("takerbuyvolume", "takerbuybasevolume", "takerbuybaseassetvolume")


@dataclass(frozen=True)
class TradeColumns:
    """The columns of a tape of single trades."""

    kind: str
    width: int
    time: int
    price: int
    quantity: int
    maker: int
    id: int | None


@dataclass(frozen=True)
class BarColumns:
    """The columns of a tape of bars."""

    kind: str
    width: int
    time: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    close_time: int | None = None
    taker_buy: int | None = None


Columns = TradeColumns | BarColumns


def by_header(names: Sequence[str]) -> Columns | None:
    """The columns a header names, or None where it is no header of a tape."""
    places = {re.sub(r"[^a-z0-9]", "", name.lower()): place for place, name in enumerate(names)}

    def place(*accepted: str) -> int | None:
        return next((places[name] for name in accepted if name in places), None)

    time, width = place(*_TIME), len(names)
    price, quantity, maker = place("price"), place(*_QUANTITY), place(*_MAKER)
    if time is not None and price is not None and quantity is not None and maker is not None:
        kind = AGG_TRADES if "aggtradeid" in places or "aggregatetradeid" in places else TRADES
        return TradeColumns(kind, width, time, price, quantity, maker, place(*_ID))
    opened, high, low, close = place("open"), place("high"), place("low"), place("close")
    volume = place("volume")
    if time is None or opened is None or high is None or low is None or close is None or volume is None:
        return None
    return BarColumns(
        KLINES, width, time, opened, high, low, close, volume, place("closetime"), place(*_TAKER_BUY)
    )


def by_row(fields: Sequence[str]) -> Columns | None:
    """The columns of a row without a header, as Binance's archive has them; None where it is none of them."""
    for columns, looks in _HEADERLESS:
        if len(fields) == len(looks) and all(look(field) for look, field in zip(looks, fields, strict=True)):
            return columns
    return None


def _is_whole(field: str) -> bool:
    return field.isascii() and field.isdigit()


def _is_time(field: str) -> bool:
    return _is_whole(field) and len(field) >= 10


def _is_number(field: str) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", field) is not None


_Look = Callable[[str], bool]
_is_flag: _Look = FLAGS.__contains__

_TRADE_LOOKS: list[_Look] = [_is_whole, _is_number, _is_number, _is_number, _is_time, _is_flag]
_AGG_LOOKS: list[_Look] = [_is_whole, _is_number, _is_number, _is_whole, _is_whole, _is_time, _is_flag]
_KLINE_LOOKS: list[_Look] = [
    _is_time, *[_is_number] * 5, _is_time, _is_number, _is_whole, *[_is_number] * 3,
]  # fmt: skip

_HEADERLESS: list[tuple[Columns, list[_Look]]] = [
    (TradeColumns(TRADES, 6, 4, 1, 2, 5, 0), _TRADE_LOOKS),
    (TradeColumns(TRADES, 7, 4, 1, 2, 5, 0), [*_TRADE_LOOKS, _is_flag]),
    (TradeColumns(AGG_TRADES, 7, 5, 1, 2, 6, 0), _AGG_LOOKS),
    (TradeColumns(AGG_TRADES, 8, 5, 1, 2, 6, 0), [*_AGG_LOOKS, _is_flag]),
    (BarColumns(KLINES, 12, 0, 1, 2, 3, 4, 5, 6, 9), _KLINE_LOOKS),
]
