"""Iceberg orders: what the book shows, and who trades when."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, Trader, order, pair, refused


@pytest.fixture
def exchange() -> Exchange:
    """A market without filters."""
    return Exchange()


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who hides most of the order."""
    return exchange.trader(BTC="10", USDT="10000")


def test_the_book_shows_one_part_and_the_account_locks_the_whole(exchange: Exchange, trader: Trader) -> None:
    trader.limit("SELL", "10", at="100", iceberg="3")

    assert exchange.book("SELL") == ["3@100"]
    assert trader.locked("BTC") == "10"


def test_the_next_part_is_shown_behind_everybody_who_waits(exchange: Exchange, trader: Trader) -> None:
    iceberg = trader.limit("SELL", "10", at="100", iceberg="3")
    patient = exchange.trader().limit("SELL", "2", at="100")
    buyer = exchange.trader()

    assert buyer.limit("BUY", "3", at="100").fills == ["3@100"]
    assert (iceberg.executed, patient.executed, exchange.book("SELL")) == ("3", "0", ["5@100"])

    buyer.limit("BUY", "4", at="100")
    assert (iceberg.executed, patient.status, exchange.book("SELL")) == ("5", "FILLED", ["1@100"])


def test_a_large_order_takes_hidden_parts_as_well(exchange: Exchange, trader: Trader) -> None:
    iceberg = trader.limit("SELL", "10", at="100", iceberg="4")
    taker = exchange.trader().limit("BUY", "10", at="100", tif="FOK")

    assert taker.fills == ["4@100", "4@100", "2@100"]
    expect_status(iceberg, "FILLED")
    assert exchange.book("SELL") == []


def test_an_iceberg_that_is_used_up_leaves_the_others_as_they_are(exchange: Exchange, trader: Trader) -> None:
    trader.limit("SELL", "5", at="100", iceberg="3")
    exchange.trader().limit("SELL", "7", at="100")
    exchange.trader().limit("BUY", "3", at="100")
    assert exchange.book("SELL") == ["9@100"]
    exchange.trader().limit("BUY", "9", at="100")

    assert exchange.book("SELL") == []


def test_the_last_part_is_what_is_left(exchange: Exchange, trader: Trader) -> None:
    trader.limit("SELL", "10", at="100", iceberg="4")
    exchange.trader().limit("BUY", "8", at="100")

    assert exchange.book("SELL") == ["2@100"]


def test_the_taking_part_of_an_iceberg_trades_whole_and_the_rest_hides(
    exchange: Exchange, trader: Trader
) -> None:
    exchange.trader().limit("BUY", "6", at="100")
    iceberg = trader.limit("SELL", "10", at="100", iceberg="3")

    assert (iceberg.executed, exchange.book("SELL"), trader.locked("BTC")) == ("6", ["3@100"], "4")


def test_limit_makers_and_conditional_limits_can_be_icebergs(exchange: Exchange, trader: Trader) -> None:
    exchange.trades("100")
    trader.limit_maker("SELL", "4", at="110", iceberg="1")
    trader.stop_loss_limit("SELL", "4", at="90", stop="95", iceberg="1")
    exchange.trades("95")

    assert exchange.book("SELL") == ["1@90", "1@110"]


def test_icebergs_are_gtc_have_a_price_and_are_no_larger_than_their_order(trader: Trader) -> None:
    for wrong in (
        order("LIMIT", "SELL", "10", at="100", tif="IOC", iceberg="1"),
        order("LIMIT", "SELL", "10", at="100", tif="FOK", iceberg="1"),
        order("MARKET", "SELL", "10", iceberg="1"),
        order("STOP_LOSS", "SELL", "10", stop="90", iceberg="1"),
    ):
        with refused(-1014, "Unsupported order combination."):
            trader.place(wrong)
    with refused(-2010, "IcebergQty exceeds QTY."):
        trader.limit("SELL", "10", at="100", iceberg="10.1")


def test_a_symbol_may_forbid_icebergs() -> None:
    exchange = Exchange(pair("BTCUSDT", icebergAllowed=False))
    with refused(-1013, "Iceberg orders are not supported for this symbol."):
        exchange.trader().limit("SELL", "10", at="100", iceberg="1")


def test_canceling_an_iceberg_takes_its_hidden_part_away_too(exchange: Exchange, trader: Trader) -> None:
    iceberg = trader.limit("SELL", "10", at="100", iceberg="3")
    exchange.trader().limit("SELL", "2", at="100")
    exchange.trader().limit("BUY", "1", at="100")
    assert exchange.book("SELL") == ["4@100"]
    trader.cancel(iceberg)

    assert (exchange.book("SELL"), trader.free("BTC")) == (["2@100"], "9")
