"""Which symbols a request is about: one, some or all of them, perhaps only those in a certain status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.operations import Call
from veighna_ext.exchange.server.parameters import (
    Values,
    mandatory,
    optional,
    symbol,
    symbol_status,
    symbols,
)
from veighna_ext.exchange.server.refusals import Refusal

MOST_AT_ONCE = 100
"""Symbols that may be named where each of them costs weight."""

SYMBOL = mandatory("symbol", symbol)
STATUS = optional("symbolStatus", symbol_status)
ONE_OR_SOME = (optional("symbol", symbol), optional("symbols", symbols))


def both_sent() -> Refusal:
    """One symbol was asked for and several ones too."""
    return Refusal(
        -1128,
        "Combination of optional parameters invalid. "
        "Recommendation: 'symbol' and 'symbols' cannot both be sent.",
    )


def wrong_status() -> Refusal:
    """The one symbol asked for is in another status."""
    return Refusal(-1220, "The symbol's status does not match the requested symbolStatus.")


def one(call: Call) -> Market:
    """The market of the request's symbol, in the status it asks for."""
    market = call.market()
    status = call.values["symbolStatus"]
    if status is not None and market.status != status:
        raise wrong_status()
    return market


def some(call: Call) -> list[Market]:
    """The markets of the request's symbols, of all where it names none, without those in another status."""
    venue = call.live.venue
    names, status = call.values["symbols"], call.values["symbolStatus"]
    found = list(venue.markets.values()) if names is None else [venue.market(name) for name in names]
    return found if status is None else [market for market in found if market.status == status]


def answer(call: Call, tell: Callable[[Call, Market], Any]) -> Any:
    """An object for one symbol, an array for some or all."""
    if call.values["symbol"] is None:
        return [tell(call, market) for market in some(call)]
    if call.values["symbols"] is not None:
        raise both_sent()
    return tell(call, one(call))


def answer_for_named(call: Call, tell: Callable[[Call, Market], Any]) -> Any:
    """The same where the request has to name its symbols, and not too many."""
    names = call.values["symbols"]
    if names is None and call.values["symbol"] is None:
        raise refusals.neither("symbol", "symbols")
    if names is not None and len(names) > MOST_AT_ONCE:
        raise refusals.invalid("symbols")
    return answer(call, tell)


def weight_of_named(values: Values) -> int:
    """4 for each symbol, 200 at most."""
    return min(4 * len(values["symbols"] or ("one",)), 200)


def weight_of_prices(values: Values) -> int:
    """2 for one symbol, 4 for any number of them."""
    return 4 if values["symbol"] is None else 2
