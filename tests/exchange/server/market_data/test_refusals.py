"""Requests that make no sense are refused in Binance's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.market_data.asking import ask, refusal
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.parameters import symbol_status

ONE = {"symbol": "BTCUSDT"}
MINUTES = {**ONE, "interval": "1m"}
BOTH = (
    -1128,
    "Combination of optional parameters invalid. Recommendation: 'symbol' and 'symbols' cannot both be sent.",
)
NEITHER = (-1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!")
UNKNOWN = (-1121, "Invalid symbol.")


def missing(name: str) -> tuple[int, str]:
    """A parameter that had to be there."""
    return -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."


def invalid(name: str) -> tuple[int, str]:
    """A parameter that makes no sense."""
    return -1130, f"Data sent for parameter '{name}' is not valid."


def illegal(name: str, legal: str) -> tuple[int, str]:
    """A parameter that cannot be written so."""
    return -1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."


@pytest.mark.parametrize(
    ("method", "sent", "refused"),
    [
        ("depth", {}, missing("symbol")),
        ("depth", {"symbol": "NOSUCH"}, UNKNOWN),
        ("depth", {"symbol": "btcusdt"}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
        ("depth", {"symbol": "这是测试币456"}, UNKNOWN),
        ("depth", {"symbol": "测" * 21}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
        ("depth", {"symbol": "测试 币"}, illegal("symbol", "^[A-Z0-9-_.]{1,20}$")),
        ("ticker.price", {"symbols": ["BTCUSDT", "这是测试币456"]}, UNKNOWN),
        ("depth", {"symbol": ""}, (-1105, "Parameter 'symbol' was empty.")),
        ("depth", {**ONE, "limit": 0}, invalid("limit")),
        ("depth", {**ONE, "limit": -5}, illegal("limit", "^[0-9]{1,20}$")),
        ("depth", {**ONE, "limit": "5.0"}, illegal("limit", "^[0-9]{1,20}$")),
        ("depth", {**ONE, "symbolStatus": "OPEN"}, (-1122, "Invalid symbolStatus.")),
        ("trades.recent", {"symbol": "NOSUCH"}, UNKNOWN),
        ("trades.recent", {**ONE, "limit": 0}, invalid("limit")),
        ("trades.historical", {**ONE, "fromId": "x"}, illegal("fromId", "^[0-9]{1,20}$")),
        ("blockTrades.historical", ONE, missing("fromId")),
        ("blockTrades.historical", {"symbol": "NOSUCH", "fromId": 0}, UNKNOWN),
        ("klines", ONE, missing("interval")),
        ("klines", {**ONE, "interval": "2m"}, (-1120, "Invalid interval.")),
        ("klines", {**ONE, "interval": "1D"}, (-1120, "Invalid interval.")),
        ("klines", {**MINUTES, "timeZone": "14:01"}, invalid("timeZone")),
        ("klines", {**MINUTES, "timeZone": "-12:01"}, invalid("timeZone")),
        ("klines", {**MINUTES, "timeZone": "UTC"}, invalid("timeZone")),
        ("klines", {**MINUTES, "startTime": "2024-01-01"}, illegal("startTime", "^[0-9]{1,20}$")),
        ("klines", {**MINUTES, "endTime": "9" * 20}, (-1108, "Parameter 'endTime' overflowed.")),
        (
            "klines",
            {**MINUTES, "start_time": 1},
            (-1104, "Not all sent parameters were read; read '2' parameter(s) but was sent '3'."),
        ),
        ("avgPrice", {}, missing("symbol")),
        ("ticker.24hr", {**ONE, "symbols": ["BNBUSDT"]}, BOTH),
        ("ticker.price", {**ONE, "symbols": ["BNBUSDT"]}, BOTH),
        ("ticker.book", {**ONE, "symbols": ["BNBUSDT"]}, BOTH),
        ("ticker", {**ONE, "symbols": ["BNBUSDT"]}, BOTH),
        ("ticker.tradingDay", {**ONE, "symbols": ["BNBUSDT"]}, BOTH),
        ("ticker", {}, NEITHER),
        ("ticker.tradingDay", {"type": "MINI"}, NEITHER),
        ("ticker.24hr", {**ONE, "type": "mini"}, (-1139, "Invalid ticker type.")),
        ("ticker", {**ONE, "type": ""}, (-1105, "Parameter 'type' was empty.")),
        ("ticker", {**ONE, "windowSize": "60m"}, invalid("windowSize")),
        ("ticker", {**ONE, "windowSize": "24h"}, invalid("windowSize")),
        ("ticker", {**ONE, "windowSize": "8d"}, invalid("windowSize")),
        ("ticker", {**ONE, "windowSize": "1d2h"}, invalid("windowSize")),
        ("ticker", {"symbols": [f"COIN{number}" for number in range(101)]}, invalid("symbols")),
        ("ticker.price", {"symbols": ["BTCUSDT", "NOSUCH"]}, UNKNOWN),
        (
            "ticker.price",
            {"symbols": ["BTCUSDT", "BTCUSDT"]},
            (-1151, "Symbol is present multiple times in the list."),
        ),
        (
            "ticker.price",
            {"symbols": "['BTCUSDT', 'BNBUSDT']"},
            illegal("symbols", '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$'),
        ),
        ("referencePrice", {}, missing("symbol")),
        (
            "referencePrice.calculation",
            {**ONE, "symbolStatus": "BREAK"},
            (-1220, "The symbol's status does not match the requested symbolStatus."),
        ),
    ],
)
def test_a_senseless_request_is_refused(
    venue: Venue, method: str, sent: dict[str, Any], refused: tuple[int, str]
) -> None:
    assert refusal(venue, method, **sent) == refused


@pytest.mark.parametrize("method", ["trades.recent", "trades.historical", "trades.aggregate", "klines"])
def test_a_page_of_more_than_1000_is_one_of_1000(venue: Venue, method: str) -> None:
    sent: dict[str, Any] = ONE | ({"interval": "1s"} if method == "klines" else {})
    venue.quotes("BTCUSDT", *((1, f"{40_000 + cents / 100}", "0.001") for cents in range(1100)))
    for _ in range(1050):
        venue.clock.now += 1_000_000
        venue.hit("BTCUSDT", 0, "0.001")
    assert len(ask(venue, method, **sent, limit=5000)) == 1000
    assert len(ask(venue, method, **sent)) == 500


def test_a_refusal_made_often_remembers_nothing_of_the_times_before() -> None:
    frames = 0
    for _ in range(3):
        try:
            symbol_status("symbolStatus", "OPEN")
        except Refused as refused:
            frames, trace = 0, refused.__traceback__
            while trace is not None:
                frames, trace = frames + 1, trace.tb_next
    assert frames == 2
