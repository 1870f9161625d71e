"""Makes the stream that a name asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from veighna_ext.exchange.server.streams.depth import DepthChain, DiffStream, PartOfBook
from veighna_ext.exchange.server.streams.instrument import Instrument
from veighna_ext.exchange.server.streams.klines import KlineStream
from veighna_ext.exchange.server.streams.names import Wanted, parse
from veighna_ext.exchange.server.streams.realtime import KINDS, Follower, RealTimeStream
from veighna_ext.exchange.server.streams.stream import Stream
from veighna_ext.exchange.server.streams.tickers import (
    AllMarketsStream,
    AveragePriceStream,
    ChangedTickers,
    MiniTickerStream,
    ReferencePriceStream,
    RollingTickerStream,
    TickerStream,
)

if TYPE_CHECKING:
    from veighna_ext.exchange.server.live import LiveExchange

_ONCE_PER_SECOND = {
    "miniTicker": MiniTickerStream,
    "ticker": TickerStream,
    "avgPrice": AveragePriceStream,
    "referencePrice": ReferencePriceStream,
}


class OpenStreams:
    """The streams that somebody listens to, by name; each is made when the first client comes."""

    def __init__(self, live: LiveExchange) -> None:
        self.followers: dict[str, Follower] = {}
        """By symbol, who looks for what happens in real time."""
        self.paced: dict[str, Stream] = {}
        """The streams that have their turns at intervals."""
        self.klines: dict[str, KlineStream] = {}
        self._live = live
        self._streams: dict[str, Stream] = {}
        self._instruments: dict[str, Instrument] = {}
        self._chains: dict[str, DepthChain] = {}

    @property
    def is_idle(self) -> bool:
        """Whether nobody listens to anything: then nothing is looked for."""
        return not (self._streams or self.followers or self.paced or self.klines)

    def open(self, name: str) -> Stream | None:
        """The stream of a name; None where the venue has no such stream, or nothing ever comes by it."""
        stream = self._streams.get(name)
        if stream is not None:
            return stream
        wanted = parse(name)
        if wanted is None or (wanted.symbol and wanted.symbol not in self._live.venue.markets):
            return None
        stream = self._make(name, wanted)
        if stream is None:
            return None
        self._streams[name] = stream
        if stream.beats:
            self.paced[name] = stream
        if isinstance(stream, KlineStream):
            self.klines[name] = stream
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream that nobody listens to."""
        if not stream.is_idle or self._streams.pop(stream.name, None) is None:
            return
        self.give_up(stream)
        for symbol, follower in tuple(self.followers.items()):
            if follower.is_idle:
                del self.followers[symbol]

    def give_up(self, stream: Stream) -> None:
        """Give a stream no more turns."""
        self.paced.pop(stream.name, None)
        self.klines.pop(stream.name, None)

    def _make(self, name: str, wanted: Wanted) -> Stream | None:
        kind = wanted.kind
        if not wanted.symbol:
            together = AllMarketsStream if kind == "bookTicker" else ChangedTickers
            return together(name, lambda: self._of_all_symbols(kind), self.close)
        if kind in KINDS:
            return RealTimeStream(name, kind, self._follower(wanted.symbol))
        instrument = self._instrument(wanted.symbol)
        if kind == "kline":
            return KlineStream(name, instrument, wanted, self._live.now)
        if kind == "depth" and wanted.levels:
            return PartOfBook(name, instrument, wanted.levels, wanted.every_ms)
        if kind == "depth":
            return DiffStream(name, instrument, self._chain(instrument), wanted.every_ms)
        if kind.startswith("ticker_"):
            return RollingTickerStream(name, instrument, kind.removeprefix("ticker_"))
        once_per_second = _ONCE_PER_SECOND.get(kind)
        # no blocks are traded here
        return once_per_second(name, instrument) if once_per_second is not None else None

    def _of_all_symbols(self, kind: str) -> Iterator[Stream]:
        for symbol in self._live.venue.markets:
            member = self.open(f"{symbol.lower()}@{kind}")
            assert member is not None
            yield member

    def _instrument(self, symbol: str) -> Instrument:
        found = self._instruments.get(symbol)
        if found is None:
            number = len(self._instruments)
            found = self._instruments[symbol] = Instrument(self._live.exchange, symbol, number)
        return found

    def _follower(self, symbol: str) -> Follower:
        found = self.followers.get(symbol)
        if found is None:
            found = self.followers[symbol] = Follower(self._instrument(symbol))
        return found

    def _chain(self, instrument: Instrument) -> DepthChain:
        found = self._chains.get(instrument.symbol)
        if found is None:
            found = self._chains[instrument.symbol] = DepthChain(instrument)
        return found
