"""What leaves memory, what stays, and what a nameless archive leaves behind: nothing."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.exchange.archive.answers import accounts, desks, everything
from tests.exchange.archive.flows import (
    NAMES,
    archiving,
    drive,
    in_memory,
    limit,
    move_all,
    never_archiving,
    renaming_flow,
    send,
)
from tests.exchange.exchanges import START
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.archive import ARCHIVE_NAME
from veighna_ext.exchange.archive.closed_orders import KEPT
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.order import Fill, Order
from veighna_ext.exchange.engine.order_lists import OrderList
from veighna_ext.exchange.exchange import Exchange

ROOT = Path(__file__).resolve().parents[3]
# moves orders to a nameless archive, more than SQLite keeps in its own memory, and waits to be killed
CHILD = """
import sys
from itertools import islice
from tests.exchange.archive.flows import archiving, move_all, renaming_flow, send
exchange = archiving(None, batch_size=1000)
for command in islice(renaming_flow(1), 20_000):
    send(exchange, command)
move_all(exchange)
print("moved", flush=True)
sys.stdin.read()
"""


def test_however_many_orders_there_were_memory_holds_about_the_same(tmp_path: Path) -> None:
    exchange = archiving(tmp_path, kept=300, batch_size=50)
    commands, most = renaming_flow(9), 0
    for _ in range(40):
        drive(exchange, commands, 150)
        while exchange.tidy(waits=True):
            pass
        most = max(most, sum(in_memory(exchange)))
    assert sum(desk.moved.orders for desk in desks(exchange)) > 1500
    assert most < 450
    assert sum(len(desk.by_client_id) for desk in desks(exchange)) < 450
    exchange.close()


def test_a_quiet_exchange_moves_nothing(tmp_path: Path) -> None:
    exchange = archiving(tmp_path, kept=KEPT)
    drive(exchange, renaming_flow(9), 1000)
    assert not exchange.tidy()
    assert sum(in_memory(exchange)) > 500
    assert not any(desk.moved.orders for desk in desks(exchange))
    exchange.close()


def test_a_snapshot_holds_what_is_in_memory_and_no_more(tmp_path: Path) -> None:
    sizes = []
    for folder, kept in ((tmp_path / "all", 10**6), (tmp_path / "few", 30)):
        exchange = archiving(folder, kept)
        drive(exchange, renaming_flow(9), 4000)
        move_all(exchange)
        exchange.snapshot()
        exchange.close()
        sizes.append(next(folder.glob("snapshot-*")).stat().st_size)
    assert sizes[1] < sizes[0] / 2


def test_open_orders_and_those_of_open_lists_stay(tmp_path: Path) -> None:
    exchange = archiving(tmp_path, kept=1)
    rests = exchange.submit(limit(START, 1, enums.BUY, 39_000))
    working = c.OrderSpec(enums.BUY, enums.LIMIT, UNIT // 100, 39_500 * UNIT)
    pending = c.OrderSpec(enums.SELL, enums.LIMIT, UNIT // 100, 41_000 * UNIT)
    order_list = exchange.submit(c.PlaceList(START, 1, "BTCUSDT", enums.OTO, [working, pending]))
    exchange.submit(limit(START, 2, enums.SELL, 39_500))
    for number in range(20):
        exchange.submit(limit(START, 1, enums.BUY, 38_000, name=f"{number}"))
        exchange.submit(c.CancelOrder(START, 1, "BTCUSDT", client_id=f"{number}"))
    move_all(exchange)
    first, second = order_list.orders
    assert (first.status, second.is_open) == (enums.FILLED, True)
    desk = exchange.venue.desk(1, "BTCUSDT")
    assert desk.orders[:-1] == [rests, first, second]
    assert exchange.venue.account(1).lists == [order_list]
    exchange.submit(c.CancelOrder(START, 1, "BTCUSDT", second.id))
    # its fill may go once it is not the newest any more
    for account, side in ((2, enums.SELL), (1, enums.BUY)):
        exchange.submit(limit(START, account, side, 39_600))
    move_all(exchange)
    assert desk.orders[:-1] == [rests]
    assert exchange.venue.account(1).lists == []
    exchange.close()


def test_many_open_orders_do_not_keep_closed_ones(tmp_path: Path) -> None:
    exchange = archiving(tmp_path, kept=10)
    desk = exchange.venue.desk(1, "BTCUSDT")
    desk.market.symbol.filters.max_orders = 0
    for number in range(600):
        exchange.submit(limit(START, 1, enums.BUY, 39_000 - number % 50, name=f"open{number}"))
        exchange.submit(limit(START, 1, enums.BUY, 39_000, name="closed"))
        exchange.submit(c.CancelOrder(START, 1, "BTCUSDT", client_id="closed"))
    move_all(exchange)
    assert len(desk.open) == 600
    assert len(desk.orders) < 615
    exchange.close()


def test_what_was_moved_is_freed_without_waiting_for_the_garbage_collection(tmp_path: Path) -> None:
    exchange = archiving(tmp_path, kept=1)
    drive(exchange, renaming_flow(9), 1500)
    kinds = (Order, OrderList, Fill, Amendment, PreventedMatch)
    before = len(still_there(kinds))
    gc.collect()
    gc.disable()
    try:
        move_all(exchange)
        alive = still_there(kinds)
        orders = [each for each in alive if isinstance(each, Order) and each.desk in desks(exchange)]
        assert sorted(map(id, orders)) == sorted(id(each) for desk in desks(exchange) for each in desk.orders)
        lists = [each for each in alive if isinstance(each, OrderList) and each.desk in desks(exchange)]
        assert len(lists) == sum(len(account.lists) for account in accounts(exchange))
        assert len(alive) < before / 4
    finally:
        gc.enable()
    exchange.close()


def still_there(kinds: tuple[type, ...]) -> list[object]:
    """Objects in memory that are in use, or would be garbage that only a collection finds."""
    return [each for each in gc.get_objects() if type(each) in kinds]


def test_a_step_does_not_wait_for_the_disk_and_the_next_ones_go_on(tmp_path: Path) -> None:
    exchange = archiving(tmp_path, kept=10)
    drive(exchange, renaming_flow(9), 800)
    before = in_memory(exchange)
    assert exchange.tidy()
    # on its way: nothing is forgotten before it is there
    assert in_memory(exchange) == before
    move_all(exchange)
    assert sum(in_memory(exchange)) < 40
    exchange.close()


def test_an_exchange_without_a_folder_answers_alike_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    mirror, exchange = never_archiving(), archiving(None)
    for command in islice(renaming_flow(4), 1500):
        assert send(exchange, command) == send(mirror, command)
    move_all(exchange)
    assert sum(in_memory(exchange)) < 100
    assert everything(exchange, NAMES) == everything(mirror, NAMES)
    exchange.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a kill that cannot be caught is POSIX's")
def test_a_nameless_archive_is_gone_with_its_process_even_when_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env={**os.environ, "SQLITE_TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "moved\n"
        child.send_signal(signal.SIGKILL)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_has_one_archive_and_closing_leaves_nothing_beside_it(tmp_path: Path) -> None:
    exchange: Exchange = archiving(tmp_path)
    drive(exchange, renaming_flow(4), 800)
    move_all(exchange)
    exchange.close()
    assert [path.name for path in tmp_path.glob(f"{ARCHIVE_NAME}*")] == [ARCHIVE_NAME]
