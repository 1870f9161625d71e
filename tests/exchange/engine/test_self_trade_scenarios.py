"""Self-trade prevention: the scenarios A to G of its FAQ with their numbers, and what they leave open."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import Placed, expect_status
from tests.exchange.engine.scenario import Exchange, Trader, order, pair, refused


@pytest.fixture
def exchange() -> Exchange:
    """A market without filters, as in the FAQ."""
    return Exchange()


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who trades with himself."""
    return exchange.trader(BTC="100", USDT="100")


def ladder(trader: Trader) -> list[Placed]:
    """The three buy orders of scenarios B and C."""
    return [
        trader.limit("BUY", "1.2", at="1.2", stp="NONE"),
        trader.limit("BUY", "1.3", at="1.1", stp="NONE"),
        trader.limit("BUY", "8.1", at="1", stp="NONE"),
    ]


def test_scenario_a_none_lets_them_trade(exchange: Exchange, trader: Trader) -> None:
    maker = trader.limit("BUY", "1", at="1", stp="NONE")
    taker = trader.limit("SELL", "1", at="1", stp="NONE")

    expect_status(maker, "FILLED")
    expect_status(taker, "FILLED")
    assert (maker.fills, taker.fills, exchange.prevented()) == (["1@1"], ["1@1"], [])
    assert (trader.free("BTC"), trader.free("USDT")) == ("100", "100")


def test_scenario_b_expire_maker_clears_the_way_and_the_taker_rests(
    exchange: Exchange, trader: Trader
) -> None:
    makers = ladder(trader)
    taker = trader.limit("SELL", "3", at="1", stp="EXPIRE_MAKER")

    assert [maker.status for maker in makers] == ["EXPIRED_IN_MATCH"] * 3
    assert [maker.prevented for maker in makers] == ["1.2", "1.3", "8.1"]
    expect_status(taker, "NEW")
    assert (taker.fills, taker.prevented) == ([], "0")
    assert exchange.prevented() == [
        (taker.id, makers[0].id, "EXPIRE_MAKER", "1.2", "0", "1.2"),
        (taker.id, makers[1].id, "EXPIRE_MAKER", "1.1", "0", "1.3"),
        (taker.id, makers[2].id, "EXPIRE_MAKER", "1", "0", "8.1"),
    ]
    assert (exchange.book("BUY"), exchange.book("SELL")) == ([], ["3@1"])
    assert (trader.locked("USDT"), trader.locked("BTC")) == ("0", "3")


def test_scenario_c_expire_taker_leaves_the_book_alone(exchange: Exchange, trader: Trader) -> None:
    makers = ladder(trader)
    taker = trader.limit("SELL", "3", at="1", stp="EXPIRE_TAKER")

    assert [maker.status for maker in makers] == ["NEW"] * 3
    expect_status(taker, "EXPIRED_IN_MATCH")
    assert taker.prevented == "3"
    assert exchange.prevented() == [(taker.id, makers[0].id, "EXPIRE_TAKER", "1.2", "3", "0")]
    assert exchange.book("BUY") == ["1.2@1.2", "1.3@1.1", "8.1@1"]
    assert trader.locked("BTC") == "0"


def test_scenario_d_expire_both(exchange: Exchange, trader: Trader) -> None:
    maker = trader.limit("BUY", "1", at="1", stp="NONE")
    taker = trader.limit("SELL", "3", at="1", stp="EXPIRE_BOTH")

    expect_status(maker, "EXPIRED_IN_MATCH")
    expect_status(taker, "EXPIRED_IN_MATCH")
    assert (maker.prevented, taker.prevented) == ("1", "3")
    assert exchange.prevented() == [(taker.id, maker.id, "EXPIRE_BOTH", "1", "3", "1")]
    assert (trader.locked("USDT"), trader.locked("BTC")) == ("0", "0")


def test_scenario_e_the_takers_mode_decides(exchange: Exchange, trader: Trader) -> None:
    maker = trader.limit("BUY", "1", at="1", stp="EXPIRE_MAKER")
    taker = trader.limit("SELL", "1", at="1", stp="EXPIRE_TAKER")

    expect_status(maker, "NEW")
    expect_status(taker, "EXPIRED_IN_MATCH")
    assert exchange.prevented() == [(taker.id, maker.id, "EXPIRE_TAKER", "1", "1", "0")]


def test_scenario_f_a_market_order_runs_out_of_counterparts(exchange: Exchange, trader: Trader) -> None:
    maker = trader.limit("BUY", "1", at="1", stp="NONE")
    taker = trader.market("SELL", "1", stp="EXPIRE_MAKER")

    expect_status(maker, "EXPIRED_IN_MATCH")
    expect_status(taker, "EXPIRED")
    assert (taker.prevented, taker.expiry_reason) == ("0", "INSUFFICIENT_LIQUIDITY")
    assert exchange.prevented() == [(taker.id, maker.id, "EXPIRE_MAKER", "1", "0", "1")]


def test_scenario_g_decrement_takes_the_smaller_quantity_from_both(
    exchange: Exchange, trader: Trader
) -> None:
    maker = trader.limit("BUY", "6", at="2", stp="NONE")
    taker = trader.limit("SELL", "2", at="2", stp="DECREMENT")

    expect_status(maker, "NEW")
    expect_status(taker, "EXPIRED_IN_MATCH")
    assert (maker.prevented, taker.prevented) == ("2", "2")
    assert (maker.quantity, maker.executed) == ("6", "0")
    assert exchange.prevented() == [(taker.id, maker.id, "DECREMENT", "2", "2", "2")]
    assert (exchange.book("BUY"), trader.locked("USDT")) == (["4@2"], "8")


def test_decrement_of_equal_orders_expires_both(exchange: Exchange, trader: Trader) -> None:
    maker = trader.limit("BUY", "2", at="2")
    taker = trader.limit("SELL", "2", at="2", stp="DECREMENT")

    assert (maker.status, taker.status) == ("EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH")
    assert exchange.book("BUY") == exchange.book("SELL") == []


def test_what_decrement_leaves_of_the_taker_goes_on(exchange: Exchange, trader: Trader) -> None:
    own = trader.limit("BUY", "2", at="2")
    exchange.trader().limit("BUY", "1", at="2")
    taker = trader.limit("SELL", "5", at="2", stp="DECREMENT")

    expect_status(own, "EXPIRED_IN_MATCH")
    expect_status(taker, "PARTIALLY_FILLED")
    # original quantity - executed - prevented = available
    assert (taker.quantity, taker.executed, taker.prevented) == ("5", "1", "2")
    assert exchange.book("SELL") == ["2@2"]


def test_others_who_came_first_trade_before_the_own_order_is_met(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "1", at="2")
    own = trader.limit("BUY", "1", at="2")
    taker = trader.limit("SELL", "3", at="2", stp="EXPIRE_TAKER")

    expect_status(own, "NEW")
    expect_status(taker, "EXPIRED_IN_MATCH")
    assert (taker.fills, taker.prevented) == (["1@2"], "2")


def test_a_market_buy_with_decrement_still_pays_for_what_others_offer(
    exchange: Exchange, trader: Trader
) -> None:
    trader.limit("SELL", "2", at="1")
    exchange.trader().limit("SELL", "3", at="2")
    taker = trader.market("BUY", "5", stp="DECREMENT")

    assert (taker.fills, taker.prevented) == (["3@2"], "2")
    assert trader.free("USDT") == "94"


def test_a_market_buy_with_expire_maker_pays_for_what_others_offer(
    exchange: Exchange, trader: Trader
) -> None:
    trader.limit("SELL", "2", at="1")
    exchange.trader().limit("SELL", "3", at="2")
    taker = trader.market("BUY", "3", stp="EXPIRE_MAKER")

    expect_status(taker, "FILLED")
    assert taker.fills == ["3@2"]


def test_a_trade_group_counts_as_one_trader(exchange: Exchange) -> None:
    one, other = exchange.trader().becomes(trade_group=1), exchange.trader().becomes(trade_group=1)
    maker = one.limit("BUY", "1", at="1")
    taker = other.limit("SELL", "3", at="1", stp="EXPIRE_BOTH")

    assert (maker.status, taker.status) == ("EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH")
    assert exchange.venue.market("BTCUSDT").prevented[0].trade_group == 1


def test_a_market_buy_pays_only_for_what_the_trade_group_does_not_offer(exchange: Exchange) -> None:
    one, other = exchange.trader().becomes(trade_group=1), exchange.trader(USDT="4").becomes(trade_group=1)
    one.limit("SELL", "2", at="1")
    exchange.trader().limit("SELL", "2", at="2")
    taker = other.market("BUY", "2", stp="EXPIRE_MAKER")

    assert (taker.fills, other.free("USDT")) == (["2@2"], "0")


def test_a_fok_order_does_not_count_the_own_orders_it_would_have_to_trade_with(
    exchange: Exchange, trader: Trader
) -> None:
    own = trader.limit("BUY", "2", at="2")
    exchange.trader().limit("BUY", "1", at="2")

    for mode in ("EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "EXPIRE_MAKER"):
        taker = trader.limit("SELL", "2", at="2", tif="FOK", stp=mode)
        expect_status(taker, "EXPIRED")
        assert taker.expiry_reason == "UNFILLED_FOK_ORDER_EXPIRED"
    expect_status(own, "NEW")
    expect_status(trader.limit("SELL", "2", at="2", tif="FOK", stp="NONE"), "FILLED")


def test_accounts_without_a_trade_group_are_strangers(exchange: Exchange) -> None:
    exchange.trader().limit("BUY", "1", at="1")

    expect_status(exchange.trader().limit("SELL", "1", at="1", stp="EXPIRE_BOTH"), "FILLED")


def test_an_order_without_a_mode_takes_the_symbols_default() -> None:
    exchange = Exchange(pair("BTCUSDT", defaultSelfTradePreventionMode="EXPIRE_MAKER"))
    trader = exchange.trader()
    maker = trader.limit("BUY", "1", at="1")
    trader.limit("SELL", "1", at="1")

    expect_status(maker, "EXPIRED_IN_MATCH")


def test_a_mode_the_symbol_does_not_allow_is_refused() -> None:
    exchange = Exchange(
        pair("BTCUSDT", allowedSelfTradePreventionModes=["NONE", "EXPIRE_TAKER", "EXPIRE_BOTH"])
    )
    trader = exchange.trader()
    with refused(-1013, "This symbol does not allow the specified self-trade prevention mode."):
        trader.limit("BUY", "1", at="1", stp="EXPIRE_MAKER")
    expect_status(trader.limit("BUY", "1", at="1", stp="EXPIRE_TAKER"), "NEW")


def test_an_oco_order_that_expires_in_match_ends_its_partner(exchange: Exchange, trader: Trader) -> None:
    exchange.trades("40")
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "1", at="41"), order("STOP_LOSS", "SELL", "1", stop="39")
    )
    exchange.trader(USDT="1")
    trader.limit("BUY", "1", at="41", stp="EXPIRE_MAKER")

    assert placed.statuses == ["EXPIRED_IN_MATCH", "EXPIRED"]
    assert (placed.status, trader.locked("BTC")) == ("ALL_DONE", "0")


def test_decrement_leaves_an_oco_enough_for_its_other_order(exchange: Exchange) -> None:
    exchange.trades("10")
    trader = exchange.trader(BTC="5", USDT="22")
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="11"), order("STOP_LOSS_LIMIT", "SELL", "5", stop="9", at="8")
    )
    trader.limit("BUY", "2", at="11", stp="DECREMENT")
    assert (placed.statuses, placed.orders[0].prevented) == (["NEW", "NEW"], "2")

    exchange.trades("9")
    assert placed.statuses == ["EXPIRED", "NEW"]
    assert trader.locked("BTC") == "5"


def test_decrement_takes_the_hidden_part_of_an_iceberg_first(exchange: Exchange, trader: Trader) -> None:
    maker = trader.limit("SELL", "10", at="2", iceberg="3")
    trader.limit("BUY", "5", at="2", stp="DECREMENT")
    assert (maker.prevented, exchange.book("SELL"), trader.locked("BTC")) == ("5", ["3@2"], "5")

    trader.limit("BUY", "3", at="2", stp="DECREMENT")
    assert (maker.prevented, exchange.book("SELL"), trader.locked("BTC")) == ("8", ["2@2"], "2")
