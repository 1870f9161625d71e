"""What waits between vnpy's event thread and a table."""

from __future__ import annotations

from vnpy.event import Event

from tests.gui.monitors.samples import log, tick
from veighna_ext.widgets.monitors.feed import Feed


def test_only_the_latest_tick_of_each_symbol_waits_in_order_of_first_arrival() -> None:
    feed = Feed("vt_symbol")
    for symbol, price in (("b", 1), ("a", 2), ("b", 3)):
        feed.receive(Event("", tick(symbol, price)))
    assert [(data.symbol, data.last_price) for data in feed.take()] == [("b", 3), ("a", 2)]
    assert feed.take() == []


def test_one_wake_up_is_sent_until_what_waits_is_taken() -> None:
    feed, wakes = Feed("vt_symbol"), []
    feed.open(lambda: wakes.append(1))
    for _ in range(5):
        feed.receive(Event("", tick()))
    assert len(wakes) == 1
    feed.take()
    feed.receive(Event("", tick()))
    assert len(wakes) == 2


def test_a_limited_feed_drops_the_oldest() -> None:
    feed = Feed(limit=3)
    for number in range(10):
        feed.receive(Event("", log(str(number))))
    assert [data.msg for data in feed.take()] == ["7", "8", "9"]


def test_a_closed_feed_wakes_nobody() -> None:
    feed, wakes = Feed(), []
    feed.open(lambda: wakes.append(1))
    feed.close()
    feed.receive(Event("", log("late")))
    assert wakes == []
