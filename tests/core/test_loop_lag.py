"""The lag figures show a stall for as long as it was."""

from __future__ import annotations

import asyncio
import time

from veighna_ext.core.loop_lag import LoopLag


async def test_an_idle_loop_has_hardly_any_lag() -> None:
    lag = LoopLag(asyncio.get_running_loop(), period=0.005)
    lag.start()
    await asyncio.sleep(0.2)
    lag.stop()
    assert lag.stats().p50_ms < 20


async def test_a_stall_is_seen_in_full_and_as_all_the_beats_it_swallowed() -> None:
    lag = LoopLag(asyncio.get_running_loop(), period=0.01)
    lag.start()
    await asyncio.sleep(0.1)
    time.sleep(0.2)  # noqa: ASYNC251 - the stall to be measured
    await asyncio.sleep(0.05)
    lag.stop()
    stats = lag.stats()
    assert 180 <= stats.max_ms < 400
    assert stats.p50_ms > 20


async def test_a_stall_is_forgotten_when_it_leaves_the_window() -> None:
    lag = LoopLag(asyncio.get_running_loop(), period=0.005, window=0.1)
    lag.start()
    time.sleep(0.1)  # noqa: ASYNC251 - the stall to be measured
    await asyncio.sleep(0.02)
    stalled = lag.stats().max_ms
    await asyncio.sleep(0.15)
    lag.stop()
    assert stalled > 80
    assert lag.stats().max_ms < stalled


async def test_no_figures_before_the_first_beat() -> None:
    assert LoopLag(asyncio.get_running_loop()).stats().max_ms == 0.0


async def test_stopping_leaves_nothing_scheduled() -> None:
    lag = LoopLag(asyncio.get_running_loop(), period=0.001)
    lag.start()
    lag.start()
    await asyncio.sleep(0.01)
    lag.stop()
    before = lag.stats()
    await asyncio.sleep(0.01)
    assert lag.stats() == before
