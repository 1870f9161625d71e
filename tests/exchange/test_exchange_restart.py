"""A restart gives the exchange back exactly as it was."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import msgspec
import pytest

from tests.exchange.exchanges import SETUP, START, flow, opened, whole_state
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import BrokenVenue, Exchange, NotReplayable, Setup, known_seed
from veighna_ext.exchange.journal import OtherVenue
from veighna_ext.exchange.listing import listed


def drive(exchange: Exchange, commands: int, seed: int = 1, first: int = 0) -> int:
    """Send commands, and commit now and then; how many were accepted."""
    accepted = 0
    for number, command in enumerate(islice(flow(seed, first), commands)):
        try:
            exchange.submit(command)
            accepted += 1
        except Refused:
            pass
        if number % 16 == 0:
            exchange.commit()
    exchange.commit()
    return accepted


def test_a_restart_gives_identical_state_and_goes_on_identically(tmp_path: Path) -> None:
    first = opened(tmp_path)
    assert drive(first, 4000) > 2000
    before = whole_state(first)
    first.close()
    again = opened(tmp_path)
    assert whole_state(again) == before
    unbroken = Exchange.in_memory(SETUP, START)
    for _ in range(2):
        unbroken.submit(
            c.OpenAccount(START, dict(again.venue.account(1).starting_balances), UNIT // 1000, UNIT // 1000)
        )
    drive(unbroken, 4000)
    drive(unbroken, 1000, seed=2, first=4000)
    drive(again, 1000, seed=2, first=4000)
    assert whole_state(again) == whole_state(unbroken)
    again.close()


def test_a_snapshot_holds_the_same_state_as_the_whole_journal(tmp_path: Path) -> None:
    first = opened(tmp_path)
    drive(first, 3000)
    first.snapshot()
    drive(first, 500, seed=2, first=3000)
    before = whole_state(first)
    first.close()
    again = opened(tmp_path)
    assert again.report is not None
    assert again.report.snapshot is not None
    assert whole_state(again) == before
    drive(again, 500, seed=3, first=3500)
    after = whole_state(again)
    again.close()
    last = opened(tmp_path)
    assert whole_state(last) == after
    last.close()


def test_a_refused_command_leaves_no_trace(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    before = whole_state(exchange)
    with pytest.raises(Refused, match="insufficient balance"):
        exchange.submit(
            c.PlaceOrder(START, 1, "BTCUSDT", c.OrderSpec(1, quantity=101 * UNIT, price=40_000 * UNIT))
        )
    with pytest.raises(Refused, match="Unknown order"):
        exchange.submit(c.CancelOrder(START, 2, "BNBUSDT", order_id=3))
    assert whole_state(exchange) == before
    exchange.close()


def test_an_amount_beyond_64_bits_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    before = whole_state(exchange)
    with pytest.raises(Refused, match="too large"):
        exchange.submit(c.Deposit(START, 1, "USDT", 2**64))
    assert whole_state(exchange) == before
    exchange.close()


def test_changed_rules_come_into_force_and_old_orders_still_replay(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    order = c.OrderSpec(0, quantity=UNIT // 1000, price=40_000 * UNIT)
    exchange.submit(c.PlaceOrder(START, 1, "BTCUSDT", order))
    exchange.close()
    strict = listed(["BTCUSDT", "BNBUSDT"])
    next(each for each in strict if each.name == "BTCUSDT").filters.min_notional = 1000 * UNIT
    again = Exchange.open(tmp_path, Setup(strict, SETUP.seed), START)
    with pytest.raises(Refused, match="NOTIONAL"):
        again.submit(c.PlaceOrder(START + 1, 1, "BTCUSDT", order))
    again.close()
    assert [len(desk.open) for desk in opened(tmp_path).venue.account(1).desks.values()] == [1]


def test_a_folder_of_another_seed_is_refused_and_its_own_seed_can_be_asked_for(tmp_path: Path) -> None:
    opened(tmp_path).close()
    assert known_seed(tmp_path) == SETUP.seed
    with pytest.raises(OtherVenue):
        Exchange.open(tmp_path, Setup(SETUP.symbols, seed=8), START)
    assert known_seed(tmp_path / "nowhere") is None


def test_a_command_that_fails_half_way_stops_the_exchange(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    before = whole_state(exchange)
    nonsense = c.PlaceOrder(START, 1, "BTCUSDT", c.OrderSpec(0, quantity=UNIT, price="much"))  # type: ignore[arg-type]
    with pytest.raises(BrokenVenue):
        exchange.submit(nonsense)
    with pytest.raises(BrokenVenue):
        exchange.submit(c.Deposit(START, 1, "USDT", UNIT))
    exchange.close()
    again = opened(tmp_path)
    assert whole_state(again) == before
    again.close()


def test_a_journal_of_rules_this_version_does_not_know_says_so(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    exchange.submit(c.Deposit(START, 1, "USDT", UNIT))
    journal = exchange._journal
    assert journal is not None
    journal.append(msgspec.msgpack.encode(c.CancelOrder(START, 1, "BTCUSDT", order_id=99)))
    exchange.close()
    with pytest.raises(NotReplayable, match="CancelOrder"):
        opened(tmp_path)


def test_snapshots_come_by_themselves_and_bound_what_is_replayed(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    exchange.snapshot_every = 300
    drive(exchange, 2000)
    before = whole_state(exchange)
    exchange.close()
    again = opened(tmp_path)
    assert again.report is not None
    assert again.report.snapshot is not None
    assert again.report.last_sequence - again.report.snapshot < 400
    assert whole_state(again) == before
    again.close()
