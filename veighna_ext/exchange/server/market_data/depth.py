"""The book: its levels, and its best prices."""

from __future__ import annotations

from itertools import islice
from typing import Any

from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.engine.book import BookSide
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.server.market_data import choosing
from veighna_ext.exchange.server.market_data.choosing import ONE_OR_SOME, STATUS, SYMBOL
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, Values, number_up_to, optional

_WEIGHTS = ((100, 5), (500, 25), (1000, 50), (5000, 250))
"""Levels, and what so many of them cost."""
MOST_LEVELS = 5000


def _depth(call: Call) -> dict[str, Any]:
    market = choosing.one(call)
    limit = call.values["limit"]
    return {
        "lastUpdateId": call.live.exchange.depths[market.symbol.name].update_id,
        "bids": _levels(market.book.bids, limit),
        "asks": _levels(market.book.asks, limit),
    }


def _levels(side: BookSide, limit: int) -> list[tuple[str, str]]:
    text = format_amount
    return [(text(level.price), text(level.shown)) for level in islice(side, limit)]


def _weight(values: Values) -> int:
    limit = values["limit"]
    return next(weight for most, weight in _WEIGHTS if limit <= most)


def best(side: BookSide) -> tuple[str, str]:
    """The best price of a side and what is shown there, zeros where nothing is."""
    level = side.best
    if level is None:
        return "0.00000000", "0.00000000"
    return format_amount(level.price), format_amount(level.shown)


def _best_prices(_call: Call, market: Market) -> dict[str, str]:
    bid, bid_quantity = best(market.book.bids)
    ask, ask_quantity = best(market.book.asks)
    return {
        "symbol": market.symbol.name,
        "bidPrice": bid,
        "bidQty": bid_quantity,
        "askPrice": ask,
        "askQty": ask_quantity,
    }


def _book_tickers(call: Call) -> Any:
    return choosing.answer(call, _best_prices)


OPERATIONS = (
    Operation(
        _depth,
        "depth",
        "GET",
        "/api/v3/depth",
        Parameters(SYMBOL, optional("limit", number_up_to(MOST_LEVELS), default=100), STATUS),
        weight=_weight,
    ),
    Operation(
        _book_tickers,
        "ticker.book",
        "GET",
        "/api/v3/ticker/bookTicker",
        Parameters(*ONE_OR_SOME, STATUS),
        weight=choosing.weight_of_prices,
    ),
)
