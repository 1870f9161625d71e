"""An exchange that is killed loses nothing it acknowledged and invents nothing."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange.engine.invariants import check_history, check_open_state
from tests.exchange.exchanges import flow, opened, whole_state
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import Exchange

KILLS = 100 if os.environ.get("VEIGHNA_NIGHTLY") == "1" else 10
ROOT = Path(__file__).resolve().parents[2]

# sends a flow and prints how many of its commands were sent, once they are committed
CHILD = """
import sys
from pathlib import Path
from tests.exchange.exchanges import flow, opened
from veighna_ext.exchange.errors import Refused
folder, seed, sent, batch = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
exchange = opened(folder)
print("ready", flush=True)
for number, command in enumerate(flow(seed, sent), sent + 1):
    try:
        exchange.submit(command)
    except Refused:
        pass
    if number % batch == 0:
        exchange.commit()
        print(number, flush=True)
    if number % 3000 == 0:
        exchange.snapshot()
"""


def run_and_kill(folder: Path, seed: int, sent: int, batch: int, after: int) -> int:
    """Let a child work until it has acknowledged enough, kill it; the last number it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(seed), str(sent), str(batch)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    acknowledged = sent
    for line in child.stdout:
        acknowledged = int(line)
        if acknowledged >= sent + after:
            child.send_signal(signal.SIGKILL)
            break
    # what the pipe still holds was acknowledged too
    acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line.endswith("\n"))])
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    return acknowledged


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a kill that cannot be caught is POSIX's")
def test_whatever_was_acknowledged_is_there_after_a_kill_and_nothing_else(tmp_path: Path) -> None:
    dice = random.Random(5)
    folder = tmp_path / "killed"
    mirror = opened(tmp_path / "mirror")
    # each round's flow starts anew, numbered on from what was sent before: the mirror is told the same
    sent = 0
    for kill in range(KILLS):
        batch = dice.choice((1, 7, 64))
        acknowledged = run_and_kill(folder, kill, sent, batch, after=dice.randrange(50, 1500))
        survivor = opened(folder)
        check_open_state(survivor.venue)
        check_history(survivor.venue)
        found = whole_state(survivor)
        survivor.close()
        reached = follow(mirror, kill, sent, acknowledged, found)
        assert reached is not None, f"kill {kill}: the state is that of no command from {acknowledged} on"
        sent = reached
    mirror.close()


def follow(mirror: Exchange, seed: int, sent: int, acknowledged: int, found: bytes) -> int | None:
    """Send the mirror what the child was sent, until it has the state that was found after the kill."""
    commands = flow(seed, sent)
    for number in range(sent + 1, acknowledged + 20_000):
        command: c.Command = next(commands)
        with contextlib.suppress(Refused):
            mirror.submit(command)
        if number >= acknowledged and whole_state(mirror) == found:
            return number
        if number > acknowledged + 200:
            return None
    return None
