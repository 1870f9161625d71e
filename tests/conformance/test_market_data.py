"""Everything that can be asked about a market, by each client's own calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.asserting import amount, no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played

FULL_TICKER = {
    "symbol", "priceChange", "priceChangePercent", "weightedAvgPrice", "prevClosePrice", "lastPrice",
    "lastQty",
    "bidPrice", "bidQty", "askPrice", "askQty", "openPrice", "highPrice", "lowPrice", "volume", "quoteVolume",
    "openTime", "closeTime", "firstId", "lastId", "count",
}  # fmt: skip
WINDOW_TICKER = FULL_TICKER - {"prevClosePrice", "lastQty", "bidPrice", "bidQty", "askPrice", "askQty"}


def answers(saw: Played, what: str) -> list[Any]:
    """What was answered to each way of asking."""
    steps = saw.all(what)
    refusals = [step for step in steps if "answer" not in step]
    assert not refusals, refusals
    return [step["answer"] for step in steps]


@journey("market_data")
def test_the_book_is_sorted_and_not_crossed(saw: Played) -> None:
    books = answers(saw, "GET depth") + answers(saw, "websocket depth")
    assert 20 <= len(books[0]["bids"]) <= 100
    assert len(books[1]["asks"]) == 5
    for book in books:
        bids, asks = ([amount(price) for price, _quantity in book[side]] for side in ("bids", "asks"))
        assert bids == sorted(bids, reverse=True)
        assert asks == sorted(asks)
        assert bids[0] < asks[0]
        assert isinstance(book["lastUpdateId"], int)


@journey("market_data")
@pytest.mark.parametrize("what", ["GET trades", "GET historicalTrades"])
def test_trades_have_binances_fields(saw: Played, what: str) -> None:
    (trades,) = answers(saw, what)
    assert len(trades) == 5
    assert [trade["id"] for trade in trades] == sorted(trade["id"] for trade in trades)
    for trade in trades:
        assert set(trade) == {"id", "price", "qty", "quoteQty", "time", "isBuyerMaker", "isBestMatch"}
        assert abs(amount(trade["price"]) * amount(trade["qty"]) - amount(trade["quoteQty"])) < amount(
            "0.00000001"
        )


@journey("market_data")
def test_aggregate_trades_have_binances_fields(saw: Played) -> None:
    (trades,) = answers(saw, "GET aggTrades")
    assert len(trades) == 5
    for trade in trades:
        assert set(trade) == {"a", "p", "q", "f", "l", "T", "m", "M"}
        assert trade["f"] <= trade["l"]


@journey("market_data")
def test_bars_have_twelve_columns(saw: Played) -> None:
    for bars in answers(saw, "GET klines") + answers(saw, "GET uiKlines") + answers(saw, "websocket klines"):
        assert len(bars) == 5
        for bar in bars:
            assert [type(column) for column in bar] == [int, *[str] * 5, int, str, int, *[str] * 3]
            opened, highest, lowest, closed = map(amount, bar[1:5])
            assert lowest <= min(opened, closed) <= max(opened, closed) <= highest


@journey("market_data")
def test_tickers_have_binances_fields(saw: Played) -> None:
    one, every = answers(saw, "GET ticker/24hr")
    assert set(one) == FULL_TICKER
    assert len(every) >= 24
    assert all(set(ticker) == FULL_TICKER for ticker in every)
    for what in ("GET ticker/tradingDay", "GET ticker"):
        for ticker in answers(saw, what):
            assert set(ticker) == WINDOW_TICKER
    price, prices = answers(saw, "GET ticker/price")
    assert set(price) == {"symbol", "price"}
    assert len(prices) == len(every)
    best, bests = answers(saw, "GET ticker/bookTicker")
    assert set(best) == {"symbol", "bidPrice", "bidQty", "askPrice", "askQty"}
    assert len(bests) == len(every)
    (average,) = answers(saw, "GET avgPrice")
    assert set(average) == {"mins", "price", "closeTime"}


@journey("market_data")
def test_a_day_of_prices_makes_sense(saw: Played) -> None:
    ticker = answers(saw, "GET ticker/24hr")[0]
    low, high = amount(ticker["lowPrice"]), amount(ticker["highPrice"])
    for name in ("openPrice", "lastPrice", "weightedAvgPrice"):
        assert low <= amount(ticker[name]) <= high
    assert ticker["lastId"] - ticker["firstId"] + 1 == ticker["count"] > 1000


@journey("market_data")
def test_the_clients_own_structures_are_filled(saw: Played) -> None:
    view = {name: value for name, value in saw.one("own_view").items() if name != "step"}
    assert not [name for name, value in view.items() if value is None]


@journey("market_data")
def test_the_websocket_api_tells_the_time(saw: Played) -> None:
    for answer in answers(saw, "websocket time"):
        assert isinstance(answer["serverTime"], int)


@journey("market_data")
def test_the_client_finds_nothing_wrong(saw: Played) -> None:
    no_complaints(saw.complaints)
