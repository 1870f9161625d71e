"""Coroutines await vnpy's events, and any thread calls onto the loop."""

from __future__ import annotations

import asyncio
import functools
import gc
import threading
from collections.abc import Callable
from operator import eq
from typing import Any

import pytest
from vnpy.event import Event

from veighna_ext.core.bridge import EventBridge
from veighna_ext.core.event_engine import DesktopEventEngine


def make_bridge(event_engine: DesktopEventEngine) -> EventBridge:
    return EventBridge(event_engine, asyncio.get_running_loop())


async def handled(bridge: EventBridge, event_engine: DesktopEventEngine) -> None:
    """Wait until all that was put before has been handled and has crossed."""
    waiting = bridge.next("test.barrier", timeout=5)
    event_engine.put(Event("test.barrier"))
    await waiting


def put(event_engine: DesktopEventEngine, *numbers: int) -> None:
    for number in numbers:
        event_engine.put(Event("tick", number))


async def test_a_coroutine_iterates_over_events_in_order(event_engine: DesktopEventEngine) -> None:
    stream = make_bridge(event_engine).events("tick")
    threading.Thread(target=put, args=(event_engine, *range(500))).start()
    seen = []
    async for number in stream:
        seen.append(number)
        if number == 499:
            break
    assert seen == list(range(500))


async def test_only_the_wanted_events_cross(event_engine: DesktopEventEngine) -> None:
    bridge = make_bridge(event_engine)
    async with bridge.events("tick", where=lambda number: number % 2 == 1) as odd:
        put(event_engine, 1, 2, 3)
        assert [await anext(odd), await anext(odd)] == [1, 3]


async def test_the_next_event_is_one_put_after_the_call_even_before_the_await(
    event_engine: DesktopEventEngine,
) -> None:
    bridge = make_bridge(event_engine)
    put(event_engine, 1)
    await handled(bridge, event_engine)
    waiting = bridge.next("tick", where=lambda number: number > 2)
    put(event_engine, 2, 3, 4)
    await handled(bridge, event_engine)
    assert await waiting == 3


async def test_waiting_too_long_for_an_event_says_which(event_engine: DesktopEventEngine) -> None:
    with pytest.raises(TimeoutError, match=r"no eOrder\. event within 0\.01 s"):
        await make_bridge(event_engine).next("eOrder.", timeout=0.01)


@pytest.mark.parametrize(("keep", "kept"), [("newest", [7, 8, 9]), ("oldest", [0, 1, 2])])
async def test_a_slow_reader_loses_the_end_it_chose_and_knows_how_many(
    event_engine: DesktopEventEngine, keep: Any, kept: list[int]
) -> None:
    bridge = make_bridge(event_engine)
    async with bridge.events("tick", maxsize=3, keep=keep) as stream:
        put(event_engine, *range(10))
        await handled(bridge, event_engine)
        assert stream.dropped == 7
        assert [await anext(stream) for _number in range(3)] == kept


async def test_the_loop_is_woken_once_for_many_events(
    event_engine: DesktopEventEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    bridge = EventBridge(event_engine, loop)
    wakes: list[object] = []
    wake = loop.call_soon_threadsafe

    def counted_wake(callback: Callable[..., object], *args: Any, context: Any = None) -> asyncio.Handle:
        wakes.append(callback)
        return wake(callback, *args, context=context)

    monkeypatch.setattr(loop, "call_soon_threadsafe", counted_wake)
    blocked = threading.Event()
    event_engine.register("tick", lambda event: blocked.set() if event.data == 999 else None)
    waiting = [asyncio.ensure_future(bridge.next("tick", where=functools.partial(eq, n))) for n in range(5)]
    await asyncio.sleep(0)
    put(event_engine, *range(1000))
    assert blocked.wait(5)
    assert await asyncio.gather(*waiting) == [0, 1, 2, 3, 4]
    assert len(wakes) == 1


async def test_a_fast_stream_lets_other_tasks_run(event_engine: DesktopEventEngine) -> None:
    bridge = make_bridge(event_engine)
    others = 0

    async def other() -> None:
        nonlocal others
        while True:
            await asyncio.sleep(0)
            others += 1

    task = asyncio.create_task(other())
    async with bridge.events("tick", maxsize=100_000) as stream:
        put(event_engine, *range(20_000))
        await handled(bridge, event_engine)
        others = 0
        async for number in stream:
            if number == 19_999:
                break
            sum(range(50))
    task.cancel()
    assert others >= 2


async def test_a_raising_condition_ends_the_stream_with_its_error(event_engine: DesktopEventEngine) -> None:
    stream = make_bridge(event_engine).events("tick", where=lambda number: number / 0)
    put(event_engine, 1)
    with pytest.raises(ZeroDivisionError):
        await anext(stream)
    assert "tick" not in event_engine._typed


async def test_a_cancelled_wait_loses_no_event(event_engine: DesktopEventEngine) -> None:
    async with make_bridge(event_engine).events("tick") as stream:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(anext(stream), 0.01)
        put(event_engine, 1)
        assert await asyncio.wait_for(anext(stream), 5) == 1


async def test_two_readers_of_one_stream_are_refused(event_engine: DesktopEventEngine) -> None:
    async with make_bridge(event_engine).events("tick") as stream:
        first = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="already being read"):
            await anext(stream)
        put(event_engine, 1)
        assert await first == 1


async def test_leaving_the_stream_unregisters_it(event_engine: DesktopEventEngine) -> None:
    async with make_bridge(event_engine).events("tick"):
        assert "tick" in event_engine._typed
    assert "tick" not in event_engine._typed


async def test_a_forgotten_stream_unregisters_with_the_next_event(event_engine: DesktopEventEngine) -> None:
    bridge = make_bridge(event_engine)
    stream = bridge.events("tick")
    put(event_engine, 1)
    async for _number in stream:
        break
    del stream
    gc.collect()
    put(event_engine, 2)
    await handled(bridge, event_engine)
    assert "tick" not in event_engine._typed


async def test_closing_the_bridge_ends_the_loops_of_its_readers(event_engine: DesktopEventEngine) -> None:
    bridge = make_bridge(event_engine)

    async def read_all() -> list[int]:
        return [number async for number in bridge.events("tick")]

    reading, waiting = asyncio.create_task(read_all()), asyncio.create_task(bridge.next("order"))
    await asyncio.sleep(0)
    put(event_engine, 1, 2)
    await handled(bridge, event_engine)
    bridge.close()
    assert await reading == [1, 2]
    with pytest.raises(ConnectionAbortedError):
        await waiting


async def test_any_thread_calls_onto_the_loop_in_order(event_engine: DesktopEventEngine) -> None:
    bridge = make_bridge(event_engine)
    seen: list[tuple[int, threading.Thread]] = []

    def work() -> None:
        for number in range(1000):
            bridge.call(lambda number=number: seen.append((number, threading.current_thread())))

    await asyncio.to_thread(work)
    done = asyncio.Event()
    bridge.call(done.set)
    await asyncio.wait_for(done.wait(), 5)
    assert [number for number, _thread in seen] == list(range(1000))
    assert {thread for _number, thread in seen} == {threading.current_thread()}


async def test_a_failing_call_costs_the_others_nothing(event_engine: DesktopEventEngine) -> None:
    loop, bridge = asyncio.get_running_loop(), make_bridge(event_engine)
    errors: list[Any] = []
    loop.set_exception_handler(lambda _loop, context: errors.append(context["exception"]))
    done = asyncio.Event()
    bridge.call(int, "not a number")
    bridge.call(done.set)
    await asyncio.wait_for(done.wait(), 5)
    assert isinstance(errors[0], ValueError)


def test_a_call_after_the_loop_closed_says_so(event_engine: DesktopEventEngine) -> None:
    loop = asyncio.new_event_loop()
    bridge = EventBridge(event_engine, loop)
    loop.close()
    assert not bridge.call(print)


async def test_a_stream_without_room_is_refused(event_engine: DesktopEventEngine) -> None:
    with pytest.raises(ValueError, match="maxsize"):
        make_bridge(event_engine).events("tick", maxsize=0)
