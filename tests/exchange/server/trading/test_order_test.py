"""An order that is only tested is checked like any other and leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading import samples
from tests.exchange.server.trading.asking import METHODS, Trader, order
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server import catalogue

GOOD = order("LIMIT", "BUY", price="40000", timeInForce="GTC")


def try_out(trader: Trader, **sent: Any) -> Any:
    """The answer to a test, which must have changed nothing."""
    before = trader.state()
    answer = trader.ask("order.test", **sent)
    assert trader.state() == before
    return answer


def test_a_good_order_is_answered_with_nothing(trader: Trader) -> None:
    assert try_out(trader, **GOOD) == {}
    assert trader.ask("openOrders.status", symbol="BTCUSDT") == []


def test_commissions_are_told_where_they_are_asked_for(venue: Venue, trader: Trader) -> None:
    venue.exchange.submit(c.SetRates(START, 1, UNIT // 2000, UNIT // 1000, "BTCUSDT"))
    venue.exchange.submit(c.SetAccount(START, 1, pays_in_bnb=True))
    answer = try_out(trader, **GOOD, computeCommissionRates=True)
    assert list(answer) == samples.COMMISSIONS
    assert answer["standardCommissionForOrder"] == {"maker": "0.00050000", "taker": "0.00100000"}
    nothing = {"maker": "0.00000000", "taker": "0.00000000"}
    assert answer["specialCommissionForOrder"] == answer["taxCommissionForOrder"] == nothing
    assert list(answer["discount"]) == samples.DISCOUNT
    assert (answer["discount"]["enabledForAccount"], answer["discount"]["discountAsset"]) == (True, "BNB")


def test_a_discount_is_the_same_as_the_accounts_commission_tells(venue: Venue, trader: Trader) -> None:
    commission = venue.ask(catalogue.METHODS["account.commission"], 1, symbol="BTCUSDT")
    answer = try_out(trader, **GOOD, computeCommissionRates=True)
    assert answer["discount"] == commission["discount"]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"price": "40000.001"}, Refused(-1013, "Filter failure: PRICE_FILTER")),
        ({"quantity": "0.0001"}, Refused(-1013, "Filter failure: NOTIONAL")),
        ({"symbol": "NOSUCH"}, Refused(-1121, "Invalid symbol.")),
        ({"stopPrice": "1"}, Refused(-1106, "Parameter 'stopPrice' sent when not required.")),
    ],
)
def test_a_bad_order_is_refused_like_a_real_one(
    trader: Trader, change: dict[str, str], refused: Refused
) -> None:
    assert trader.refusal("order.test", **{**GOOD, **change}) == refused
    assert trader.refusal("order.place", **{**GOOD, **change}) == refused


def test_the_matching_engine_is_not_asked(trader: Trader, other: Trader) -> None:
    other.limit("SELL", "40000")
    trader.limit("BUY", "30000", newClientOrderId="taken")
    assert try_out(trader, **{**GOOD, "quantity": "100", "price": "80000"}) == {}
    assert try_out(trader, **order("LIMIT_MAKER", "BUY", price="50000")) == {}
    assert try_out(trader, **GOOD, newClientOrderId="taken") == {}


def test_commissions_cost_more() -> None:
    operation = METHODS["order.test"]
    assert operation.weight_of(operation.parameters.read(GOOD)) == 1
    asked = {**GOOD, "computeCommissionRates": "true"}
    assert operation.weight_of(operation.parameters.read(asked)) == 20
