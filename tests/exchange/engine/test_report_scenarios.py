"""What a listening account is told: execution reports, list statuses and balances, in their order."""

from __future__ import annotations

import pytest

from tests.exchange.engine.placed import text
from tests.exchange.engine.scenario import Exchange, Trader, order, pair
from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.reports import ExecutionReport, ListStatus, Positions


@pytest.fixture
def exchange() -> Exchange:
    """A market whose last price is 40,000."""
    exchange = Exchange()
    exchange.trades("40000")
    return exchange


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who listens."""
    return exchange.trader(BTC="10", USDT="100000").listens()


def executions(trader: Trader) -> list[ExecutionReport]:
    """The execution reports since last asked."""
    return [report for report in trader.reports() if isinstance(report, ExecutionReport)]


# life cycles


def test_a_resting_order_is_new_and_what_it_locks_is_told(trader: Trader) -> None:
    trader.limit("BUY", "1", at="39000", name="a")

    assert trader.hears() == ["a NEW NEW", "balances BTC 10+0, USDT 61000+39000"]


def test_a_maker_hears_of_each_trade(exchange: Exchange, trader: Trader) -> None:
    trader.limit("SELL", "2", at="41000", name="a")
    trader.hears()
    exchange.trader().limit("BUY", "1.5", at="41000")
    assert trader.hears() == ["a TRADE PARTIALLY_FILLED", "balances BTC 8+0.5, USDT 161500+0"]

    exchange.trader().limit("BUY", "0.5", at="41000")
    assert trader.hears() == ["a TRADE FILLED", "balances BTC 8+0, USDT 182000+0"]


def test_the_market_order_of_the_faq_is_new_trades_twice_and_expires() -> None:
    exchange = Exchange(pair("LTCBNB"))
    seller = exchange.trader(LTC="4")
    for _ in range(2):
        seller.limit("SELL", "2", at="1")
    buyer = exchange.trader(LTC="3007.1174567", BNB="1000.11865670").listens()
    buyer.market("BUY", "6", name="a")
    reports = buyer.reports()

    new, first, second, expired, positions = reports
    told = [new, first, second, expired]
    assert [
        (each.execution, enums.STATUSES[each.status]) for each in told if isinstance(each, ExecutionReport)
    ] == [
        ("NEW", "NEW"),
        ("TRADE", "PARTIALLY_FILLED"),
        ("TRADE", "PARTIALLY_FILLED"),
        ("EXPIRED", "EXPIRED"),
    ]
    assert isinstance(new, ExecutionReport)
    assert isinstance(second, ExecutionReport)
    assert isinstance(expired, ExecutionReport)
    assert (new.on_book, second.on_book, expired.on_book) == (True, False, False)
    assert (text(second.last_quantity), text(second.last_price), text(second.executed)) == ("2", "1", "4")
    assert (second.is_maker, second.trade_id, text(second.spent)) == (False, 1, "4")
    assert (expired.trade_id, expired.commission_asset, expired.expiry_reason) == (
        -1,
        None,
        "INSUFFICIENT_LIQUIDITY",
    )
    assert new.execution_id < second.execution_id < expired.execution_id
    assert isinstance(positions, Positions)
    assert [(asset, text(free), text(locked)) for asset, free, locked in positions.balances] == [
        ("LTC", "3011.1174567", "0"),
        ("BNB", "996.1186567", "0"),
    ]


def test_taker_and_maker_of_one_account_are_both_told(trader: Trader) -> None:
    trader.limit("SELL", "1", at="41000", name="maker")
    trader.hears()
    trader.limit("BUY", "1", at="41000", name="taker")

    assert trader.hears() == [
        "taker NEW NEW",
        "maker TRADE FILLED",
        "taker TRADE FILLED",
        "balances BTC 10+0, USDT 100000+0",
    ]


def test_ioc_and_fok_orders_expire(trader: Trader) -> None:
    trader.limit("BUY", "1", at="1", tif="IOC", name="a")
    trader.limit("BUY", "1", at="1", tif="FOK", name="b")

    assert [line for line in trader.hears() if not line.startswith("balances")] == [
        "a NEW NEW",
        "a EXPIRED EXPIRED UNFILLED_IOC_QUANTITY_EXPIRED",
        "b NEW NEW",
        "b EXPIRED EXPIRED UNFILLED_FOK_ORDER_EXPIRED",
    ]


def test_a_cancel_names_its_own_id_and_the_orders(trader: Trader) -> None:
    placed = trader.limit("BUY", "1", at="39000", name="a")
    trader.hears()
    trader.cancel(placed, cancel_name="cancel-a")
    canceled, positions = trader.reports()

    assert isinstance(canceled, ExecutionReport)
    assert (canceled.execution, enums.STATUSES[canceled.status]) == ("CANCELED", "CANCELED")
    assert (canceled.client_id, canceled.original_client_id, canceled.on_book) == ("cancel-a", "a", False)
    assert isinstance(positions, Positions)


def test_an_amended_order_is_replaced_under_its_new_id(trader: Trader) -> None:
    placed = trader.limit("BUY", "2", at="39000", name="a")
    trader.hears()
    trader.amend(placed, "1", new_name="b")
    replaced, positions = trader.reports()

    assert isinstance(replaced, ExecutionReport)
    assert (replaced.execution, enums.STATUSES[replaced.status]) == ("REPLACED", "NEW")
    assert (replaced.client_id, replaced.original_client_id, text(replaced.quantity)) == ("b", "a", "1")
    assert isinstance(positions, Positions)


def test_a_self_trade_that_is_prevented_is_told_of_both_orders(trader: Trader) -> None:
    maker = trader.limit("SELL", "1", at="41000", name="maker")
    trader.hears()
    taker = trader.limit("BUY", "2", at="41000", stp="EXPIRE_BOTH", name="taker")
    new, first, second, _ = trader.reports()

    assert isinstance(new, ExecutionReport)
    assert isinstance(first, ExecutionReport)
    assert isinstance(second, ExecutionReport)
    for report, who, other, quantity in ((first, "maker", taker, "1"), (second, "taker", maker, "2")):
        assert (report.client_id, report.execution) == (who, "TRADE_PREVENTION")
        assert enums.STATUSES[report.status] == "EXPIRED_IN_MATCH"
        assert (text(report.prevented), text(report.last_prevented)) == (quantity, quantity)
        assert (report.counter_order_id, report.prevented_match_id) == (other.id, 0)


def test_a_decremented_order_stays_new(trader: Trader) -> None:
    trader.limit("SELL", "5", at="41000", name="maker")
    trader.hears()
    trader.limit("BUY", "2", at="41000", stp="DECREMENT", name="taker")

    assert trader.hears() == [
        "taker NEW NEW",
        "maker TRADE_PREVENTION NEW",
        "taker TRADE_PREVENTION EXPIRED_IN_MATCH",
        "balances BTC 7+3, USDT 100000+0",
    ]


def test_a_stop_is_new_off_the_book_and_new_again_when_it_is_triggered(
    exchange: Exchange, trader: Trader
) -> None:
    trader.stop_loss_limit("SELL", "1", stop="39000", at="38000", name="a")
    waiting = executions(trader)[0]
    assert (waiting.execution, waiting.on_book, waiting.working_time) == ("NEW", False, -1)

    exchange.trades("39000")
    triggered = executions(trader)[0]
    assert (triggered.execution, enums.STATUSES[triggered.status], triggered.on_book) == ("NEW", "NEW", True)
    assert triggered.working_time == triggered.time


def test_a_refused_order_is_not_told(trader: Trader) -> None:
    with pytest.raises(Exception, match="insufficient balance"):
        trader.limit("BUY", "100", at="39000")

    assert trader.hears() == []


def test_a_new_order_that_fails_after_its_cancel_is_rejected_with_the_reason(
    exchange: Exchange, trader: Trader
) -> None:
    exchange.trader().limit("SELL", "1", at="41000")
    wrong = {
        "WOULD_MATCH_IMMEDIATELY": order("LIMIT_MAKER", "BUY", "1", at="41000", name="new"),
        "INSUFFICIENT_BALANCES": order("LIMIT", "BUY", "100", at="41000", name="new"),
        "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY": order("STOP_LOSS", "BUY", "1", stop="39000", name="new"),
    }
    for reason, spec in wrong.items():
        old = trader.limit("BUY", "1", at="39000", name="old")
        trader.hears()
        trader.replace(old, spec, cancel_name="cancel")
        assert trader.hears() == [
            "cancel CANCELED CANCELED",
            f"new REJECTED REJECTED {reason}",
            "balances BTC 10+0, USDT 100000+0",
        ]


# order lists


def test_the_life_of_an_oco_whose_limit_is_filled(exchange: Exchange, trader: Trader) -> None:
    trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="41000", name="above"),
        order("STOP_LOSS_LIMIT", "SELL", "5", stop="39000", at="38000", name="below"),
    )
    assert trader.hears() == [
        "OCO EXEC_STARTED EXECUTING",
        "below NEW NEW",
        "above NEW NEW",
        "balances BTC 5+5, USDT 100000+0",
    ]
    exchange.trader().limit("BUY", "5", at="41000")
    assert trader.hears() == [
        "below EXPIRED EXPIRED OCO_TRIGGER",
        "above TRADE FILLED",
        "OCO ALL_DONE ALL_DONE",
        "balances BTC 5+0, USDT 305000+0",
    ]


def test_the_life_of_an_oco_whose_stop_is_triggered(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "5", at="38500")
    trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="41000", name="above"),
        order("STOP_LOSS", "SELL", "5", stop="39000", name="below"),
    )
    trader.hears()
    exchange.trades("39000")

    assert trader.hears() == [
        "above EXPIRED EXPIRED OCO_TRIGGER",
        "below NEW NEW",
        "below TRADE FILLED",
        "OCO ALL_DONE ALL_DONE",
        "balances BTC 5+0, USDT 292500+0",
    ]


def test_the_life_of_an_oto(exchange: Exchange, trader: Trader) -> None:
    trader.oto(
        order("LIMIT", "BUY", "1", at="39000", name="working"),
        order("LIMIT", "SELL", "11", at="45000", name="pending"),
    )
    assert trader.hears() == [
        "OTO EXEC_STARTED EXECUTING",
        "pending NEW PENDING_NEW",
        "working NEW NEW",
        "balances BTC 10+0, USDT 61000+39000",
    ]
    exchange.trader().limit("SELL", "1", at="39000")
    assert trader.hears() == ["working TRADE FILLED", "pending NEW NEW", "balances BTC 0+11, USDT 61000+0"]
    exchange.trader().limit("BUY", "11", at="45000")
    assert trader.hears() == [
        "pending TRADE FILLED",
        "OTO ALL_DONE ALL_DONE",
        "balances BTC 0+0, USDT 556000+0",
    ]


def test_a_pending_order_that_cannot_be_placed_is_told_as_expired(exchange: Exchange, trader: Trader) -> None:
    trader.oto(
        order("LIMIT", "BUY", "1", at="39000", name="working"),
        order("LIMIT", "SELL", "12", at="45000", name="pending"),
    )
    trader.hears()
    exchange.trader().limit("SELL", "1", at="39000")

    assert trader.hears() == [
        "working TRADE FILLED",
        "pending EXPIRED EXPIRED REJECTED",
        "OTO ALL_DONE ALL_DONE",
        "balances BTC 11+0, USDT 61000+0",
    ]


def test_canceling_a_list_tells_of_every_order_and_then_of_the_list(trader: Trader) -> None:
    placed = trader.otoco(
        order("LIMIT", "BUY", "1", at="39000", name="working"),
        order("LIMIT_MAKER", "SELL", "1", at="45000", name="above"),
        order("STOP_LOSS", "SELL", "1", stop="38000", name="below"),
    )
    trader.hears()
    trader.cancel_list(placed, cancel_name="cancel")
    reports = trader.reports()

    assert [each.original_client_id for each in reports if isinstance(each, ExecutionReport)] == [
        "working",
        "below",
        "above",
    ]
    ended = reports[3]
    assert isinstance(ended, ListStatus)
    assert (ended.contingency, ended.status_type, ended.order_status) == ("OTO", "ALL_DONE", "ALL_DONE")
    assert [client_id for _, _, client_id in ended.orders] == ["working", "below", "above"]
    assert isinstance(reports[4], Positions)


def test_a_new_client_id_within_a_list_updates_the_list(trader: Trader) -> None:
    placed = trader.oto(
        order("LIMIT", "BUY", "2", at="39000", name="working"),
        order("LIMIT", "SELL", "1", at="45000", name="pending"),
    )
    trader.hears()
    trader.amend(placed.orders[0], "1", new_name="smaller")
    assert trader.hears() == [
        "smaller REPLACED NEW",
        "OTO UPDATED EXECUTING",
        "balances BTC 10+0, USDT 61000+39000",
    ]
    trader.amend(placed.orders[1], "0.5", new_name="pending")
    assert trader.hears() == ["pending REPLACED PENDING_NEW", "balances BTC 10+0, USDT 61000+39000"]


# balances


def test_deposits_and_withdrawals_are_told_with_the_balance_they_leave(trader: Trader) -> None:
    trader.deposit("BNB", "5")
    assert trader.hears() == ["BNB 5", "balances BNB 5+0"]
    trader.withdraw("BNB", "1.5")
    assert trader.hears() == ["BNB -1.5", "balances BNB 3.5+0"]


def test_a_commission_in_bnb_tells_of_the_bnb_left() -> None:
    exchange = Exchange(pair("BTCUSDT"), pair("BNBUSDT"))
    exchange.trades("100", on="BNBUSDT")
    exchange.trader().limit("BUY", "1", at="40000")
    seller = exchange.trader(taker="0.001", BTC="1", BNB="1").becomes(pays_in_bnb=True).listens()
    seller.market("SELL", "1", name="a")
    reports = seller.reports()

    trade = reports[1]
    assert isinstance(trade, ExecutionReport)
    assert (text(trade.commission), trade.commission_asset) == ("0.3", "BNB")
    positions = reports[2]
    assert isinstance(positions, Positions)
    assert [(asset, text(free)) for asset, free, _ in positions.balances] == [
        ("BTC", "0"),
        ("USDT", "40000"),
        ("BNB", "0.7"),
    ]


def test_nobody_is_told_of_others(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("BUY", "1", at="1")

    assert exchange.venue.news.take() == []


# fields


def test_a_report_carries_what_only_some_orders_have(trader: Trader) -> None:
    trader.stop_loss_limit(
        "SELL",
        "2",
        stop="39000",
        at="38000",
        trailing=700,
        iceberg="1",
        strategy=(7, 1000000),
        stp="DECREMENT",
        name="a",
    )
    (report,) = executions(trader)

    assert (text(report.stop_price), report.trailing_delta, report.trailing_time) == ("39000", 700, -1)
    assert (text(report.iceberg), report.strategy_id, report.strategy_type) == ("1", 7, 1000000)
    assert enums.STP_MODES[report.stp] == "DECREMENT"
    assert report.list_id == -1


def test_a_report_of_a_trailing_order_tells_since_when_it_follows(trader: Trader) -> None:
    trader.stop_loss("SELL", "2", trailing=700, name="a")
    (report,) = executions(trader)

    assert report.trailing_time == report.time


def test_resting_orders_are_told_as_on_the_book_until_they_leave_it(
    exchange: Exchange, trader: Trader
) -> None:
    placed = trader.limit("SELL", "2", at="41000", name="a")
    exchange.trader().limit("BUY", "1", at="41000")
    trader.cancel(placed)

    assert [(report.execution, report.on_book) for report in executions(trader)] == [
        ("NEW", True),
        ("TRADE", True),
        ("CANCELED", False),
    ]


def test_execution_ids_only_rise(exchange: Exchange, trader: Trader) -> None:
    for price in ("41000", "42000"):
        trader.limit("SELL", "1", at=price)
    exchange.trader().limit("BUY", "2", at="42000")
    trader.cancel(trader.limit("BUY", "1", at="1"))
    ids = [report.execution_id for report in executions(trader)]

    assert ids == sorted(set(ids))
