"""Statistics that come once a second."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.streams.watching import MINUTE, SECOND, Watched
from veighna_ext.exchange import enums
from veighna_ext.exchange.server.market_data import OPERATIONS
from veighna_ext.exchange.server.operations import by_method

METHODS = by_method(OPERATIONS)
FULL = {
    "p": "priceChange", "P": "priceChangePercent", "w": "weightedAvgPrice", "x": "prevClosePrice",
    "c": "lastPrice", "Q": "lastQty", "b": "bidPrice", "B": "bidQty", "a": "askPrice", "A": "askQty",
    "o": "openPrice", "h": "highPrice", "l": "lowPrice", "v": "volume", "q": "quoteVolume", "O": "openTime",
    "C": "closeTime", "F": "firstId", "L": "lastId", "n": "count", "s": "symbol",
}  # fmt: skip
"""A ticker's fields, and their names in the answer to a request."""
BEST = ("b", "B", "a", "A", "x", "Q")


def trade_a_little(market: Watched) -> None:
    """Some trades at several prices over more than an hour, and a book to stand at the end."""
    for step, price in enumerate(("40000", "40500.5", "39900", "40250.25")):
        market.trade(price, f"0.{step + 1}", bought=step % 2 == 0)
        market.venue.clock.now += 25 * MINUTE + 123_456
    market.venue.quotes("BTCUSDT", (enums.BUY, "40200", "2"), (enums.SELL, "40300", "3"))
    market.commit()


def asked(market: Watched, method: str, **sent: Any) -> Any:
    """What a request of the same moment answers."""
    return market.venue.ask(METHODS[method], symbol="BTCUSDT", **sent)


def test_the_ticker_says_what_a_request_says(market: Watched) -> None:
    trade_a_little(market)
    client = market.listen("btcusdt@ticker", "btcusdt@miniTicker")
    market.pass_time(1)
    ticker, mini = client.take()
    answer = asked(market, "ticker.24hr")
    assert {FULL[field]: ticker[field] for field in FULL} == answer
    assert {FULL[field]: mini[field] for field in "scohlvq"}.items() <= answer.items()
    assert ticker["n"] == 4


@pytest.mark.parametrize("window", ["1h", "4h", "1d"])
def test_a_rolling_ticker_says_what_a_request_says(market: Watched, window: str) -> None:
    trade_a_little(market)
    client = market.listen(f"btcusdt@ticker_{window}")
    market.pass_time(1)
    (rolling,) = client.take()
    answer = asked(market, "ticker", windowSize=window)
    assert {name: rolling[field] for field, name in FULL.items() if field not in BEST} == answer
    assert rolling["O"] % 60_000 == 0
    assert rolling["C"] == market.venue.clock.now // 1000


def test_the_average_price_says_what_a_request_says(market: Watched) -> None:
    client = market.listen("btcusdt@avgPrice")
    market.pass_time(1)
    assert client.take() == []
    market.trade("40000", "1")
    market.trade("40100", "3")
    market.pass_time(3)
    (event,) = client.take()
    answer = asked(market, "avgPrice")
    assert (event["w"], event["i"], event["T"]) == (answer["price"], "5m", answer["closeTime"])
    assert event["w"] == "40075.00000000"


def test_a_ticker_comes_once_a_second_and_only_when_it_says_something_new(market: Watched) -> None:
    client = market.listen("btcusdt@ticker", "btcusdt@miniTicker", "btcusdt@ticker_1h")
    for number in range(25):
        market.trade(str(40_000 + number))
        market.pass_time(0.1)
    kinds = [event["e"] for event in client.take()]
    assert [kinds.count(kind) for kind in ("24hrTicker", "24hrMiniTicker", "1hTicker")] == [2, 2, 2]
    market.pass_time(3)
    kinds = [event["e"] for event in client.take()]
    assert [kinds.count(kind) for kind in ("24hrTicker", "24hrMiniTicker", "1hTicker")] == [1, 1, 1]
    market.pass_time(3)
    assert client.take() == []
    market.venue.quotes("BTCUSDT", (enums.BUY, "39000", "2"))
    market.pass_time(3)
    (event,) = client.take()
    assert (event["e"], event["b"], event["C"]) == ("24hrTicker", "39000.00000000", event["E"])


def test_who_comes_while_nothing_changes_is_told_how_things_stand(market: Watched) -> None:
    market.trade("40000")
    first = market.listen("btcusdt@miniTicker")
    market.pass_time(2)
    second = market.listen("btcusdt@miniTicker")
    market.pass_time(2)
    assert [event["c"] for event in first.take()] == ["40000.00000000"]
    assert [event["c"] for event in second.take()] == ["40000.00000000"]


def test_all_tickers_hold_those_that_changed(market: Watched) -> None:
    client = market.listen("!miniTicker@arr")
    market.pass_time(2)
    client.take()
    market.trade("600", symbol="BNBUSDT")
    market.pass_time(2)
    assert [[each["s"] for each in event] for event in client.take()] == [["BNBUSDT"]]
    market.trade("40000")
    market.trade("601", symbol="BNBUSDT")
    market.pass_time(2)
    assert sorted(each["s"] for event in client.take() for each in event) == ["BNBUSDT", "BTCUSDT"]
    market.pass_time(2)
    assert client.take() == []


def test_one_symbols_ticker_and_all_of_them_do_not_disturb_each_other(market: Watched) -> None:
    everything, one = market.listen("!ticker@arr"), market.listen("btcusdt@ticker")
    market.trade("40000")
    market.pass_time(2)
    told = everything.take()
    everything.unsubscribe("!ticker@arr")
    market.trade("40001")
    market.pass_time(2)
    assert [event["c"] for event in one.take()][-1] == "40001.00000000"
    one.unsubscribe("btcusdt@ticker")
    assert everything.take() == []
    everything.subscribe("!ticker@arr")
    market.trade("40002")
    market.pass_time(2)
    assert one.take() == []
    told += everything.take()
    assert [each["c"] for event in told for each in event if each["s"] == "BTCUSDT"] == [
        "40000.00000000",
        "40002.00000000",
    ]


def test_there_is_no_reference_price_and_each_listener_is_told_so(market: Watched) -> None:
    first = market.listen("btcusdt@referencePrice")
    market.pass_time(3)
    second = market.listen("btcusdt@referencePrice")
    market.pass_time(3)
    for client in (first, second):
        (event,) = client.take()
        assert event["r"] is None
    assert market.venue.clock.now == START + 6 * SECOND
