"""Candles."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.server.market_data.choosing import SYMBOL
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import (
    Parameters,
    interval,
    last_moment,
    mandatory,
    moment,
    number_up_to,
    optional,
    time_zone,
)


def _klines(call: Call) -> list[tuple[Any, ...]]:
    values = call.values
    candles = call.record().candles.query(
        values["interval"],
        call.now,
        values["startTime"],
        values["endTime"],
        values["limit"],
        values["timeZone"],
    )
    text, unit = format_amount, call.caller.time_divisor
    return [
        (
            opens // unit,
            text(first),
            text(high),
            text(low),
            text(last),
            text(volume),
            closes // unit,
            text(quote_volume),
            trades,
            text(taker_volume),
            text(taker_quote_volume),
            "0",
        )
        for (
            opens,
            first,
            high,
            low,
            last,
            volume,
            closes,
            quote_volume,
            trades,
            taker_volume,
            taker_quote_volume,
        ) in candles
    ]


_PARAMETERS = Parameters(
    SYMBOL,
    mandatory("interval", interval),
    optional("startTime", moment),
    optional("endTime", last_moment),
    optional("timeZone", time_zone, default=0),
    optional("limit", number_up_to(1000), default=500),
)

OPERATIONS = (
    Operation(_klines, "klines", "GET", "/api/v3/klines", _PARAMETERS, weight=2),
    # a chart shows these candles as they are: they have no gaps and no outliers to smooth
    Operation(_klines, "uiKlines", "GET", "/api/v3/uiKlines", _PARAMETERS, weight=2),
)
