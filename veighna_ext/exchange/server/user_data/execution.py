"""Execution reports as the JSON that goes over the wire; written by hand, as there are many of them."""

from __future__ import annotations

from functools import lru_cache

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, format_amount
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.reports import ExecutionReport

_FLAGS = ("false", "true")
# a fill repeats the price and the quantities of its order, and often those of the fill before
_amount = lru_cache(maxsize=512)(format_amount)


def execution_report(
    report: ExecutionReport, match: PreventedMatch | None, now: int, time_divisor: int
) -> bytes:
    """
    An ``executionReport`` with every field that Binance's has under the same condition, in its order.

    ``match`` is the trade that was not made, of reports that tell of one. Nothing needs escaping: the venue
    takes no client order id, and lists no symbol, with a character that JSON would escape.
    """
    last_price, last_quantity = report.last_price, report.last_quantity
    before = after = trailing = ""
    if report.trailing_delta:
        trailing = f',"d":{report.trailing_delta}'
        if report.trailing_time >= 0:
            after = f',"D":{report.trailing_time // time_divisor}'
    if report.strategy_id is not None:
        after += f',"j":{report.strategy_id}'
    if report.strategy_type is not None:
        after += f',"J":{report.strategy_type}'
    if report.working_time >= 0:
        after += f',"W":{report.working_time // time_divisor}'
    after += f',"V":"{enums.STP_MODES[report.stp]}"'
    if report.prevented_match_id >= 0:
        before = f',"v":{report.prevented_match_id}'
        after += f',"A":"{_amount(report.prevented)}"'
        if match is not None:
            after += _prevented(report, match)
    if report.expiry_reason:
        after += f',"eR":"{report.expiry_reason}"'
    if report.commission_asset is None:
        commission = '"0","N":null'
    else:
        commission = f'"{_amount(report.commission)}","N":"{report.commission_asset}"'
    return (
        f'{{"e":"executionReport","E":{now // time_divisor},"s":"{report.symbol}","c":"{report.client_id}"'
        f',"S":"{enums.SIDES[report.side]}","o":"{enums.ORDER_TYPES[report.type]}"'
        f',"f":"{enums.TIMES_IN_FORCE[report.tif]}","q":"{_amount(report.quantity)}"'
        f',"p":"{_amount(report.price)}","P":"{_amount(report.stop_price)}"{trailing}'
        f',"F":"{_amount(report.iceberg)}","g":{report.list_id},"C":"{report.original_client_id}"'
        f',"x":"{report.execution}","X":"{enums.STATUSES[report.status]}","r":"{report.reject_reason}"'
        f',"i":{report.order_id},"l":"{_amount(last_quantity)}","z":"{_amount(report.executed)}"'
        f',"L":"{_amount(last_price)}","n":{commission},"T":{report.time // time_divisor}'
        f',"t":{report.trade_id}{before},"I":{report.execution_id},"w":{_FLAGS[report.on_book]}'
        f',"m":{_FLAGS[report.is_maker]},"M":{_FLAGS[report.trade_id >= 0]}'
        f',"O":{report.created // time_divisor},"Z":"{_amount(report.spent)}"'
        f',"Y":"{_amount(last_price * last_quantity // UNIT)}"'
        f',"Q":"{_amount(report.quote_quantity)}"{after}}}'
    ).encode()


def _prevented(report: ExecutionReport, match: PreventedMatch) -> str:
    quantity = report.prevented_trade
    return (
        f',"B":"{_amount(report.last_prevented)}","u":{match.trade_group},"U":{report.counter_order_id}'
        f',"Cs":"{report.symbol}","pl":"{_amount(quantity)}","pL":"{_amount(match.price)}"'
        f',"pY":"{_amount(match.price * quantity // UNIT)}"'
    )
