"""The book as a client copies it: exact texts, what is shown, and the number of its last change."""

from __future__ import annotations

import pytest

from tests.exchange.server.market_data.asking import ask, refusal, trade_for
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, format_amount

LADDER = [
    (enums.BUY, "40000.00", "1.5"),
    (enums.BUY, "39999.99", "0.00001"),
    (enums.BUY, "39000.10", "2"),
    (enums.SELL, "40000.01", "3"),
    (enums.SELL, "40001", "4.25"),
]


def test_levels_go_from_the_best_on(venue: Venue) -> None:
    venue.quotes("BTCUSDT", *LADDER)
    book = ask(venue, "depth", symbol="BTCUSDT")
    assert book["bids"] == [
        ["40000.00000000", "1.50000000"],
        ["39999.99000000", "0.00001000"],
        ["39000.10000000", "2.00000000"],
    ]
    assert book["asks"] == [["40000.01000000", "3.00000000"], ["40001.00000000", "4.25000000"]]
    assert ask(venue, "depth", symbol="BTCUSDT", limit=1)["bids"] == book["bids"][:1]


def test_more_than_5000_levels_are_5000(venue: Venue) -> None:
    levels = [(enums.BUY, (40_000 - place) * UNIT, UNIT) for place in range(5001)]
    venue.exchange.submit(c.MarketMoves(venue.clock.now, "BTCUSDT", levels, []))
    for limit, told in ((5000, 5000), (9999, 5000), (100, 100)):
        assert len(ask(venue, "depth", symbol="BTCUSDT", limit=limit)["bids"]) == told
    assert len(ask(venue, "depth", symbol="BTCUSDT")["bids"]) == 100


def test_the_hidden_part_of_an_iceberg_is_not_shown(venue: Venue) -> None:
    order = c.OrderSpec(enums.SELL, enums.LIMIT, 5 * UNIT, 40_000 * UNIT, iceberg=UNIT)
    venue.exchange.submit(c.PlaceOrder(venue.clock.now, 1, "BTCUSDT", order))
    assert ask(venue, "depth", symbol="BTCUSDT")["asks"] == [["40000.00000000", "1.00000000"]]
    assert ask(venue, "ticker.book", symbol="BTCUSDT")["askQty"] == "1.00000000"


def test_best_prices_are_those_of_the_book_and_zero_on_an_empty_side(venue: Venue) -> None:
    venue.quotes("BTCUSDT", *LADDER[:3])
    assert ask(venue, "ticker.book", symbol="BTCUSDT") == {
        "symbol": "BTCUSDT",
        "bidPrice": "40000.00000000",
        "bidQty": "1.50000000",
        "askPrice": "0.00000000",
        "askQty": "0.00000000",
    }


def test_a_copy_kept_by_the_diffs_stays_the_book_in_numbers_and_texts(venue: Venue) -> None:
    trade_for(venue, 30)
    updates = venue.exchange.depths["BTCUSDT"]
    updates.collect(True)
    before = ask(venue, "depth", symbol="BTCUSDT", limit=5000)
    copy = {side: dict(before[side]) for side in ("bids", "asks")}
    trade_for(venue, 30, seed=4)
    diff = updates.drain()
    assert diff is not None
    assert diff.first_id == before["lastUpdateId"] + 1
    for side, changes in (("bids", diff.bids), ("asks", diff.asks)):
        for price, quantity in changes:
            copy[side][format_amount(price)] = format_amount(quantity)
            if not quantity:
                del copy[side][format_amount(price)]
    after = ask(venue, "depth", symbol="BTCUSDT", limit=5000)
    assert after["lastUpdateId"] == diff.last_id
    assert copy == {side: dict(after[side]) for side in ("bids", "asks")}
    assert after != before


@pytest.mark.parametrize("method", ["depth", "ticker.book", "ticker.price", "ticker.24hr"])
def test_one_symbol_in_another_status_is_refused(venue: Venue, method: str) -> None:
    ask(venue, method, symbol="BTCUSDT", symbolStatus="TRADING")
    assert refusal(venue, method, symbol="BTCUSDT", symbolStatus="HALT") == (
        -1220,
        "The symbol's status does not match the requested symbolStatus.",
    )


@pytest.mark.parametrize(
    "method", ["ticker.24hr", "ticker.price", "ticker.book", "ticker.tradingDay", "ticker"]
)
def test_of_several_symbols_those_in_another_status_are_left_out(venue: Venue, method: str) -> None:
    venue.exchange.submit(c.SetStatus(venue.clock.now, "BTCUSDT", enums.HALT))
    for status, told in (("TRADING", ["BNBUSDT"]), ("HALT", ["BTCUSDT"]), ("BREAK", [])):
        answer = ask(venue, method, symbols=["BTCUSDT", "BNBUSDT"], symbolStatus=status)
        assert [each["symbol"] for each in answer] == told
