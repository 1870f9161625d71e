"""
The mock exchange's engine on one core: speed, memory, recovery and history.

    python benchmarks/exchange_core.py [--quick]

The mixed flow is measured against the add-order rate of `lightmatchingengine`, a plain matcher without
balances, filters, fees, self-trade prevention or journal (`pip install lightmatchingengine`).
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import pstats
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from harness import Verdict, median, print_table
from order_flow import LEVELS, LOT, START, away, carry_out, fill_book, levels_for, mixed_flow, opened

from veighna_ext.exchange.exchange import TRADES_BEFORE, Exchange, Setup
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.synthetic import SyntheticMarket
from veighna_ext.exchange.markets import SyntheticMarkets
from veighna_ext.exchange.statistics.intervals import DAY, INTERVALS, MINUTE, SECOND

RATIO = 0.4
GROWTH = 1.5
BYTES = 900
RECOVERY = 150_000
SNAPSHOT_SECONDS = 20.0
YEAR_SECONDS = 2.0
PAGE_MS = 50.0
LIVE_CORE = 0.15
YEAR = 365 * DAY
POLLS = 20
"""How often in a second the exchange's process looks whether a market has to move."""


def plain_adds(count: int) -> float:
    """Orders per second that the plain matcher adds, at the prices of the mixed flow."""
    from lightmatchingengine.lightmatchingengine import LightMatchingEngine

    dice = random.Random(1)
    sides = [dice.randrange(2) for _ in range(count)]
    orders = [("BTCUSDT", away(dice, side, LEVELS) / 1e8, LOT / 1e8, side + 1) for side in sides]
    engine = LightMatchingEngine()
    add = engine.add_order
    started = perf_counter()
    for instrument, price, quantity, side in orders:
        add(instrument, price, quantity, side)
    return count / (perf_counter() - started)


def mixed_rate(count: int) -> float:
    """Commands per second of the whole exchange with its journal."""
    commands = mixed_flow(count, [], 0)
    with tempfile.TemporaryDirectory() as folder:
        exchange = opened(Path(folder))
        quiet()
        seconds, _ = carry_out(exchange, commands)
        exchange.close()
    return count / seconds


def quiet() -> None:
    """As in the exchange's own process: what exists by now is not looked through for garbage again."""
    gc.collect()
    gc.freeze()


def measure_speed(verdict: Verdict, count: int, rounds: int) -> None:
    """Mixed flow and plain adds by turns."""
    plain, mixed = [], []
    for _ in range(rounds):
        plain.append(plain_adds(count))
        mixed.append(mixed_rate(count))
    print_table(
        ["", "commands/s", "lowest", "highest"],
        [
            ["plain matcher, adds only", *(f"{each(plain):,.0f}" for each in (median, min, max))],
            ["exchange, mixed flow", *(f"{each(mixed):,.0f}" for each in (median, min, max))],
        ],
    )
    verdict.figures["speed"] = {"plain": plain, "mixed": mixed}
    verdict.at_least("mixed flow / plain adds", median(mixed) / median(plain), RATIO)


def measure_size(orders: int, count: int) -> dict[str, float]:
    """In a process of its own: what a resting order weighs, and what a command costs among so many."""
    memory = psutil.Process().memory_info
    with tempfile.TemporaryDirectory() as folder:
        exchange = opened(Path(folder))
        gc.collect()
        before = memory().rss
        placed = fill_book(exchange, orders)
        gc.collect()
        # the list of ids is the benchmark's own: a tuple, and its share of the ids it shares with the orders
        weight = (memory().rss - before) / orders - sys.getsizeof((0, 0)) - 8
        quiet()
        times = []
        for turn in range(5):
            last_id = exchange.venue.markets["BTCUSDT"].last_order_id
            commands = mixed_flow(count, placed, last_id, seed=turn, levels=levels_for(orders))
            times.append(carry_out(exchange, commands)[0] / count)
        found = {"bytes": weight, "cost_us": median(times) * 1e6}
        started = perf_counter()
        exchange.snapshot()
        found["snapshot_s"] = perf_counter() - started
        exchange.close()
        del exchange
        gc.unfreeze()
        gc.collect()
        started = perf_counter()
        opened(Path(folder)).close()
        found["start_s"] = perf_counter() - started
    return found


def measure_sizes(verdict: Verdict, sizes: tuple[int, ...], count: int) -> None:
    """Each size in a fresh process."""
    found = {}
    for orders in sizes:
        command = [sys.executable, __file__, "--size", str(orders), "--count", str(count)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[orders] = json.loads(done.stdout)
    print()
    print_table(
        ["resting orders", "µs/command", "bytes/order", "snapshot", "start from it"],
        [
            [
                f"{orders:,}",
                f"{each['cost_us']:.2f}",
                f"{each['bytes']:.0f}",
                f"{each['snapshot_s']:.2f} s",
                f"{each['start_s']:.2f} s",
            ]
            for orders, each in found.items()
        ],
    )
    verdict.figures["sizes"] = found
    least, most = found[min(sizes)], found[max(sizes)]
    growth = max(each["cost_us"] for each in found.values()) / least["cost_us"]
    verdict.at_most(f"cost per command, {min(sizes):,} to {max(sizes):,} resting orders", growth, GROWTH, "x")
    verdict.at_most("memory per resting order", most["bytes"], BYTES, " bytes")
    verdict.at_most(
        f"start from a snapshot of {max(sizes):,} orders", most["start_s"], SNAPSHOT_SECONDS, " s"
    )


def measure_recovery(verdict: Verdict, count: int, rounds: int) -> None:
    """A journal of the mixed flow, replayed from its beginning."""
    with tempfile.TemporaryDirectory() as folder:
        exchange = opened(Path(folder))
        _, refused = carry_out(exchange, mixed_flow(count, [], 0))
        exchange.close()
        rates = []
        for _ in range(rounds):
            gc.unfreeze()
            gc.collect()
            started = perf_counter()
            opened(Path(folder)).close()
            rates.append((count - refused) / (perf_counter() - started))
    verdict.figures["recovery"] = rates
    verdict.at_least("recovery", median(rates), RECOVERY, " commands/s")


def measure_history(verdict: Verdict) -> None:
    """Candles of a synthetic symbol nobody has asked for before."""
    now = START
    quiet()
    started = perf_counter()
    year = SyntheticMarket(11).history("BTCUSDT").candles("1m", now - YEAR, now - 1, YEAR // MINUTE, 0)
    cold = perf_counter() - started
    rows = len(year)
    del year
    quiet()
    pages = {
        "ETHUSDT, first time": page_times("ETHUSDT", now, asked_before=False),
        "ETHBTC, first time": page_times("ETHBTC", now, asked_before=False),
        "ETHUSDT, again": page_times("ETHUSDT", now, asked_before=True),
        "ETHBTC, again": page_times("ETHBTC", now, asked_before=True),
    }
    print()
    print_table(
        ["1,000 bars, ms", *INTERVALS],
        [[name, *(f"{each:.0f}" for each in times.values())] for name, times in pages.items()],
    )
    verdict.figures["history"] = {"year_s": cold, "rows": rows, "pages_ms": pages}
    verdict.holds("a year has all its minutes", rows == YEAR // MINUTE, f"{rows:,} rows")
    verdict.at_most("a year of 1-minute candles, cold", cold, YEAR_SECONDS, " s")
    verdict.at_most("any page of a pair, cold", max(pages["ETHUSDT, first time"].values()), PAGE_MS, " ms")
    # a cross works out its days since 2020 from both legs when one of them is first asked for
    again = max(max(pages[name].values()) for name in pages if name.endswith("again"))
    verdict.at_most("any page of a pair or a cross, asked again", again, PAGE_MS, " ms")


def page_times(symbol: str, now: int, *, asked_before: bool) -> dict[str, float]:
    """Milliseconds for the newest page of each interval, the median of three markets."""
    found = {}
    for interval in INTERVALS:
        times = []
        for seed in (12, 13, 14):
            history = SyntheticMarket(seed).history(symbol)
            if asked_before:
                history.candles("1M", None, now - 1, 1000, 0)
            started = perf_counter()
            page = history.candles(interval, None, now - 1, 1000, 0)
            times.append((perf_counter() - started) * 1000)
            assert page
        found[interval] = median(times)
    return found


def measure_live(verdict: Verdict, seconds: int) -> None:
    """All built-in symbols with their makers and traders, journal on: CPU per second of market."""
    market = SyntheticMarket(7)
    symbols = listed()
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(symbols, 7, "synthetic")
        exchange = Exchange.open(
            Path(folder), setup, START, history_for=lambda each: market.history(each.name)
        )
        source = SyntheticMarkets(exchange, market)
        source.move(START)
        used = process_time()
        for poll in range(1, seconds * POLLS + 1):
            source.move(START + poll * SECOND // POLLS)
            exchange.commit()
        used = process_time() - used
        trades = sum(each.last_trade_id + 1 - TRADES_BEFORE for each in exchange.venue.markets.values())
        exchange.close()
    share = used / seconds
    print(f"\n{len(symbols)} symbols live: {share:.2%} of a core, {trades / seconds:.0f} trades a second")
    verdict.figures["live"] = {"symbols": len(symbols), "core": share, "trades_per_s": trades / seconds}
    verdict.at_most(f"{len(symbols)} synthetic symbols live", share, LIVE_CORE, " core")


def show_profile(count: int) -> None:
    """Where the time of a command goes: own time of each function, as a share."""
    commands = mixed_flow(count, [], 0)
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        exchange = opened(Path(folder))
        profile.enable()
        carry_out(exchange, commands)
        profile.disable()
        exchange.close()
    entries = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = sum(own for _, _, own, _, _ in entries.values())
    slowest = sorted(entries.items(), key=lambda entry: -entry[1][2])[:14]
    print()
    print_table(
        ["function", "own time", "calls/command"],
        [
            [f"{Path(file).stem}.{name}", f"{own / total:.1%}", f"{calls / count:.2f}"]
            for (file, _, name), (calls, _, own, _, _) in slowest
        ],
    )


def main(quick: bool) -> int:
    """Everything, with its bars."""
    verdict = Verdict("exchange_core")
    count, rounds = (50_000, 3) if quick else (200_000, 5)
    measure_speed(verdict, count, rounds)
    measure_sizes(verdict, (1_000, 100_000) if quick else (1_000, 100_000, 1_000_000), 20_000)
    measure_recovery(verdict, count, rounds)
    measure_history(verdict)
    measure_live(verdict, 60 if quick else 300)
    show_profile(count)
    return verdict.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller")
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.size:
        print(json.dumps(measure_size(chosen.size, chosen.count)))
    else:
        sys.exit(main(chosen.quick))
