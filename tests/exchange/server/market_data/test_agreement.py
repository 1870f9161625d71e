"""Trades, aggregates, candles and tickers tell the same story."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.market_data.asking import ask, refusal, trade_for
from tests.exchange.server.past import Past
from tests.exchange.server.venue import Venue, open_venue

MINUTE = 60_000


def total(rows: list[Any], field: Any) -> Decimal:
    """The sum of a column of amounts."""
    return sum((Decimal(row[field]) for row in rows), Decimal(0))


def all_trades(venue: Venue) -> list[dict[str, Any]]:
    """Every trade, page by page, as a client collects them."""
    found: list[dict[str, Any]] = []
    while page := ask(venue, "trades.historical", symbol="BTCUSDT", fromId=len(found), limit=100):
        found.extend(page)
    return found


def test_pages_of_trades_join_without_a_gap(venue: Venue) -> None:
    trade_for(venue, 600)
    found = all_trades(venue)
    assert len(found) > 300
    assert [each["id"] for each in found] == list(range(len(found)))
    assert ask(venue, "trades.recent", symbol="BTCUSDT", limit=7) == found[-7:]
    assert ask(venue, "trades.historical", symbol="BTCUSDT", limit=7) == found[-7:]
    for each in found:
        assert Decimal(each["quoteQty"]) == Decimal(each["price"]) * Decimal(each["qty"])


def test_aggregates_are_the_trades_of_one_taker_at_one_price(venue: Venue) -> None:
    trade_for(venue, 600)
    found = all_trades(venue)
    aggregates = ask(venue, "trades.aggregate", symbol="BTCUSDT", fromId=0, limit=1000)
    assert [each["a"] for each in aggregates] == list(range(len(aggregates)))
    expected = 0
    for each in aggregates:
        members = found[each["f"] : each["l"] + 1]
        assert each["f"] == expected
        assert {trade["price"] for trade in members} == {each["p"]}
        assert {trade["time"] for trade in members} == {each["T"]}
        assert {trade["isBuyerMaker"] for trade in members} == {each["m"]}
        assert total(members, "qty") == Decimal(each["q"])
        expected = each["l"] + 1
    assert expected == len(found)
    assert any(each["l"] > each["f"] for each in aggregates)


def test_aggregates_of_a_time_include_both_ends(venue: Venue) -> None:
    trade_for(venue, 120)
    everything = ask(venue, "trades.aggregate", symbol="BTCUSDT", limit=1000)
    first, last = everything[10]["T"], everything[30]["T"]
    chosen = [each for each in everything if first <= each["T"] <= last]
    asked = {"symbol": "BTCUSDT", "startTime": first, "endTime": last}
    assert ask(venue, "trades.aggregate", **asked) == chosen
    # the last trade of the last millisecond is later than its first microsecond
    exact = ask(venue, "trades.aggregate", 1, **asked)
    assert exact[-1]["T"] > last * 1000
    only_before = {"symbol": "BTCUSDT", "endTime": last * 1000}
    assert ask(venue, "trades.aggregate", **only_before)[-1]["T"] < last
    assert ask(venue, "trades.aggregate", symbol="BTCUSDT", startTime=first, limit=5) == chosen[:5]
    assert ask(venue, "trades.aggregate", symbol="BTCUSDT", endTime=last, limit=5) == chosen[-5:]


def test_an_aggregate_is_asked_for_by_id_or_by_time(venue: Venue) -> None:
    for times in ({"startTime": 1}, {"endTime": 1}, {"startTime": 1, "endTime": 2}):
        assert refusal(venue, "trades.aggregate", symbol="BTCUSDT", fromId=0, **times) == (
            -1128,
            "Combination of optional parameters invalid.",
        )


def test_candles_are_made_of_the_trades(venue: Venue) -> None:
    trade_for(venue, 900)
    found = all_trades(venue)
    candles = ask(venue, "klines", symbol="BTCUSDT", interval="1m", startTime=0)
    assert len(candles) > 14
    for opens, first, high, low, last, volume, closes, quote, count, taken, paid, _ in candles:
        inside = [each for each in found if opens <= each["time"] <= closes]
        takers = [each for each in inside if not each["isBuyerMaker"]]
        prices = [Decimal(each["price"]) for each in inside]
        assert closes == opens + MINUTE - 1
        assert (Decimal(first), Decimal(last)) == (prices[0], prices[-1])
        assert (Decimal(high), Decimal(low)) == (max(prices), min(prices))
        assert (Decimal(volume), Decimal(quote)) == (total(inside, "qty"), total(inside, "quoteQty"))
        assert (Decimal(taken), Decimal(paid)) == (total(takers, "qty"), total(takers, "quoteQty"))
        assert count == len(inside)


@pytest.mark.parametrize("interval", ["1s", "3m", "1h", "1d", "1w", "1M"])
def test_candles_of_every_length_add_up_to_the_day(venue: Venue, interval: str) -> None:
    trade_for(venue, 900)
    candles = ask(venue, "klines", symbol="BTCUSDT", interval=interval, startTime=0, limit=1000)
    day = ask(venue, "ticker.24hr", symbol="BTCUSDT")
    assert total(candles, 5) == Decimal(day["volume"])
    assert total(candles, 7) == Decimal(day["quoteVolume"])
    assert sum(candle[8] for candle in candles) == day["count"]
    assert (candles[0][1], candles[-1][4]) == (day["openPrice"], day["lastPrice"])
    assert max(Decimal(candle[2]) for candle in candles) == Decimal(day["highPrice"])


def test_tickers_of_every_kind_agree(venue: Venue) -> None:
    trade_for(venue, 900)
    found = all_trades(venue)
    day = ask(venue, "ticker.24hr", symbol="BTCUSDT")
    rolling = ask(venue, "ticker", symbol="BTCUSDT", windowSize="1d")
    trading_day = ask(venue, "ticker.tradingDay", symbol="BTCUSDT")
    for name, told in rolling.items():
        if name != "openTime":
            assert told == day[name]
        if name not in ("openTime", "closeTime"):
            assert told == trading_day[name]
    assert (day["firstId"], day["lastId"], day["count"]) == (0, len(found) - 1, len(found))
    assert day["lastPrice"] == ask(venue, "ticker.price", symbol="BTCUSDT")["price"] == found[-1]["price"]
    assert day["lastQty"] == found[-1]["qty"]
    change = Decimal(day["lastPrice"]) - Decimal(day["openPrice"])
    assert Decimal(day["priceChange"]) == change
    average = Decimal(day["quoteVolume"]) / Decimal(day["volume"])
    assert abs(Decimal(day["weightedAvgPrice"]) - average) <= Decimal("0.000000005")
    best = ask(venue, "ticker.book", symbol="BTCUSDT")
    assert {name: day[name] for name in best} == best


def test_the_previous_close_is_the_last_price_before_the_window(venue: Venue) -> None:
    trade_for(venue, 100)
    before = ask(venue, "ticker.price", symbol="BTCUSDT")["price"]
    venue.clock.now += 25 * 3_600_000_000
    assert ask(venue, "ticker.24hr", symbol="BTCUSDT")["prevClosePrice"] == before
    trade_for(venue, 100, seed=8)
    told = ask(venue, "ticker.24hr", symbol="BTCUSDT")
    assert told["prevClosePrice"] == before
    assert before not in (told["openPrice"], told["lastPrice"])


def test_before_the_first_trade_a_price_is_the_last_of_the_past() -> None:
    with open_venue(Past().exchange) as venue:
        last = ask(venue, "klines", symbol="BNBBTC", interval="1m", limit=1)[0][4]
        assert Decimal(last) > 0
        assert ask(venue, "ticker.price", symbol="BNBBTC")["price"] == last
        assert ask(venue, "avgPrice", symbol="BNBBTC")["price"] == last
        assert ask(venue, "ticker.24hr", symbol="BNBBTC")["lastPrice"] == last


def test_a_window_holds_the_minutes_since_it_opened(venue: Venue) -> None:
    trade_for(venue, 1200)
    found = all_trades(venue)
    for window, minutes in (("1m", 1), ("5m", 5), ("15m", 15)):
        told = ask(venue, "ticker", symbol="BTCUSDT", windowSize=window)
        now = venue.clock.now // 1000
        assert told["closeTime"] == now
        assert told["openTime"] == (now - minutes * MINUTE) // MINUTE * MINUTE
        inside = [each for each in found if each["time"] >= told["openTime"]]
        assert (told["count"], told["firstId"]) == (len(inside), inside[0]["id"])
        assert Decimal(told["volume"]) == total(inside, "qty")


def test_the_trading_day_begins_at_midnight_of_a_time_zone(venue: Venue) -> None:
    trade_for(venue, 10)
    for zone, hours in (("0", 0.0), ("8", 8.0), ("-1:00", -1.0), ("05:45", 5.75)):
        told = ask(venue, "ticker.tradingDay", symbol="BTCUSDT", timeZone=zone)
        assert (told["openTime"] + hours * 3_600_000) % 86_400_000 == 0
        assert told["closeTime"] == told["openTime"] + 86_399_999
        assert told["openTime"] <= venue.clock.now // 1000 <= told["closeTime"]


def test_the_average_price_is_that_of_the_last_five_minutes(venue: Venue) -> None:
    trade_for(venue, 900)
    now = venue.clock.now // 1000
    inside = [each for each in all_trades(venue) if each["time"] >= now // 1000 * 1000 - 5 * MINUTE]
    told = ask(venue, "avgPrice", symbol="BTCUSDT")
    average = total(inside, "quoteQty") / total(inside, "qty")
    assert abs(Decimal(told["price"]) - average) <= Decimal("0.000000005")
    assert (told["mins"], told["closeTime"]) == (5, inside[-1]["time"])


def test_pages_of_candles_are_cut_by_times_and_limit(venue: Venue) -> None:
    trade_for(venue, 900)
    everything = ask(venue, "klines", symbol="BTCUSDT", interval="1m")
    opens = [candle[0] for candle in everything]
    between = {"startTime": opens[3] - 1, "endTime": opens[9]}

    def page(**sent: Any) -> list[Any]:
        answer: list[Any] = ask(venue, "klines", symbol="BTCUSDT", interval="1m", **sent)
        return answer

    assert page(**between) == everything[3:10]
    assert page(**{name: time * 1000 for name, time in between.items()}) == everything[3:10]
    assert page(startTime=opens[3], limit=2) == everything[3:5]
    assert page(endTime=opens[9], limit=2) == everything[8:10]
    assert page(startTime=opens[9], endTime=opens[3]) == []
    assert page(limit=2) == everything[-2:]
    assert ask(venue, "uiKlines", symbol="BTCUSDT", interval="1m") == everything


def test_days_open_at_midnight_of_a_time_zone(venue: Venue) -> None:
    trade_for(venue, 10)
    for zone, hours in (("0", 0), ("8", 8), ("-12:00", -12), ("14:00", 14)):
        (candle,) = ask(venue, "klines", symbol="BTCUSDT", interval="1d", timeZone=zone)
        assert (candle[0] + hours * 3_600_000) % 86_400_000 == 0
        assert candle[0] <= START // 1000 <= candle[6]
