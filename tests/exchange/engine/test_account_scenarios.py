"""Accounts: what is free, what is locked, and who may do what."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, order, pair, refused
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import parse_amount


@pytest.fixture
def exchange() -> Exchange:
    """Two markets without filters."""
    return Exchange(pair("BTCUSDT"), pair("ETHUSDT"))


def test_the_same_money_backs_one_order_only_on_whatever_symbol(exchange: Exchange) -> None:
    trader = exchange.trader(USDT="100")
    trader.limit("BUY", "1", at="60")
    with refused(-2010, "Account has insufficient balance for requested action."):
        trader.limit("BUY", "1", at="40.00000001", on="ETHUSDT")

    expect_status(trader.limit("BUY", "1", at="40", on="ETHUSDT"), "NEW")
    assert (trader.free("USDT"), trader.locked("USDT")) == ("0", "100")


def test_a_buyer_pays_less_than_was_locked_when_the_price_is_better(exchange: Exchange) -> None:
    buyer = exchange.trader(USDT="100")
    buyer.limit("BUY", "0.5", at="100")
    exchange.trader().limit("SELL", "1", at="40")
    assert (buyer.free("USDT"), buyer.locked("USDT"), buyer.free("BTC")) == ("50", "0", "0.5")

    buyer.limit("BUY", "1", at="50")
    assert (buyer.free("USDT"), buyer.locked("USDT"), buyer.free("BTC")) == ("5", "25", "1")


def test_a_seller_must_own_what_is_sold(exchange: Exchange) -> None:
    seller = exchange.trader(BTC="1")
    with refused(-2010, "Account has insufficient balance for requested action."):
        seller.limit("SELL", "1.00000001", at="1")
    with refused(-2010, "Account has insufficient balance for requested action."):
        seller.market("SELL", "1.00000001")
    expect_status(seller.limit("SELL", "1", at="1"), "NEW")


def test_what_was_bought_can_be_sold_at_once(exchange: Exchange) -> None:
    exchange.trader().limit("SELL", "1", at="100")
    exchange.trader().limit("BUY", "1", at="99")
    trader = exchange.trader(USDT="100")
    trader.market("BUY", "1")
    trader.market("SELL", "1")

    assert (trader.free("USDT"), trader.free("BTC")) == ("99", "0")


def test_deposits_and_withdrawals_change_what_is_free(exchange: Exchange) -> None:
    trader = exchange.trader(USDT="100")
    trader.limit("BUY", "1", at="60")
    trader.deposit("USDT", "10")
    with refused(-2010, "Account has insufficient balance for requested action."):
        trader.withdraw("USDT", "50.00000001")
    trader.withdraw("USDT", "50")

    assert (trader.free("USDT"), trader.locked("USDT")) == ("0", "60")


def test_a_reset_cancels_the_orders_and_gives_the_starting_balances_back(exchange: Exchange) -> None:
    trader = exchange.trader(USDT="1000", ETH="3")
    exchange.trader().limit("SELL", "1", at="100")
    trader.limit("BUY", "1", at="100")
    placed = trader.limit("BUY", "1", at="60")
    exchange.trades("50")
    pending = trader.oto(order("LIMIT", "SELL", "1", at="200"), order("LIMIT", "BUY", "1", at="1"))
    trader.reset()

    assert (placed.status, pending.statuses) == ("CANCELED", ["CANCELED", "CANCELED"])
    assert [trader.free(asset) for asset in ("USDT", "ETH", "BTC")] == ["1000", "3", "0"]
    assert trader.locked("USDT") == trader.locked("BTC") == "0"


def test_an_account_that_may_not_trade_cannot_place_orders(exchange: Exchange) -> None:
    trader = exchange.trader().becomes(can_trade=False)
    with refused(-2010, "This account may not place or cancel orders."):
        trader.limit("BUY", "1", at="1")


def test_a_closed_account_has_no_orders_keys_or_rights(exchange: Exchange) -> None:
    trader = exchange.trader()
    placed = trader.limit("BUY", "1", at="1")
    exchange.submit(c.SetKey(exchange.now(), trader.id, "key"))
    exchange.submit(c.CloseAccount(exchange.now(), trader.id))

    expect_status(placed, "CANCELED")
    assert exchange.venue.keys == {}
    with refused(-2010, "This account may not place or cancel orders."):
        trader.limit("BUY", "1", at="1")


def test_an_account_may_have_several_keys_with_different_rights(exchange: Exchange) -> None:
    trader, other = exchange.trader(), exchange.trader()
    exchange.submit(c.SetKey(exchange.now(), trader.id, "trades"))
    exchange.submit(c.SetKey(exchange.now(), trader.id, "reads", may_trade=False))
    assert trader.account.keys == {"trades": True, "reads": False}
    assert exchange.venue.keys["reads"] is trader.account
    with refused(-2008, "Invalid Api-Key ID."):
        exchange.submit(c.SetKey(exchange.now(), other.id, "reads"))

    exchange.submit(c.SetKey(exchange.now(), trader.id, "reads", is_valid=False))
    exchange.submit(c.SetKey(exchange.now(), other.id, "reads"))
    assert (trader.account.keys, other.account.keys) == ({"trades": True}, {"reads": True})


def test_commands_for_nobody_and_for_no_symbol_are_refused(exchange: Exchange) -> None:
    trader = exchange.trader()
    with refused(-1121, "Invalid symbol."):
        trader.limit("BUY", "1", at="1", on="NOSUCH")
    with refused(-2008, "Invalid Api-Key ID."):
        exchange.submit(c.PlaceOrder(exchange.now(), 99, "BTCUSDT", order("LIMIT", "BUY", "1", at="1")))
    with refused(-2008, "Invalid Api-Key ID."):
        exchange.submit(c.Deposit(exchange.now(), 99, "USDT", parse_amount("1")))


def test_a_halted_symbol_takes_no_orders_until_it_trades_again(exchange: Exchange) -> None:
    trader = exchange.trader()
    for status in ("HALT", "BREAK"):
        exchange.halt(status)
        with refused(-1013, "Market is closed."):
            trader.limit("BUY", "1", at="1")
    expect_status(trader.limit("BUY", "1", at="1", on="ETHUSDT"), "NEW")
    exchange.halt("TRADING")
    expect_status(trader.limit("BUY", "1", at="1"), "NEW")


def test_the_market_itself_stands_still_while_its_symbol_is_halted(exchange: Exchange) -> None:
    exchange.trades("40000")
    exchange.halt()
    exchange.trades("41000")

    assert exchange.tape() == ["0.001@40000"]


def test_money_moves_only_for_accounts_that_may_deposit_or_withdraw(exchange: Exchange) -> None:
    trader = exchange.trader(USDT="100")
    number = trader.account.id
    exchange.submit(c.SetAccount(exchange.now(), number, can_withdraw=False))
    exchange.submit(c.Deposit(exchange.now(), number, "USDT", parse_amount("5")))
    with refused(-2010, "This action is disabled on this account."):
        exchange.submit(c.Deposit(exchange.now(), number, "USDT", -parse_amount("5")))
    exchange.submit(c.SetAccount(exchange.now(), number, can_deposit=False))
    with refused(-2010, "This action is disabled on this account."):
        exchange.submit(c.Deposit(exchange.now(), number, "USDT", parse_amount("5")))
    assert trader.free("USDT") == "105"
