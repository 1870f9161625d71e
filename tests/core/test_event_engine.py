"""The event engine survives its handlers, tells about them, and is no slower to stop than it must be."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from loguru import logger
from vnpy.event import EVENT_TIMER, Event, EventEngine
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import EVENT_LOG
from vnpy.trader.object import LogData

from tests.support.waiting import wait_until
from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.event_stats import HandlerFailure, handler_name


def handle_all(engine: EventEngine) -> None:
    """Wait until everything put so far has been handled."""
    done = threading.Event()

    def finished(_event: Event) -> None:
        done.set()

    engine.register("test.barrier", finished)
    engine.put(Event("test.barrier"))
    assert done.wait(5)
    engine.unregister("test.barrier", finished)


@pytest.fixture
def reports() -> list[HandlerFailure]:
    return []


@pytest.fixture
def engine(reports: list[HandlerFailure], trader_dir: object) -> Iterator[DesktopEventEngine]:
    engine = DesktopEventEngine(on_handler_error=reports.append)
    engine.start()
    yield engine
    engine.stop()


def fail(_event: Event) -> None:
    raise ValueError("no such price")


@pytest.mark.expected_errors("no such price")
def test_other_handlers_and_later_events_go_on_after_one_handler_fails(engine: DesktopEventEngine) -> None:
    seen: list[str] = []
    engine.register("tick", fail)
    engine.register("tick", lambda event: seen.append(f"typed {event.data}"))
    engine.register_general(lambda event: seen.append(f"general {event.type} {event.data}"))
    for number in (1, 2):
        engine.put(Event("tick", number))
    handle_all(engine)
    assert seen[:4] == ["typed 1", "general tick 1", "typed 2", "general tick 2"]


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), GeneratorExit(), RecursionError()])
@pytest.mark.expected_errors("fail_badly failed on tick")
def test_even_errors_that_end_programs_do_not_end_the_event_thread(
    engine: DesktopEventEngine, error: BaseException
) -> None:
    def fail_badly(_event: Event) -> None:
        raise error

    seen: list[Event] = []
    engine.register("tick", fail_badly)
    engine.register("tick", seen.append)
    engine.put(Event("tick"))
    handle_all(engine)
    assert len(seen) == 1


@pytest.mark.expected_errors("no such price")
def test_a_failing_place_is_told_once_and_then_at_each_power_of_ten(
    engine: DesktopEventEngine, reports: list[HandlerFailure]
) -> None:
    engine.register("tick", fail)
    for _number in range(150):
        engine.put(Event("tick"))
    handle_all(engine)
    assert [report.count for report in reports] == [1, 10, 100]
    (failure,) = engine.stats().failures
    assert (failure.count, failure.handler, failure.summary) == (150, "fail", "ValueError: no such price")
    assert failure.where.startswith("test_event_engine.py:")
    assert "raise ValueError" in failure.traceback


@pytest.mark.expected_errors("failed on tick")
def test_two_places_failing_in_one_handler_are_told_apart(
    engine: DesktopEventEngine, reports: list[HandlerFailure]
) -> None:
    def fail_in_two_ways(event: Event) -> None:
        if event.data:
            raise KeyError("position")
        raise KeyError("order")

    engine.register("tick", fail_in_two_ways)
    for number in (0, 1, 0):
        engine.put(Event("tick", number))
    handle_all(engine)
    counts = [(failure.summary, failure.count) for failure in engine.stats().failures]
    assert counts == [("KeyError: 'order'", 2), ("KeyError: 'position'", 1)]
    assert len(reports) == 2


@pytest.mark.expected_errors("no such price")
def test_a_failure_becomes_a_vnpy_log_with_its_traceback(engine: DesktopEventEngine) -> None:
    logs: list[LogData] = []
    engine.register(EVENT_LOG, lambda event: logs.append(event.data))
    main_engine = MainEngine(engine)
    engine.register("tick", fail)
    engine.put(Event("tick"))
    wait_until(lambda: logs)
    main_engine.close()
    assert logs[0].msg.startswith("fail failed on tick: ValueError: no such price\nTraceback")
    assert logs[0].gateway_name == "EventEngine"


@pytest.mark.expected_errors("the log is broken")
def test_a_failing_log_handler_is_logged_without_going_round_in_circles(
    engine: DesktopEventEngine, reports: list[HandlerFailure]
) -> None:
    def fail_to_log(_event: Event) -> None:
        raise OSError("the log is broken")

    engine.register(EVENT_LOG, fail_to_log)
    engine.put(Event(EVENT_LOG, LogData(gateway_name="", msg="hello")))
    handle_all(engine)
    handle_all(engine)
    assert [report.count for report in reports] == [1]
    assert engine.stats().queue_depth == 0


@pytest.mark.expected_errors("no such price", "the notice board is broken")
def test_a_failing_reporter_is_isolated_like_a_handler(trader_dir: object) -> None:
    def broken(_failure: HandlerFailure) -> None:
        raise RuntimeError("the notice board is broken")

    engine = DesktopEventEngine(on_handler_error=broken)
    engine.start()
    engine.register("tick", fail)
    engine.put(Event("tick"))
    handle_all(engine)
    engine.stop()


@pytest.mark.expected_errors("secret-less")
def test_a_logged_traceback_shows_no_local_variables(
    engine: DesktopEventEngine, reports: list[HandlerFailure]
) -> None:
    def connect(_event: Event) -> None:
        api_secret = f"hunter{len(reports) + 2}"
        raise ConnectionError("secret-less " + api_secret[:0])

    engine.register("connect", connect)
    engine.put(Event("connect"))
    handle_all(engine)
    assert "hunter2" not in reports[0].traceback


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise TypeError("not even this works")


@pytest.mark.expected_errors("fail_unspeakably failed on tick: Unspeakable")
def test_an_error_that_cannot_even_be_shown_is_survived(engine: DesktopEventEngine) -> None:
    def fail_unspeakably(_event: Event) -> None:
        raise Unspeakable

    engine.register("tick", fail_unspeakably)
    engine.put(Event("tick"))
    handle_all(engine)


@pytest.mark.expected_errors("^error log: None: ", "unhashable")
def test_what_is_no_event_is_survived(engine: DesktopEventEngine) -> None:
    not_an_event: Any = None
    bad_type: Any = ["tick"]
    engine.put(not_an_event)
    engine.put(Event(bad_type))
    handle_all(engine)


def test_a_handler_may_be_unregistered_by_the_garbage_collector_inside_a_registration(
    engine: DesktopEventEngine,
) -> None:
    class Registered:
        """Compares like a handler whose comparison frees a widget that unregisters."""

        def __call__(self, _event: Event) -> None:
            return

        freed = False

        def __eq__(self, other: object) -> bool:
            if not self.freed:
                self.freed = True
                engine.unregister("tick", fail)
            return self is other

        __hash__ = object.__hash__

    done = threading.Event()

    def register() -> None:
        engine.register("tick", Registered())
        engine.register("tick", Registered())
        done.set()

    threading.Thread(target=register, daemon=True).start()
    assert done.wait(5)


def test_a_handler_is_called_once_however_often_it_is_registered(engine: DesktopEventEngine) -> None:
    seen: list[Event] = []
    for _number in range(2):
        engine.register("tick", seen.append)
        engine.register_general(seen.append)
    engine.put(Event("tick"))
    handle_all(engine)
    assert [event.type for event in seen].count("tick") == 2


def test_unregistering_what_is_unknown_changes_nothing(engine: DesktopEventEngine) -> None:
    engine.unregister("never registered", fail)
    engine.unregister_general(fail)
    seen: list[Event] = []
    engine.register_general(seen.append)
    engine.put(Event("never registered"))
    handle_all(engine)
    assert seen[0].type == "never registered"


def test_a_handler_may_unregister_itself_and_register_others(engine: DesktopEventEngine) -> None:
    seen: list[str] = []

    def late(event: Event) -> None:
        seen.append(f"late {event.data}")

    def once(event: Event) -> None:
        seen.append(f"once {event.data}")
        engine.unregister("tick", once)
        engine.register("tick", late)

    engine.register("tick", once)
    engine.register("tick", lambda event: seen.append(f"always {event.data}"))
    for number in (1, 2):
        engine.put(Event("tick", number))
    handle_all(engine)
    assert seen == ["once 1", "always 1", "always 2", "late 2"]


def test_handlers_come_and_go_from_other_threads_while_events_flow(engine: DesktopEventEngine) -> None:
    seen: list[int] = []
    engine.register("tick", lambda event: seen.append(event.data))
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            handlers = [lambda _event: None for _number in range(5)]
            for handler in handlers:
                engine.register("tick", handler)
                engine.register_general(handler)
            for handler in handlers:
                engine.unregister("tick", handler)
                engine.unregister_general(handler)

    threads = [threading.Thread(target=churn) for _number in range(2)]
    for thread in threads:
        thread.start()
    for number in range(5000):
        engine.put(Event("tick", number))
    handle_all(engine)
    stop.set()
    for thread in threads:
        thread.join()
    assert seen == list(range(5000))


def test_a_slow_handler_is_named_in_the_log_once_with_a_count(engine: DesktopEventEngine) -> None:
    logs: list[LogData] = []
    engine.register(EVENT_LOG, lambda event: logs.append(event.data))

    def load_everything(_event: Event) -> None:
        time.sleep(0.11)

    engine.register("tick", load_everything)
    for _number in range(3):
        engine.put(Event("tick"))
    handle_all(engine)
    handle_all(engine)
    (log,) = logs
    assert "load_everything took 11" in log.msg
    (timing,) = [timing for timing in engine.stats().slowest if timing.slow_calls]
    assert timing.handler.endswith("load_everything")
    assert timing.slow_calls == 3
    assert timing.total_seconds == pytest.approx(0.33, abs=0.1)


def test_a_handler_that_is_still_running_is_seen(engine: DesktopEventEngine) -> None:
    release = threading.Event()

    def never_ends(_event: Event) -> None:
        release.wait(5)

    engine.register("tick", never_ends)
    engine.put(Event("tick"))
    engine.put(Event("tick"))
    wait_until(lambda: engine.stats().running_for > 0.05)
    stats = engine.stats()
    release.set()
    assert stats.running.endswith("never_ends")
    assert stats.queue_depth == 1
    wait_until(lambda: not engine.stats().running)


def test_a_handler_that_does_not_end_is_logged_once_past_the_blocked_queue(
    trader_dir: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DesktopEventEngine, "STUCK_SECONDS", 0.03)
    lines: list[str] = []
    sink = logger.add(lines.append, level="WARNING", format="{message}")
    engine, release = DesktopEventEngine(0.01), threading.Event()

    def never_ends(_event: Event) -> None:
        release.wait(5)

    engine.register("tick", never_ends)
    engine.start()
    engine.put(Event("tick"))
    wait_until(lambda: engine.stats().running_for > 0.1)
    told = [line for line in lines if "never_ends has been running for 0 s" in line]
    release.set()
    engine.stop()
    logger.remove(sink)
    assert len(told) == 1


def test_the_slowest_handlers_are_estimated_from_samples(engine: DesktopEventEngine) -> None:
    engine.register("tick", lambda _event: sum(range(500)))
    for _number in range(3400):
        engine.put(Event("tick"))
    handle_all(engine)
    timing = max(engine.stats().slowest, key=lambda timing: timing.calls)
    assert timing.calls == pytest.approx(3400, abs=20)
    assert 0 < timing.max_seconds < 1
    assert timing.total_seconds > 3400 * 1e-6


def test_events_per_second_are_counted(trader_dir: object) -> None:
    engine = DesktopEventEngine(0.05)
    engine.start()
    for _number in range(1000):
        engine.put(Event("tick"))
    handle_all(engine)
    stats = engine.stats()
    engine.stop()
    assert stats.total_events >= 1000
    assert stats.events_per_second > 1000


def test_the_timer_ticks(trader_dir: object) -> None:
    engine = DesktopEventEngine(0.01)
    ticks: list[Event] = []
    engine.register(EVENT_TIMER, ticks.append)
    engine.start()
    wait_until(lambda: len(ticks) > 2)
    engine.stop()


def test_stopping_takes_no_time_and_may_be_repeated(engine: DesktopEventEngine) -> None:
    started = time.perf_counter()
    engine.stop()
    engine.stop()
    assert time.perf_counter() - started < 0.5


def test_stopping_before_starting_is_fine_and_final(trader_dir: object) -> None:
    engine = DesktopEventEngine()
    engine.stop()
    with pytest.raises(RuntimeError, match="has been stopped"):
        engine.start()
    engine.put(Event("tick"))
    assert engine.stats().queue_depth == 0


def test_starting_twice_is_starting_once(engine: DesktopEventEngine) -> None:
    engine.start()
    handle_all(engine)


def test_stopping_from_inside_a_handler_does_not_deadlock(engine: DesktopEventEngine) -> None:
    stopped = threading.Event()

    def stop(_event: Event) -> None:
        engine.stop()
        stopped.set()

    engine.register("tick", stop)
    engine.put(Event("tick"))
    assert stopped.wait(2)
    engine.stop()


def test_a_fill_already_queued_is_still_handled_when_the_engine_stops(engine: DesktopEventEngine) -> None:
    seen: list[int] = []

    def slowly(event: Event) -> None:
        time.sleep(0.002)
        seen.append(event.data)

    engine.register("trade", slowly)
    for number in range(20):
        engine.put(Event("trade", number))
    engine.stop()
    assert seen == list(range(20))


def test_events_too_many_to_handle_in_time_are_dropped_and_counted(
    engine: DesktopEventEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "DRAIN_SECONDS", 0.05)
    engine.register("tick", lambda _event: time.sleep(0.02))
    for _number in range(50):
        engine.put(Event("tick"))
    engine.stop()
    assert 40 < engine.stats().dropped_events < 50


@pytest.mark.expected_errors("Stopping without waiting for .*deadlocked, which does not return")
def test_a_handler_that_never_returns_does_not_keep_the_engine_from_stopping(
    engine: DesktopEventEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "JOIN_SECONDS", 0.05)
    release = threading.Event()

    def deadlocked(_event: Event) -> None:
        release.wait(10)

    engine.register("tick", deadlocked)
    engine.put(Event("tick"))
    wait_until(lambda: engine.stats().running)
    started = time.perf_counter()
    engine.stop()
    assert time.perf_counter() - started < 1
    release.set()


def test_putting_after_the_end_neither_fails_nor_piles_up(engine: DesktopEventEngine) -> None:
    engine.stop()
    for _number in range(100):
        engine.put(Event("tick"))
    assert engine.stats().queue_depth == 0


def test_its_threads_cannot_keep_a_failed_start_alive(engine: DesktopEventEngine) -> None:
    ours = [thread for thread in threading.enumerate() if thread.name.startswith("EventEngine")]
    assert len(ours) == 2
    assert all(thread.daemon for thread in ours)


class Receiver:
    def on_tick(self, _event: Event) -> None:
        raise RuntimeError("Internal C++ object (TickTable) already deleted.")


@pytest.mark.expected_errors("already deleted")
def test_a_living_handler_that_touches_a_dead_widget_stays_registered(
    engine: DesktopEventEngine, reports: list[HandlerFailure]
) -> None:
    engine.register("tick", Receiver().on_tick)
    for _number in range(2):
        engine.put(Event("tick"))
    handle_all(engine)
    assert [failure.count for failure in engine.stats().failures] == [2]


@pytest.mark.parametrize(
    ("handler", "name"),
    [
        (fail, "fail"),
        (Receiver().on_tick, "Receiver.on_tick"),
        (functools.partial(fail), "fail"),
        ([].append, "list.append"),
        (Receiver, "Receiver"),
    ],
)
def test_handlers_are_named_as_their_author_knows_them(handler: Callable[..., Any], name: str) -> None:
    assert handler_name(handler) == name
