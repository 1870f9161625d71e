"""Market data over WebSockets: streams by name, raw or combined, each event written once for all."""

from veighna_ext.exchange.server.streams.connection import Connection
from veighna_ext.exchange.server.streams.market import MarketStreams, OtherStreams

__all__ = ["Connection", "MarketStreams", "OtherStreams"]
