"""Cancel, cancel-all and cancel-replace, by their endpoints' notes and tables."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, Trader, order, pair, refused
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.engine.reports import ExecutionReport
from veighna_ext.exchange.engine.trading import Replacement, ReplaceRefused
from veighna_ext.exchange.errors import Refused


@pytest.fixture
def exchange() -> Exchange:
    """A market without filters."""
    return Exchange()


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who cancels."""
    return exchange.trader(BTC="10", USDT="1000")


# cancel


def test_a_canceled_order_gives_its_money_back(exchange: Exchange, trader: Trader) -> None:
    placed = trader.limit("BUY", "5", at="100")
    exchange.trader().limit("SELL", "2", at="100")
    trader.cancel(placed)

    expect_status(placed, "CANCELED")
    assert (placed.executed, exchange.book("BUY")) == ("2", [])
    assert (trader.free("USDT"), trader.locked("USDT")) == ("800", "0")


def test_an_order_is_named_by_its_id_its_client_id_or_both(trader: Trader) -> None:
    by_id, by_client_id, by_both = (trader.limit("BUY", "1", at="100", name=name) for name in ("a", "b", "c"))
    trader.cancel(by_id)
    trader.cancel(name="b")
    trader.cancel(by_both, name="c")

    assert (by_id.status, by_client_id.status, by_both.status) == ("CANCELED",) * 3


def test_a_client_id_that_belongs_to_another_order_is_refused(trader: Trader) -> None:
    placed = trader.limit("BUY", "1", at="100", name="a")
    trader.limit("BUY", "1", at="100", name="b")
    with refused(-2039, "Client order ID is not correct for this order ID."):
        trader.cancel(placed, name="b")


def test_what_is_not_open_cannot_be_canceled(exchange: Exchange, trader: Trader) -> None:
    placed = trader.limit("BUY", "1", at="100", name="mine")
    with refused(-2011, "Unknown order sent."):
        exchange.trader().cancel(placed)
    exchange.trader().limit("SELL", "1", at="100")
    with refused(-2011, "Unknown order sent."):
        trader.cancel(placed)
    with refused(-2011, "Unknown order sent."):
        trader.cancel(name="mine")
    with refused(-2011, "Unknown order sent."):
        trader.cancel(name="never")


def test_cancel_restrictions_only_new(exchange: Exchange, trader: Trader) -> None:
    placed = trader.limit("BUY", "2", at="100")
    exchange.trader().limit("SELL", "1", at="100")
    with refused(-2011, "Order was not canceled due to cancel restrictions."):
        trader.cancel(placed, only="NEW")
    trader.cancel(placed, only="PARTIALLY_FILLED")
    expect_status(placed, "CANCELED")


def test_cancel_restrictions_only_partially_filled(trader: Trader) -> None:
    placed = trader.limit("BUY", "2", at="100")
    with refused(-2011, "Order was not canceled due to cancel restrictions."):
        trader.cancel(placed, only="PARTIALLY_FILLED")
    trader.cancel(placed, only="NEW")
    expect_status(placed, "CANCELED")


def test_orders_can_be_canceled_while_the_symbol_is_halted(exchange: Exchange, trader: Trader) -> None:
    placed = trader.limit("BUY", "2", at="100")
    exchange.halt()
    trader.cancel(placed)

    expect_status(placed, "CANCELED")


def test_cancel_all_means_one_symbol_and_one_account(trader: Trader) -> None:
    exchange = Exchange(pair("BTCUSDT"), pair("ETHUSDT"))
    trader, other = exchange.trader(), exchange.trader()
    mine = [trader.limit("BUY", "1", at="100"), trader.limit("SELL", "1", at="200")]
    elsewhere, theirs = trader.limit("BUY", "1", at="100", on="ETHUSDT"), other.limit("BUY", "1", at="100")
    canceled = trader.cancel_all()

    assert [each.id for each in canceled] == [each.id for each in mine]
    assert [each.status for each in mine] == ["CANCELED", "CANCELED"]
    assert (elsewhere.status, theirs.status) == ("NEW", "NEW")


def test_cancel_all_gives_every_cancel_the_same_id(exchange: Exchange, trader: Trader) -> None:
    trader.listens()
    trader.limit("BUY", "1", at="100", name="first")
    trader.limit("SELL", "1", at="200", name="second")
    trader.hears()
    trader.cancel_all(cancel_name="cancel")

    told = [report for report in trader.reports() if isinstance(report, ExecutionReport)]
    assert [(each.original_client_id, each.client_id) for each in told] == [
        ("first", "cancel"),
        ("second", "cancel"),
    ]


def test_cancel_all_without_an_open_order_is_refused(trader: Trader) -> None:
    with refused(-2011, "Unknown order sent."):
        trader.cancel_all()


# cancel-replace


def failed(trader: Trader, spec: OrderSpec, allow_failure: bool, **more: object) -> Replacement:
    """What a cancel-replace says of which both halves failed: code -2022."""
    with pytest.raises(ReplaceRefused) as refusal:
        trader.replace(None, spec, allow_failure=allow_failure, **more)  # type: ignore[arg-type]
    assert refusal.value == Refused(-2022, "Order cancel-replace failed.")
    return refusal.value.result


def test_both_halves_succeed(exchange: Exchange, trader: Trader) -> None:
    old = trader.limit("SELL", "0.5", at="100")
    answer = trader.replace(old, order("LIMIT", "BUY", "0.4", at="20", name="new"))

    expect_status(old, "CANCELED")
    assert answer.order is not None
    assert (answer.order.client_id, answer.order.id) == ("new", old.id + 1)
    assert (answer.cancel_refusal, answer.order_refusal) == (None, None)
    assert (exchange.book("BUY"), exchange.book("SELL")) == (["0.4@20"], [])


def test_the_canceled_orders_money_pays_for_the_new_one(trader: Trader) -> None:
    old = trader.limit("BUY", "10", at="100")
    trader.replace(old, order("LIMIT", "BUY", "8", at="125"))

    assert (trader.free("USDT"), trader.locked("USDT")) == ("0", "1000")


def test_the_new_order_may_take_over_the_old_ones_client_id(trader: Trader) -> None:
    old = trader.limit("BUY", "1", at="100", name="mine")
    answer = trader.replace(old, order("LIMIT", "BUY", "1", at="101", name="mine"))

    assert answer.order is not None
    assert answer.order.client_id == "mine"
    trader.cancel(name="mine")


def test_stop_on_failure_does_not_try_the_order_when_the_cancel_fails(
    exchange: Exchange, trader: Trader
) -> None:
    answer = failed(trader, order("LIMIT", "BUY", "1", at="100"), allow_failure=False, name="never")

    assert answer.cancel_refusal == Refused(-2011, "Unknown order sent.")
    assert (answer.order, answer.order_refusal) == (None, None)
    assert exchange.book("BUY") == []


def test_allow_failure_places_the_order_although_the_cancel_fails(exchange: Exchange, trader: Trader) -> None:
    answer = trader.replace(None, order("LIMIT", "BUY", "1", at="100"), name="never", allow_failure=True)

    assert answer.cancel_refusal == Refused(-2011, "Unknown order sent.")
    assert (answer.canceled, answer.order is not None) == (None, True)
    assert exchange.book("BUY") == ["1@100"]


def test_the_cancel_succeeds_and_the_order_fails(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("SELL", "1", at="90")
    old = trader.limit("BUY", "1", at="80")
    answer = trader.replace(old, order("LIMIT_MAKER", "BUY", "1", at="90"))

    expect_status(old, "CANCELED")
    assert answer.canceled is old.order
    assert answer.order_refusal == Refused(-2010, "Order would immediately match and take.")


def test_both_halves_fail(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("SELL", "1", at="90")
    answer = failed(trader, order("LIMIT_MAKER", "BUY", "1", at="90"), allow_failure=True, name="never")

    assert answer.cancel_refusal == Refused(-2011, "Unknown order sent.")
    assert answer.order_refusal == Refused(-2010, "Order would immediately match and take.")


def test_filters_are_looked_at_before_anything_is_canceled(trader: Trader) -> None:
    exchange = Exchange(
        pair("BTCUSDT", {"filterType": "LOT_SIZE", "minQty": "1", "maxQty": "9", "stepSize": "1"})
    )
    trader = exchange.trader()
    old = trader.limit("BUY", "1", at="80")
    with refused(-1013, "Filter failure: LOT_SIZE"):
        trader.replace(old, order("LIMIT", "BUY", "1.5", at="80"))
    with refused(-1013, "Filter failure: LOT_SIZE"):
        trader.replace(None, order("LIMIT", "BUY", "1.5", at="80"), name="never")

    expect_status(old, "NEW")


def test_the_order_about_to_be_canceled_still_counts() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 1}))
    trader = exchange.trader()
    old = trader.limit("BUY", "1", at="80")
    with refused(-1013, "Filter failure: MAX_NUM_ORDERS"):
        trader.replace(old, order("LIMIT", "BUY", "1", at="81"))
    expect_status(old, "NEW")


def test_what_the_matching_engine_says_against_the_order_comes_after_the_cancel(trader: Trader) -> None:
    old = trader.limit("BUY", "1", at="80", name="old")
    trader.limit("BUY", "1", at="80", name="taken")
    answer = trader.replace(old, order("LIMIT", "BUY", "1", at="81", name="taken"))

    expect_status(old, "CANCELED")
    assert answer.order_refusal == Refused(-2010, "Duplicate order sent.")


def test_too_little_money_for_the_new_order_leaves_the_old_one_canceled(trader: Trader) -> None:
    old = trader.limit("BUY", "1", at="80")
    answer = trader.replace(old, order("LIMIT", "BUY", "1", at="1000.01"))

    assert answer.order_refusal == Refused(-2010, "Account has insufficient balance for requested action.")
    assert (old.status, trader.free("USDT")) == ("CANCELED", "1000")


def test_cancel_restrictions_hold_for_the_replaced_order(exchange: Exchange, trader: Trader) -> None:
    old = trader.limit("BUY", "2", at="80", name="old")
    exchange.trader().limit("SELL", "1", at="80")
    answer = failed(trader, order("LIMIT", "BUY", "1", at="81"), False, name="old", only="NEW")

    assert answer.cancel_refusal == Refused(-2011, "Order was not canceled due to cancel restrictions.")
    expect_status(old, "PARTIALLY_FILLED")


def test_replacing_one_order_of_a_list_cancels_the_whole_list(exchange: Exchange, trader: Trader) -> None:
    exchange.trades("100")
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "10", at="110"), order("STOP_LOSS", "SELL", "10", stop="90")
    )
    trader.replace(placed.orders[0], order("LIMIT", "SELL", "10", at="105"))

    assert (placed.statuses, placed.status) == (["CANCELED", "CANCELED"], "ALL_DONE")
    assert (exchange.book("SELL"), trader.locked("BTC")) == (["10@105"], "10")


def test_over_the_order_limit_the_cancel_can_be_had_alone(exchange: Exchange, trader: Trader) -> None:
    old = trader.limit("BUY", "1", at="80")
    answer = trader.replace(old, order("LIMIT", "BUY", "1", at="81"), cancel_only=True)

    expect_status(old, "CANCELED")
    assert (answer.canceled, answer.order) == (old.order, None)
    assert exchange.book("BUY") == []


def test_a_symbol_may_forbid_it() -> None:
    exchange = Exchange(pair("BTCUSDT", cancelReplaceAllowed=False))
    trader = exchange.trader()
    old = trader.limit("BUY", "1", at="80")
    with refused(-1013, "Order cancel-replace is not supported for this symbol."):
        trader.replace(old, order("LIMIT", "BUY", "1", at="81"))
