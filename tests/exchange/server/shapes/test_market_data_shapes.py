"""Answers about a market that moves, and about one on which nothing was ever traded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from tests.conformance.venue import Venue
from tests.exchange.server.process import Trader
from tests.exchange.server.shapes.asking import ApiAsker, Asker, RestAsker
from tests.exchange.server.shapes.values import Interval

SOME = ["BTCUSDT", "ETHUSDT"]
INTERVALS = get_args(Interval)


@pytest.fixture(params=["rest", "rest in microseconds", "ws-api", "ws-api in microseconds"])
def anybody(request: pytest.FixtureRequest, moving: Venue) -> Iterator[Asker]:
    """Somebody without a key."""
    asker: Asker
    in_microseconds = "microseconds" in request.param
    if "rest" in request.param:
        asker = RestAsker(Trader(moving), in_microseconds=in_microseconds)
    else:
        asker = ApiAsker(Trader(moving), "?timeUnit=MICROSECOND" if in_microseconds else "")
    yield asker
    asker.close()


@pytest.mark.parametrize("method", ["ticker.24hr", "ticker.tradingDay", "ticker"])
@pytest.mark.parametrize("kind", ["FULL", "MINI", None])
def test_tickers_of_one_and_of_several_symbols(anybody: Asker, method: str, kind: str | None) -> None:
    more: dict[str, Any] = {} if kind is None else {"type": kind}
    if method == "ticker":
        more["windowSize"] = "1h"
    anybody.ask(method, symbol="BTCUSDT", **more)
    assert len(anybody.ask(method, symbols=SOME, **more)) == len(SOME)
    if method == "ticker.24hr":
        assert len(anybody.ask(method, **more)) > len(SOME)


@pytest.mark.parametrize("method", ["ticker.price", "ticker.book"])
def test_prices_of_one_of_several_and_of_all_symbols(anybody: Asker, method: str) -> None:
    anybody.ask(method, symbol="BTCUSDT")
    assert len(anybody.ask(method, symbols=SOME)) == len(SOME)
    assert len(anybody.ask(method)) > len(SOME)


@pytest.mark.parametrize("interval", INTERVALS)
def test_candles_of_every_length(anybody: Asker, interval: str) -> None:
    for method in ("klines", "uiKlines"):
        candles = anybody.ask(method, symbol="BTCUSDT", interval=interval, limit=3)
        assert len(candles) == 3
    anybody.ask("klines", symbol="BTCUSDT", interval=interval, limit=2, timeZone="+08:00")


def test_trades_and_the_book(anybody: Asker) -> None:
    assert anybody.ask("trades.recent", symbol="BTCUSDT", limit=5)
    assert anybody.ask("trades.historical", symbol="BTCUSDT", limit=5)
    assert anybody.ask("trades.aggregate", symbol="BTCUSDT", limit=5)
    for limit in (5, 5000):
        assert anybody.ask("depth", symbol="BTCUSDT", limit=limit).bids
    anybody.ask("avgPrice", symbol="BTCUSDT")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"symbol": "BTCUSDT"},
        {"symbols": SOME},
        {"permissions": "SPOT"},
        {"permissions": ["SPOT", "MARGIN"]},
        {"showPermissionSets": False},
        {"symbolStatus": "TRADING"},
        {"symbolStatus": "HALT"},
    ],
    ids=str,
)
def test_the_rules(anybody: Asker, sent: dict[str, Any]) -> None:
    anybody.ask("exchangeInfo", **sent)


@pytest.mark.parametrize("way", ["rest", "ws-api"])
def test_a_market_without_a_trade_is_told_in_the_same_shapes(quiet: Venue, way: str) -> None:
    asker: Asker = RestAsker(Trader(quiet)) if way == "rest" else ApiAsker(Trader(quiet))
    tickers = ("ticker.24hr", "ticker.tradingDay", "ticker", "ticker.price", "ticker.book")
    for method in (*tickers, "depth", "avgPrice"):
        asker.ask(method, symbol="SOLUSDT")
    assert asker.ask("trades.recent", symbol="SOLUSDT") == []
    assert asker.ask("trades.aggregate", symbol="SOLUSDT") == []
    asker.ask("klines", symbol="SOLUSDT", interval="1m")
    asker.close()
