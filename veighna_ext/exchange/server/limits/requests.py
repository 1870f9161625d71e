"""How much each address may ask for: request weight per minute, requests per five minutes."""

from __future__ import annotations

from typing import Final, NoReturn

from veighna_ext.exchange.server.limits import refusing
from veighna_ext.exchange.server.limits.bans import Bans
from veighna_ext.exchange.server.limits.intervals import RAW_REQUESTS, REQUEST_WEIGHT, Limit, LimitUse, Tally

REFUSALS_BEFORE_BAN: Final = 100
"""
So many requests of one address are refused in a minute; the next one gets it banned.

Binance bans those who keep sending after 429 and does not say when. What a client had on its way when it met
the limit should not ban it; a loop that does not look at its answers should be banned soon.
"""


class RequestLimits:
    """
    Request weight and number of requests of each address.

    Every request is charged, also one that is refused for it; those of a banned address are not. Times are
    microseconds since the epoch.
    """

    def __init__(
        self, *, enabled: bool = True, weight: Limit = REQUEST_WEIGHT, requests: Limit = RAW_REQUESTS
    ) -> None:
        self._enabled = enabled
        self._weight: Tally[str] = Tally(weight)
        self._requests: Tally[str] = Tally(requests)
        self._refusals: Tally[str] = Tally(weight)
        self._bans = Bans()
        self._header = f"X-MBX-USED-WEIGHT-{weight.in_letters}"

    def charge(self, ip: str, weight: int, now: int) -> None:
        """Count a request before it is carried out; raises OverLimit where it must not be."""
        if self._bans.remembered:
            until = self._bans.until(ip, now)
            if until is not None:
                raise refusing.banned(now, until)
        weights = self._weight.at(now)
        weights[ip] = used = weights.get(ip, 0) + weight
        requests = self._requests.at(now)
        requests[ip] = sent = requests.get(ip, 0) + 1
        if (used > self._weight.most or sent > self._requests.most) and self._enabled:
            self._refuse(ip, sent, now)

    def refund(self, ip: str, weight: int, charged_at: int) -> None:
        """Take back what a request cost that turned out to be free, unless that minute is over."""
        tally = self._weight
        if tally.begins <= charged_at < tally.ends:
            tally.used[ip] = max(tally.used.get(ip, 0) - weight, 0)

    def used(self, ip: str, now: int) -> int:
        """The address's weight in this minute."""
        return self._weight.at(now).get(ip, 0)

    def use(self, ip: str, now: int) -> LimitUse:
        """The address's weight in this minute as answers of the WebSocket API tell it."""
        return self._weight.limit.used(self.used(ip, now))

    def headers(self, ip: str, now: int) -> dict[str, str]:
        """The address's weight in this minute as answers of REST tell it."""
        used = str(self.used(ip, now))
        return {"X-MBX-USED-WEIGHT": used, self._header: used}

    def _refuse(self, ip: str, sent: int, now: int) -> NoReturn:
        refusals = self._refusals.at(now)
        refused = refusals.get(ip, 0)
        if refused >= REFUSALS_BEFORE_BAN:
            raise refusing.banned(now, self._bans.begin(ip, now))
        refusals[ip] = refused + 1
        # of two limits the one that takes longer to be free again
        over = self._requests if sent > self._requests.most else self._weight
        raise refusing.too_much_weight(over.limit, now, over.ends)
