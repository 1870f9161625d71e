"""What a symbol costs: now, on average, and as a reference."""

from __future__ import annotations

from typing import Any, NoReturn

from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.server.market_data import choosing
from veighna_ext.exchange.server.market_data.choosing import ONE_OR_SOME, STATUS, SYMBOL
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters
from veighna_ext.exchange.server.refusals import Refusal


def _last(call: Call, market: Market) -> int:
    """The last price, from before the start where nothing was traded since."""
    if market.last_price:
        return market.last_price
    return call.live.exchange.records[market.symbol.name].tickers.last_day(call.now).last_price


def _price(call: Call, market: Market) -> dict[str, str]:
    return {"symbol": market.symbol.name, "price": format_amount(_last(call, market))}


def _prices(call: Call) -> Any:
    return choosing.answer(call, _price)


def _average(call: Call) -> dict[str, Any]:
    market = call.market()
    minutes = market.symbol.filters.percent_minutes
    price = market.average_price(minutes, call.now) or _last(call, market)
    last_time = call.record().trades.last_time
    return {"mins": minutes, "price": format_amount(price), "closeTime": call.time(last_time)}


def _no_reference() -> Refusal:
    """Nothing here follows a reference price: none was ever set."""
    return Refusal(-2043, "This symbol doesn't have a reference price.")


def _reference_price(call: Call) -> NoReturn:
    call.market()
    raise _no_reference()


def _reference_calculation(call: Call) -> NoReturn:
    choosing.one(call)
    raise _no_reference()


OPERATIONS = (
    Operation(
        _prices,
        "ticker.price",
        "GET",
        "/api/v3/ticker/price",
        Parameters(*ONE_OR_SOME, STATUS),
        weight=choosing.weight_of_prices,
    ),
    Operation(_average, "avgPrice", "GET", "/api/v3/avgPrice", Parameters(SYMBOL), weight=2),
    Operation(
        _reference_price, "referencePrice", "GET", "/api/v3/referencePrice", Parameters(SYMBOL), weight=2
    ),
    Operation(
        _reference_calculation,
        "referencePrice.calculation",
        "GET",
        "/api/v3/referencePrice/calculation",
        Parameters(SYMBOL, STATUS),
        weight=2,
    ),
)
