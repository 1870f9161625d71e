"""Plays a tape: what is due at a moment of real time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator

from veighna_ext.exchange.market.replay.clock import Speed, TapeClock
from veighna_ext.exchange.market.replay.prints import TapePrint
from veighna_ext.exchange.market.replay.tape import Tape

_MINUTE = 60_000_000
MOST_AT_ONCE = 1000


class TapePlayer:
    """
    One pass over a tape, or one after another, under the controls of a player.

    Real time comes with each call, in microseconds of any monotonic clock. What is played depends on nothing
    else: however often one asks, the same trades come in the same order. In a loop every lap is played later
    than the one before, by whole minutes, so that the exchange's clock only goes back when someone seeks.
    """

    def __init__(
        self,
        tape: Tape,
        now: int,
        *,
        speed: Speed = 1,
        start: int | None = None,
        loop: bool = False,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self.tape = tape
        self.loop = loop
        self.laps = 0
        """How often the tape has begun again."""
        self._most_at_once = most_at_once
        self._start = tape.first_time if start is None else max(start, tape.first_time)
        self._clock = TapeClock(now, self._start, speed)
        self._run: Generator[list[TapePrint], None, None]
        self._part: list[TapePrint]
        """What was read last, played up to `_at`."""
        self._at: int
        self._shift = 0
        """How much later than on the tape trades are played."""
        self._begin(self._start)

    @property
    def is_paused(self) -> bool:
        """Whether the tape stands still."""
        return self._clock.is_paused

    @property
    def speed(self) -> float | str:
        """How many tape seconds pass in a real second, or AS_FAST_AS_POSSIBLE."""
        return self._clock.speed

    @property
    def has_ended(self) -> bool:
        """Whether everything has been played and the tape does not begin again."""
        return self._next() is None

    def due(self, now: int) -> list[TapePrint]:
        """The trades to be played now that were not played before; at most so many at once."""
        played: list[TapePrint] = []
        if self._clock.is_paused:
            return played
        time = self._clock.time(now)
        while len(played) < self._most_at_once and self._next() is not None:
            end = min(len(self._part), self._at + self._most_at_once - len(played))
            if not self._clock.is_unbound:
                end = bisect_right(self._part, time, self._at, end, key=_time)
            if end == self._at:
                break
            played += self._part[self._at : end]
            self._at = end
        if played and self._clock.is_unbound:
            self._clock.set_time(now, played[-1].time)
        return played

    def time(self, now: int) -> int:
        """The exchange's time; it waits for trades still to be played and stops at the end of the tape."""
        following = self._next()
        if following is None:
            return self._reached + self._shift
        return min(self._clock.time(now), following.time)

    def wait(self, now: int) -> int | None:
        """How much real time may pass until there is something to play; None while paused or at the end."""
        following = self._next()
        return None if following is None else self._clock.wait(now, following.time)

    def pause(self, now: int) -> None:
        """Stand still."""
        self._clock.pause(now)

    def resume(self, now: int) -> None:
        """Go on."""
        self._clock.resume(now)

    def set_speed(self, now: int, speed: Speed) -> None:
        """Play faster or slower from now on; BadSpeed for what is no speed."""
        self._clock.set_speed(now, speed)

    def seek(self, now: int, time: int) -> None:
        """Go on from another time of the tape, earlier or later; a paused tape stays paused."""
        time = max(time, self.tape.first_time)
        self._run.close()
        self._shift = 0
        self._begin(time)
        self._clock.set_time(now, time)

    def close(self) -> None:
        """Let go of the tape's files; nothing is played any more."""
        self._run.close()
        self._part, self._at, self.loop = [], 0, False

    def _begin(self, time: int) -> None:
        self._run = self.tape.read(time)
        self._part = []
        self._at = 0
        self._reached = time
        """The tape's own time up to which it has been read, or where it began."""
        self._is_fruitless = True

    def _next(self) -> TapePrint | None:
        while self._at == len(self._part):
            part = next(self._run, None)
            if part is None:
                if not self.loop or (self._is_fruitless and self._reached == self._start):
                    return None
                self._begin_again()
                continue
            self._is_fruitless = False
            self._reached = part[-1].time
            self._part = _later(part, self._shift) if self._shift else part
            self._at = 0
        return self._part[self._at]

    def _begin_again(self) -> None:
        length = self._reached + 1 - self._start
        self._shift += -(-length // _MINUTE) * _MINUTE
        self.laps += 1
        self._begin(self._start)


def _later(prints: list[TapePrint], shift: int) -> list[TapePrint]:
    return [TapePrint(time + shift, price, quantity, maker) for time, price, quantity, maker in prints]


def _time(trade: TapePrint) -> int:
    return trade.time
