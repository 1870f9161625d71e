"""Order Amend Keep Priority, by its FAQ."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import expect_status, text
from tests.exchange.engine.scenario import Exchange, Trader, order, pair, refused

LOT = {"filterType": "LOT_SIZE", "minQty": "0.5", "maxQty": "100", "stepSize": "0.1"}
AMENDS = {"filterType": "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends": 2}
NOTIONAL = {
    "filterType": "NOTIONAL",
    "minNotional": "10",
    "applyMinToMarket": True,
    "maxNotional": "0",
    "applyMaxToMarket": False,
    "avgPriceMins": 5,
}


@pytest.fixture
def exchange() -> Exchange:
    """A market without filters."""
    return Exchange()


@pytest.fixture
def you(exchange: Exchange) -> Trader:
    """Who changes the order."""
    return exchange.trader(BTC="10", USDT="1000000")


def test_an_amended_order_keeps_its_place_as_in_the_faq(exchange: Exchange, you: Trader) -> None:
    user_a = exchange.trader().limit("BUY", "1", at="87000")
    yours = you.limit("BUY", "5.5", at="87000")
    user_b = exchange.trader().limit("BUY", "4", at="87000")
    user_c = exchange.trader().limit("BUY", "2", at="86999")

    you.amend(yours, "5")
    assert exchange.book("BUY") == ["10@87000", "2@86999"]
    exchange.trader().limit("SELL", "6", at="87000")

    assert [each.executed for each in (user_a, yours, user_b, user_c)] == ["1", "5", "0", "0"]
    expect_status(yours, "FILLED")


def test_a_canceled_and_replaced_order_goes_to_the_end_as_in_the_faq(exchange: Exchange, you: Trader) -> None:
    user_a = exchange.trader().limit("BUY", "1", at="87000")
    yours = you.limit("BUY", "5.5", at="87000")
    user_b = exchange.trader().limit("BUY", "4", at="87000")

    answer = you.replace(yours, order("LIMIT", "BUY", "5", at="87000"))
    exchange.trader().limit("SELL", "6", at="87000")

    assert answer.order is not None
    assert answer.order.id > user_b.id
    assert (user_a.executed, user_b.executed, text(answer.order.executed)) == ("1", "4", "1")


def test_the_money_of_what_was_taken_away_is_free_again(you: Trader) -> None:
    purchase = you.limit("BUY", "5", at="100")
    sale = you.limit("SELL", "5", at="200")
    you.amend(purchase, "2")
    you.amend(sale, "3")

    assert (you.locked("USDT"), you.locked("BTC")) == ("200", "3")
    assert (you.free("USDT"), you.free("BTC")) == ("999800", "7")


def test_the_order_keeps_its_id_and_gets_a_new_client_id(you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100", name="first")
    amendment = you.amend(yours, "4")

    assert yours.order.id == yours.id
    assert yours.quantity == "4"
    assert amendment.old_client_id == "first"
    assert amendment.new_client_id == yours.client_id != "first"


def test_the_client_id_can_be_chosen_or_kept(you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100", name="first")
    you.amend(yours, "4", new_name="first")
    assert yours.client_id == "first"
    you.amend(yours, "3", new_name="second")
    assert yours.client_id == "second"
    you.amend(None, "2", name="second")

    assert yours.quantity == "2"


def test_the_old_client_id_is_free_again(you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100", name="first")
    you.amend(yours, "4", new_name="second")

    with refused(-2011, "Unknown order sent."):
        you.cancel(name="first")
    expect_status(you.limit("BUY", "1", at="100", name="first"), "NEW")
    with refused(-2010, "Duplicate order sent."):
        you.limit("BUY", "1", at="100", name="second")


def test_amendments_are_remembered_with_both_quantities(exchange: Exchange, you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100")
    you.amend(yours, "4")
    you.amend(yours, "3")

    made = exchange.venue.amendments["BTCUSDT", yours.id]
    assert [(text(each.old_quantity), text(each.new_quantity)) for each in made] == [("5", "4"), ("4", "3")]


def test_a_partly_filled_order_can_shrink_to_more_than_was_executed(exchange: Exchange, you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100")
    exchange.trader().limit("SELL", "2", at="100")
    you.amend(yours, "2.5")

    expect_status(yours, "PARTIALLY_FILLED")
    assert (exchange.book("BUY"), you.locked("USDT")) == (["0.5@100"], "50")


def test_the_quantity_cannot_grow_or_stay(you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100")
    with refused(-2038, "Order amend (quantity increase) is not supported."):
        you.amend(yours, "5.1")
    with refused(-2038, "The requested action would change no state; rejecting"):
        you.amend(yours, "5")


def test_only_open_orders_can_be_amended(exchange: Exchange, you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100")
    with refused(-2038, "Unknown order sent."):
        exchange.trader().amend(yours, "4")
    with refused(-2039, "Client order ID is not correct for this order ID."):
        you.amend(yours, "4", name="another")
    you.cancel(yours)
    with refused(-2038, "Unknown order sent."):
        you.amend(yours, "4")


def test_filters_hold_for_the_new_quantity() -> None:
    exchange = Exchange(pair("BTCUSDT", LOT, NOTIONAL))
    you = exchange.trader()
    yours = you.limit("BUY", "5", at="10")
    with refused(-1013, "Filter failure: LOT_SIZE"):
        you.amend(yours, "4.95")
    with refused(-1013, "Filter failure: LOT_SIZE"):
        you.amend(yours, "0.4")
    with refused(-1013, "Filter failure: NOTIONAL"):
        you.amend(yours, "0.9")
    you.amend(yours, "1")

    assert yours.quantity == "1"


def test_an_order_can_only_be_amended_so_often() -> None:
    exchange = Exchange(pair("BTCUSDT", AMENDS))
    you = exchange.trader()
    yours = you.limit("BUY", "5", at="10")
    you.amend(yours, "4")
    you.amend(yours, "3")
    with refused(-2038, "Filter failure: MAX_NUM_ORDER_AMENDS"):
        you.amend(yours, "2")
    you.amend(you.limit("BUY", "5", at="10"), "4")


def test_a_symbol_may_forbid_amendments() -> None:
    exchange = Exchange(pair("BTCUSDT", amendAllowed=False))
    you = exchange.trader()
    with refused(-2038, "Order amend is not supported for this symbol."):
        you.amend(you.limit("BUY", "5", at="10"), "4")


def test_a_client_id_in_use_is_refused(you: Trader) -> None:
    yours = you.limit("BUY", "5", at="100")
    you.limit("BUY", "5", at="100", name="taken")
    with refused(-2038, "Duplicate order sent."):
        you.amend(yours, "4", new_name="taken")


def test_an_icebergs_shown_part_shrinks_only_when_it_must(exchange: Exchange, you: Trader) -> None:
    yours = you.limit("SELL", "10", at="100", iceberg="3")
    you.amend(yours, "5")
    assert exchange.book("SELL") == ["3@100"]
    you.amend(yours, "2")
    assert exchange.book("SELL") == ["2@100"]


def test_a_waiting_stop_can_be_amended(exchange: Exchange, you: Trader) -> None:
    exchange.trades("100")
    yours = you.stop_loss_limit("BUY", "5", at="110", stop="105")
    you.amend(yours, "2")

    assert you.locked("USDT") == "220"
    exchange.trades("105")
    assert exchange.book("BUY") == ["2@110"]


def test_a_stop_that_trails_never_needs_more_money_to_become_smaller(exchange: Exchange) -> None:
    exchange.trades("100")
    you = exchange.trader(USDT="110")
    yours = you.stop_loss("BUY", "1", trailing=1000)
    exchange.trades("109.9")
    you.amend(yours, "0.99")

    assert you.locked("USDT") == "110"


def test_amending_one_order_of_an_oco_affects_both(exchange: Exchange, you: Trader) -> None:
    exchange.trades("100")
    placed = you.oco(
        order("LIMIT_MAKER", "SELL", "5", at="110"), order("STOP_LOSS_LIMIT", "SELL", "5", stop="90", at="89")
    )
    you.amend(placed.orders[1], "2")

    assert [each.quantity for each in placed.orders] == ["2", "2"]
    assert (exchange.book("SELL"), you.locked("BTC")) == (["2@110"], "2")
    exchange.trades("90")
    assert exchange.book("SELL") == ["2@89"]


def test_working_and_pending_orders_of_an_oto_are_amended_one_by_one(exchange: Exchange, you: Trader) -> None:
    placed = you.oto(order("LIMIT", "BUY", "5", at="100"), order("LIMIT", "SELL", "5", at="110"))
    you.amend(placed.orders[0], "4")
    you.amend(placed.orders[1], "3")

    assert [each.quantity for each in placed.orders] == ["4", "3"]
    assert placed.statuses == ["NEW", "PENDING_NEW"]
    exchange.trader().limit("SELL", "4", at="100")
    assert exchange.book("SELL") == ["3@110"]


def test_the_pending_market_order_of_the_documents_response_can_be_amended() -> None:
    exchange = Exchange(pair("LTCBTC"))
    you = exchange.trader(LTC="1", BTC="10")
    placed = you.oto(order("LIMIT", "SELL", "1", at="1"), order("MARKET", "BUY", "5"))
    you.amend(placed.orders[1], "4")

    assert (placed.statuses, placed.orders[1].quantity) == (["NEW", "PENDING_NEW"], "4")
    exchange.trader(LTC="9").limit("SELL", "9", at="2")
    exchange.trader(BTC="1").limit("BUY", "1", at="1")
    assert placed.orders[1].fills == ["4@2"]
