"""
User data events as JSON, times in the unit of the connection they go to.

Of Binance's events one never happens here: ``externalLockUpdate`` tells of money locked by a system outside
the exchange, such as margin, and there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.engine.reports import BalanceUpdate, ExecutionReport, ListStatus, Positions, Report
from veighna_ext.exchange.server.user_data.execution import execution_report

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.venue import Venue

_encode = msgspec.json.Encoder().encode


def event(report: Report, venue: Venue, now: int, time_divisor: int) -> bytes:
    """What a report of the venue says to whoever listens to its account."""
    if isinstance(report, ExecutionReport):
        match = None
        if report.execution == enums.X_PREVENTION:
            match = venue.markets[report.symbol].prevented_match(report.prevented_match_id)
        return execution_report(report, match, now, time_divisor)
    if isinstance(report, Positions):
        return positions(report, now, time_divisor)
    if isinstance(report, BalanceUpdate):
        return balance_update(report, now, time_divisor)
    return list_status(report, now, time_divisor)


def positions(report: Positions, now: int, time_divisor: int) -> bytes:
    """The ``outboundAccountPosition``: balances that may have changed."""
    balances = ",".join(
        [
            f'{{"a":"{asset}","f":"{format_amount(free)}","l":"{format_amount(locked)}"}}'
            for asset, free, locked in report.balances
        ]
    )
    return (
        f'{{"e":"outboundAccountPosition","E":{now // time_divisor},"u":{report.time // time_divisor}'
        f',"B":[{balances}]}}'
    ).encode()


def balance_update(report: BalanceUpdate, now: int, time_divisor: int) -> bytes:
    """The ``balanceUpdate``: money came in or went out."""
    return _encode(
        {
            "e": "balanceUpdate",
            "E": now // time_divisor,
            "a": report.asset,
            "d": format_amount(report.change),
            "T": report.time // time_divisor,
        }
    )


def list_status(report: ListStatus, now: int, time_divisor: int) -> bytes:
    """The ``listStatus``: an order list began, changed or ended."""
    return _encode(
        {
            "e": "listStatus",
            "E": now // time_divisor,
            "s": report.symbol,
            "g": report.list_id,
            "c": report.contingency,
            "l": report.status_type,
            "L": report.order_status,
            "r": "NONE",
            "C": report.client_id,
            "T": report.time // time_divisor,
            "O": [{"s": symbol, "i": order, "c": name} for symbol, order, name in report.orders],
        }
    )


def stream_terminated(now: int, time_divisor: int) -> bytes:
    """The last event of a subscription that was ended."""
    return b'{"e":"eventStreamTerminated","E":%d}' % (now // time_divisor)


def server_shutdown(now: int, time_divisor: int) -> bytes:
    """The exchange is about to close all connections."""
    return b'{"e":"serverShutdown","E":%d}' % (now // time_divisor)


def listen_key_expired(listen_key: str, now: int, time_divisor: int) -> bytes:
    """The last event of a listen key that nobody kept alive."""
    return b'{"e":"listenKeyExpired","E":%d,"listenKey":"%b"}' % (now // time_divisor, listen_key.encode())
