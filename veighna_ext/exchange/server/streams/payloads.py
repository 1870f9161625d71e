"""The events of the market streams as JSON, field by field as Binance has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from veighna_ext.exchange.amounts import format_amount as amount
from veighna_ext.exchange.statistics import format_percent

if TYPE_CHECKING:
    from veighna_ext.exchange.statistics import (
        AggregateTrade,
        BookTicker,
        DepthDiff,
        StreamedCandle,
        Ticker,
        Trade,
    )

_BOOLEANS = "false", "true"


def trade(symbol: str, made: Trade, now: int, divisor: int) -> bytes:
    """A trade."""
    return (
        f'{{"e":"trade","E":{now // divisor},"s":"{symbol}","t":{made.trade_id},"p":"{amount(made.price)}",'
        f'"q":"{amount(made.quantity)}","T":{made.time // divisor},"m":{_BOOLEANS[made.buyer_is_maker]},'
        f'"M":true}}'
    ).encode()


def aggregate_trade(symbol: str, made: AggregateTrade, now: int, divisor: int) -> bytes:
    """What one order traded at one price."""
    return (
        f'{{"e":"aggTrade","E":{now // divisor},"s":"{symbol}","a":{made.aggregate_id},'
        f'"p":"{amount(made.price)}","q":"{amount(made.quantity)}","f":{made.first_id},"l":{made.last_id},'
        f'"T":{made.time // divisor},"m":{_BOOLEANS[made.buyer_is_maker]},"M":true}}'
    ).encode()


def book_ticker(symbol: str, best: BookTicker, _divisor: int = 1) -> bytes:
    """The best prices; it carries no time."""
    return (
        f'{{"u":{best.update_id},"s":"{symbol}","b":"{amount(best.bid)}","B":"{amount(best.bid_quantity)}",'
        f'"a":"{amount(best.ask)}","A":"{amount(best.ask_quantity)}"}}'
    ).encode()


def levels(rows: Iterable[tuple[int, int]]) -> str:
    """Prices and quantities of one side."""
    return ",".join([f'["{amount(price)}","{amount(quantity)}"]' for price, quantity in rows])


def depth_update(symbol: str, diff: DepthDiff) -> bytes:
    """Changes of the book: what stands after the time of the event."""
    return (
        f',"s":"{symbol}","U":{diff.first_id},"u":{diff.last_id},"b":[{levels(diff.bids)}],'
        f'"a":[{levels(diff.asks)}]}}'
    ).encode()


def depth_update_at(changes: bytes, now: int, divisor: int) -> bytes:
    """Changes of the book."""
    return b'{"e":"depthUpdate","E":%d%b' % (now // divisor, changes)


def part_of_book(
    update_id: int, bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]], _divisor: int = 1
) -> bytes:
    """The best levels of the book; neither symbol nor time is in it."""
    return f'{{"lastUpdateId":{update_id},"bids":[{levels(bids)}],"asks":[{levels(asks)}]}}'.encode()


def kline(
    symbol: str, interval: str, streamed: StreamedCandle, is_closed: bool, now: int, divisor: int
) -> bytes:
    """A candle so far, or for good."""
    candle = streamed.candle
    return (
        f'{{"e":"kline","E":{now // divisor},"s":"{symbol}","k":{{"t":{candle.open_time // divisor},'
        f'"T":{candle.close_time // divisor},"s":"{symbol}","i":"{interval}","f":{streamed.first_id},'
        f'"L":{streamed.last_id},"o":"{amount(candle.open)}","c":"{amount(candle.close)}",'
        f'"h":"{amount(candle.high)}","l":"{amount(candle.low)}","v":"{amount(candle.volume)}",'
        f'"n":{candle.trades},"x":{_BOOLEANS[is_closed]},"q":"{amount(candle.quote_volume)}",'
        f'"V":"{amount(candle.taker_volume)}","Q":"{amount(candle.taker_quote_volume)}","B":"0"}}}}'
    ).encode()


def mini_ticker(symbol: str, day: Ticker, now: int, divisor: int) -> bytes:
    """The last 24 hours in short."""
    return (
        f'{{"e":"24hrMiniTicker","E":{now // divisor},"s":"{symbol}","c":"{amount(day.last_price)}",'
        f'"o":"{amount(day.open)}","h":"{amount(day.high)}","l":"{amount(day.low)}",'
        f'"v":"{amount(day.volume)}","q":"{amount(day.quote_volume)}"}}'
    ).encode()


def ticker(symbol: str, day: Ticker, best: tuple[int, int, int, int], now: int, divisor: int) -> bytes:
    """The last 24 hours, with the best prices of the moment."""
    bid, bid_quantity, ask, ask_quantity = best
    return (
        f'{{"e":"24hrTicker","E":{now // divisor},"s":"{symbol}","p":"{amount(day.price_change)}",'
        f'"P":"{format_percent(day.price_change_percent)}","w":"{amount(day.weighted_average_price)}",'
        f'"x":"{amount(day.previous_close)}","c":"{amount(day.last_price)}","Q":"{amount(day.last_quantity)}",'
        f'"b":"{amount(bid)}","B":"{amount(bid_quantity)}","a":"{amount(ask)}","A":"{amount(ask_quantity)}",'
        f'"o":"{amount(day.open)}","h":"{amount(day.high)}","l":"{amount(day.low)}",{_window(day, divisor)}'
    ).encode()


def rolling_ticker(symbol: str, window: str, rolling: Ticker, now: int, divisor: int) -> bytes:
    """A window that ends now and begins with a minute."""
    return (
        f'{{"e":"{window}Ticker","E":{now // divisor},"s":"{symbol}","p":"{amount(rolling.price_change)}",'
        f'"P":"{format_percent(rolling.price_change_percent)}","o":"{amount(rolling.open)}",'
        f'"h":"{amount(rolling.high)}","l":"{amount(rolling.low)}","c":"{amount(rolling.last_price)}",'
        f'"w":"{amount(rolling.weighted_average_price)}",{_window(rolling, divisor)}'
    ).encode()


def _window(over: Ticker, divisor: int) -> str:
    """What happened in a window, and when it was: the end of every ticker of one."""
    return (
        f'"v":"{amount(over.volume)}","q":"{amount(over.quote_volume)}","O":{over.open_time // divisor},'
        f'"C":{over.close_time // divisor},"F":{over.first_id},"L":{over.last_id},"n":{over.trades}}}'
    )


def average_price(symbol: str, minutes: int, price: int, last_trade: int, now: int, divisor: int) -> bytes:
    """The average price of the last minutes."""
    return (
        f'{{"e":"avgPrice","E":{now // divisor},"s":"{symbol}","i":"{minutes}m","w":"{amount(price)}",'
        f'"T":{last_trade // divisor}}}'
    ).encode()


def no_reference_price(symbol: str, now: int, divisor: int) -> bytes:
    """A symbol has no reference price."""
    return f'{{"e":"referencePrice","s":"{symbol}","r":null,"t":{now // divisor}}}'.encode()


def server_shutdown(now: int, divisor: int) -> bytes:
    """The venue is about to close."""
    return f'{{"e":"serverShutdown","E":{now // divisor}}}'.encode()
