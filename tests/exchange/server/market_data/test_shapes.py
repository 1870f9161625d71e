"""Every answer has the fields of Binance's documents, in their order and of their kinds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.market_data.asking import SYMBOLS, ask, refusal, trade_for
from tests.exchange.server.venue import Venue

TRADE = {
    "id": 1,
    "price": "",
    "qty": "",
    "quoteQty": "",
    "time": 1,
    "isBuyerMaker": True,
    "isBestMatch": True,
}
AGGREGATE = {"a": 1, "p": "", "q": "", "f": 1, "l": 1, "T": 1, "m": True, "M": True}
MINI = {
    "symbol": "BTCUSDT", "openPrice": "", "highPrice": "", "lowPrice": "", "lastPrice": "", "volume": "",
    "quoteVolume": "", "openTime": 1, "closeTime": 1, "firstId": 1, "lastId": 1, "count": 1,
}  # fmt: skip
FULL = {
    "symbol": "BTCUSDT", "priceChange": "", "priceChangePercent": "%", "weightedAvgPrice": "",
    "openPrice": "", "highPrice": "", "lowPrice": "", "lastPrice": "", "volume": "", "quoteVolume": "",
    "openTime": 1, "closeTime": 1, "firstId": 1, "lastId": 1, "count": 1,
}  # fmt: skip
LAST_DAY = {
    "symbol": "BTCUSDT", "priceChange": "", "priceChangePercent": "%", "weightedAvgPrice": "",
    "prevClosePrice": "", "lastPrice": "", "lastQty": "", "bidPrice": "", "bidQty": "", "askPrice": "",
    "askQty": "", "openPrice": "", "highPrice": "", "lowPrice": "", "volume": "", "quoteVolume": "",
    "openTime": 1, "closeTime": 1, "firstId": 1, "lastId": 1, "count": 1,
}  # fmt: skip
PRICE = {"symbol": "BTCUSDT", "price": ""}
BEST = {"symbol": "BTCUSDT", "bidPrice": "", "bidQty": "", "askPrice": "", "askQty": ""}
DEPTH = {"lastUpdateId": 1, "bids": [["", ""]], "asks": [["", ""]]}
KLINE = [1, "", "", "", "", "", 1, "", 1, "", "", "0"]


def kind_of(value: Any) -> Any:
    """A field's kind: an example with the values left out."""
    if isinstance(value, dict):
        return {name: kind_of(item) for name, item in value.items()}
    if isinstance(value, list):
        return [kind_of(item) for item in value]
    if isinstance(value, str):
        decimals = value.partition(".")[2]
        return {8: "", 3: "%"}.get(len(decimals), value) if decimals.isdigit() else value
    return type(value)(1)


def same_shape(told: Any, documented: Any) -> None:
    """Two answers have the same fields in the same order."""
    assert kind_of(told) == kind_of(documented)
    if isinstance(documented, dict):
        assert list(told) == list(documented)


@pytest.mark.parametrize(
    ("method", "sent", "documented"),
    [
        ("trades.recent", {"symbol": "BTCUSDT", "limit": 1}, [TRADE]),
        ("trades.historical", {"symbol": "BTCUSDT", "fromId": 3, "limit": 1}, [TRADE]),
        ("trades.aggregate", {"symbol": "BTCUSDT", "limit": 1}, [AGGREGATE]),
        ("blockTrades.historical", {"symbol": "BTCUSDT", "fromId": 582}, []),
        ("klines", {"symbol": "BTCUSDT", "interval": "1m", "limit": 2}, [KLINE, KLINE]),
        ("uiKlines", {"symbol": "BTCUSDT", "interval": "1m", "limit": 2}, [KLINE, KLINE]),
        ("avgPrice", {"symbol": "BTCUSDT"}, {"mins": 5, "price": "", "closeTime": 1}),
        ("ticker.24hr", {"symbol": "BTCUSDT"}, LAST_DAY),
        ("ticker.24hr", {"symbol": "BTCUSDT", "type": "FULL"}, LAST_DAY),
        ("ticker.24hr", {"symbols": ["BTCUSDT"]}, [LAST_DAY]),
        ("ticker.24hr", {"symbol": "BTCUSDT", "type": "MINI"}, MINI),
        ("ticker.24hr", {"symbols": ["BTCUSDT"], "type": "MINI"}, [MINI]),
        ("ticker.tradingDay", {"symbol": "BTCUSDT"}, FULL),
        ("ticker.tradingDay", {"symbols": ["BTCUSDT"], "type": "MINI"}, [MINI]),
        ("ticker", {"symbol": "BTCUSDT"}, FULL),
        ("ticker", {"symbols": ["BTCUSDT"], "windowSize": "7d"}, [FULL]),
        ("ticker", {"symbol": "BTCUSDT", "windowSize": "1m", "type": "MINI"}, MINI),
        ("ticker.price", {"symbol": "BTCUSDT"}, PRICE),
        ("ticker.price", {"symbols": ["BTCUSDT"]}, [PRICE]),
        ("ticker.book", {"symbol": "BTCUSDT"}, BEST),
        ("ticker.book", {"symbols": ["BTCUSDT"]}, [BEST]),
        ("depth", {"symbol": "BTCUSDT", "limit": 1}, DEPTH),
        ("executionRules", {"symbol": "BTCUSDT"}, {"symbolRules": [{"symbol": "BTCUSDT", "rules": []}]}),
    ],
)  # fmt: skip
def test_an_answer_looks_as_documented(
    venue: Venue, method: str, sent: dict[str, Any], documented: Any
) -> None:
    trade_for(venue, 90)
    told = ask(venue, method, **sent)
    same_shape(told, documented)
    for row, example in zip(told, documented, strict=False) if isinstance(told, list) else ():
        same_shape(row, example)


@pytest.mark.parametrize("method", ["ticker.24hr", "ticker.price", "ticker.book"])
def test_without_a_symbol_all_are_told(venue: Venue, method: str) -> None:
    assert [each["symbol"] for each in ask(venue, method)] == SYMBOLS


@pytest.mark.parametrize(
    "method", ["ticker.24hr", "ticker.tradingDay", "ticker", "ticker.price", "ticker.book"]
)
def test_several_symbols_are_told_in_the_order_they_were_named(venue: Venue, method: str) -> None:
    named = ["BNBUSDT", "BTCUSDT"]
    assert [each["symbol"] for each in ask(venue, method, symbols=named)] == named


def test_no_symbol_has_a_reference_price(venue: Venue) -> None:
    never = (-2043, "This symbol doesn't have a reference price.")
    assert refusal(venue, "referencePrice", symbol="BTCUSDT") == never
    assert refusal(venue, "referencePrice.calculation", symbol="BTCUSDT") == never
    assert refusal(venue, "referencePrice", symbol="NOSUCH")[0] == -1121


@pytest.mark.parametrize(
    "method", ["ticker.24hr", "ticker.price", "ticker.book", "avgPrice", "trades.recent", "trades.aggregate"]
)
def test_a_market_without_trades_and_orders_has_an_answer(venue: Venue, method: str) -> None:
    told = ask(venue, method, symbol="BTCUSDT")
    assert told == [] or set(told.values()) & {"0.00000000", 0}


def test_times_can_be_microseconds(venue: Venue) -> None:
    trade_for(venue, 90)
    for method, sent, times in (
        ("trades.recent", {}, ["time"]),
        ("trades.aggregate", {}, ["T"]),
        ("ticker.24hr", {}, ["openTime", "closeTime"]),
        ("ticker.tradingDay", {}, ["openTime", "closeTime"]),
        ("avgPrice", {}, ["closeTime"]),
        ("exchangeInfo", {}, ["serverTime"]),
        ("klines", {"interval": "1m"}, [0, 6]),
    ):
        long, short = (ask(venue, method, unit, symbol="BTCUSDT", **sent) for unit in (1, 1000))
        if isinstance(long, list):
            long, short = long[-1], short[-1]
        for time in times:
            assert long[time] > 10**15
            assert long[time] // 1000 == short[time]
