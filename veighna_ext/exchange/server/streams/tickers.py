"""Statistics told once a second: tickers of a symbol and of all, average and reference prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from veighna_ext.exchange.server.streams import payloads
from veighna_ext.exchange.server.streams.instrument import Instrument
from veighna_ext.exchange.server.streams.stream import BEATS_PER_SECOND, Payload, Stream
from veighna_ext.exchange.statistics import parse_window

AVERAGE_MINUTES: Final = 5


class OncePerSecond(Stream):
    """A stream of one symbol that has its turn once a second."""

    beats = BEATS_PER_SECOND

    def __init__(self, name: str, instrument: Instrument) -> None:
        super().__init__(name, instrument.number)
        self.instrument = instrument


class MiniTickerStream(OncePerSecond):
    """The last 24 hours in short, when they have changed."""

    def tell(self, now: int) -> None:
        """Send the ticker if it says something new."""
        day = self.instrument.last_day(now)
        state = day.last_price, day.open, day.high, day.low, day.volume, day.quote_volume
        self.emit_if_new(state, partial(payloads.mini_ticker, self.instrument.symbol, day, now))


class TickerStream(OncePerSecond):
    """The last 24 hours and the best prices, when they have changed."""

    def tell(self, now: int) -> None:
        """Send the ticker if it says something new."""
        day, best = self.instrument.last_day(now), self.instrument.best()
        state = day._replace(open_time=0, close_time=0), best
        self.emit_if_new(state, partial(payloads.ticker, self.instrument.symbol, day, best, now))


class RollingTickerStream(OncePerSecond):
    """A window of some hours, when it has changed."""

    def __init__(self, name: str, instrument: Instrument, window: str) -> None:
        super().__init__(name, instrument)
        self._window = window
        self._span = parse_window(window)

    def tell(self, now: int) -> None:
        """Send the ticker if it says something new."""
        rolling = self.instrument.record.tickers.rolling(self._span, now)
        state = rolling._replace(open_time=0, close_time=0)
        payload = partial(payloads.rolling_ticker, self.instrument.symbol, self._window, rolling, now)
        self.emit_if_new(state, payload)


class AveragePriceStream(OncePerSecond):
    """The average price of the last minutes, when it has changed and ever anything traded."""

    def tell(self, now: int) -> None:
        """Send the average if it says something new."""
        price = self.instrument.record.average_price(AVERAGE_MINUTES, now)
        state = price, self.instrument.trades.last_time
        if price:
            self.emit_if_new(
                state,
                partial(payloads.average_price, self.instrument.symbol, AVERAGE_MINUTES, *state, now),
            )


class ReferencePriceStream(OncePerSecond):
    """This venue has no reference prices: so says the one event that each listener gets."""

    def tell(self, now: int) -> None:
        """Tell newcomers that there is none."""
        self.emit_if_new(None, partial(payloads.no_reference_price, self.instrument.symbol, now))


class AllMarketsStream(Stream):
    """What one stream of every symbol says, together."""

    def __init__(
        self, name: str, members: Callable[[], Iterable[Stream]], leave: Callable[[Stream], None]
    ) -> None:
        super().__init__(name)
        self._find_members = members
        self._leave = leave
        self._members: tuple[Stream, ...] = ()

    def begin(self) -> None:
        """Listen to every symbol."""
        self._members = tuple(self._find_members())
        for member in self._members:
            member.add_collector(self)

    def end(self) -> None:
        """Listen no more."""
        for member in self._members:
            member.remove_collector(self)
            self._leave(member)
        self._members = ()

    def collect(self, payload: Payload) -> None:
        """Pass an event of a symbol on at once."""
        self.emit(payload)


class ChangedTickers(AllMarketsStream):
    """The tickers that changed in the last second, in one array."""

    beats = BEATS_PER_SECOND

    def begin(self) -> None:
        """Listen to every symbol."""
        self._changed: list[Payload] = []
        super().begin()

    def collect(self, payload: Payload) -> None:
        """Keep a ticker until the array has its turn."""
        self._changed.append(payload)

    def tell(self, now: int) -> None:
        """Send what has changed."""
        changed, self._changed = self._changed, []
        if changed:
            self.emit(partial(_array, changed))


def _array(members: list[Payload], divisor: int) -> bytes:
    return b"[%b]" % b",".join([member(divisor) for member in members])
