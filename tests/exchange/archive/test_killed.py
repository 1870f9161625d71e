"""An exchange that is killed while it moves orders to its archive loses none and shows none twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.archive.answers import accounts, everything
from tests.exchange.archive.flows import NAMES, archiving, never_archiving, renaming_flow, send
from tests.exchange.engine.invariants import check_open_state
from veighna_ext.exchange.exchange import Exchange

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="a kill that cannot be caught is POSIX's"
)

KILLS = 100 if os.environ.get("VEIGHNA_NIGHTLY") == "1" else 8
ROOT = Path(__file__).resolve().parents[3]

# sends a flow, moves what is old all the while, and prints how many commands are committed
CHILD = """
import sys
from pathlib import Path
from tests.exchange.archive.flows import archiving, renaming_flow, send
folder, seed, sent = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
exchange = archiving(folder, kept=10, batch_size=20)
print("ready", flush=True)
for number, command in enumerate(renaming_flow(seed, sent), sent + 1):
    send(exchange, command)
    exchange.tidy()
    if number % 7 == 0:
        exchange.commit()
        print(number, flush=True)
    if number % 101 == 0:
        exchange.snapshot()
"""


def run_and_kill(folder: Path, seed: int, sent: int, after: int) -> int:
    """Let a child work until it has acknowledged enough, kill it; the last number it acknowledged."""
    command = [sys.executable, "-c", CHILD, str(folder), str(seed), str(sent)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        acknowledged = sent
        for line in child.stdout:
            acknowledged = int(line)
            if acknowledged >= sent + after:
                child.send_signal(signal.SIGKILL)
                break
        # what the pipe still holds was acknowledged too
        return max([acknowledged, *(int(line) for line in child.stdout if line.endswith("\n"))])


def counters(exchange: Exchange) -> Any:
    """What every accepted command of the flow changes some of."""
    markets = [
        (market.last_order_id, market.last_execution_id, market.last_trade_id, market.clock)
        for market in exchange.venue.markets.values()
    ]
    traders = [
        (
            {asset: (each.free, each.locked) for asset, each in account.balances.items() if each.total},
            account.pays_in_bnb,
            account.special_rates,
        )
        for account in accounts(exchange)
    ]
    return markets, traders, exchange.venue.last_list_id


def follow(mirror: Exchange, seed: int, sent: int, acknowledged: int, found: Any) -> int | None:
    """Send the mirror what the child was sent, until it stands where the child was killed."""
    for number, command in enumerate(renaming_flow(seed, sent), sent + 1):
        send(mirror, command)
        if number >= acknowledged and counters(mirror) == found:
            return number
        if number > acknowledged + 300:
            break
    return None


def test_after_every_kill_all_questions_have_the_answers_of_one_that_never_stopped(tmp_path: Path) -> None:
    dice = random.Random(5)
    mirror = never_archiving()
    # each round's flow starts anew, numbered on from what was sent before: the mirror is told the same
    sent = moved = 0
    for kill in range(KILLS):
        acknowledged = run_and_kill(tmp_path, kill, sent, dice.randrange(50, 600))
        survivor = archiving(tmp_path)
        assert survivor.warnings == []
        check_open_state(survivor.venue)
        reached = follow(mirror, kill, sent, acknowledged, counters(survivor))
        assert reached is not None, f"kill {kill}: it stands nowhere from {acknowledged} on"
        assert everything(survivor, NAMES) == everything(mirror, NAMES), f"kill {kill}"
        moved = sum(desk.moved.orders for each in accounts(survivor) for desk in each.desks.values())
        survivor.close()
        sent = reached
    assert moved > 200
