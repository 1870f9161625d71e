"""Which model the answer to each request has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.exchange.server.shapes import account as a
from tests.exchange.server.shapes import elsewhere as e
from tests.exchange.server.shapes import market_data as m
from tests.exchange.server.shapes import order_lists as ol
from tests.exchange.server.shapes import orders as o
from tests.exchange.server.shapes.reading import EachOf
from veighna_ext.exchange.server.operations import Operation

Sent = Mapping[str, Any]
Form = Any
"""A type that JSON is read as."""
LIMIT_LIKE = ("LIMIT", "MARKET")


@dataclass(frozen=True)
class Answers:
    """All forms that the answer to a kind of request can have, and which of them it has when."""

    forms: tuple[Form, ...]
    choose: Callable[[Sent, Any], Form]
    """From what was sent and what came, as plain JSON."""


def always(form: Form) -> Answers:
    """One form, whatever was sent."""
    return Answers((form,), lambda _sent, _came: form)


def one_or_some(form: Form) -> Answers:
    """An object for one symbol, an array for several."""
    some = list[form]
    return Answers((form, some), lambda sent, _came: form if "symbol" in sent else some)


def _tickers(full: Form) -> Answers:
    forms = (full, list[full], m.MiniTicker, list[m.MiniTicker])

    def choose(sent: Sent, _came: Any) -> Form:
        one, some = forms[2:] if sent.get("type") == "MINI" else forms[:2]
        return one if "symbol" in sent else some

    return Answers(forms, choose)


_TOLD = ("ACK", "RESULT", "FULL")


def _new_order(sent: Sent) -> Form:
    wanted = sent.get("newOrderRespType") or ("FULL" if sent["type"] in LIMIT_LIKE else "ACK")
    return dict(zip(_TOLD, (o.Ack, o.Result, o.Full), strict=True))[wanted]


NEW_ORDER = Answers((o.Ack, o.Result, o.Full), lambda sent, _came: _new_order(sent))
TESTED = Answers(
    (a.Empty, a.OrderCommissions),
    lambda sent, _came: a.OrderCommissions if _is_true(sent.get("computeCommissionRates")) else a.Empty,
)
ENDED = Answers((o.Cancelled, ol.CancelledList), lambda _sent, came: _ended(came))
_REPLACED = {
    ("SUCCESS", "SUCCESS"): o.Replaced,
    ("FAILURE", "SUCCESS"): o.OnlyPlaced,
    ("SUCCESS", "FAILURE"): o.OnlyCancelled,
    ("FAILURE", "FAILURE"): o.NeitherDone,
    ("FAILURE", "NOT_ATTEMPTED"): o.NotAttempted,
}
_PLACED_LISTS = (ol.PlacedList[o.Ack], ol.PlacedList[o.Result], ol.PlacedList[o.Full])


def _is_true(sent: Any) -> bool:
    return sent is True or sent == "true"


def _ended(came: Any) -> Form:
    return ol.CancelledList if "orders" in came else o.Cancelled


def _replaced(sent: Sent, came: Any) -> Form:
    form = _REPLACED[came["cancelResult"], came["newOrderResult"]]
    return form[_new_order(sent)] if form in (o.Replaced, o.OnlyPlaced) else form


REPLACED = Answers(
    (
        *(form[new] for form in (o.Replaced, o.OnlyPlaced) for new in (o.Ack, o.Result, o.Full)),
        o.OnlyCancelled,
        o.NeitherDone,
        o.NotAttempted,
    ),
    _replaced,
)
"""Also of what a refused cancel-replace tells in its `data`."""


def _placed_list(sent: Sent, _came: Any) -> Form:
    # where nothing else is asked for, the samples of the documents have the orders' states without fills
    return dict(zip(_TOLD, _PLACED_LISTS, strict=True))[sent.get("newOrderRespType", "RESULT")]


PLACED_LIST = Answers(_PLACED_LISTS, _placed_list)

REST: dict[str, Answers] = {
    "GET /api/v3/ping": always(a.Empty),
    "GET /api/v3/time": always(m.ServerTime),
    "GET /api/v3/exchangeInfo": always(m.ExchangeInfo),
    "GET /api/v3/executionRules": always(m.ExecutionRules),
    "GET /api/v3/depth": always(m.Depth),
    "GET /api/v3/trades": always(list[m.Trade]),
    "GET /api/v3/historicalTrades": always(list[m.Trade]),
    "GET /api/v3/historicalBlockTrades": always(list[m.BlockTrade]),
    "GET /api/v3/aggTrades": always(list[m.AggregateTrade]),
    "GET /api/v3/klines": always(list[m.Kline]),
    "GET /api/v3/uiKlines": always(list[m.Kline]),
    "GET /api/v3/avgPrice": always(m.AveragePrice),
    "GET /api/v3/ticker/24hr": _tickers(m.DayTicker),
    "GET /api/v3/ticker/tradingDay": _tickers(m.Ticker),
    "GET /api/v3/ticker": _tickers(m.Ticker),
    "GET /api/v3/ticker/price": one_or_some(m.Price),
    "GET /api/v3/ticker/bookTicker": one_or_some(m.BestPrices),
    "GET /api/v3/referencePrice": always(m.ReferencePrice),
    "GET /api/v3/referencePrice/calculation": Answers(
        (m.MeanOfTrades, m.PriceFromElsewhere),
        lambda _sent, came: m.PriceFromElsewhere if came["calculationType"] == "EXTERNAL" else m.MeanOfTrades,
    ),
    "POST /api/v3/order": NEW_ORDER,
    "POST /api/v3/order/test": TESTED,
    "DELETE /api/v3/order": ENDED,
    "DELETE /api/v3/openOrders": always(EachOf(ENDED.forms, _ended)),
    "POST /api/v3/order/cancelReplace": REPLACED,
    "PUT /api/v3/order/amend/keepPriority": always(o.Amended),
    "POST /api/v3/order/oco": PLACED_LIST,
    "POST /api/v3/orderList/oco": PLACED_LIST,
    "POST /api/v3/orderList/oto": PLACED_LIST,
    "POST /api/v3/orderList/otoco": PLACED_LIST,
    "POST /api/v3/orderList/opo": PLACED_LIST,
    "POST /api/v3/orderList/opoco": PLACED_LIST,
    "DELETE /api/v3/orderList": always(ol.CancelledList),
    "POST /api/v3/sor/order": always(o.Routed),
    "POST /api/v3/sor/order/test": TESTED,
    "GET /api/v3/account": always(a.Account),
    "GET /api/v3/order": always(o.Queried),
    "GET /api/v3/openOrders": always(list[o.Queried]),
    "GET /api/v3/allOrders": always(list[o.Queried]),
    "GET /api/v3/orderList": always(ol.OrderList),
    "GET /api/v3/allOrderList": always(list[ol.OrderList]),
    "GET /api/v3/openOrderList": always(list[ol.OrderList]),
    "GET /api/v3/myTrades": always(list[o.AccountTrade]),
    "GET /api/v3/rateLimit/order": always(list[a.LimitUse]),
    "GET /api/v3/myPreventedMatches": always(list[o.PreventedMatch]),
    "GET /api/v3/myAllocations": always(list[o.Allocation]),
    "GET /api/v3/account/commission": always(a.Commissions),
    "GET /api/v3/order/amendments": always(list[o.Amendment]),
    "GET /api/v3/myFilters": always(a.Filters),
    "POST /api/v3/userDataStream": always(a.ListenKey),
    "PUT /api/v3/userDataStream": always(a.Empty),
    "DELETE /api/v3/userDataStream": always(a.Empty),
    "GET /sapi/v1/system/status": always(e.SystemStatus),
    "GET /sapi/v1/capital/config/getall": always(list[e.Coin]),
    "GET /sapi/v1/capital/deposit/hisrec": always(list[e.Transfer]),
    "GET /sapi/v1/capital/withdraw/history": always(list[e.Transfer]),
    "GET /sapi/v1/asset/tradeFee": always(list[e.TradeFee]),
    "GET /sapi/v1/account/apiRestrictions": always(e.KeyRights),
    "GET /sapi/v1/margin/allPairs": always(list[e.MarginPair]),
    "GET /sapi/v1/margin/isolated/allPairs": always(list[e.MarginPair]),
    "GET /fapi/v1/exchangeInfo": always(e.NoContracts),
    "GET /dapi/v1/exchangeInfo": always(e.NoContracts),
}

METHODS: dict[str, Answers] = {
    "session.logon": always(a.Session),
    "session.status": always(a.Session),
    "session.logout": always(a.Session),
    "session.subscriptions": always(list[a.Subscription]),
    "userDataStream.subscribe": always(a.Subscription),
    "userDataStream.subscribe.signature": always(a.Subscription),
    "userDataStream.unsubscribe": always(a.Empty),
}
"""Of the WebSocket API alone; what REST has too is answered alike."""


def route(operation: Operation) -> str:
    """An operation of REST as the registry names it."""
    return f"{operation.verb} {operation.path}"


def answers_to(operation: Operation) -> Answers | None:
    """The models of an operation's answers, if it has any."""
    return REST.get(route(operation)) if operation.path else METHODS.get(operation.method)
