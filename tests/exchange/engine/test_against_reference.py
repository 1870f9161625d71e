"""The engine does what a slow and plain venue does, to the unit: answers, trades, queues and balances."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.exchange.engine.commands_strategy import FUNDS, POOR, RandomCommands
from tests.exchange.engine.side_by_side import SideBySide

NIGHTLY = os.environ.get("VEIGHNA_NIGHTLY") == "1"
COMMANDS_OF_A_RUN = 2_000
BETWEEN_LOOKS = 20
"""How many commands pass before every open order is compared, too."""


def play(seed: int, between_looks: int) -> None:
    """Give both venues the commands of a seed; says which one they differ after."""
    random = Random(seed)
    both = SideBySide(random.choice((FUNDS, POOR)))
    commands = RandomCommands(random, both.venue)
    for number in range(COMMANDS_OF_A_RUN):
        command = commands.next()
        try:
            both.submit(command)
            if number % between_looks == 0:
                both.compare_open()
        except AssertionError as difference:
            raise AssertionError(f"seed {seed}, command {number}, {command}: {difference}") from difference
    both.compare_open()
    both.compare_history()


def assert_same(seed: int) -> None:
    """Play quickly; where that finds a difference, look after every command for the first one."""
    try:
        play(seed, BETWEEN_LOOKS)
    except AssertionError:
        play(seed, 1)
        raise


@pytest.mark.parametrize("seed", range(25))
def test_engine_and_reference_never_differ(seed: int) -> None:
    assert_same(seed)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="a million commands")
@pytest.mark.timeout(3600)
def test_engine_and_reference_never_differ_in_a_million_commands() -> None:
    first = 1_000
    for seed in range(first, first + 1_000_000 // COMMANDS_OF_A_RUN):
        assert_same(seed)


@given(
    random=st.randoms(use_true_random=False), count=st.integers(1, 40), funds=st.sampled_from((FUNDS, POOR))
)
@settings(
    max_examples=5_000 if NIGHTLY else 200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_no_few_commands_tell_engine_and_reference_apart(
    random: Random, count: int, funds: dict[str, int]
) -> None:
    both = SideBySide(funds)
    commands = RandomCommands(random, both.venue)
    for _ in range(count):
        command = commands.next()
        note(str(command))
        both.submit(command)
        both.compare_open()
    both.compare_history()
