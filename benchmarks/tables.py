"""Cost of the trading window's tables beside stock vnpy's, measured in the same run.

    python benchmarks/tables.py [--quick]

Costs are Qt-thread CPU time, painting included, in a process of its own, at 1,000 events per second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "benchmarks" / "_tables_cases.py"
BARS = {
    "ticks_1000": 1 / 20, "ticks_3000": 1 / 50, "growth": 1.5, "filter_ms": 200, "block_ms": 100,
    "row_bytes": 2048,
}


def run(case: str, **parameters: Any) -> dict[str, Any]:
    """One case in a fresh process and a fresh trader folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".vntrader").mkdir()
        (Path(folder) / ".vntrader" / "vt_setting.json").write_text('{"log.active": false}')
        environment = os.environ | {
            "HOME": folder, "XDG_CONFIG_HOME": folder, "PYTHONPATH": str(ROOT), "LANGUAGE": "en",
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        }
        command = [sys.executable, str(CASES), case, json.dumps(parameters)]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
    if done.returncode or not done.stdout.strip():
        sys.exit(f"{case} {parameters} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_ticks(quick: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    print("\ncost per tick, µs            stock      ours     ratio       bar")
    for rows in (1000, 3000):
        events = 1000 if quick else 3000
        old = run("ticks", side="stock", rows=rows, events=events)["us_per_event"]
        new = run("ticks", side="ours", rows=rows, events=events)["us_per_event"]
        bar = BARS[f"ticks_{rows}"]
        found[f"ticks_{rows}"] = {"stock_us": old, "ours_us": new, "ratio": new / old, "ok": new / old <= bar}
        print(f"  {rows:>7,} rows          {old:>9.0f} {new:>9.1f}    1/{old / new:<6.0f}    1/{1 / bar:.0f}")
    return found


def measure_growth(quick: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    sizes = (1000, 20_000) if quick else (1000, 10_000, 100_000)
    print("\ncost per order or trade, µs        " + "".join(f"{size:>12,}" for size in sizes) + "   growth")
    for case in ("orders", "trades"):
        for is_sorted in (False, True):
            events = 500 if quick else 2000
            figures = [
                run(case, side="ours", rows=size, events=events, is_sorted=is_sorted) for size in sizes
            ]
            for what in figures[0]:
                costs = [figure[what] for figure in figures]
                name = f"{case} {'sorted' if is_sorted else 'unsorted'} {what.removesuffix('_us')}"
                growth = costs[-1] / costs[0]
                found[name] = {"us": costs, "growth": growth, "ok": growth <= BARS["growth"]}
                print(f"  {name:<30}   " + "".join(f"{cost:>12.1f}" for cost in costs) + f"   ×{growth:.2f}")
    for is_sorted in (False, True):
        stock_sizes = (1000, 3000) if quick or is_sorted else (1000, 10_000)
        events = 100
        figures = [
            run("orders", side="stock", rows=size, events=events, is_sorted=is_sorted) for size in stock_sizes
        ]
        name = f"stock orders {'sorted' if is_sorted else 'unsorted'}"
        found[name] = dict(zip(map(str, stock_sizes), figures, strict=True))
        shown = ", ".join(
            f"{size:,} rows: append {figure['append_us']:.0f}, update {figure['update_us']:.0f}"
            for size, figure in zip(stock_sizes, figures, strict=True)
        )
        print(f"  {name:<30}   {shown}")
    return found


def measure_filter(quick: bool) -> dict[str, Any]:
    rows = 20_000 if quick else 100_000
    found = run("filtering", rows=rows)
    print(f"\nfilter and sort, {rows:,} orders        ms   longest block, ms")
    for label, figure in found.items():
        figure["ok"] = figure["ms"] <= BARS["filter_ms"] and figure["longest_ms"] <= BARS["block_ms"]
        print(f"  {label:<28} {figure['ms']:>9.0f} {figure['longest_ms']:>13.0f}")
    return found


def measure_memory(quick: bool) -> dict[str, Any]:
    rows = 20_000 if quick else 100_000
    found = run("memory", rows=rows)
    total = found["objects"] + found["table_sorted_filtered"]
    print(f"\nbytes per row, {rows:,} orders and as many trades")
    print(f"  vnpy's own data objects      {found['objects']:>8.0f}")
    print(f"  added by the table           {found['table']:>8.0f}")
    print(f"  … sorted and filtered        {found['table_sorted_filtered']:>8.0f}")
    print(f"  everything                   {total:>8.0f}")
    return found | {"total": total, "ok": total <= BARS["row_bytes"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="smaller tables, about a minute")
    quick = parser.parse_args().quick
    found = {
        "ticks": measure_ticks(quick),
        "growth": measure_growth(quick),
        "filter": measure_filter(quick),
        "memory": measure_memory(quick),
    }
    print("\n" + json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
