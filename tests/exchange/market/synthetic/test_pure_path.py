"""A path is a pure function of seed, symbol and time."""

from __future__ import annotations

import random
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.market.synthetic.paths import NOON, ORIGIN, path, same
from veighna_ext.exchange.market.synthetic import LISTING, OutsideHistory, PricePath
from veighna_ext.exchange.market.synthetic.chance import bits, bits_at
from veighna_ext.exchange.statistics import Candle
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, INTERVALS, MINUTE, SECOND

PROJECT = Path(__file__).resolve().parents[4]
ELSEWHERE = f"""
from tests.exchange.market.synthetic.test_pure_path import fingerprint
print(fingerprint({NOON}))
"""


def fingerprint(time: int) -> str:
    """What a fresh market says of one moment in many ways."""
    ether, bitcoin = PricePath(LISTING["ETHUSDT"], 9), PricePath(LISTING["BTCUSDT"], 9)
    cross = PricePath(LISTING["ETHBTC"], 9, (ether, bitcoin))
    said = [
        each.candles(interval, None, time, 20, shift).rows()
        for each in (cross, ether)
        for interval in ("1s", "1m", "1h", "1d", "1M")
        for shift in (0, 345)
    ]
    return sha256(repr((said, cross.price_at(time), ether.price_at(time))).encode()).hexdigest()


def test_another_process_finds_the_same_path() -> None:
    command = [sys.executable, "-c", ELSEWHERE]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == fingerprint(NOON)


def test_another_seed_makes_another_path_for_every_symbol() -> None:
    for symbol in LISTING:
        one = path(symbol, 1).candles("1d", None, NOON, 300)
        other = path(symbol, 2).candles("1d", None, NOON, 300)
        assert (one.close != other.close).mean() > 0.9
        assert (one.volume != other.volume).all()


@pytest.mark.parametrize("symbol", ["BTCUSDT", "PEPEUSDT", "BNBETH"])
def test_it_does_not_matter_what_was_asked_before(symbol: str) -> None:
    whole = {
        interval: path(symbol).candles(interval, NOON - 60 * length, NOON).rows()
        for interval, length in (("1s", SECOND), ("1m", MINUTE), ("15m", 15 * MINUTE), ("1d", DAY))
    }
    questions = [(interval, row) for interval, rows in whole.items() for row in range(len(rows))]
    random.Random(3).shuffle(questions)
    legs = LISTING[symbol].legs
    fresh = PricePath(LISTING[symbol], 1, None if legs is None else (path(legs[0]), path(legs[1])))
    for interval, row in questions[:120]:
        expected = whole[interval][row]
        assert fresh.candles(interval, expected.open_time, expected.open_time).rows() == [expected]


@given(
    st.sampled_from(sorted(INTERVALS)),
    st.integers(ORIGIN, NOON),
    st.integers(1, 30),
    st.integers(-12 * 60, 14 * 60),
)
@settings(max_examples=60, deadline=None)
def test_pages_follow_each_other(interval: str, start: int, limit: int, shift: int) -> None:
    whole = path("SOLUSDT").candles(interval, start, NOON, 3 * limit, shift).rows()
    pages: list[Candle] = []
    while len(pages) < len(whole):
        page = path("SOLUSDT").candles(interval, start, NOON, limit, shift).rows()
        pages.extend(page)
        start = page[-1].close_time + 1
    assert pages[: len(whole)] == whole


def test_the_last_candles_are_asked_for_without_a_start() -> None:
    everything = path("BTCUSDT").candles("1h", NOON - 50 * HOUR, NOON)
    assert path("BTCUSDT").candles("1h", None, NOON, 20).rows() == everything.rows()[-20:]


def test_each_candle_opens_where_the_one_before_closed() -> None:
    for symbol in ("ETHUSDT", "SHIBUSDT", "SOLBTC"):
        for interval in ("1s", "1m", "1h", "1d"):
            for earlier, later in pairwise(path(symbol).candles(interval, None, NOON, 400).rows()):
                assert later.open == earlier.close
                assert later.open_time == earlier.close_time + 1


def test_history_reaches_from_2020_past_2035() -> None:
    bitcoin = path("BTCUSDT")
    days = bitcoin.candles("1d", None, None)
    assert days.open_time[0] == ORIGIN
    assert days.open_time[-1] >= ORIGIN + 16 * 365 * DAY
    assert bitcoin.price_at(ORIGIN) == LISTING["BTCUSDT"].base_price
    assert bitcoin.price_at(ORIGIN + 5_900 * DAY) > 0
    with pytest.raises(OutsideHistory, match="2020-01-01"):
        bitcoin.price_at(ORIGIN - 1)
    assert not len(bitcoin.candles("1d", 0, ORIGIN - 1))
    assert not len(bitcoin.candles("1M", 10**18, None))
    assert same(bitcoin.candles("1w", 0, ORIGIN + 30 * DAY), bitcoin.candles("1w", None, ORIGIN + 30 * DAY))


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 2**40), min_size=1, max_size=20))
def test_chance_is_the_same_one_by_one_and_together(key: int, positions: list[int]) -> None:
    import numpy as np

    together = bits(key, np.array(positions, dtype=np.int64)).tolist()
    assert together == [bits_at(key, position) for position in positions]
