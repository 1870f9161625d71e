"""Commissions: the worked example of the FAQ on commission rates, and what it means for balances."""

from __future__ import annotations

import pytest

from tests.exchange.engine.scenario import Exchange, pair


@pytest.fixture
def exchange() -> Exchange:
    """Two dollar markets and one in BNB; a BNB costs 260 USDT."""
    exchange = Exchange(pair("BTCUSDT"), pair("BNBUSDT"), pair("LTCBNB"), pair("ETHBTC"))
    exchange.trades("260", on="BNBUSDT")
    return exchange


def collected(exchange: Exchange, asset: str) -> int:
    """What the venue has earned of an asset."""
    return exchange.venue.treasuries[asset].collected


def test_the_sale_of_the_faq_pays_its_standard_commission_in_what_is_received(exchange: Exchange) -> None:
    exchange.trader().limit("BUY", "1", at="35000")
    seller = exchange.trader(taker="0.0000006", BTC="0.49975")
    order = seller.market("SELL", "0.49975")

    # 17491.25 * 0.00000060
    assert order.commissions == ["0.01049475 USDT"]
    assert seller.free("USDT") == "17491.23950525"


def test_the_rates_of_the_faq_add_up(exchange: Exchange) -> None:
    exchange.trader().limit("BUY", "1", at="35000")
    # standard, tax and special rates of a selling taker
    seller = exchange.trader(taker="0.0600029", BTC="0.49975")

    # 0.01049475 + 0.04022988 + 1049.475, rounded down once
    assert seller.market("SELL", "0.49975").commissions == ["1049.52572462 USDT"]


def test_paid_in_bnb_the_commission_is_converted_and_a_quarter_cheaper(exchange: Exchange) -> None:
    exchange.trader().limit("BUY", "1", at="35000")
    seller = exchange.trader(taker="0.0000006", BTC="0.49975", BNB="1").becomes(pays_in_bnb=True)
    order = seller.market("SELL", "0.49975")

    # 0.01049475 * 0.75 / 260
    assert order.commissions == ["0.00003027 BNB"]
    assert (seller.free("USDT"), seller.free("BNB")) == ("17491.25", "0.99996973")
    assert collected(exchange, "BNB") == 3027


def test_with_too_little_bnb_the_full_commission_is_taken_from_what_is_received(exchange: Exchange) -> None:
    exchange.trader().limit("BUY", "1", at="35000")
    seller = exchange.trader(taker="0.0000006", BTC="1", BNB="0.00003026").becomes(pays_in_bnb=True)

    assert seller.market("SELL", "0.49975").commissions == ["0.01049475 USDT"]
    assert seller.free("BNB") == "0.00003026"
    seller.deposit("BNB", "0.00000001")
    assert seller.market("SELL", "0.49975").commissions == ["0.00003027 BNB"]
    assert seller.free("BNB") == "0"


def test_bnb_held_by_an_open_order_does_not_pay_commissions(exchange: Exchange) -> None:
    exchange.trader().limit("BUY", "1", at="35000")
    seller = exchange.trader(taker="0.0000006", BTC="1", BNB="1").becomes(pays_in_bnb=True)
    seller.limit("SELL", "1", at="9999", on="BNBUSDT")

    assert seller.market("SELL", "0.49975").commissions == ["0.01049475 USDT"]


def test_buyers_pay_in_the_base_asset_and_sellers_in_the_quote_asset(exchange: Exchange) -> None:
    seller = exchange.trader(maker="0.001", BTC="2")
    resting = seller.limit("SELL", "2", at="100")
    buyer = exchange.trader(taker="0.002", USDT="200")
    order = buyer.limit("BUY", "2", at="100")

    assert order.commissions == ["0.004 BTC"]
    assert resting.commissions == ["0.2 USDT"]
    assert (buyer.free("BTC"), seller.free("USDT")) == ("1.996", "199.8")


def test_makers_and_takers_pay_their_own_rate_within_one_order(exchange: Exchange) -> None:
    exchange.trader().limit("SELL", "1", at="100")
    buyer = exchange.trader(maker="0.001", taker="0.002", USDT="300")
    order = buyer.limit("BUY", "3", at="100")
    exchange.trader().limit("SELL", "2", at="100")

    assert order.commissions == ["0.002 BTC", "0.002 BTC"]


def test_each_fill_pays_for_itself_and_is_rounded_down(exchange: Exchange) -> None:
    exchange.trader().limit("SELL", "0.00000999", at="1000")
    buyer = exchange.trader(taker="0.001", USDT="1")

    assert buyer.market("BUY", "0.00000999").commissions == ["0 BTC"]
    exchange.trader().limit("SELL", "0.00001999", at="1000")
    assert buyer.market("BUY", "0.00001999").commissions == ["0.00000001 BTC"]


def test_a_symbol_can_have_rates_of_its_own(exchange: Exchange) -> None:
    trader = exchange.trader(maker="0.001", taker="0.001", USDT="1000")
    trader.pays("0", "0.005", on="BTCUSDT")
    exchange.trader().limit("SELL", "2", at="100")
    exchange.trader(BNB="2").limit("SELL", "2", at="100", on="BNBUSDT")

    assert trader.market("BUY", "1").commissions == ["0.005 BTC"]
    assert trader.market("BUY", "1", on="BNBUSDT").commissions == ["0.001 BNB"]
    trader.pays("0.002", "0.002")
    assert trader.market("BUY", "1").commissions == ["0.005 BTC"]
    assert trader.market("BUY", "1", on="BNBUSDT").commissions == ["0.002 BNB"]


def test_received_bnb_pays_its_own_commission(exchange: Exchange) -> None:
    exchange.trader(BNB="2").limit("SELL", "2", at="260", on="BNBUSDT")
    buyer = exchange.trader(taker="0.001", USDT="520").becomes(pays_in_bnb=True)
    order = buyer.market("BUY", "2", on="BNBUSDT")

    assert order.commissions == ["0.0015 BNB"]
    assert buyer.free("BNB") == "1.9985"


def test_an_order_that_spends_bnb_pays_in_what_it_receives(exchange: Exchange) -> None:
    exchange.trader(LTC="2").limit("SELL", "2", at="1", on="LTCBNB")
    buyer = exchange.trader(taker="0.001", BNB="10").becomes(pays_in_bnb=True)

    assert buyer.market("BUY", "2", on="LTCBNB").commissions == ["0.002 LTC"]


def test_an_asset_without_a_market_in_bnb_is_converted_by_way_of_dollars(exchange: Exchange) -> None:
    exchange.trades("26000", on="BTCUSDT")
    exchange.trader().limit("BUY", "1", at="0.1", on="ETHBTC")
    seller = exchange.trader(taker="0.001", ETH="1", BNB="1").becomes(pays_in_bnb=True)

    # 0.0001 BTC are 2.6 USDT are 0.01 BNB, less a quarter
    assert seller.market("SELL", "1", on="ETHBTC").commissions == ["0.0075 BNB"]


def test_without_a_price_of_bnb_the_received_asset_pays() -> None:
    exchange = Exchange(pair("BTCUSDT"), pair("BNBUSDT"))
    exchange.trader().limit("BUY", "1", at="100")
    seller = exchange.trader(taker="0.001", BTC="1", BNB="1").becomes(pays_in_bnb=True)

    assert seller.market("SELL", "1").commissions == ["0.1 USDT"]
