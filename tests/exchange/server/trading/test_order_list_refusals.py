"""Why order lists are refused, each leg by its own parameters' names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.trading.asking import METHODS, SYMBOL, Trader, trade_at
from tests.exchange.server.trading.list_requests import OCO, OLD_OCO, OPO, OPOCO, OTO, OTOCO
from tests.exchange.server.trading.test_new_order_refusals import missing, neither, unwanted, without
from tests.exchange.server.venue import Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.listing import listed

KINDS: dict[str, dict[str, Any]] = {
    "orderList.place": OLD_OCO,
    "orderList.place.oco": OCO,
    "orderList.place.oto": OTO,
    "orderList.place.otoco": OTOCO,
    "orderList.place.opo": OPO,
    "orderList.place.opoco": OPOCO,
}


@pytest.fixture(autouse=True)
def last_price(other: Trader) -> None:
    """The last price is 40,000."""
    trade_at(other, other, "40000")


@pytest.mark.parametrize("method", KINDS)
def test_mandatory_parameters_are_missed_by_name(trader: Trader, method: str) -> None:
    for parameter in METHODS[method].parameters.all:
        if parameter.mandatory:
            sent = without(parameter.name, **KINDS[method])
            assert trader.refusal(method, **sent) == missing(parameter.name)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("orderList.place.oco", "abovePrice"),
        ("orderList.place.oco", "belowPrice"),
        ("orderList.place.oco", "belowTimeInForce"),
        ("orderList.place.oto", "workingTimeInForce"),
        ("orderList.place.otoco", "workingTimeInForce"),
        ("orderList.place.otoco", "pendingAbovePrice"),
        ("orderList.place.otoco", "pendingBelowPrice"),
        ("orderList.place.otoco", "pendingBelowTimeInForce"),
        ("orderList.place.opo", "workingTimeInForce"),
    ],
)
def test_what_a_legs_type_wants_is_missed_by_name(trader: Trader, method: str, name: str) -> None:
    assert trader.refusal(method, **without(name, **KINDS[method])) == missing(name)


@pytest.mark.parametrize(
    ("method", "prefix"), [("orderList.place.oco", "below"), ("orderList.place.otoco", "pendingBelow")]
)
def test_a_stop_in_a_pair_needs_its_trigger(trader: Trader, method: str, prefix: str) -> None:
    sent = without(f"{prefix}StopPrice", **KINDS[method])
    assert trader.refusal(method, **sent) == neither(f"{prefix}StopPrice", f"{prefix}TrailingDelta")


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("orderList.place.oco", "aboveTimeInForce", "GTC"),
        ("orderList.place.oco", "aboveStopPrice", "41000"),
        ("orderList.place.oto", "pendingPrice", "41000"),
        ("orderList.place.oto", "pendingTimeInForce", "GTC"),
        ("orderList.place.otoco", "pendingAboveTrailingDelta", "100"),
    ],
)
def test_what_a_legs_type_does_not_need_is_refused(
    trader: Trader, method: str, name: str, value: str
) -> None:
    assert trader.refusal(method, **{**KINDS[method], name: value}) == unwanted(name)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"aboveType": "LIMIT"}, Refused(-1102, missing("aboveTimeInForce").message)),
        ({"aboveType": "LIMIT", "aboveTimeInForce": "GTC"},
         Refused(-1158, "Order type not supported in OCO.")),
        ({"belowType": "LIMIT_MAKER"}, unwanted("belowTimeInForce")),
        ({"side": "BUY"}, Refused(-1165, "A limit order in a buy OCO must be below.")),
        ({"abovePrice": "38500"},
         Refused(-2010, "The relationship of the prices for the orders is not correct.")),
        ({"belowIcebergQty": "0.5", "belowTimeInForce": "IOC"},
         Refused(-1160, "Parameter 'belowIcebergQty' is not supported if 'belowTimeInForce' is not GTC.")),
        ({"abovePegPriceType": "MARKET_PEG"},
         Refused(-1013, "Pegged orders are not supported for this symbol.")),
        ({"belowStrategyType": "5"}, Refused(-1134, "strategyType was less than 1000000.")),
        ({"aboveClientOrderId": "same", "belowClientOrderId": "same"},
         Refused(-2010, "Duplicate order sent.")),
        ({"symbol": "NOSUCH"}, Refused(-1121, "Invalid symbol.")),
        ({"quantity": "0.000001"}, Refused(-1013, "Filter failure: LOT_SIZE")),
    ],
)  # fmt: skip
def test_an_oco_is_refused_as_a_whole(trader: Trader, change: dict[str, str], refused: Refused) -> None:
    assert trader.refusal("orderList.place.oco", **{**OCO, **change}) == refused


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"stopPrice": None}, neither("stopPrice", "trailingDelta")),
        ({"stopLimitTimeInForce": None}, Refused(
            -1128, "Combination of optional parameters invalid. "
            "Recommendation: 'stopLimitTimeInForce' should also be sent.")),
        ({"stopLimitPrice": None}, unwanted("stopLimitTimeInForce")),
        ({"stopLimitPrice": None, "stopLimitTimeInForce": None, "stopIcebergQty": "0.5"},
         unwanted("stopIcebergQty")),
        ({"stopLimitTimeInForce": "IOC", "stopIcebergQty": "0.5"}, Refused(
            -1160, "Parameter 'stopIcebergQty' is not supported if 'stopLimitTimeInForce' is not GTC.")),
        ({"stopPrice": "40500"},
         Refused(-2010, "The relationship of the prices for the orders is not correct.")),
    ],
)  # fmt: skip
def test_the_old_pair_has_refusals_of_its_own(
    trader: Trader, change: dict[str, str | None], refused: Refused
) -> None:
    sent = {name: value for name, value in {**OLD_OCO, **change}.items() if value is not None}
    assert trader.refusal("orderList.place", **sent) == refused


@pytest.mark.parametrize("method", ["orderList.place.oto", "orderList.place.otoco"])
def test_a_working_order_must_be_a_limit(trader: Trader, method: str) -> None:
    sent = {**KINDS[method], "workingType": "MARKET"}
    assert trader.refusal(method, **sent) == Refused(-1116, "Invalid orderType.")
    sent = without("workingTimeInForce", **{**KINDS[method], "workingType": "LIMIT_MAKER"})
    assert trader.ask(method, **sent)["orderReports"][0]["type"] == "LIMIT_MAKER"


@pytest.mark.parametrize("method", ["orderList.place.opo", "orderList.place.opoco"])
def test_no_symbol_lets_the_working_order_pay_for_the_others(trader: Trader, method: str) -> None:
    refusal = trader.refusal(method, **KINDS[method])
    assert (refusal, refusal.status) == (Refused(-1013, "OPO orders are not supported for this symbol."), 400)
    assert trader.refusal(method, **{**KINDS[method], "symbol": "NOSUCH"}) == Refused(
        -1121, "Invalid symbol."
    )


@pytest.mark.parametrize(("method", "kind"), [("orderList.place.oco", "OCO"), ("orderList.place.oto", "OTO")])
def test_a_symbol_may_not_allow_lists(venue: Venue, trader: Trader, method: str, kind: str) -> None:
    (symbol,) = listed([SYMBOL])
    symbol.oco_allowed = symbol.oto_allowed = False
    venue.exchange.submit(c.ListSymbol(START, symbol))
    refusal = trader.refusal(method, **KINDS[method])
    assert refusal == Refused(-1013, f"{kind} orders are not supported for this symbol")


def test_an_open_lists_name_cannot_be_used_again(trader: Trader) -> None:
    trader.ask("orderList.place.oco", **OCO, listClientOrderId="mine")
    refusal = trader.refusal("orderList.place.oco", **OCO, listClientOrderId="mine")
    assert refusal == Refused(-2010, "Duplicate order sent.")


def test_a_list_to_cancel_must_be_named_rightly(trader: Trader, other: Trader) -> None:
    unknown = Refused(-2011, "Unknown order list sent.")
    trader.ask("orderList.place.oco", **OCO, listClientOrderId="mine")
    assert trader.refusal("orderList.cancel", symbol=SYMBOL) == neither("listClientOrderId", "orderListId")
    assert trader.refusal("orderList.cancel", symbol=SYMBOL, orderListId=5) == unknown
    assert trader.refusal("orderList.cancel", symbol="BNBUSDT", orderListId=0) == unknown
    assert other.refusal("orderList.cancel", symbol=SYMBOL, orderListId=0) == unknown
    sent = {"symbol": SYMBOL, "orderListId": 0}
    assert trader.refusal("orderList.cancel", **sent, listClientOrderId="another") == unknown
    trader.ask("orderList.cancel", symbol=SYMBOL, listClientOrderId="mine")
    assert trader.refusal("orderList.cancel", **sent) == unknown


# smart order routing

SOR = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "quantity": "0.5", "price": "31000"}


@pytest.mark.parametrize("method", ["sor.order.place", "sor.order.test"])
def test_no_symbol_is_routed_to_other_books(trader: Trader, method: str) -> None:
    sent = {**SOR, "timeInForce": "GTC"}
    assert trader.refusal(method, **sent) == Refused(-1013, "This symbol has no SOR.")
    assert trader.refusal(method, **SOR) == missing("timeInForce")
    assert trader.refusal(method, **{**sent, "symbol": "NOSUCH"}) == Refused(-1121, "Invalid symbol.")
    assert trader.refusal(method, **{**sent, "type": "STOP_LOSS"}) == Refused(-1116, "Invalid orderType.")
    assert trader.refusal(method, **{**sent, "quoteOrderQty": "5"}).code == -1104
    everything = {
        "newClientOrderId": "mine", "strategyId": "1", "strategyType": "1000000", "icebergQty": "0.1",
        "newOrderRespType": "ACK", "selfTradePreventionMode": "NONE",
    }  # fmt: skip
    assert trader.refusal(method, **sent, **everything) == Refused(-1013, "This symbol has no SOR.")
