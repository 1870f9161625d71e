"""The other user data events, each as in its sample in Binance's documents."""

from __future__ import annotations

import json

import pytest

from tests.exchange.engine.scenario import Exchange, Trader, order
from tests.exchange.server.user_data.told import LATER, told
from veighna_ext.exchange.server.user_data.events import (
    listen_key_expired,
    server_shutdown,
    stream_terminated,
)

NOW = LATER // 1000


@pytest.fixture
def trader() -> Trader:
    """Who listens, on a market whose last price is 40,000."""
    exchange = Exchange()
    exchange.trades("40000")
    return exchange.trader(BTC="10", USDT="100000").listens()


def test_the_balances_an_order_may_have_changed_follow_its_reports(trader: Trader) -> None:
    placed = trader.limit("BUY", "1", at="39000")
    _, positions = told(trader)

    assert positions == {
        "e": "outboundAccountPosition",
        "E": NOW,
        "u": placed.order.time // 1000,
        "B": [
            {"a": "BTC", "f": "10.00000000", "l": "0.00000000"},
            {"a": "USDT", "f": "61000.00000000", "l": "39000.00000000"},
        ],
    }
    assert list(positions) == ["e", "E", "u", "B"]


def test_a_deposit_is_a_balance_update_and_then_the_balance(trader: Trader) -> None:
    trader.deposit("USDT", "100")
    update, positions = told(trader)

    assert update == {
        "e": "balanceUpdate",
        "E": NOW,
        "a": "USDT",
        "d": "100.00000000",
        "T": trader.account.updated // 1000,
    }
    assert list(update) == ["e", "E", "a", "d", "T"]
    assert positions["B"] == [{"a": "USDT", "f": "100100.00000000", "l": "0.00000000"}]


def test_a_withdrawal_has_a_sign(trader: Trader) -> None:
    trader.withdraw("USDT", "0.5")
    update, _ = told(trader)

    assert update["d"] == "-0.50000000"


def test_a_list_tells_of_itself_before_its_orders(trader: Trader) -> None:
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="41000", name="above"),
        order("STOP_LOSS_LIMIT", "SELL", "5", stop="39000", at="38000", name="below"),
        name="both",
    )
    started, *others = told(trader)

    orders = sorted(placed.orders, key=lambda each: each.id)
    assert started == {
        "e": "listStatus",
        "E": NOW,
        "s": "BTCUSDT",
        "g": placed.id,
        "c": "OCO",
        "l": "EXEC_STARTED",
        "L": "EXECUTING",
        "r": "NONE",
        "C": "both",
        "T": orders[0].order.time // 1000,
        "O": [{"s": "BTCUSDT", "i": each.id, "c": each.client_id} for each in orders],
    }
    assert {each.client_id for each in orders} == {"above", "below"}
    assert list(started) == ["e", "E", "s", "g", "c", "l", "L", "r", "C", "T", "O"]
    assert [each["e"] for each in others] == ["executionReport", "executionReport", "outboundAccountPosition"]


def test_a_list_tells_of_its_end_after_its_orders(trader: Trader) -> None:
    placed = trader.oto(
        order("LIMIT", "BUY", "1", at="39000", name="working"),
        order("LIMIT", "SELL", "1", at="45000", name="pending"),
    )
    told(trader)
    trader.cancel_list(placed)
    *orders, ended, _ = told(trader)

    assert [each["x"] for each in orders] == ["CANCELED", "CANCELED"]
    assert (ended["c"], ended["l"], ended["L"]) == ("OTO", "ALL_DONE", "ALL_DONE")


def test_events_in_microseconds_have_all_times_in_microseconds(trader: Trader) -> None:
    trader.oto(order("LIMIT", "BUY", "1", at="39000"), order("LIMIT", "SELL", "1", at="45000"))
    trader.deposit("USDT", "1")
    times = {
        name: each[name] for each in told(trader, time_divisor=1) for name in ("E", "T", "u") if name in each
    }

    assert times["E"] == LATER
    assert times["T"] == times["u"] == trader.account.updated


@pytest.mark.parametrize(
    ("time_divisor", "expected"), [(1000, 1_728_973_001_334), (1, 1_728_973_001_334_567)]
)
def test_events_of_the_connection_have_only_a_time(time_divisor: int, expected: int) -> None:
    now = 1_728_973_001_334_567

    assert json.loads(stream_terminated(now, time_divisor)) == {"e": "eventStreamTerminated", "E": expected}
    assert json.loads(server_shutdown(now, time_divisor)) == {"e": "serverShutdown", "E": expected}


def test_an_expired_listen_key_is_named() -> None:
    key = "OfYGbUzi3PraNagEkdKuFwUHn48brFsItTdsuiIXrucEvD0rhRXZ7I6URWfE8YE8"

    assert json.loads(listen_key_expired(key, 1_699_596_037_418_000, 1000)) == {
        "e": "listenKeyExpired",
        "E": 1_699_596_037_418,
        "listenKey": key,
    }
