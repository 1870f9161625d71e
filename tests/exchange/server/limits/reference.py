"""Limits worked out anew from everything that ever happened: slow, and plain to see right."""

from __future__ import annotations

from dataclasses import dataclass

from tests.exchange.server.limits.clock import DAY, MINUTE, SECOND
from veighna_ext.exchange.server.limits.requests import REFUSALS_BEFORE_BAN

FREE, TOO_MUCH, BANNED = 200, 429, 418


@dataclass
class Request:
    """What became of a request and what it costs."""

    ip: str
    time: int
    weight: int
    status: int
    ban: int = 0
    """Minutes it brought."""


class ReferenceRequests:
    """Every request ever, looked through for each new one."""

    def __init__(self, weight: int, requests: int) -> None:
        self.most_weight = weight
        self.most_requests = requests
        self.all: list[Request] = []

    def charge(self, ip: str, weight: int, now: int) -> int:
        """The status of a request."""
        mine = [each for each in self.all if each.ip == ip]
        bans = [each for each in mine if each.ban]
        if bans and now < bans[-1].time + bans[-1].ban * MINUTE:
            return BANNED
        new = Request(ip, now, weight, FREE)
        self.all.append(new)
        mine.append(new)
        sent = [each for each in mine if each.time // (5 * MINUTE) == now // (5 * MINUTE)]
        if self.used(ip, now) <= self.most_weight and len(sent) <= self.most_requests:
            return FREE
        refused = [each for each in mine if each.status == TOO_MUCH and each.time // MINUTE == now // MINUTE]
        if len(refused) < REFUSALS_BEFORE_BAN:
            new.status = TOO_MUCH
            return TOO_MUCH
        new.status = BANNED
        new.ban = 2
        if bans and now - bans[-1].time < 7 * DAY:
            new.ban = min(2 * bans[-1].ban, 3 * 24 * 60)
        return BANNED

    def refund(self, ip: str, weight: int, charged_at: int) -> None:
        """A request was free."""
        for each in reversed(self.all):
            if (each.ip, each.time, each.weight, each.status) == (ip, charged_at, weight, FREE):
                each.weight = 0
                return

    def used(self, ip: str, now: int) -> int:
        """The weight of a minute."""
        return sum(each.weight for each in self.all if each.ip == ip and each.time // MINUTE == now // MINUTE)


class ReferenceOrders:
    """Every order and first fill ever, gone through for each question."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int, int]] = []

    def add(self, account: int, change: int, now: int) -> None:
        """More orders, or fewer that count."""
        self.all.append((account, change, now))

    def counts(self, account: int, now: int) -> tuple[int, int]:
        """In 10 seconds and in the day."""
        found = []
        for length in (10 * SECOND, DAY):
            count = 0
            for whose, change, time in self.all:
                if whose == account and time // length == now // length:
                    count = max(count + change, 0)
            found.append(count)
        return found[0], found[1]
