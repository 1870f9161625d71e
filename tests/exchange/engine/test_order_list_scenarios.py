"""OCO pairs, and what holds for every order list, by the rules of their endpoints."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import PlacedList
from tests.exchange.engine.scenario import Exchange, Trader, order, pair, refused
from veighna_ext.exchange import enums


@pytest.fixture
def exchange() -> Exchange:
    """A market whose last price is 40,000."""
    exchange = Exchange()
    exchange.trades("40000")
    return exchange


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who sends the lists."""
    return exchange.trader(BTC="5", USDT="250000")


def sell_pair(trader: Trader, quantity: str = "5", **more: str) -> PlacedList:
    """Sell at 41,000, or at 38,000 once the price has fallen to 39,000."""
    return trader.oco(
        order("LIMIT_MAKER", "SELL", quantity, at="41000"),
        order("STOP_LOSS_LIMIT", "SELL", quantity, stop="39000", at="38000"),
        **more,
    )


def buy_pair(trader: Trader, quantity: str = "5") -> PlacedList:
    """Buy at 39,000, or at 42,000 once the price has risen to 41,000."""
    return trader.oco(
        order("STOP_LOSS_LIMIT", "BUY", quantity, stop="41000", at="42000"),
        order("LIMIT_MAKER", "BUY", quantity, at="39000"),
    )


def test_an_oco_starts_with_its_limit_on_the_book_and_its_stop_waiting(
    exchange: Exchange, trader: Trader
) -> None:
    placed = sell_pair(trader)

    assert (placed.contingency, placed.status, placed.statuses) == ("OCO", "EXECUTING", ["NEW", "NEW"])
    above, below = placed.orders
    assert (above.is_working(), below.is_working()) == (True, False)
    assert exchange.book("SELL") == ["5@41000"]


def test_the_stop_of_a_pair_has_the_lower_id(trader: Trader) -> None:
    for placed in (sell_pair(trader, "1"), buy_pair(trader, "1")):
        stop, limit = placed.list.orders
        assert stop.id < limit.id
        assert (stop.type, limit.type) == (enums.STOP_LOSS_LIMIT, enums.LIMIT_MAKER)


def test_both_orders_of_an_oco_share_one_lock(trader: Trader) -> None:
    sell_pair(trader)
    assert (trader.free("BTC"), trader.locked("BTC")) == ("0", "5")
    buy_pair(trader)
    assert (trader.free("USDT"), trader.locked("USDT")) == ("40000", "210000")


def test_the_first_fill_of_the_limit_ends_the_stop(exchange: Exchange, trader: Trader) -> None:
    placed = sell_pair(trader)
    exchange.trader().limit("BUY", "2", at="41000")

    assert placed.statuses == ["PARTIALLY_FILLED", "EXPIRED"]
    assert placed.orders[1].expiry_reason == "OCO_TRIGGER"
    assert (placed.status, trader.locked("BTC")) == ("EXECUTING", "3")

    exchange.trader().limit("BUY", "3", at="41000")
    assert placed.statuses == ["FILLED", "EXPIRED"]
    assert (placed.status, trader.free("USDT")) == ("ALL_DONE", "455000")


def test_the_first_fill_of_a_buying_limit_frees_what_the_stop_would_have_cost(
    exchange: Exchange, trader: Trader
) -> None:
    placed = buy_pair(trader)
    exchange.trader().limit("SELL", "1", at="39000")

    assert placed.statuses == ["EXPIRED", "PARTIALLY_FILLED"]
    assert (trader.free("USDT"), trader.locked("USDT")) == ("55000", "156000")


def test_the_stop_ends_the_limit_when_it_is_triggered(exchange: Exchange, trader: Trader) -> None:
    placed = sell_pair(trader)
    exchange.trades("39000")

    assert placed.statuses == ["EXPIRED", "NEW"]
    assert placed.orders[0].expiry_reason == "OCO_TRIGGER"
    assert exchange.book("SELL") == ["5@38000"]
    assert (placed.status, trader.locked("BTC")) == ("EXECUTING", "5")

    exchange.trader().limit("BUY", "5", at="38000")
    assert (placed.statuses, placed.status) == (["EXPIRED", "FILLED"], "ALL_DONE")


def test_a_triggered_stop_of_a_buying_pair_has_the_whole_lock(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("SELL", "5", at="42000")
    placed = buy_pair(trader)
    exchange.trades("41000")

    assert placed.statuses == ["FILLED", "EXPIRED"]
    assert (trader.free("USDT"), trader.locked("USDT")) == ("40000", "0")


def test_a_trailing_stop_can_be_the_contingent_order_of_an_oco(exchange: Exchange, trader: Trader) -> None:
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="50000"),
        order("STOP_LOSS_LIMIT", "SELL", "5", trailing=1000, at="30000"),
    )
    exchange.trades("45000", "40500")

    assert placed.statuses == ["EXPIRED", "NEW"]
    assert exchange.book("SELL") == ["5@30000"]


def test_an_oco_of_take_profit_and_stop_loss(exchange: Exchange, trader: Trader) -> None:
    placed = trader.oco(
        order("TAKE_PROFIT", "SELL", "5", stop="41000"), order("STOP_LOSS", "SELL", "5", stop="39000")
    )
    assert [each.is_working() for each in placed.orders] == [False, False]
    assert trader.locked("BTC") == "5"
    exchange.trader().limit("BUY", "5", at="40900")
    exchange.trades("41000")

    assert (placed.statuses, placed.status) == (["FILLED", "EXPIRED"], "ALL_DONE")


def test_a_stop_that_expires_unfilled_ends_the_list(exchange: Exchange, trader: Trader) -> None:
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="41000"), order("STOP_LOSS", "SELL", "5", stop="39000")
    )
    exchange.trades("39000")

    assert (placed.statuses, placed.status) == (["EXPIRED", "EXPIRED"], "ALL_DONE")
    assert [each.expiry_reason for each in placed.orders] == ["OCO_TRIGGER", "INSUFFICIENT_LIQUIDITY"]
    assert trader.free("BTC") == "5"


@pytest.mark.parametrize(
    ("limit", "stop"), [("40000", "39000"), ("41000", "40000"), ("39999", "39000"), ("41000", "40001")]
)
def test_the_last_price_must_lie_between_limit_and_stop_of_a_sell_oco(
    trader: Trader, limit: str, stop: str
) -> None:
    with refused(-2010, "The relationship of the prices for the orders is not correct."):
        trader.oco(order("LIMIT_MAKER", "SELL", "1", at=limit), order("STOP_LOSS", "SELL", "1", stop=stop))


@pytest.mark.parametrize(
    ("limit", "stop"), [("40000", "41000"), ("39000", "40000"), ("40001", "41000"), ("39000", "39999")]
)
def test_the_last_price_must_lie_between_limit_and_stop_of_a_buy_oco(
    trader: Trader, limit: str, stop: str
) -> None:
    with refused(-2010, "The relationship of the prices for the orders is not correct."):
        trader.oco(order("STOP_LOSS", "BUY", "1", stop=stop), order("LIMIT_MAKER", "BUY", "1", at=limit))


def test_of_a_take_profit_limit_it_is_the_price_that_must_lie_beyond_the_market(trader: Trader) -> None:
    stop = order("STOP_LOSS", "SELL", "1", stop="39000")
    with refused(-2010, "The relationship of the prices for the orders is not correct."):
        trader.oco(order("TAKE_PROFIT_LIMIT", "SELL", "1", stop="41000", at="40000"), stop)
    with refused(-2010, "Order would trigger immediately."):
        trader.oco(order("TAKE_PROFIT_LIMIT", "SELL", "1", stop="39000", at="40001"), stop)
    trader.oco(order("TAKE_PROFIT_LIMIT", "SELL", "1", stop="41000", at="40000.01"), stop)
    with refused(-2010, "The relationship of the prices for the orders is not correct."):
        trader.oco(order("TAKE_PROFIT", "SELL", "1", stop="40000"), stop)


@pytest.mark.parametrize(
    ("code", "message", "above", "below"),
    [
        (-1158, "Order type not supported in OCO.", "SELL LIMIT", "SELL STOP_LOSS"),
        (-1158, "Order type not supported in OCO.", "SELL LIMIT_MAKER", "SELL MARKET"),
        (-1165, "A limit order in a buy OCO must be below.", "BUY LIMIT_MAKER", "BUY STOP_LOSS"),
        (-1166, "A limit order in a sell OCO must be above.", "SELL TAKE_PROFIT", "SELL LIMIT_MAKER"),
        (-1168, "At least one OCO order must be contingent.", "SELL LIMIT_MAKER", "SELL LIMIT_MAKER"),
        (-1196, "A stop loss order in a buy OCO must be above.", "BUY STOP_LOSS", "BUY STOP_LOSS_LIMIT"),
        (-1197, "A stop loss order in a sell OCO must be below.", "SELL STOP_LOSS", "SELL TAKE_PROFIT"),
        (-1198, "A take profit order in a buy OCO must be below.", "BUY TAKE_PROFIT", "BUY STOP_LOSS"),
        (-1199, "A take profit order in a sell OCO must be above.", "SELL LIMIT_MAKER", "SELL TAKE_PROFIT"),
    ],
)
def test_each_type_has_its_place_in_an_oco(
    trader: Trader, code: int, message: str, above: str, below: str
) -> None:
    specs = []
    for which, price in ((above, "41000"), (below, "39000")):
        side, kind = which.split()
        has_price = "LIMIT" in kind
        has_stop = kind.startswith(("STOP", "TAKE"))
        specs.append(order(kind, side, "1", at=price if has_price else "0", stop=price if has_stop else "0"))
    with refused(code, message):
        trader.oco(*specs)
    with refused(code, message):
        trader.otoco(order("LIMIT", "BUY", "1", at="39000"), *specs)


def test_canceling_one_order_of_a_list_cancels_all_of_it(trader: Trader) -> None:
    placed = sell_pair(trader)
    trader.cancel(placed.orders[1])

    assert (placed.statuses, placed.status) == (["CANCELED", "CANCELED"], "ALL_DONE")
    assert trader.free("BTC") == "5"


def test_a_list_can_be_canceled_by_either_of_its_ids(trader: Trader) -> None:
    first, second = sell_pair(trader, "2", name="first"), sell_pair(trader, "2", name="second")
    trader.cancel_list(first)
    trader.cancel_list(name="second")

    assert first.statuses == second.statuses == ["CANCELED", "CANCELED"]


def test_both_ids_of_a_list_to_cancel_must_belong_together(trader: Trader) -> None:
    placed = sell_pair(trader, name="mine")
    with refused(-2011, "Unknown order list sent."):
        trader.cancel_list(placed, name="another")
    trader.cancel_list(placed, name="mine")


def test_a_list_that_has_ended_or_belongs_to_somebody_else_is_unknown(
    exchange: Exchange, trader: Trader
) -> None:
    placed = sell_pair(trader)
    with refused(-2011, "Unknown order list sent."):
        exchange.trader().cancel_list(placed)
    trader.cancel_list(placed)
    with refused(-2011, "Unknown order list sent."):
        trader.cancel_list(placed)
    with refused(-2011, "Unknown order list sent."):
        trader.cancel_list(name="never")


def test_cancel_all_takes_lists_and_single_orders(trader: Trader) -> None:
    placed = sell_pair(trader, "4")
    single = trader.limit("SELL", "1", at="50000")
    trader.cancel_all()

    assert (placed.statuses, single.status) == (["CANCELED", "CANCELED"], "CANCELED")
    assert trader.locked("BTC") == "0"


def test_a_list_id_may_be_used_again_when_its_list_has_ended(trader: Trader) -> None:
    placed = sell_pair(trader, "1", name="mine")
    with refused(-2010, "Duplicate order sent."):
        sell_pair(trader, "1", name="mine")
    trader.cancel_list(placed)
    assert sell_pair(trader, "1", name="mine").id == placed.id + 1


def test_client_order_ids_must_differ_within_a_list_and_from_open_orders(trader: Trader) -> None:
    trader.limit("SELL", "1", at="50000", name="open")
    for above, below in (("a", "a"), ("open", "b")):
        with refused(-2010, "Duplicate order sent."):
            trader.oco(
                order("LIMIT_MAKER", "SELL", "1", at="41000", name=above),
                order("STOP_LOSS", "SELL", "1", stop="39000", name=below),
            )


def test_an_oco_without_the_money_for_its_dearer_order_is_refused_as_a_whole(exchange: Exchange) -> None:
    trader = exchange.trader(USDT="209999.99")
    with refused(-2010, "Account has insufficient balance for requested action."):
        buy_pair(trader)
    trader.deposit("USDT", "0.01")
    assert [each.id for each in buy_pair(trader).orders] == [3, 4]


def test_a_pair_that_would_take_at_once_is_refused(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "1", at="41000")
    with refused(-2010, "Order would immediately match and take."):
        sell_pair(trader)


def test_symbols_may_forbid_lists() -> None:
    exchange = Exchange(pair("BTCUSDT", ocoAllowed=False), pair("ETHUSDT", otoAllowed=False))
    trader = exchange.trader()
    with refused(-1013, "OCO orders are not supported for this symbol"):
        sell_pair(trader)
    exchange.symbol = "ETHUSDT"
    with refused(-1013, "OTO orders are not supported for this symbol"):
        trader.oto(order("LIMIT", "BUY", "1", at="1"), order("MARKET", "SELL", "1"))
