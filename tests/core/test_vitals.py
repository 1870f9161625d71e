from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from vnpy.event import EVENT_TIMER, Event
from vnpy.trader.constant import Exchange
from vnpy.trader.event import EVENT_TICK
from vnpy.trader.object import TickData

from veighna_ext.core.concerns import BACKLOG_EVENTS, LOOK_BACK, concerns
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.event_stats import EngineStats
from veighna_ext.core.loop_lag import LagStats
from veighna_ext.core.vitals import (
    KEEP_SAMPLES,
    GatewayVitals,
    Lamp,
    ProcessMeter,
    TickClock,
    Vitals,
    VitalSigns,
    connected_first,
    lamp,
)

CALM = Vitals(
    at=0,
    events_per_second=100,
    queue_depth=0,
    lag_p50_ms=1,
    lag_p99_ms=1,
    lag_max_ms=2,
    cpu=0.1,
    memory=1,
    running="",
    running_for=0,
    gateways=(),
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class TwoGateways:
    """Only CTP is connected."""

    def get_all_gateway_names(self) -> list[str]:
        return ["IB", "CTP"]

    def connected(self, gateway_name: str) -> bool:
        return gateway_name == "CTP"


class PromptLoop:
    def stats(self) -> LagStats:
        return LagStats(p50_ms=1.0, p99_ms=7.0, max_ms=9.0)


class QuietEngine:
    def stats(self) -> EngineStats:
        return EngineStats(
            queue_depth=3,
            events_per_second=50.0,
            total_events=9,
            dropped_events=0,
            slowest=(),
            failures=(),
            running="slow",
            running_for=0.5,
        )


def tick_of(gateway_name: str) -> Event:
    tick = TickData(
        gateway_name=gateway_name,
        symbol="BTCUSDT",
        exchange=Exchange.GLOBAL,
        datetime=datetime.now(timezone.utc),
    )
    return Event(EVENT_TICK, tick)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ticks(event_engine: DesktopEventEngine, clock: Clock) -> Iterator[TickClock]:
    ticks = TickClock(event_engine, clock)
    yield ticks
    ticks.close()


def handle_all(engine: DesktopEventEngine) -> None:
    """Wait until the event thread has handled what was put before."""
    done = threading.Event()
    handler = lambda event: done.set()  # noqa: E731 - one object to unregister
    engine.register("eHandled", handler)
    engine.put(Event("eHandled"))
    assert done.wait(5)
    engine.unregister("eHandled", handler)


def test_the_age_of_the_last_tick_is_kept_for_each_gateway(
    event_engine: DesktopEventEngine, ticks: TickClock, clock: Clock
) -> None:
    event_engine.put(tick_of("CTP"))
    handle_all(event_engine)
    clock.now += 4
    event_engine.put(tick_of("IB"))
    handle_all(event_engine)
    clock.now += 1
    assert (ticks.age("CTP"), ticks.age("IB"), ticks.age("XTP")) == (5.0, 1.0, None)


def test_a_closed_tick_clock_hears_nothing_more(event_engine: DesktopEventEngine, clock: Clock) -> None:
    ticks = TickClock(event_engine, clock)
    ticks.close()
    event_engine.put(tick_of("CTP"))
    handle_all(event_engine)
    assert ticks.age("CTP") is None


@pytest.mark.parametrize(
    ("connected", "age", "expected"),
    [
        (False, None, Lamp.OFF),
        (True, None, Lamp.WAITING),
        (True, 0.3, Lamp.FRESH),
        (True, 5.0, Lamp.FRESH),
        (True, 5.1, Lamp.STALE),
        (True, 60.0, Lamp.STALE),
        (True, 61.0, Lamp.LOST),
    ],
)
def test_the_lamp_follows_the_age_of_the_last_tick(
    connected: bool, age: float | None, expected: Lamp
) -> None:
    assert lamp(connected, age) is expected


def test_cpu_is_measured_since_the_last_look() -> None:
    clock, used = Clock(), Clock()
    meter = ProcessMeter(clock, used)
    clock.now += 2
    used.now += 1
    assert meter.cpu() == pytest.approx(0.5)
    clock.now += 4
    used.now += 1
    assert meter.cpu() == pytest.approx(0.25)


def test_memory_is_what_this_process_has_resident() -> None:
    assert 5_000_000 < ProcessMeter().memory() < 5_000_000_000


def test_a_sample_brings_everything_together(
    ticks: TickClock, event_engine: DesktopEventEngine, clock: Clock
) -> None:
    signs = VitalSigns(TwoGateways(), QuietEngine(), PromptLoop(), ticks, ProcessMeter())
    event_engine.put(tick_of("CTP"))
    handle_all(event_engine)
    clock.now += 6
    taken = signs.take()
    assert (taken.queue_depth, taken.events_per_second, taken.lag_p99_ms, taken.lag_max_ms) == (
        3,
        50.0,
        7.0,
        9.0,
    )
    assert (taken.running, taken.running_for) == ("slow", 0.5)
    assert taken.gateways == (GatewayVitals("IB", Lamp.OFF, None), GatewayVitals("CTP", Lamp.STALE, 6.0))


def test_five_minutes_of_samples_are_kept_and_no_more(ticks: TickClock) -> None:
    signs = VitalSigns(TwoGateways(), QuietEngine(), PromptLoop(), ticks, ProcessMeter())
    taken = [signs.take() for _number in range(KEEP_SAMPLES + 5)]
    assert list(signs.samples) == taken[5:]
    assert signs.latest(2) == taken[-2:]


def test_gateways_in_use_come_first_and_keep_their_order() -> None:
    off, fresh = GatewayVitals("A", Lamp.OFF, None), GatewayVitals("B", Lamp.FRESH, 0.1)
    lost, also_off = GatewayVitals("C", Lamp.LOST, 99.0), GatewayVitals("D", Lamp.OFF, None)
    assert connected_first([off, fresh, lost, also_off]) == [fresh, lost, off, also_off]


def test_a_calm_desktop_gives_no_concern() -> None:
    assert concerns([CALM, CALM, CALM]) == []
    assert concerns([]) == []


def test_a_handler_that_does_not_return_is_named() -> None:
    stuck = replace(CALM, running="MyStrategy.on_bar", running_for=3.0)
    (concern,) = concerns([stuck])
    assert "MyStrategy.on_bar" in concern.text
    assert "3 s" in concern.text
    assert concern.advice


def test_a_queue_that_grows_is_a_concern_and_one_that_drains_is_not() -> None:
    busy = [replace(CALM, events_per_second=50_000, queue_depth=depth) for depth in (2_000, 3_000, 4_000)]
    (concern,) = concerns(busy)
    assert "4,000" in concern.text
    assert concerns(busy[::-1]) == []


def test_a_queue_that_takes_more_than_a_second_to_empty_is_a_concern_at_once() -> None:
    assert concerns([replace(CALM, events_per_second=500, queue_depth=BACKLOG_EVENTS)])
    assert not concerns([replace(CALM, events_per_second=500, queue_depth=BACKLOG_EVENTS - 1)])


def test_one_hitch_of_the_window_is_no_concern_and_hitch_after_hitch_is() -> None:
    hitch = replace(CALM, lag_p99_ms=250.0)
    assert concerns([*[CALM] * (LOOK_BACK - 1), hitch]) == []
    assert concerns([hitch] * (LOOK_BACK - 1)) == []
    assert "250 ms" in concerns([hitch] * LOOK_BACK)[0].text


def test_a_long_freeze_is_a_concern_at_once_and_the_stuck_handler_comes_before_it() -> None:
    frozen = replace(CALM, lag_p50_ms=900.0, lag_p99_ms=2500.0)
    assert "2,500 ms" in concerns([frozen])[0].text
    both = replace(frozen, running="MyStrategy.on_bar", running_for=3.0)
    assert ["MyStrategy" in concern.text for concern in concerns([both])] == [True, False]


def test_vnpys_own_timer_is_no_tick(event_engine: DesktopEventEngine, ticks: TickClock) -> None:
    event_engine.put(Event(EVENT_TIMER))
    handle_all(event_engine)
    assert ticks.age("CTP") is None
