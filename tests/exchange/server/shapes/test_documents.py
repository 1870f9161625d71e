"""The models are Binance's: what its documents show fits them, and they ask for nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.exchange.server.shapes import envelopes, filters, orders, payloads
from tests.exchange.server.shapes.documents import differences, documents
from tests.exchange.server.shapes.events import EVENTS, ExecutionReport
from tests.exchange.server.shapes.extract import Shape
from tests.exchange.server.shapes.registry import METHODS, REST
from veighna_ext.exchange.server import catalogue

ODDITIES = {
    # an order that another one pays for has no quantity yet; no symbol here has such orders
    "$.orderReports[].origQty": (
        "orderList/opo",
        "orderList/opoco",
        "orderList.place.opo",
        "orderList.place.opoco",
    ),
    # samples older than the fields, which REST's samples of the same answers have
    "$.orderReports[].origClientOrderId": ("orderList.cancel",),
    "$.selfTradePreventionMode": ("order.place",),
    "$.origQuoteOrderQty": ("placed",),
    "$.newOrderResponse.workingTime": ("order.cancelReplace",),
    "$.specialCommissionForOrder": ("sor/order/test", "sor.order.test"),
    # an array around the one answer, which the text does not mention
    "$": ("sor.order.place",),
}
"""Where a sample in the documents contradicts another one, and where."""

STREAMS = {
    "!miniTicker@arr": list[payloads.MiniTicker],
    "!serverShutdown": payloads.ServerShutdown,
    "!ticker_<window-size>@arr": list[payloads.RollingTicker],
    "<symbol>@aggTrade": payloads.AggregateTrade,
    "<symbol>@avgPrice": payloads.AveragePrice,
    "<symbol>@blockTrade": payloads.BlockTrade,
    "<symbol>@bookTicker": payloads.BookTicker,
    "<symbol>@depth": payloads.DepthUpdate,
    "<symbol>@depth@100ms": payloads.DepthUpdate,
    "<symbol>@depth<levels>": payloads.PartOfBook,
    "<symbol>@depth<levels>@100ms": payloads.PartOfBook,
    "<symbol>@kline_<interval>": payloads.Kline,
    "<symbol>@kline_<interval>@+08:00": payloads.Kline,
    "<symbol>@miniTicker": payloads.MiniTicker,
    "<symbol>@referencePrice": payloads.ReferencePrice,
    "<symbol>@ticker": payloads.Ticker,
    "<symbol>@ticker_<window_size>": payloads.RollingTicker,
    "<symbol>@trade": payloads.Trade,
}


def _samples(part: str) -> list[Any]:
    return [
        pytest.param(name, shape, id=f"{name} {number}")
        for name, shapes in documents()[part].items()
        for number, shape in enumerate(shapes)
    ]


def _told_by_refusal(shape: Shape) -> Shape | None:
    """What a sample of a refusal tells besides; none where it is no refusal, or tells nothing."""
    return shape.get("data") if isinstance(shape, dict) and "msg" in shape else None


def _is_refusal(shape: Shape) -> bool:
    return isinstance(shape, dict) and "msg" in shape


def _check(name: str, forms: tuple[Any, ...], shape: Shape) -> None:
    found = min((differences(form, shape) for form in forms), key=len)
    unknown = [each for each in found if not name.endswith(ODDITIES.get(each.partition(":")[0], ("?",)))]
    assert not unknown


@pytest.mark.parametrize(("name", "shape"), _samples("rest"))
def test_answers_of_rest_are_as_documented(name: str, shape: Shape) -> None:
    if _is_refusal(shape):
        assert not differences(envelopes.Error, {each: shape[each] for each in ("code", "msg")})
        shape = _told_by_refusal(shape)
    if shape is not None:
        _check(name, REST[name].forms, shape)


@pytest.mark.parametrize(("name", "shape"), _samples("ws_api"))
def test_results_of_the_websocket_api_are_as_documented(name: str, shape: Shape) -> None:
    if _is_refusal(shape):
        return
    operation = catalogue.METHODS[name]
    answers = REST[f"{operation.verb} {operation.path}"] if operation.path else METHODS[name]
    _check(name, answers.forms, shape)


@pytest.mark.parametrize(("name", "shape"), _samples("ws_api_answers"))
def test_what_stands_around_results_is_as_documented(name: str, shape: Shape) -> None:
    form = envelopes.Answered if name == "answered" else envelopes.Refused
    found = [each for each in differences(form, shape) if "RawType" not in each]
    assert found in ([], ["$.result: always there here, and not documented"])


@pytest.mark.parametrize(("name", "shape"), _samples("streams"))
def test_payloads_of_streams_are_as_documented(name: str, shape: Shape) -> None:
    assert not differences(STREAMS[name], shape)


@pytest.mark.parametrize(("name", "shape"), _samples("events"))
def test_user_data_is_as_documented(name: str, shape: Shape) -> None:
    assert not differences(EVENTS[name], shape)


@pytest.mark.parametrize(("name", "shape"), _samples("filters"))
def test_filters_are_as_documented(name: str, shape: Shape) -> None:
    kinds = [filters.SymbolFilter, filters.ExchangeFilter, filters.AssetFilter]
    assert min((differences(kind, shape) for kind in kinds), key=len) == []


@pytest.mark.parametrize(("name", "shape"), _samples("prevented"))
def test_orders_ended_by_self_trade_prevention_are_as_documented(name: str, shape: Shape) -> None:
    _check(name, (orders.Full if name == "placed" else orders.Queried,), shape)


ROUTED_OR_PEGGED = {
    "usedSor", "workingFloor", "pegPriceType", "pegOffsetType", "pegOffsetValue", "peggedPrice",
    "b", "a", "k", "uS", "gP", "gOT", "gOV", "gp",
}  # fmt: skip
"""Fields of orders that no symbol of this venue takes; the models do not let them pass."""


def test_fields_that_only_some_orders_have_are_known() -> None:
    found = documents()["conditional"]
    for form, part in (
        (orders.Result, "order"),
        (orders.Queried, "order"),
        (ExecutionReport, "executionReport"),
    ):
        known = {field.name for field in msgspec.structs.fields(form)}
        assert set(found[part]) - known <= ROUTED_OR_PEGGED


def test_the_facts_of_the_documents_are_all_there() -> None:
    counts = {part: len(found) for part, found in documents().items()}
    least = {"rest": 48, "ws_api": 55, "streams": 18, "events": 6, "filters": 20}
    assert not {part: count for part, count in least.items() if counts[part] < count}
