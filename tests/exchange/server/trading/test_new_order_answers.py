"""What a new order is answered with: as much as its sender asked for, in the documents' shapes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import Trader, trade_at
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c


def test_an_acknowledgement_has_the_ids_and_the_time(trader: Trader) -> None:
    answer = trader.limit("BUY", "40000", newOrderRespType="ACK", newClientOrderId="mine")
    assert list(answer) == samples.ACK
    assert answer == {
        "symbol": "BTCUSDT",
        "orderId": 1,
        "orderListId": -1,
        "clientOrderId": "mine",
        "transactTime": START // 1000,
    }


def test_a_result_has_the_orders_state_and_no_fills(trader: Trader) -> None:
    answer = trader.limit("BUY", "40000", "0.5", newOrderRespType="RESULT")
    assert list(answer) == samples.RESULT
    assert {name: answer[name] for name in samples.RESULT[5:]} == {
        "price": "40000.00000000",
        "origQty": "0.50000000",
        "executedQty": "0.00000000",
        "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": "0.00000000",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "workingTime": START // 1000,
        "selfTradePreventionMode": "NONE",
    }


def test_a_full_answer_has_the_fills_too(trader: Trader, other: Trader) -> None:
    other.limit("SELL", "40000", "1")
    other.limit("SELL", "40001", "5")
    answer = trader.place("MARKET", "BUY", "3", newOrderRespType="FULL")
    assert list(answer) == samples.FULL
    assert (answer["status"], answer["price"], answer["timeInForce"]) == ("FILLED", "0.00000000", "GTC")
    assert (answer["executedQty"], answer["cummulativeQuoteQty"]) == ("3.00000000", "120002.00000000")
    assert [list(fill) for fill in answer["fills"]] == [samples.FILL, samples.FILL]
    assert answer["fills"] == [
        {"price": "40000.00000000", "qty": "1.00000000", "commission": "0.00100000", "commissionAsset": "BTC",
         "tradeId": 0},
        {"price": "40001.00000000", "qty": "2.00000000", "commission": "0.00200000", "commissionAsset": "BTC",
         "tradeId": 1},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "fields"),
    [
        ("LIMIT", {"price": "39000", "timeInForce": "GTC"}, samples.FULL),
        ("MARKET", {}, samples.FULL),
        ("LIMIT_MAKER", {"price": "39000"}, samples.ACK),
        ("STOP_LOSS", {"stopPrice": "41000"}, samples.ACK),
        ("STOP_LOSS_LIMIT", {"stopPrice": "41000", "price": "41000", "timeInForce": "GTC"}, samples.ACK),
        ("TAKE_PROFIT", {"stopPrice": "39000"}, samples.ACK),
        ("TAKE_PROFIT_LIMIT", {"stopPrice": "39000", "price": "39000", "timeInForce": "GTC"}, samples.ACK),
    ],
)
def test_limit_and_market_orders_are_answered_in_full_the_others_briefly(
    trader: Trader, other: Trader, kind: str, more: dict[str, str], fields: list[str]
) -> None:
    trade_at(trader, other, "40000")
    other.limit("SELL", "40500", "1")
    assert list(trader.place(kind, "BUY", "1", **more)) == fields


def test_times_come_in_microseconds_where_they_were_asked_for(venue: Venue) -> None:
    answer = Trader(venue, 1, time_divisor=1).limit("BUY", "40000")
    assert (answer["transactTime"], answer["workingTime"]) == (START, START)


def test_only_what_was_asked_for_is_told_of_triggers_icebergs_and_strategies(
    trader: Trader, other: Trader
) -> None:
    trade_at(trader, other, "40000")
    answer = trader.place(
        "STOP_LOSS_LIMIT",
        "SELL",
        price="39000",
        timeInForce="GTC",
        stopPrice="39500",
        trailingDelta=100,
        icebergQty="0.5",
        strategyId=7,
        strategyType=1_000_000,
        newOrderRespType="FULL",
    )
    assert list(answer)[-10:] == [
        "side", "stopPrice", "trailingDelta", "trailingTime", "workingTime", "icebergQty", "strategyId",
        "strategyType", "fills", "selfTradePreventionMode",
    ]  # fmt: skip
    assert (answer["stopPrice"], answer["icebergQty"]) == ("39500.00000000", "0.50000000")
    assert (answer["trailingDelta"], answer["trailingTime"], answer["workingTime"]) == (100, -1, -1)
    assert (answer["strategyId"], answer["strategyType"], answer["fills"]) == (7, 1_000_000, [])


def test_a_stop_that_only_trails_has_no_stop_price_and_follows_at_once(trader: Trader, other: Trader) -> None:
    trade_at(trader, other, "40000")
    answer = trader.place("STOP_LOSS", "SELL", trailingDelta=100, newOrderRespType="RESULT")
    assert "stopPrice" not in answer
    assert answer["trailingTime"] == START // 1000


def test_an_order_by_quote_amount_tells_both_quantities(trader: Trader, other: Trader) -> None:
    other.limit("SELL", "40000", "5")
    answer = trader.place("MARKET", "BUY", None, quoteOrderQty="100000")
    assert (answer["origQty"], answer["origQuoteOrderQty"]) == ("2.50000000", "100000.00000000")


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("LIMIT", {"price": "40000", "timeInForce": "IOC"}, "UNFILLED_IOC_QUANTITY_EXPIRED"),
        ("LIMIT", {"price": "40000", "timeInForce": "FOK"}, "UNFILLED_FOK_ORDER_EXPIRED"),
        ("MARKET", {}, "INSUFFICIENT_LIQUIDITY"),
    ],
)
def test_an_expired_order_says_why_at_the_end(
    trader: Trader, kind: str, more: dict[str, str], reason: str
) -> None:
    answer = trader.place(kind, "BUY", **more)
    assert (answer["status"], list(answer)[-1], answer["expiryReason"]) == ("EXPIRED", "expiryReason", reason)


def prevented(trader: Trader, mode: str, quantity: str = "3") -> Any:
    """A seller meets an own buyer of 1 at 40,000."""
    trader.limit("BUY", "40000", "1")
    return trader.limit("SELL", "40000", quantity, selfTradePreventionMode=mode)


def test_a_taker_that_goes_on_tells_of_the_makers_it_ended(trader: Trader) -> None:
    answer = prevented(trader, "EXPIRE_MAKER")
    assert list(answer)[-4:] == ["workingTime", "fills", "preventedMatches", "selfTradePreventionMode"]
    assert answer["preventedMatches"] == [
        {
            "preventedMatchId": 0,
            "makerOrderId": 1,
            "price": "40000.00000000",
            "makerPreventedQuantity": "1.00000000",
        }
    ]
    assert (answer["status"], answer["fills"]) == ("NEW", [])


def test_a_taker_that_ends_tells_its_prevented_quantity(trader: Trader) -> None:
    answer = prevented(trader, "EXPIRE_BOTH")
    assert list(answer)[-3:] == ["preventedMatches", "selfTradePreventionMode", "preventedQuantity"]
    assert list(answer["preventedMatches"][0])[3:] == ["takerPreventedQuantity", "makerPreventedQuantity"]
    assert (answer["status"], answer["preventedQuantity"]) == ("EXPIRED_IN_MATCH", "3.00000000")


def test_the_trade_group_is_told_where_there_is_one(venue: Venue, trader: Trader) -> None:
    venue.exchange.submit(c.SetAccount(START, 1, trade_group=9))
    answer = prevented(trader, "EXPIRE_TAKER")
    assert list(answer)[-3:] == ["selfTradePreventionMode", "tradeGroupId", "preventedQuantity"]
    assert answer["tradeGroupId"] == 9


def test_prevented_matches_belong_to_full_answers_alone(trader: Trader) -> None:
    trader.limit("BUY", "40000", "1")
    answer = trader.limit(
        "SELL", "40000", "1", selfTradePreventionMode="EXPIRE_BOTH", newOrderRespType="RESULT"
    )
    assert "preventedMatches" not in answer
    assert answer["preventedQuantity"] == "1.00000000"


def test_the_network_names_orders_that_their_sender_does_not_name(trader: Trader) -> None:
    named = [trader.limit("BUY", "40000", "0.1")["clientOrderId"] for _ in range(3)]
    assert len(set(named)) == 3
    assert all(re.fullmatch("[0-9A-Za-z]{22}", name) for name in named)
    assert [each["clientOrderId"] for each in trader.ask("openOrders.status", symbol="BTCUSDT")] == named
