"""Market data that follows from a symbol's trades and book: candles, tickers, averages, aggregates, depth."""

from veighna_ext.exchange.statistics.aggregates import AggregateTrade, AggregateTrades
from veighna_ext.exchange.statistics.candles import Candles, StreamedCandle
from veighna_ext.exchange.statistics.depth import BookTicker, DepthDiff, DepthUpdates, joined_diffs
from veighna_ext.exchange.statistics.history import Candle, History
from veighna_ext.exchange.statistics.record import PublicRecord, RecordState
from veighna_ext.exchange.statistics.tickers import Ticker, Tickers, format_percent, parse_window
from veighna_ext.exchange.statistics.trades import Trade, Trades

__all__ = [
    "AggregateTrade",
    "AggregateTrades",
    "BookTicker",
    "Candle",
    "Candles",
    "DepthDiff",
    "DepthUpdates",
    "History",
    "PublicRecord",
    "RecordState",
    "StreamedCandle",
    "Ticker",
    "Tickers",
    "Trade",
    "Trades",
    "format_percent",
    "joined_diffs",
    "parse_window",
]
