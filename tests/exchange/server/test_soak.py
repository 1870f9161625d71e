"""Under every kind of load at once the exchange stays as large as it was: memory, tasks, descriptors."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
from pathlib import Path
from statistics import median

import psutil
import pytest

from tests.exchange.server.process import running
from tests.exchange.server.soak import SYMBOLS, Done, load

NIGHTLY = os.environ.get("VEIGHNA_NIGHTLY") == "1"
SECONDS = 3600 if NIGHTLY else 120
WARM_UP_S = 600 if NIGHTLY else 60
GROWTH = 1.05
MONEY = {"USDT": "10000000", "BTC": "100", "ETH": "1000", "BNB": "10000", "SOL": "10000"}


@pytest.mark.timeout(SECONDS + 120)
def test_it_does_not_grow_under_load(tmp_path: Path) -> None:
    # it is meant to take longer than a test that hangs
    faulthandler.cancel_dump_traceback_later()
    options = ("--data-dir", str(tmp_path / "data"), "--no-rate-limit", "--symbols", ",".join(SYMBOLS))
    with running(tmp_path, *options) as venue:
        places = [venue.open_account(MONEY) for _ in range(4)]
        process = psutil.Process(json.loads((tmp_path / "said.txt").read_text(encoding="utf-8"))["pid"])
        memory: list[int] = []
        descriptors: list[int] = []
        tasks: list[int] = []

        async def watch(_: Done) -> None:
            memory.append(process.memory_info().rss)
            descriptors.append(process.num_fds())
            tasks.append((await asyncio.to_thread(venue.control, "GET", "/status"))["tasks"])

        done = asyncio.run(load(places, SECONDS, watch))
        assert done.unexpected == []
        assert done.answers > 50 * SECONDS
        assert done.events > 100 * SECONDS
        assert done.connections > SECONDS
        begin = slice(WARM_UP_S, WARM_UP_S + WARM_UP_S // 4)
        end = slice(-WARM_UP_S // 4, None)
        for name, values in (("memory", memory), ("descriptors", descriptors), ("tasks", tasks)):
            before, after = median(values[begin]), median(values[end])
            print(f"{name}: {before:,.0f} -> {after:,.0f}; {done.answers:,} answers, {done.events:,} events")
            assert after <= before * GROWTH, f"{name} grew from {before:,.0f} to {after:,.0f}"
