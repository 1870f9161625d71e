"""Scenarios A to E of the FAQ on trailing stop orders, with its prices."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import text
from tests.exchange.engine.scenario import Exchange, Trader, refused


@pytest.fixture
def exchange() -> Exchange:
    """12:01:00: a trade at 40,000."""
    exchange = Exchange()
    exchange.trades("40000")
    return exchange


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who places the trailing order."""
    return exchange.trader(BTC="1", USDT="50000")


def extreme(placed: object) -> str:
    """The lowest price a buyer, the highest a seller has seen since the order follows the market."""
    return text(placed.order.conditions.extreme)  # type: ignore[attr-defined]


def test_scenario_a_stop_loss_limit_buy(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss_limit("BUY", "1", at="45000", stop="44000", trailing=500)

    # 7.5 % down, far more than the delta, but the order does not follow yet
    exchange.trades("39000", "38000", "37000")
    exchange.trades("38900", "40000", "43999.99")
    assert extreme(placed) == "0"

    exchange.trades("44000", "45000")
    assert extreme(placed) == "44000"
    exchange.trades("46000")
    assert not placed.is_working()

    exchange.trades("44000", "42000")
    assert extreme(placed) == "42000"
    exchange.trades("43000", "44099.99")
    assert not placed.is_working()

    exchange.trades("44100")
    assert placed.is_working()
    assert exchange.book("BUY") == ["1@45000"]


def test_scenario_b_stop_loss_limit_sell(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss_limit("SELL", "1", at="38000", stop="39000", trailing=1000)

    exchange.trades("41500")
    assert extreme(placed) == "0"
    exchange.trades("40000", "39000")
    assert extreme(placed) == "39000"
    exchange.trades("37000")
    assert not placed.is_working()
    exchange.trades("39000", "41000")
    assert extreme(placed) == "41000"
    exchange.trades("38000", "36900.01")
    assert not placed.is_working()

    exchange.trades("36900")
    assert placed.is_working()
    assert exchange.book("SELL") == ["1@38000"]


def test_scenario_c_take_profit_limit_buy(exchange: Exchange, trader: Trader) -> None:
    placed = trader.take_profit_limit("BUY", "1", at="38500", stop="38000", trailing=850)

    exchange.trades("42000")
    assert extreme(placed) == "0"
    exchange.trades("39000", "38000")
    assert extreme(placed) == "38000"
    exchange.trades("37000")
    assert extreme(placed) == "37000"
    exchange.trades("39000", "38000")
    assert extreme(placed) == "37000"
    exchange.trades("40144.99")
    assert not placed.is_working()

    exchange.trades("40145")
    assert placed.is_working()
    assert exchange.book("BUY") == ["1@38500"]


def test_scenario_d_take_profit_limit_sell(exchange: Exchange, trader: Trader) -> None:
    placed = trader.take_profit_limit("SELL", "1", at="41000", stop="42000", trailing=750)

    exchange.trades("41500", "39000")
    assert extreme(placed) == "0"
    exchange.trades("42000")
    assert extreme(placed) == "42000"
    exchange.trades("45000")
    assert extreme(placed) == "45000"
    exchange.trades("44000")
    assert not placed.is_working()
    exchange.trades("46500")
    assert extreme(placed) == "46500"
    exchange.trades("43012.51")
    assert not placed.is_working()

    exchange.trades("43012.5")
    assert placed.is_working()
    assert exchange.book("SELL") == ["1@41000"]


def test_scenario_e_without_a_stop_price(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss_limit("SELL", "1", at="39000", trailing=700)
    assert extreme(placed) == "40000"

    exchange.trades("42000")
    assert extreme(placed) == "42000"
    exchange.trades("39500")
    assert not placed.is_working()
    exchange.trades("45500")
    assert extreme(placed) == "45500"
    exchange.trades("42315.01")
    assert not placed.is_working()

    exchange.trades("42315")
    assert placed.is_working()
    assert exchange.book("SELL") == ["1@39000"]


def test_the_first_trade_beyond_the_stop_price_sets_the_extreme(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss_limit("BUY", "1", at="45000", stop="44000", trailing=500)

    exchange.trades("44500")

    assert extreme(placed) == "44500"


def test_an_order_without_a_stop_price_starts_with_the_first_trade_of_an_untraded_market() -> None:
    exchange = Exchange()
    placed = exchange.trader().stop_loss_limit("SELL", "1", at="39000", trailing=700)
    assert extreme(placed) == "0"

    exchange.trades("40000")
    assert extreme(placed) == "40000"
    exchange.trades("37200")
    assert placed.is_working()


def test_the_examples_of_the_documents_are_taken_with_and_without_their_stop_price(
    exchange: Exchange,
) -> None:
    trader = exchange.trader(BTC="1", USDT="50000")
    for stop in ("0", "43000"):
        trader.stop_loss_limit("BUY", "0.01", at="42000", stop=stop, trailing=500)
    for stop in ("0", "39000"):
        trader.stop_loss_limit("SELL", "0.01", at="37500", stop=stop, trailing=250)
    for stop in ("0", "36000"):
        trader.take_profit_limit("BUY", "0.01", at="38000", stop=stop, trailing=500)
    for stop in ("0", "42500"):
        trader.take_profit_limit("SELL", "0.01", at="41500", stop=stop, trailing=175)

    assert len(exchange.venue.market("BTCUSDT").stops.orders()) == 8


def test_a_trailing_market_order_sells_at_the_market(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "1", at="39000")
    placed = trader.stop_loss("SELL", "1", trailing=100)

    exchange.trades("39601")
    assert placed.executed == "0"
    exchange.trades("39600")

    assert placed.fills == ["1@39000"]


def test_a_trailing_buy_without_any_price_holds_what_it_may_cost_from_here(exchange: Exchange) -> None:
    buyer = exchange.trader(USDT="42000")
    with refused(-2010, "Account has insufficient balance for requested action."):
        buyer.stop_loss("BUY", "1", trailing=501)

    buyer.stop_loss("BUY", "1", trailing=500)

    assert buyer.locked("USDT") == "42000"


def test_an_order_that_follows_the_market_can_be_canceled(exchange: Exchange, trader: Trader) -> None:
    placed = trader.stop_loss("SELL", "1", trailing=100)

    trader.cancel(placed)
    exchange.trades("30000")

    assert placed.executed == "0"
    assert trader.free("BTC") == "1"


def test_the_trailing_time_is_when_the_order_begins_to_follow(exchange: Exchange, trader: Trader) -> None:
    at_once = trader.stop_loss_limit("SELL", "0.5", at="39000", trailing=700)
    assert at_once.order.conditions is not None
    assert at_once.order.conditions.trailing_time == exchange.time

    later = trader.stop_loss_limit("SELL", "0.5", at="37000", stop="39000", trailing=700)
    assert later.order.conditions is not None
    assert later.order.conditions.trailing_time == -1
    exchange.trades("39000")
    # the clock went on once for the trade and once for the clean-up after it
    assert later.order.conditions.trailing_time == exchange.time - 1_000_000
