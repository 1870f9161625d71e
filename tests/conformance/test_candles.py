"""History is paged through without a hole and without a bar twice."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.conformance.asserting import no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played

SPANS = {"minutes": (60_000, 2_500), "days": (86_400_000, 730)}


@journey("candles")
@pytest.mark.parametrize("span", SPANS)
def test_every_bar_of_the_span_comes_once(saw: Played, span: str) -> None:
    width, count = SPANS[span]
    seen = saw.one(span)
    times = [bar[0] for bar in seen["bars"]]
    # a minute may end while a client is asking
    assert len(times) in (count, count + 1)
    assert times == list(range(seen["start"], seen["start"] + len(times) * width, width))


@journey("candles")
@pytest.mark.parametrize("span", SPANS)
def test_a_bar_begins_near_where_the_last_one_ended(saw: Played, span: str) -> None:
    bars = [[float(column) for column in bar[:6]] for bar in saw.one(span)["bars"]]
    for _time, opened, highest, lowest, closed, volume in bars:
        assert 0 < lowest <= min(opened, closed) <= max(opened, closed) <= highest
        assert volume > 0
    for before, after in pairwise(bars):
        assert after[1] == pytest.approx(before[4], rel=0.02)


@journey("candles")
def test_the_client_finds_nothing_wrong(saw: Played) -> None:
    no_complaints(saw.complaints)
