"""An exchange that keeps next to nothing in memory answers every question like one that keeps everything."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.archive.answers import (
    accounts,
    desks,
    everything,
    order_or_refusal,
    plain_fill,
    plain_list,
    plain_order,
)
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
from tests.exchange.engine.invariants import check_open_state
from tests.exchange.exchanges import START, flow
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums, queries
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.exchange import Exchange

COMMANDS = 3000
TIMES = st.none() | st.integers(START, START + COMMANDS * 50_000)
Pair = tuple[Exchange, Exchange]


def side_by_side(mirror: Exchange, exchange: Exchange, commands: Iterator[c.Command], count: int) -> None:
    """Have both carry out the same, while one of them moves what is old whenever it can."""
    for command in islice(commands, count):
        assert send(exchange, command) == send(mirror, command)
        exchange.tidy()


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """One that kept everything, one that moved nearly all of it."""
    mirror, exchange = never_archiving(), archiving(None)
    side_by_side(mirror, exchange, renaming_flow(11), COMMANDS)
    move_all(exchange)
    yield mirror, exchange
    exchange.close()


def test_nearly_everything_has_left_memory(pair: Pair) -> None:
    mirror, exchange = pair
    orders, fills = in_memory(exchange)
    assert orders + fills < 100
    assert sum(in_memory(mirror)) > 1500
    assert len(exchange.venue.amendments) < len(mirror.venue.amendments)
    for account in accounts(exchange):
        assert sum(not each.is_open for each in account.lists) < 10
    for desk in desks(exchange):
        assert len(desk.by_client_id) <= len(desk.orders) + len(NAMES)
        assert len(desk.market.prevented) <= 10
    check_open_state(exchange.venue)


def test_every_question_has_the_same_answer(pair: Pair) -> None:
    mirror, exchange = pair
    assert everything(exchange, NAMES) == everything(mirror, NAMES)


@given(st.integers(0, 3), st.integers(1, 1000), TIMES, TIMES)
def test_pages_by_time_are_the_same(
    pair: Pair, number: int, limit: int, start: int | None, end: int | None
) -> None:
    (mirror, exchange), answers = pair, []
    for each in (mirror, exchange):
        desk, account = desks(each)[number], accounts(each)[number % 2]
        answers.append(
            (
                [plain_order(order) for order in queries.orders(desk, limit, start=start, end=end)],
                [plain_fill(fill) for fill in queries.fills(desk, limit, start=start, end=end)],
                [plain_list(found) for found in queries.order_lists(account, limit, start=start, end=end)],
            )
        )
    assert answers[0] == answers[1]


@given(st.integers(0, 3), st.integers(1, 60), st.integers(-1, 3000))
def test_pages_by_id_are_the_same(pair: Pair, number: int, limit: int, first: int) -> None:
    (mirror, exchange), answers = pair, []
    for each in (mirror, exchange):
        desk, account = desks(each)[number], accounts(each)[number % 2]
        answers.append(
            (
                [plain_order(order) for order in queries.orders(desk, limit, first)],
                [plain_fill(fill) for fill in queries.fills(desk, limit, first)],
                [plain_list(found) for found in queries.order_lists(account, limit, first)],
                [match.id for match in queries.prevented_matches(desk, limit, None, first, first // 2)],
            )
        )
    assert answers[0] == answers[1]


@pytest.mark.parametrize("seed", range(3))
def test_restarts_and_snapshots_make_no_difference(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    mirror, exchange = never_archiving(), archiving(tmp_path)
    commands = renaming_flow(seed)
    for _ in range(12):
        side_by_side(mirror, exchange, commands, dice.randrange(50, 300))
        if dice.random() < 0.7:
            exchange.snapshot()
        if dice.random() < 0.7:
            exchange.close()
            exchange = archiving(tmp_path)
            assert exchange.warnings == []
            check_open_state(exchange.venue)
    assert everything(exchange, NAMES) == everything(mirror, NAMES)
    exchange.close()


def test_the_folder_as_it_is_at_any_moment_gives_all_answers(tmp_path: Path) -> None:
    """A kill leaves it so: after every slice, whichever desk came first."""
    mirror, exchange = never_archiving(), archiving(tmp_path / "0", kept=5, batch_size=40)
    side_by_side(mirror, exchange, renaming_flow(2), 150)
    for moment in range(1, 16):
        exchange.commit()
        exchange.tidy(waits=True)
        # the journal's handle and the archive's are dead in the copy, as after a kill
        shutil.copytree(tmp_path / str(moment - 1), tmp_path / str(moment))
        exchange.close()
        exchange = archiving(tmp_path / str(moment), kept=5, batch_size=40)
        assert exchange.warnings == []
        side_by_side(mirror, exchange, renaming_flow(moment, 100 * moment), 30)
        assert everything(exchange, NAMES) == everything(mirror, NAMES)
        if moment % 3 == 0:
            exchange.snapshot()
    exchange.close()


def test_a_desk_that_had_nothing_to_move_yet_is_not_taken_for_another_after_a_restart(tmp_path: Path) -> None:
    mirror, exchange = never_archiving(), archiving(tmp_path, kept=5)
    for account, count in ((1, 1), (2, 20), (1, 20)):
        for number in range(count):
            for each in (mirror, exchange):
                # nobody sells: each of them ends at once
                each.submit(c.PlaceOrder(START + number, account, "BTCUSDT", _at_once(f"{account}-{number}")))
        move_all(exchange)
        exchange.snapshot()
        exchange.close()
        exchange = archiving(tmp_path, kept=5)
    assert everything(exchange) == everything(mirror)
    exchange.close()


def _at_once(name: str) -> c.OrderSpec:
    return c.OrderSpec(enums.BUY, enums.LIMIT, UNIT, 40_000 * UNIT, enums.IOC, name)


def test_a_replay_that_was_sent_back_is_paged_the_same(tmp_path: Path) -> None:
    mirror, exchange = never_archiving(), archiving(tmp_path)
    for first in (800, 0, 400):
        back = c.MarketMoves(START + first * 50_000, "BTCUSDT", [], [])
        side_by_side(mirror, exchange, iter([back]), 1)
        side_by_side(mirror, exchange, flow(first, first), 600)
    move_all(exchange)
    answers = []
    for each in (mirror, exchange):
        times = [None, *range(START, START + 1500 * 50_000, 7_000_000)]
        answers.append(
            [
                [plain_order(order) for order in queries.orders(desk, 20, start=start, end=end)]
                + [plain_fill(fill) for fill in queries.fills(desk, 20, start=start, end=end)]
                for desk in desks(each)
                for start in times
                for end in times
            ]
        )
        assert desks(each)[0].market.went_back
    assert answers[0] == answers[1]
    assert everything(exchange) == everything(mirror)
    exchange.close()


def test_fills_of_one_trade_of_a_tape_stay_apart_and_in_order(tmp_path: Path) -> None:
    mirror, exchange = never_archiving(), archiving(tmp_path, kept=1)
    for each in (mirror, exchange):
        for number in range(40):
            each.submit(limit(START + number, 1 + number % 2, enums.BUY, 40_000 - number % 4))
        each.submit(c.TapeTrade(START + 50, "BTCUSDT", 39_996 * UNIT, UNIT, True, []))
    move_all(exchange)
    assert in_memory(exchange)[1] == 2
    assert len({fill.trade_id for fill in queries.fills(desks(mirror)[0], 100)}) == 1
    assert everything(exchange) == everything(mirror)
    exchange.close()


def test_a_name_an_order_gave_up_belongs_to_nobody_wherever_the_orders_are(tmp_path: Path) -> None:
    """Not even to an older order that had it: before and after either was moved, and after a restart."""
    found = []
    for is_moved in (False, True):
        folder = tmp_path / str(is_moved)
        exchange = archiving(folder, kept=1 if is_moved else 1000)
        desk = exchange.venue.desk(1, "BTCUSDT")
        steps = [
            limit(START, 1, enums.BUY, 30_000, UNIT, "first"),
            c.CancelOrder(START, 1, "BTCUSDT", client_id="first"),
            limit(START, 1, enums.BUY, 30_000, UNIT, "first"),
            c.AmendOrder(START, 1, "BTCUSDT", UNIT // 2, client_id="first", new_client_id="second"),
            c.CancelOrder(START, 1, "BTCUSDT", client_id="second"),
            limit(START, 1, enums.BUY, 30_000, UNIT, "third"),
            c.CancelOrder(START, 1, "BTCUSDT", client_id="third"),
        ]
        for step in steps:
            exchange.submit(step)
            if is_moved:
                move_all(exchange)
            found.append([order_or_refusal(desk, client_id=name) for name in ("first", "second", "third")])
        exchange.snapshot()
        exchange.close()
        again = archiving(folder)
        desk = again.venue.desk(1, "BTCUSDT")
        found.append([order_or_refusal(desk, client_id=name) for name in ("first", "second", "third")])
        assert len(desk.orders) == (1 if is_moved else 3)
        again.close()
    assert found[: len(found) // 2] == found[len(found) // 2 :]
    assert found[-1][0] == (-2013, "Order does not exist.")


def test_a_name_that_was_given_up_leads_to_no_order_and_may_be_taken_by_a_new_or_a_renamed_one() -> None:
    exchange = archiving(None)

    def rename(old: str, new: str) -> None:
        exchange.submit(c.AmendOrder(START, 1, "BTCUSDT", UNIT // 2, client_id=old, new_client_id=new))

    for name in ("a", "b"):
        exchange.submit(limit(START, 1, enums.BUY, 30_000, UNIT, name))
        rename(name, name * 2)
        cancel = c.CancelOrder(START, 1, "BTCUSDT", client_id=name)
        assert send(exchange, cancel) == (-2011, "Unknown order sent.")
    placed = exchange.submit(limit(START, 1, enums.BUY, 30_000, UNIT, "a"))
    renamed = exchange.submit(limit(START, 1, enums.BUY, 30_000, UNIT, "c"))
    rename("c", "b")
    for name, order in (("a", placed), ("b", renamed)):
        assert exchange.submit(c.CancelOrder(START, 1, "BTCUSDT", client_id=name)) is order


def test_of_lists_with_one_name_the_younger_is_found_even_if_only_the_older_is_in_memory(
    tmp_path: Path,
) -> None:
    exchange = archiving(tmp_path, kept=1)
    for symbol, price in (("BTCUSDT", 40_000 * UNIT), ("BNBUSDT", 600 * UNIT)):
        working = c.OrderSpec(enums.BUY, enums.LIMIT, UNIT // 10, price)
        pending = c.OrderSpec(enums.SELL, enums.LIMIT, UNIT // 10, price * 2)
        exchange.submit(c.PlaceList(START, 1, symbol, enums.OTO, [working, pending], "same"))
        if symbol == "BTCUSDT":
            # the newest fill of a desk stays, and its order with it
            exchange.submit(limit(START, 2, enums.SELL, 40_000, UNIT // 10))
        exchange.submit(c.CancelAll(START, 1, symbol))
        spec = c.OrderSpec(enums.BUY, enums.LIMIT, UNIT, price // 2, enums.IOC)
        exchange.submit(c.PlaceOrder(START, 1, symbol, spec))
    move_all(exchange)
    exchange.snapshot()
    exchange.close()
    again = archiving(tmp_path, kept=1)
    account = again.venue.account(1)
    assert [each.id for each in account.lists] == [0]
    assert queries.order_list(account, client_id="same").id == 1
    again.close()


def test_what_happens_while_a_slice_is_written_is_not_lost(tmp_path: Path) -> None:
    """Names are taken, snapshots made, orders asked for between writing and forgetting."""
    mirror, exchange = never_archiving(), archiving(tmp_path, kept=1)
    commands = renaming_flow(5)
    for _ in range(10):
        side_by_side(mirror, exchange, commands, 40)
        for _ in range(4):
            exchange.tidy()
            command = next(commands)
            assert send(mirror, command) == send(exchange, command)
            exchange.snapshot()
            assert everything(exchange, NAMES)[-1]["named"] == everything(mirror, NAMES)[-1]["named"]
        exchange.tidy(waits=True)
    assert everything(exchange, NAMES) == everything(mirror, NAMES)
    exchange.close()


def test_an_exchange_without_an_archive_yet_reads_a_snapshot_from_before_there_were_any(
    tmp_path: Path,
) -> None:
    exchange = archiving(tmp_path, kept=10**9)
    drive(exchange, renaming_flow(8), 800)
    before = everything(exchange, NAMES)
    exchange.snapshot()
    exchange.close()
    again = archiving(tmp_path)
    move_all(again)
    assert sum(in_memory(again)) < 100
    assert everything(again, NAMES) == before
    again.close()
