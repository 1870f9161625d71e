"""
CPU of an open desktop in which nothing is connected and nobody does anything: ours beside the stock one.

    python benchmarks/idle.py [--quick] [--platform offscreen|xcb]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import threading
import time

from harness import Verdict, clean_place, print_table, run_child, screen_for

LIMIT = 0.03
SETTLING = 4.0


def measure(side_name: str, seconds: float) -> None:
    """The child process: open, wait until the start is over, then count what the whole process uses."""
    import sides
    from market import Heartbeat

    side = sides.open_side(side_name)
    heart = Heartbeat()
    heart.stop()
    found: dict[str, float] = {}

    def judge() -> None:
        time.sleep(SETTLING)
        process, gui, at = _process_seconds(), heart.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - at
        found["process"] = (_process_seconds() - process) / elapsed
        found["gui"] = (heart.cpu_seconds() - gui) / elapsed
        found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found["threads"] = threading.active_count()
        print(json.dumps(found), flush=True)
        sides.leave()

    threading.Thread(target=judge, daemon=True).start()
    side.run()


def _process_seconds() -> float:
    """CPU of this process and of those children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main(quick: bool, platform: str) -> int:
    """Both sides, one after the other."""
    seconds = 8.0 if quick else 30.0
    verdict = Verdict("idle")
    with screen_for(platform) as screen:
        for name in ("stock", "ours"):
            with clean_place(screen) as place:
                arguments = [__file__, "--side", name, "--seconds", str(seconds)]
                outcome = run_child(arguments, place, seconds + SETTLING + 60)
            verdict.figures[name] = outcome.answer
            if not outcome.answer:
                print(f"{name} gave no answer: {outcome.stderr[-300:]}", file=sys.stderr)
    print_table(
        ["desktop", "process", "GUI thread", "peak memory", "threads"],
        [
            [
                name,
                f"{found['process']:.2%}",
                f"{found['gui']:.2%}",
                f"{found['memory_mb']:.0f} MB",
                f"{found['threads']:.0f}",
            ]
            for name, found in verdict.figures.items()
            if found
        ],
    )
    ours = verdict.figures["ours"]
    if ours:
        verdict.at_most("idle CPU of the process", ours["process"], LIMIT, " core")
    else:
        verdict.holds("idle CPU of the process", False, "no answer")
    return verdict.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--side", choices=("stock", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=8, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        measure(chosen.side, chosen.seconds)
    else:
        sys.exit(main(chosen.quick, chosen.platform))
