"""What anybody may ask about the markets: their rules, books, trades, candles and prices."""

from veighna_ext.exchange.server.market_data import depth, exchange_info, klines, prices, tickers, trades
from veighna_ext.exchange.server.market_data.warming import keep_warm

OPERATIONS = (
    *exchange_info.OPERATIONS,
    *depth.OPERATIONS,
    *trades.OPERATIONS,
    *klines.OPERATIONS,
    *prices.OPERATIONS,
    *tickers.OPERATIONS,
)

__all__ = ["OPERATIONS", "keep_warm"]
