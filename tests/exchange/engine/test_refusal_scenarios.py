"""Refusals of the error document that no order type, filter or list owns."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, Trader, order, pair, refused
from veighna_ext.exchange import errors
from veighna_ext.exchange.enums import ORDER_TYPES


@pytest.fixture
def exchange() -> Exchange:
    """A market without filters."""
    return Exchange()


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who is refused."""
    return exchange.trader()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("LIMIT", "Limit orders are not supported for this symbol."),
        ("MARKET", "Market orders are not supported for this symbol."),
        ("LIMIT_MAKER", "Limit maker orders are not supported for this symbol."),
        ("STOP_LOSS", "Stop loss orders are not supported for this symbol."),
        ("STOP_LOSS_LIMIT", "Stop loss limit orders are not supported for this symbol."),
        ("TAKE_PROFIT", "Take profit orders are not supported for this symbol."),
        ("TAKE_PROFIT_LIMIT", "Take profit limit orders are not supported for this symbol."),
    ],
)
def test_a_symbol_offers_only_its_order_types(kind: str, message: str) -> None:
    stop = "0" if kind in ("LIMIT", "MARKET", "LIMIT_MAKER") else "90"
    spec = order(kind, "SELL", "1", at="100" if "LIMIT" in kind else "0", stop=stop)
    others = [each for each in ORDER_TYPES if each != kind]
    with refused(-1013, message):
        Exchange(pair("BTCUSDT", orderTypes=others)).trader().place(spec)
    Exchange(pair("BTCUSDT", orderTypes=[kind])).trader().place(spec)


def test_a_symbol_may_forbid_trailing_stops() -> None:
    trader = Exchange(pair("BTCUSDT", allowTrailingStop=False)).trader()
    with refused(-1013, "Trailing stop orders are not supported for this symbol."):
        trader.stop_loss("SELL", "1", trailing=100)
    expect_status(trader.stop_loss("SELL", "1", stop="90"), "NEW")


def test_a_symbol_may_forbid_market_orders_by_quote_amount() -> None:
    exchange = Exchange(pair("BTCUSDT", quoteOrderQtyMarketAllowed=False))
    exchange.trader().limit("SELL", "1", at="100")
    trader = exchange.trader()
    with refused(-1013, "Quote order qty market orders are not support for this symbol."):
        trader.market("BUY", worth="100")
    expect_status(trader.market("BUY", "1"), "FILLED")


def test_an_order_must_have_a_price_and_a_quantity(trader: Trader) -> None:
    for spec in (
        order("LIMIT", "BUY", "1"),
        order("LIMIT_MAKER", "BUY", "1"),
        order("STOP_LOSS_LIMIT", "BUY", "1", stop="90"),
    ):
        with refused(-1013, "Invalid price."):
            trader.place(spec)
    for spec in (
        order("LIMIT", "BUY", at="1"),
        order("MARKET", "BUY"),
        order("STOP_LOSS", "SELL", stop="90"),
    ):
        with refused(-1013, "Invalid quantity."):
            trader.place(spec)


def test_an_order_worth_nothing_is_refused(trader: Trader) -> None:
    with refused(-2010, "Price * QTY is zero or less."):
        trader.limit("BUY", "0.00000001", at="0.99999999")
    expect_status(trader.limit("BUY", "0.00000001", at="1"), "NEW")


def test_a_client_id_is_unique_among_open_orders_of_an_account_and_symbol(exchange: Exchange) -> None:
    exchange = Exchange(pair("BTCUSDT"), pair("ETHUSDT"))
    trader = exchange.trader()
    first = trader.limit("BUY", "1", at="100", name="mine")
    with refused(-2010, "Duplicate order sent."):
        trader.limit("BUY", "1", at="100", name="mine")
    trader.limit("BUY", "1", at="100", name="mine", on="ETHUSDT")
    exchange.trader().limit("BUY", "1", at="100", name="mine")
    trader.cancel(first)
    expect_status(trader.limit("BUY", "1", at="100", name="mine"), "NEW")


def test_a_filled_orders_client_id_is_free_again(exchange: Exchange, trader: Trader) -> None:
    trader.limit("BUY", "1", at="100", name="mine")
    exchange.trader().limit("SELL", "1", at="100")

    expect_status(trader.limit("BUY", "1", at="100", name="mine"), "NEW")


def test_a_refusal_reads_as_code_and_text() -> None:
    assert str(errors.would_take()) == "-2010: Order would immediately match and take."
    assert errors.would_take() != errors.would_trigger()
    assert len({errors.would_take(), errors.rejected("Order would immediately match and take.")}) == 1
