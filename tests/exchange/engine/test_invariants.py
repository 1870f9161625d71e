"""Whatever traders and markets do, money is neither made nor lost, and books, orders and reports agree."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.exchange.engine.building import venue_for_tests
from tests.exchange.engine.commands_strategy import ACCOUNTS, FUNDS, POOR, RandomCommands, crowded_symbols
from tests.exchange.engine.invariants import LastIds, check_history, check_open_state
from tests.exchange.engine.listener import Listener
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.engine.accounts import HOUSE
from veighna_ext.exchange.engine.state import dump, load
from veighna_ext.exchange.engine.venue import Venue
from veighna_ext.exchange.errors import Refused

COMMANDS_OF_A_RUN = 1_000


def submit(venue: Venue, command: c.Command) -> int:
    """The code of the refusal, or 0."""
    try:
        venue.submit(command)
    except Refused as refusal:
        return refusal.code
    return 0


def busy_venue(random: Random) -> tuple[Venue, RandomCommands]:
    """A venue with a market of its own, and what happens there."""
    venue = venue_for_tests(ACCOUNTS, crowded_symbols(), funds=random.choice((FUNDS, POOR)))
    return venue, RandomCommands(random, venue, with_market=True)


@pytest.mark.parametrize("seed", range(10))
def test_money_books_and_orders_are_sound_after_every_command(seed: int) -> None:
    venue, commands = busy_venue(Random(seed))
    ids = LastIds()
    for number in range(COMMANDS_OF_A_RUN):
        command = commands.next()
        submit(venue, command)
        try:
            check_open_state(venue)
            ids.check(venue)
        except AssertionError as broken:
            raise AssertionError(f"command {number}, {command}: {broken}") from broken
        if number % 100 == 0:
            check_history(venue)
    check_history(venue)


@given(random=st.randoms(use_true_random=False), count=st.integers(1, 40))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_no_few_commands_break_anything(random: Random, count: int) -> None:
    venue, commands = busy_venue(random)
    for _ in range(count):
        command = commands.next()
        note(str(command))
        submit(venue, command)
        check_open_state(venue)
    check_history(venue)


@pytest.mark.parametrize("seed", range(100, 105))
def test_a_trader_knows_its_balances_and_orders_from_the_reports_alone(seed: int) -> None:
    venue, commands = busy_venue(Random(seed))
    listeners = [Listener(account) for account in venue.accounts.values() if account.id != HOUSE]
    for number in range(COMMANDS_OF_A_RUN):
        refusal = submit(venue, commands.next())
        reports = venue.news.take()
        for listener in listeners:
            listener.take(reports)
            listener.check_money()
            if number % 50 == 0:
                listener.check_orders()
        assert not (refusal and reports), f"a command refused with {refusal} was reported"
    for listener in listeners:
        listener.check_orders()


@pytest.mark.parametrize("seed", range(200, 205))
def test_a_venue_loaded_from_its_records_goes_on_just_as_the_one_they_came_from(seed: int) -> None:
    venue, commands = busy_venue(Random(seed))
    for _ in range(COMMANDS_OF_A_RUN // 2):
        submit(venue, commands.next())
    loaded = venue_for_tests(0, crowded_symbols())
    load(loaded, dump(venue))
    for _ in range(COMMANDS_OF_A_RUN // 2):
        command = commands.next()
        assert submit(loaded, command) == submit(venue, command)
    assert list(map(msgspec.msgpack.encode, dump(loaded))) == list(map(msgspec.msgpack.encode, dump(venue)))
