"""What each request costs, by its parameters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.market_data.asking import METHODS, weight


def some(count: int) -> dict[str, list[str]]:
    """So many symbols, listed or not."""
    return {"symbols": [f"COIN{number}USDT" for number in range(count)]}


ONE = {"symbol": "BTCUSDT"}


@pytest.mark.parametrize(
    ("method", "sent", "cost"),
    [
        ("exchangeInfo", {}, 20),
        ("exchangeInfo", ONE, 20),
        ("executionRules", ONE, 2),
        ("executionRules", some(3), 6),
        ("executionRules", some(21), 40),
        ("executionRules", {"symbolStatus": "HALT"}, 40),
        ("executionRules", {}, 40),
        ("depth", ONE, 5),
        ("depth", {**ONE, "limit": 1}, 5),
        ("depth", {**ONE, "limit": 100}, 5),
        ("depth", {**ONE, "limit": 101}, 25),
        ("depth", {**ONE, "limit": 500}, 25),
        ("depth", {**ONE, "limit": 501}, 50),
        ("depth", {**ONE, "limit": 1000}, 50),
        ("depth", {**ONE, "limit": 1001}, 250),
        ("depth", {**ONE, "limit": 5000}, 250),
        ("depth", {**ONE, "limit": 6000}, 250),
        ("trades.recent", ONE, 25),
        ("trades.historical", ONE, 25),
        ("blockTrades.historical", {**ONE, "fromId": 1}, 25),
        ("trades.aggregate", ONE, 4),
        ("klines", {**ONE, "interval": "1m"}, 2),
        ("uiKlines", {**ONE, "interval": "1m"}, 2),
        ("avgPrice", ONE, 2),
        ("ticker.24hr", ONE, 2),
        ("ticker.24hr", some(1), 2),
        ("ticker.24hr", some(20), 2),
        ("ticker.24hr", some(21), 40),
        ("ticker.24hr", some(100), 40),
        ("ticker.24hr", some(101), 80),
        ("ticker.24hr", {}, 80),
        ("ticker.tradingDay", ONE, 4),
        ("ticker.tradingDay", some(50), 200),
        ("ticker.tradingDay", some(51), 200),
        ("ticker", ONE, 4),
        ("ticker", some(7), 28),
        ("ticker", {**some(90), "windowSize": "7d"}, 200),
        ("ticker.price", ONE, 2),
        ("ticker.price", some(1), 4),
        ("ticker.price", {}, 4),
        ("ticker.book", ONE, 2),
        ("ticker.book", some(2), 4),
        ("ticker.book", {}, 4),
        ("referencePrice", ONE, 2),
        ("referencePrice.calculation", ONE, 2),
    ],
)
def test_a_request_costs_what_is_documented(method: str, sent: dict[str, Any], cost: int) -> None:
    assert weight(method, **sent) == cost


def test_every_operation_can_be_asked_both_ways() -> None:
    paths = {
        "exchangeInfo": "exchangeInfo", "executionRules": "executionRules", "depth": "depth",
        "trades.recent": "trades", "trades.historical": "historicalTrades",
        "blockTrades.historical": "historicalBlockTrades", "trades.aggregate": "aggTrades",
        "klines": "klines", "uiKlines": "uiKlines", "avgPrice": "avgPrice", "ticker.24hr": "ticker/24hr",
        "ticker.tradingDay": "ticker/tradingDay", "ticker": "ticker", "ticker.price": "ticker/price",
        "ticker.book": "ticker/bookTicker", "referencePrice": "referencePrice",
        "referencePrice.calculation": "referencePrice/calculation",
    }  # fmt: skip
    assert {name: each.path for name, each in METHODS.items()} == {
        name: f"/api/v3/{path}" for name, path in paths.items()
    }
    assert {each.verb for each in METHODS.values()} == {"GET"}
    assert not any(each.is_signed for each in METHODS.values())
