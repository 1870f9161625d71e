"""The tape's clock: how far the tape is at a moment of real time."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

AS_FAST_AS_POSSIBLE: Final = "max"
FASTEST = 1_000_000

Speed = int | float | str | Fraction
"""How many tape seconds pass in a real second, or AS_FAST_AS_POSSIBLE."""


class BadSpeed(ValueError):
    """A speed no tape can be played at."""

    def __init__(self, speed: object) -> None:
        super().__init__(
            f"speed {speed!r} is neither a number above 0 and up to {FASTEST} nor {AS_FAST_AS_POSSIBLE!r}"
        )


def speed_of(speed: Speed) -> Fraction | None:
    """The exact speed; None for as fast as possible."""
    if speed == AS_FAST_AS_POSSIBLE:
        return None
    try:
        exact = Fraction(str(speed))
    except (ValueError, ZeroDivisionError):
        raise BadSpeed(speed) from None
    if not 0 < exact <= FASTEST:
        raise BadSpeed(speed)
    return exact


class TapeClock:
    """Tells the tape's time from real time, both in microseconds; it reads no clock of its own."""

    def __init__(self, now: int, time: int, speed: Speed) -> None:
        self._since = now
        self._time = time
        self._speed = speed_of(speed)
        self.is_paused = False

    @property
    def is_unbound(self) -> bool:
        """Whether the tape plays as fast as possible: the clock then stands where it was last set to."""
        return self._speed is None

    @property
    def speed(self) -> float | str:
        """How many tape seconds pass in a real second, or AS_FAST_AS_POSSIBLE."""
        return AS_FAST_AS_POSSIBLE if self._speed is None else float(self._speed)

    def time(self, now: int) -> int:
        """The tape's time."""
        if self.is_paused or self._speed is None:
            return self._time
        return self._time + max(0, now - self._since) * self._speed.numerator // self._speed.denominator

    def wait(self, now: int, time: int) -> int | None:
        """How much real time passes until the tape's time comes; None while paused."""
        if self.is_paused:
            return None
        if self._speed is None:
            return 0
        whole = -((self._time - time) * self._speed.denominator // self._speed.numerator)
        return max(0, whole - max(0, now - self._since))

    def pause(self, now: int) -> None:
        """Stand still."""
        self._stop(now)
        self.is_paused = True

    def resume(self, now: int) -> None:
        """Go on from where it stood."""
        self._stop(now)
        self.is_paused = False

    def set_speed(self, now: int, speed: Speed) -> None:
        """Go faster or slower from now on."""
        exact = speed_of(speed)
        self._stop(now)
        self._speed = exact

    def set_time(self, now: int, time: int) -> None:
        """Go on from another time."""
        self._since, self._time = now, time

    def _stop(self, now: int) -> None:
        self._since, self._time = now, self.time(now)
