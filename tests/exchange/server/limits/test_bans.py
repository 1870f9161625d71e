"""Addresses that do not stop when they are told to are shut out, longer each time."""

from __future__ import annotations

import pytest

from tests.exchange.server.limits.clock import DAY, MINUTE, SECOND, at
from veighna_ext.exchange.server.limits import OverLimit, RequestLimits
from veighna_ext.exchange.server.limits.bans import Bans
from veighna_ext.exchange.server.limits.requests import REFUSALS_BEFORE_BAN

HOME = "127.0.0.1"
OTHER = "10.0.0.7"
NOON = at("12:00:00")


def refusal(limits: RequestLimits, now: int, ip: str = HOME) -> OverLimit:
    """What a request is refused with."""
    with pytest.raises(OverLimit) as refused:
        limits.charge(ip, 1, now)
    return refused.value


def keep_sending(limits: RequestLimits, now: int, ip: str = HOME) -> OverLimit:
    """Send until something else comes than 429; gives that."""
    limits.charge(ip, 6000, now)
    for _ in range(REFUSALS_BEFORE_BAN):
        assert refusal(limits, now, ip).status == 429
    return refusal(limits, now, ip)


def test_an_address_that_keeps_sending_is_banned_for_two_minutes() -> None:
    ban = keep_sending(RequestLimits(), NOON)
    assert (ban.code, ban.status, ban.retry_after) == (-1003, 418, 120)
    assert ban.message == (
        f"Way too much request weight used; IP banned until {at('12:02:00') // 1000}. "
        "Please use WebSocket Streams for live updates to avoid bans."
    )


def test_a_banned_address_is_refused_until_the_ban_is_over() -> None:
    limits = RequestLimits()
    first = keep_sending(limits, NOON)
    later = refusal(limits, at("12:01:30.5"))
    assert later == first
    assert later.retry_after == 30
    assert refusal(limits, at("12:02:00") - 1).status == 418
    limits.charge(HOME, 1, at("12:02:00"))


def test_a_ban_that_ends_within_a_millisecond_is_over_when_it_says() -> None:
    limits = RequestLimits()
    ban = keep_sending(limits, NOON + 1)
    named = int(ban.message.split("until ")[1].split(".")[0])
    limits.charge(HOME, 1, named * 1000)


def test_requests_during_a_ban_neither_count_nor_make_it_longer() -> None:
    limits = RequestLimits()
    keep_sending(limits, NOON)
    for _ in range(10_000):
        refusal(limits, at("12:01:59"))
    assert limits.used(HOME, at("12:01:59")) == 0
    limits.charge(HOME, 1, at("12:02:00"))


def test_others_are_not_banned() -> None:
    limits = RequestLimits()
    keep_sending(limits, NOON)
    limits.charge(OTHER, 6000, NOON)


def test_a_client_that_stops_in_time_is_not_banned() -> None:
    limits = RequestLimits()
    for minute in range(30):
        now = NOON + minute * MINUTE
        limits.charge(HOME, 6000, now)
        for _ in range(REFUSALS_BEFORE_BAN):
            assert refusal(limits, now).status == 429


def test_bans_double_up_to_three_days() -> None:
    limits = RequestLimits()
    now = NOON
    minutes = []
    for _ in range(14):
        ban = keep_sending(limits, now)
        assert ban.retry_after is not None
        minutes.append(ban.retry_after // 60)
        now += ban.retry_after * SECOND
    assert minutes == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 4320, 4320]


def test_a_ban_of_three_days_still_counts_against_its_address_when_it_is_over() -> None:
    limits = RequestLimits()
    now = NOON
    for _ in range(13):
        now = keep_sending(limits, now).until
    assert keep_sending(limits, now + 3 * DAY).retry_after == 3 * 24 * 3600


@pytest.mark.parametrize(("idle", "minutes"), [(7 * DAY - MINUTE, 4), (7 * DAY, 2)])
def test_a_week_without_a_new_ban_clears_an_address(idle: int, minutes: int) -> None:
    limits = RequestLimits()
    keep_sending(limits, NOON)
    assert keep_sending(limits, NOON + idle).retry_after == minutes * 60


def test_an_old_ban_is_no_reason_for_a_longer_one_even_before_it_is_forgotten() -> None:
    bans = Bans()
    bans.begin(HOME, NOON)
    assert bans.begin(HOME, NOON + 7 * DAY) == NOON + 7 * DAY + 2 * MINUTE


def test_without_limits_nobody_is_banned() -> None:
    limits = RequestLimits(enabled=False)
    for _ in range(6000 + 2 * REFUSALS_BEFORE_BAN):
        limits.charge(HOME, 1, NOON)
