"""OTO and OTOCO: orders that wait for another one to be filled, by the rules of their endpoints."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import PlacedList, expect_status
from tests.exchange.engine.scenario import Exchange, Trader, order, refused


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


def test_only_the_working_order_of_an_oto_goes_to_the_book(exchange: Exchange, trader: Trader) -> None:
    placed = trader.oto(order("LIMIT", "BUY", "1", at="39000"), order("LIMIT", "SELL", "20", at="45000"))

    assert (placed.contingency, placed.statuses) == ("OTO", ["NEW", "PENDING_NEW"])
    assert (exchange.book("BUY"), exchange.book("SELL")) == (["1@39000"], [])
    # nobody has to own yet what the pending order will need
    assert (trader.locked("USDT"), trader.locked("BTC")) == ("39000", "0")


def test_the_pending_order_is_placed_when_the_working_order_is_filled_whole(
    exchange: Exchange, trader: Trader
) -> None:
    placed = trader.oto(order("LIMIT", "BUY", "2", at="39000"), order("LIMIT", "SELL", "7", at="45000"))
    exchange.trader().limit("SELL", "1.5", at="39000")
    assert placed.statuses == ["PARTIALLY_FILLED", "PENDING_NEW"]

    exchange.trader().limit("SELL", "0.5", at="39000")
    assert placed.statuses == ["FILLED", "NEW"]
    assert exchange.book("SELL") == ["7@45000"]
    assert (trader.free("BTC"), trader.locked("BTC"), placed.status) == ("0", "7", "EXECUTING")

    exchange.trader().limit("BUY", "7", at="45000")
    assert (placed.statuses, placed.status) == (["FILLED", "FILLED"], "ALL_DONE")


def test_a_working_order_that_is_filled_at_once_places_the_pending_order(
    exchange: Exchange, trader: Trader
) -> None:
    exchange.trader().limit("SELL", "1", at="40000")
    exchange.trader().limit("BUY", "1", at="39000")
    placed = trader.oto(order("LIMIT", "BUY", "1", at="40000"), order("MARKET", "SELL", "1"))

    assert placed.orders[1].fills == ["1@39000"]
    assert placed.status == "ALL_DONE"


def test_a_pending_stop_waits_for_its_price_after_its_working_order(
    exchange: Exchange, trader: Trader
) -> None:
    placed = trader.oto(
        order("LIMIT", "BUY", "1", at="39000"),
        order("STOP_LOSS_LIMIT", "SELL", "1", stop="38500", at="38000"),
    )
    exchange.trader().limit("SELL", "1", at="39000")
    exchange.trades("38600")
    assert (placed.statuses, placed.orders[1].is_working()) == (["FILLED", "NEW"], False)

    exchange.trades("38500")
    assert placed.orders[1].is_working()
    assert exchange.book("SELL") == ["1@38000"]


def test_a_working_order_that_expires_takes_the_pending_order_with_it(
    exchange: Exchange, trader: Trader
) -> None:
    exchange.trader().limit("SELL", "0.5", at="39000")
    placed = trader.oto(
        order("LIMIT", "BUY", "1", at="39000", tif="IOC"), order("LIMIT", "SELL", "1", at="45000")
    )

    assert (placed.statuses, placed.status) == (["EXPIRED", "EXPIRED"], "ALL_DONE")
    assert [each.expiry_reason for each in placed.orders] == [
        "UNFILLED_IOC_QUANTITY_EXPIRED",
        "OTO_PHASE_ONE_EXPIRED",
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_canceling_either_order_of_an_oto_ends_both(trader: Trader, which: int) -> None:
    placed = trader.oto(order("LIMIT", "BUY", "1", at="39000"), order("LIMIT", "SELL", "1", at="45000"))
    trader.cancel(placed.orders[which])

    assert (placed.statuses, placed.status) == (["CANCELED", "CANCELED"], "ALL_DONE")


@pytest.mark.parametrize(
    "pending",
    [
        order("LIMIT", "SELL", "10", at="45000"),
        order("LIMIT_MAKER", "SELL", "1", at="30000"),
        order("STOP_LOSS", "SELL", "1", stop="45000"),
    ],
    ids=["without the money", "would take", "would trigger"],
)
def test_a_pending_order_that_cannot_be_placed_expires_as_rejected(
    exchange: Exchange, trader: Trader, pending: object
) -> None:
    exchange.trader().limit("BUY", "1", at="35000")
    placed = trader.oto(order("LIMIT", "BUY", "1", at="39000"), pending)  # type: ignore[arg-type]
    exchange.trader().limit("SELL", "1", at="39000")

    assert (placed.statuses, placed.status) == (["FILLED", "EXPIRED"], "ALL_DONE")
    assert placed.orders[1].expiry_reason == "REJECTED"
    assert trader.locked("BTC") == "0"


def test_the_working_order_must_be_a_limit_and_no_order_may_be_by_quote_amount(trader: Trader) -> None:
    with refused(-1014, "Unsupported order combination."):
        trader.oto(order("MARKET", "BUY", "1"), order("LIMIT", "SELL", "1", at="45000"))
    with refused(-1014, "Unsupported order combination."):
        trader.oto(order("LIMIT", "BUY", "1", at="39000"), order("MARKET", "SELL", worth="100"))


def test_a_working_limit_maker_that_would_take_is_refused(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("SELL", "1", at="39000")
    with refused(-2010, "Order would immediately match and take."):
        trader.oto(order("LIMIT_MAKER", "BUY", "1", at="39000"), order("LIMIT", "SELL", "1", at="45000"))


# OTOCO


def entry_with_exits(trader: Trader) -> PlacedList:
    """Buy at 39,000; then sell at 42,000, or at 37,000 once the price has fallen to 38,000."""
    return trader.otoco(
        order("LIMIT", "BUY", "5", at="39000"),
        order("LIMIT_MAKER", "SELL", "5", at="42000"),
        order("STOP_LOSS_LIMIT", "SELL", "5", stop="38000", at="37000"),
    )


def test_an_otoco_starts_with_its_working_order_alone(exchange: Exchange, trader: Trader) -> None:
    placed = entry_with_exits(trader)

    assert (placed.contingency, placed.statuses) == ("OTO", ["NEW", "PENDING_NEW", "PENDING_NEW"])
    assert (trader.locked("USDT"), trader.locked("BTC"), exchange.book("SELL")) == ("195000", "0", [])


def test_the_pair_of_an_otoco_is_placed_when_the_working_order_is_filled(exchange: Exchange) -> None:
    trader = exchange.trader(USDT="195000")
    placed = entry_with_exits(trader)
    exchange.trader().limit("SELL", "5", at="39000")

    assert (placed.statuses, placed.status) == (["FILLED", "NEW", "NEW"], "EXECUTING")
    assert (trader.free("BTC"), trader.locked("BTC"), exchange.book("SELL")) == ("0", "5", ["5@42000"])

    exchange.trades("38000")
    assert placed.statuses == ["FILLED", "EXPIRED", "NEW"]
    assert placed.orders[1].expiry_reason == "OCO_TRIGGER"
    exchange.trader().limit("BUY", "5", at="37000")
    assert (placed.statuses, placed.status) == (["FILLED", "EXPIRED", "FILLED"], "ALL_DONE")


def test_a_working_order_of_an_otoco_that_expires_takes_the_pair_with_it(trader: Trader) -> None:
    placed = trader.otoco(
        order("LIMIT", "BUY", "5", at="39000", tif="FOK"),
        order("LIMIT_MAKER", "SELL", "5", at="42000"),
        order("STOP_LOSS", "SELL", "5", stop="38000"),
    )

    assert (placed.statuses, placed.status) == (["EXPIRED", "EXPIRED", "EXPIRED"], "ALL_DONE")
    assert [each.expiry_reason for each in placed.orders] == [
        "UNFILLED_FOK_ORDER_EXPIRED",
        "OTO_PHASE_ONE_EXPIRED",
        "OTO_PHASE_ONE_EXPIRED",
    ]


def test_a_pair_whose_prices_the_market_has_left_behind_expires_as_rejected(
    exchange: Exchange, trader: Trader
) -> None:
    placed = trader.otoco(
        order("LIMIT", "BUY", "5", at="39000"),
        order("LIMIT_MAKER", "SELL", "5", at="42000"),
        order("STOP_LOSS", "SELL", "5", stop="39500"),
    )
    exchange.trader().limit("SELL", "5", at="39000")

    assert (placed.statuses, placed.status) == (["FILLED", "EXPIRED", "EXPIRED"], "ALL_DONE")
    assert [each.expiry_reason for each in placed.orders[1:]] == ["REJECTED", "REJECTED"]
    assert (trader.free("BTC"), trader.locked("BTC")) == ("10", "0")


def test_canceling_a_pending_order_of_an_otoco_ends_all_three(trader: Trader) -> None:
    placed = entry_with_exits(trader)
    trader.cancel(placed.orders[2])

    assert (placed.statuses, placed.status) == (["CANCELED"] * 3, "ALL_DONE")
    assert trader.locked("USDT") == "0"


def test_a_working_order_that_expires_in_match_takes_the_pair_with_it(
    exchange: Exchange, trader: Trader
) -> None:
    placed = entry_with_exits(trader)
    trader.limit("SELL", "1", at="39000", stp="EXPIRE_MAKER")

    assert placed.statuses == ["EXPIRED_IN_MATCH", "EXPIRED", "EXPIRED"]
    expect_status(placed.orders[1], "EXPIRED")
    assert placed.orders[1].expiry_reason == "OTO_PHASE_ONE_EXPIRED"
