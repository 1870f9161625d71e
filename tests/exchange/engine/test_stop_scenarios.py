"""STOP_LOSS, TAKE_PROFIT and their LIMIT versions, by the trigger rules of the order type table."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, Trader, order, refused


@pytest.fixture
def exchange() -> Exchange:
    """A market whose last price is 40,000."""
    exchange = Exchange()
    exchange.trades("40000")
    return exchange


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Somebody with one coin and the money for another one."""
    return exchange.trader(BTC="1", USDT="50000")


ABOVE = [("STOP_LOSS", "BUY"), ("TAKE_PROFIT", "SELL")]
BELOW = [("STOP_LOSS", "SELL"), ("TAKE_PROFIT", "BUY")]


@pytest.mark.parametrize(("kind", "side"), ABOVE)
@pytest.mark.parametrize("limit", ["", "_LIMIT"])
def test_stops_that_wait_for_a_rise_start_when_the_price_reaches_them(
    exchange: Exchange, trader: Trader, kind: str, side: str, limit: str
) -> None:
    placed = trader.place(order(kind + limit, side, "1", stop="41000", at="41000" if limit else "0"))
    assert not placed.is_working()

    exchange.trades("40999.99", "30000")
    assert not placed.is_working()

    exchange.trades("41000")
    assert placed.is_working()


@pytest.mark.parametrize(("kind", "side"), BELOW)
@pytest.mark.parametrize("limit", ["", "_LIMIT"])
def test_stops_that_wait_for_a_fall_start_when_the_price_reaches_them(
    exchange: Exchange, trader: Trader, kind: str, side: str, limit: str
) -> None:
    placed = trader.place(order(kind + limit, side, "1", stop="39000", at="39000" if limit else "0"))

    exchange.trades("39000.01", "50000")
    assert not placed.is_working()

    exchange.trades("38000")
    assert placed.is_working()


@pytest.mark.parametrize(
    ("kind", "side", "stop"),
    [(kind, side, stop) for kind, side in ABOVE for stop in ("40000", "39999.99")]
    + [(kind, side, stop) for kind, side in BELOW for stop in ("40000", "40000.01")],
)
def test_a_stop_price_the_market_already_satisfies_is_refused(
    trader: Trader, kind: str, side: str, stop: str
) -> None:
    with refused(-2010, "Order would trigger immediately."):
        trader.place(order(kind, side, "1", stop=stop))
    with refused(-2010, "Order would trigger immediately."):
        trader.place(order(kind + "_LIMIT", side, "1", stop=stop, at="40000"))


def test_a_waiting_stop_is_not_on_the_book_but_holds_its_money(exchange: Exchange, trader: Trader) -> None:
    sale = trader.stop_loss_limit("SELL", "1", at="38000", stop="39000")
    purchase = trader.stop_loss_limit("BUY", "1", at="42000", stop="41000")

    expect_status(sale, "NEW")
    assert not sale.is_working()
    assert not purchase.is_working()
    assert exchange.book("SELL") == exchange.book("BUY") == []
    assert (trader.locked("BTC"), trader.locked("USDT")) == ("1", "42000")


def test_a_triggered_stop_loss_becomes_a_market_order(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "0.6", at="38990")
    exchange.trader().limit("BUY", "5", at="38980")
    placed = trader.stop_loss("SELL", "1", stop="39000")

    exchange.trades("39000")

    expect_status(placed, "FILLED")
    assert placed.fills == ["0.6@38990", "0.4@38980"]
    assert (trader.free("USDT"), trader.locked("BTC")) == ("88986", "0")


def test_a_triggered_stop_loss_without_a_counterpart_expires(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss("SELL", "1", stop="39000")

    exchange.trades("39000")

    expect_status(placed, "EXPIRED")
    assert placed.expiry_reason == "INSUFFICIENT_LIQUIDITY"
    assert trader.free("BTC") == "1"


def test_a_triggered_stop_loss_limit_rests_at_its_price(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss_limit("SELL", "1", at="39500", stop="39000")

    exchange.trades("38500")

    expect_status(placed, "NEW")
    assert exchange.book("SELL") == ["1@39500"]
    assert trader.locked("BTC") == "1"


def test_a_triggered_stop_loss_limit_takes_what_its_price_allows(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "0.6", at="38900")
    placed = trader.stop_loss_limit("SELL", "1", at="38900", stop="39000", tif="IOC")

    exchange.trades("39000")

    expect_status(placed, "EXPIRED")
    assert (placed.fills, placed.expiry_reason) == (["0.6@38900"], "UNFILLED_IOC_QUANTITY_EXPIRED")


def test_a_triggered_take_profit_limit_buys_at_its_price(exchange: Exchange, trader: Trader) -> None:
    placed = trader.take_profit_limit("BUY", "1", at="38500", stop="38000")
    assert trader.locked("USDT") == "38500"
    exchange.trader().limit("SELL", "1", at="38400")
    exchange.trader().limit("BUY", "0.001", at="38000")
    exchange.trader().limit("SELL", "0.001", at="38000")

    expect_status(placed, "FILLED")
    assert placed.fills == ["1@38400"]
    assert trader.free("USDT") == "11600"


def test_the_trade_that_triggers_one_stop_can_trigger_the_next(exchange: Exchange) -> None:
    buyer, early, late = exchange.trader(), exchange.trader(BTC="1"), exchange.trader(BTC="1")
    buyer.limit("BUY", "1", at="38000")
    buyer.limit("BUY", "1", at="37000")
    first = early.stop_loss("SELL", "1", stop="39000")
    second = late.stop_loss("SELL", "1", stop="38500")

    exchange.trades("39000")

    assert (first.fills, second.fills) == (["1@38000"], ["1@37000"])
    assert exchange.tape()[-2:] == ["1@38000", "1@37000"]


def test_the_stop_nearest_to_the_market_comes_first(exchange: Exchange) -> None:
    one, other = exchange.trader(BTC="1"), exchange.trader(BTC="1")
    exchange.trader().limit("BUY", "1", at="38000")
    exchange.trader().limit("BUY", "1", at="37000")
    farther = one.stop_loss("SELL", "1", stop="39000")
    nearer = other.stop_loss("SELL", "1", stop="39500")

    exchange.trades("38900")

    assert (nearer.fills, farther.fills) == (["1@38000"], ["1@37000"])


def test_a_stop_without_the_money_for_its_whole_quantity_is_refused(trader: Trader) -> None:
    with refused(-2010, "Account has insufficient balance for requested action."):
        trader.stop_loss("SELL", "1.00001", stop="39000")
    with refused(-2010, "Account has insufficient balance for requested action."):
        trader.stop_loss("BUY", "1.25", stop="40000.01")
    with refused(-2010, "Account has insufficient balance for requested action."):
        trader.stop_loss_limit("BUY", "1", at="50000.01", stop="41000")


def test_a_triggered_market_buy_that_cannot_be_paid_expires_as_rejected(exchange: Exchange) -> None:
    buyer = exchange.trader(USDT="41000")
    exchange.trader().limit("SELL", "1", at="41500")
    placed = buyer.stop_loss("BUY", "1", stop="41000")
    assert buyer.locked("USDT") == "41000"

    exchange.trades("41000")

    expect_status(placed, "EXPIRED")
    assert (placed.executed, placed.expiry_reason) == ("0", "REJECTED")
    assert (buyer.free("USDT"), buyer.locked("USDT")) == ("41000", "0")


def test_a_triggered_market_buy_may_also_spend_what_is_free(exchange: Exchange) -> None:
    buyer = exchange.trader(USDT="41500")
    exchange.trader().limit("SELL", "1", at="41500")
    placed = buyer.stop_loss("BUY", "1", stop="41000")

    exchange.trades("41000")

    expect_status(placed, "FILLED")
    assert buyer.free("USDT") == "0"


def test_a_waiting_stop_can_be_canceled(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss_limit("SELL", "1", at="38000", stop="39000")

    trader.cancel(placed)
    exchange.trades("38000")

    expect_status(placed, "CANCELED")
    assert not placed.is_working()
    assert trader.free("BTC") == "1"


def test_conditional_orders_need_a_stop_price_or_a_trailing_delta_and_other_orders_must_not_have_one(
    trader: Trader,
) -> None:
    for wrong in (
        order("STOP_LOSS", "SELL", "1"),
        order("TAKE_PROFIT_LIMIT", "SELL", "1", at="41000"),
        order("LIMIT", "SELL", "1", at="41000", stop="39000"),
        order("LIMIT", "SELL", "1", at="41000", trailing=100),
        order("LIMIT_MAKER", "SELL", "1", at="41000", stop="39000"),
        order("MARKET", "SELL", "1", stop="39000"),
        order("STOP_LOSS", "SELL", "1", at="38000", stop="39000"),
        order("MARKET", "SELL", "1", at="38000"),
    ):
        with refused(-1014, "Unsupported order combination."):
            trader.place(wrong)
