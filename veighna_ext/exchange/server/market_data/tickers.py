"""How prices changed: over the last day, over any window, and over the trading day."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.market_data import choosing
from veighna_ext.exchange.server.market_data.choosing import ONE_OR_SOME, STATUS
from veighna_ext.exchange.server.market_data.depth import best
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, Values, choice, optional, time_zone
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.statistics import Ticker, Tickers, format_percent, parse_window
from veighna_ext.exchange.statistics.intervals import DAY
from veighna_ext.exchange.statistics.tickers import BadWindow


def window(name: str, text: str) -> int:
    """The length of a rolling window."""
    try:
        return parse_window(text)
    except BadWindow:
        raise refusals.invalid(name) from None


_IS_MINI = optional(
    "type", choice({"FULL": False, "MINI": True}, Refusal(-1139, "Invalid ticker type.")), default=False
)


def _tickers(call: Call, market: Market) -> Tickers:
    return call.live.exchange.records[market.symbol.name].tickers


def _told(call: Call, market: Market, ticker: Ticker) -> dict[str, Any]:
    return _mini(call, market, ticker) if call.values["type"] else _full(call, market, ticker)


def _mini(call: Call, market: Market, ticker: Ticker) -> dict[str, Any]:
    text = format_amount
    return {
        "symbol": market.symbol.name,
        "openPrice": text(ticker.open),
        "highPrice": text(ticker.high),
        "lowPrice": text(ticker.low),
        "lastPrice": text(ticker.last_price),
        "volume": text(ticker.volume),
        "quoteVolume": text(ticker.quote_volume),
        "openTime": call.time(ticker.open_time),
        "closeTime": call.time(ticker.close_time),
        "firstId": ticker.first_id,
        "lastId": ticker.last_id,
        "count": ticker.trades,
    }


def _full(call: Call, market: Market, ticker: Ticker) -> dict[str, Any]:
    mini = _mini(call, market, ticker)
    return {
        "symbol": mini.pop("symbol"),
        "priceChange": format_amount(ticker.price_change),
        "priceChangePercent": format_percent(ticker.price_change_percent),
        "weightedAvgPrice": format_amount(ticker.weighted_average_price),
        **mini,
    }


def _last_day(call: Call, market: Market) -> dict[str, Any]:
    ticker = _tickers(call, market).last_day(call.now)
    mini = _mini(call, market, ticker)
    if call.values["type"]:
        return mini
    bid, bid_quantity = best(market.book.bids)
    ask, ask_quantity = best(market.book.asks)
    return {
        "symbol": mini.pop("symbol"),
        "priceChange": format_amount(ticker.price_change),
        "priceChangePercent": format_percent(ticker.price_change_percent),
        "weightedAvgPrice": format_amount(ticker.weighted_average_price),
        "prevClosePrice": format_amount(ticker.previous_close),
        "lastPrice": mini.pop("lastPrice"),
        "lastQty": format_amount(ticker.last_quantity),
        "bidPrice": bid,
        "bidQty": bid_quantity,
        "askPrice": ask,
        "askQty": ask_quantity,
        **mini,
    }


def _rolling(call: Call, market: Market) -> dict[str, Any]:
    return _told(call, market, _tickers(call, market).rolling(call.values["windowSize"], call.now))


def _trading_day(call: Call, market: Market) -> dict[str, Any]:
    return _told(call, market, _tickers(call, market).trading_day(call.now, call.values["timeZone"]))


def _last_days(call: Call) -> Any:
    return choosing.answer(call, _last_day)


def _rolling_windows(call: Call) -> Any:
    return choosing.answer_for_named(call, _rolling)


def _trading_days(call: Call) -> Any:
    return choosing.answer_for_named(call, _trading_day)


def _weight_of_last_days(values: Values) -> int:
    if values["symbol"] is not None:
        return 2
    count = len(values["symbols"]) if values["symbols"] else None
    if count is None or count > 100:
        return 80
    return 2 if count <= 20 else 40


OPERATIONS = (
    Operation(
        _last_days,
        "ticker.24hr",
        "GET",
        "/api/v3/ticker/24hr",
        Parameters(*ONE_OR_SOME, _IS_MINI, STATUS),
        weight=_weight_of_last_days,
    ),
    Operation(
        _trading_days,
        "ticker.tradingDay",
        "GET",
        "/api/v3/ticker/tradingDay",
        Parameters(*ONE_OR_SOME, optional("timeZone", time_zone, default=0), _IS_MINI, STATUS),
        weight=choosing.weight_of_named,
    ),
    Operation(
        _rolling_windows,
        "ticker",
        "GET",
        "/api/v3/ticker",
        Parameters(*ONE_OR_SOME, optional("windowSize", window, default=DAY), _IS_MINI, STATUS),
        weight=choosing.weight_of_named,
    ),
)
