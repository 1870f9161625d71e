"""Price change statistics: the last 24 hours, any rolling window, the trading day."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics.candles import Candles
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, INTERVALS, MINUTE
from veighna_ext.exchange.statistics.trades import Trades

_WINDOWS: Final = {"m": (MINUTE, 59), "h": (HOUR, 23), "d": (DAY, 7)}
_NO_TRADE: Final = -1


class BadWindow(ValueError):
    """A window size Binance does not know."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no window size: use 1m to 59m, 1h to 23h or 1d to 7d")


class Ticker(NamedTuple):
    """How a price changed over a window; the percentage in thousandths."""

    price_change: int
    price_change_percent: int
    weighted_average_price: int
    previous_close: int
    last_price: int
    last_quantity: int
    open: int
    high: int
    low: int
    volume: int
    quote_volume: int
    open_time: int
    close_time: int
    first_id: int
    last_id: int
    trades: int


def parse_window(text: str) -> int:
    """The length of a window such as ``15m``, ``4h`` or ``7d``."""
    match = re.fullmatch(r"([1-9][0-9]?)([mhd])", text)
    if match is None:
        raise BadWindow(text)
    span, most = _WINDOWS[match[2]]
    if int(match[1]) > most:
        raise BadWindow(text)
    return int(match[1]) * span


def percent_change(opened: int, last: int) -> int:
    """The change in thousandths of a percent, halves away from zero; 0 without an opening price."""
    if not opened:
        return 0
    size = (200_000 * abs(last - opened) + opened) // (2 * opened)
    return size if last >= opened else -size


def format_percent(thousandths: int) -> str:
    """A percentage with its three decimals, such as ``-0.740``."""
    whole, decimals = divmod(abs(thousandths), 1000)
    return f"{'-' if thousandths < 0 else ''}{whole}.{decimals:03}"


def average_price(quote: int, volume: int) -> int:
    """The price paid on average, rounded to the nearest unit; 0 where nothing traded."""
    return (2 * quote * UNIT + volume) // (2 * volume) if volume else 0


class Tickers:
    """
    Tickers of any window, added up from whole minutes when they are asked for.

    So the minute in which a window opens counts in full, as Binance says of its rolling windows.
    """

    def __init__(self, candles: Candles, trades: Trades) -> None:
        self._candles = candles
        self._trades = trades

    def last_day(self, now: int) -> Ticker:
        """The last 24 hours."""
        return self._ticker(now - DAY, now, now)

    def rolling(self, window: int, now: int) -> Ticker:
        """The last ``window``, from the beginning of a minute."""
        return self._ticker((now - window) // MINUTE * MINUTE, now, now)

    def trading_day(self, now: int, shift: int = 0) -> Ticker:
        """The calendar day of a time zone."""
        day = INTERVALS["1d"]
        opened = day.open_of(now, shift)
        return self._ticker(opened, day.close_of(opened, shift), now)

    def _ticker(self, open_time: int, close_time: int, now: int) -> Ticker:
        first_minute = open_time // MINUTE * MINUTE
        part = self._candles.between(first_minute, now + 1)
        previous = self._candles.close_before(first_minute) or 0
        if part is None:
            return Ticker(
                0, 0, 0, previous, previous, 0, 0, 0, 0, 0, 0, open_time, close_time, _NO_TRADE, _NO_TRADE, 0
            )
        # nothing older than the start is in a window without the newest trade, if there is one
        has_own = bool(self._trades.times)
        last_id = self._trades.next_id - 1
        return Ticker(
            part.close - part.open,
            percent_change(part.open, part.close),
            average_price(part.quote_volume, part.volume),
            previous,
            part.close,
            self._trades.last_quantity,
            part.open,
            part.high,
            part.low,
            part.volume,
            part.quote_volume,
            open_time,
            close_time,
            # of trades before the start only the number is known
            max(last_id - part.trades + 1, 0) if has_own else _NO_TRADE,
            last_id if has_own else _NO_TRADE,
            part.trades,
        )
