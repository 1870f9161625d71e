"""Faults on purpose: what goes wrong with some requests, drawn from a seed so that a run can be repeated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from operator import add

from veighna_ext.exchange.errors import Refused

EVERYBODY = -1
"""The account that stands for all accounts."""

TOO_MANY_REQUESTS = Refused(
    -1003,
    "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
    "Please use WebSocket Streams for live updates to avoid polling the API.",
)
OVERLOADED = Refused(
    -1008, "Server is currently overloaded with other requests. Please try again in a few minutes."
)
UNKNOWN_OUTCOME = Refused(
    -1007,
    "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
)
REJECTED = Refused(-2010, "Order was rejected by a fault that was asked for.")


class BadFaults(ValueError):
    """Fault settings that make no sense; says which and what is allowed."""


@dataclass(frozen=True)
class Faults:
    """What is to go wrong, for one account or for all."""

    latency_ms: tuple[float, float] = (0.0, 0.0)
    """Added to every private request: uniform between the two."""
    reject_rate: float = 0.0
    """Orders refused although nothing is wrong with them."""
    error_rate: float = 0.0
    """Requests answered with one of the venue's busy errors."""
    drop_ws_every_s: float = 0.0
    stale_md: bool = False
    partial_fill_only: bool = False
    rate_limit_now: bool = False

    def __post_init__(self) -> None:
        least, most = self.latency_ms
        if not 0 <= least <= most <= 60_000:
            raise BadFaults("latency_ms: two numbers from 0 to 60000, the smaller one first")
        for name in ("reject_rate", "error_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadFaults(f"{name}: a number from 0 to 1")
        if self.drop_ws_every_s < 0:
            raise BadFaults("drop_ws_every_s: seconds, or 0 for never")

    @property
    def any(self) -> bool:
        """Whether anything is to go wrong at all."""
        return any(getattr(self, each.name) not in (0, 0.0, False, (0.0, 0.0)) for each in fields(self))


@dataclass(frozen=True)
class Fate:
    """What happens to one request."""

    delay_ms: float = 0.0
    refusal: Refused | None = None
    is_carried_out: bool = True
    """False: the venue refuses before it looks; true with a refusal: it was done, but the answer is lost."""


SPARED = Fate()
FAULTLESS = Faults()


class FaultPlan:
    """The faults in force and the dice that choose whom they meet: always the same requests of an account."""

    def __init__(self, seed: int, latency_ms: tuple[float, float] = (0.0, 0.0)) -> None:
        self._seed = seed
        self._latency_ms = latency_ms
        """What every private request takes longer by, faults or not."""
        self._faults: dict[int, Faults] = {}
        self._requests: dict[int, int] = {}

    def set(self, faults: Faults, account: int = EVERYBODY) -> None:
        """Put faults into force, instead of those the account, or everybody, had."""
        self._faults[account] = faults
        self._requests[account] = 0

    def clear(self, account: int | None = None) -> None:
        """End the faults of an account, or all."""
        if account is None:
            self._faults.clear()
            self._requests.clear()
        else:
            self._faults.pop(account, None)

    def of(self, account: int) -> Faults | None:
        """What is in force for an account: its own faults, else everybody's."""
        if not self._faults:
            return None
        return self._faults.get(account) or self._faults.get(EVERYBODY)

    def in_force(self) -> dict[int, Faults]:
        """All faults by account."""
        return dict(self._faults)

    def fate(self, account: int, *, is_order: bool) -> Fate:
        """What happens to the account's next request."""
        faults = self.of(account) or FAULTLESS
        if faults is FAULTLESS and not self._latency_ms[1]:
            return SPARED
        number = self._requests[account] = self._requests.get(account, 0) + 1
        delay, error, kind, reject = self._dice(account, number)
        least, most = map(add, faults.latency_ms, self._latency_ms)
        delay_ms = least + (most - least) * delay
        if faults.rate_limit_now:
            return Fate(delay_ms, TOO_MANY_REQUESTS, is_carried_out=False)
        if error < faults.error_rate:
            refusal = (TOO_MANY_REQUESTS, OVERLOADED, UNKNOWN_OUTCOME)[int(kind * 3)]
            # of requests whose outcome nobody knows, half were carried out
            done = refusal is UNKNOWN_OUTCOME and kind * 3 % 1 < 0.5
            return Fate(delay_ms, refusal, is_carried_out=done)
        if is_order and reject < faults.reject_rate:
            return Fate(delay_ms, REJECTED, is_carried_out=False)
        return Fate(delay_ms)

    def _dice(self, account: int, number: int) -> tuple[float, float, float, float]:
        """Four numbers from 0 to 1, the same for the same seed, account and number."""
        digest = hashlib.blake2b(f"{self._seed}/{account}/{number}".encode(), digest_size=16).digest()
        draws = [int.from_bytes(digest[start : start + 4], "little") / 2**32 for start in range(0, 16, 4)]
        return draws[0], draws[1], draws[2], draws[3]
