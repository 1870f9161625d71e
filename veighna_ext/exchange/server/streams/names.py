"""Stream names: which of them are market streams, what they ask for, and which ones a URL carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from veighna_ext.exchange.statistics.intervals import HOUR, INTERVALS

MOST_STREAMS: Final = 1024
"""How many streams one connection may listen to."""
LONGEST: Final = 200
WINDOWS: Final = ("1h", "4h", "1d")
EAST_ASIA: Final = 8 * HOUR
"""The one time zone candles can be asked for, besides UTC."""

_SIMPLE = (
    "aggTrade", "trade", "bookTicker", "miniTicker", "ticker", "avgPrice", "referencePrice", "blockTrade"
)  # fmt: skip
# two of them are retired on Binance, but clients still ask for them
_ALL_MARKETS = {
    "!miniTicker@arr": "miniTicker",
    "!ticker@arr": "ticker",
    "!bookTicker": "bookTicker",
    **{f"!ticker_{window}@arr": f"ticker_{window}" for window in WINDOWS},
}
_DEPTH = re.compile(r"depth(5|10|20)?(?:@(100|1000)ms)?")
_KLINE = re.compile(r"kline_([0-9]{1,2}[a-zA-Z])(@\+08:00)?")
_WELL_FORMED = re.compile(r"[^\s\x00-\x1f\"\\/]+")


class Wanted(NamedTuple):
    """What a stream name asks for."""

    kind: str
    """Such as ``trade``, ``kline`` or ``ticker_1h``."""
    symbol: str = ""
    """Empty where all markets are meant."""
    interval: str = ""
    shift: int = 0
    levels: int = 0
    """Of a part of the book; 0 where all changes are asked for."""
    every_ms: int = 0


def is_well_formed(name: str) -> bool:
    """Whether a text can be the name of a stream, of this venue or not."""
    return len(name) <= LONGEST and _WELL_FORMED.fullmatch(name) is not None


def parse(name: str) -> Wanted | None:
    """What a name asks for, or None where it is not one of the market streams."""
    kind = _ALL_MARKETS.get(name)
    if kind is not None:
        return Wanted(kind)
    symbol, _, what = name.partition("@")
    if not symbol or symbol != symbol.lower():
        return None
    symbol = symbol.upper()
    if what in _SIMPLE or (what.startswith("ticker_") and what.removeprefix("ticker_") in WINDOWS):
        return Wanted(what, symbol)
    if depth := _DEPTH.fullmatch(what):
        return Wanted("depth", symbol, levels=int(depth[1] or 0), every_ms=int(depth[2] or 1000))
    kline = _KLINE.fullmatch(what)
    if kline is None or kline[1] not in INTERVALS:
        return None
    every_ms = 1000 if kline[1] == "1s" else 2000
    return Wanted("kline", symbol, kline[1], EAST_ASIA if kline[2] else 0, every_ms=every_ms)


def is_combined(path: str) -> bool:
    """Whether a connection by this path gets its events wrapped with the names of their streams."""
    return path.strip("/").partition("/")[0] == "stream"


def from_url(path: str, query: Mapping[str, str]) -> list[str]:
    """The streams a URL names, in their order; what cannot be a name is left out."""
    place, _, rest = unquote(path).strip("/").partition("/")
    if place == "stream":
        # the plus of a time zone is read as a blank in a query
        rest = unquote(query.get("streams", "")).replace(" ", "+")
    elif place != "ws":
        return []
    return [name for name in rest.split("/") if is_well_formed(name)]


def time_divisor(query: Mapping[str, str]) -> int:
    """1 where the URL asks for times in microseconds, else 1000."""
    return 1 if query.get("timeUnit", "").upper() == "MICROSECOND" else 1000
