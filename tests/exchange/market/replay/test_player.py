"""The controls of a replay: what is played depends on the time that passes and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.market.replay.tapes import MINUTE, NEW_YEAR, SECOND, agg_file, trade
from veighna_ext.exchange.market.replay import (
    AS_FAST_AS_POSSIBLE,
    BadSpeed,
    Tape,
    TapePlayer,
    TapePrint,
    open_tape,
)

NOW = 777_000_000
"""Where the monotonic clock happens to stand."""
SECONDS = (0, 1, 2, 10, 11)


@pytest.fixture
def tape(tmp_path: Path) -> Tape:
    """Five trades in eleven seconds."""
    return open_tape(agg_file(tmp_path / "BTCUSDT.csv", [trade(second) for second in SECONDS]))


def player(tape: Tape, **controls: object) -> TapePlayer:
    return TapePlayer(tape, NOW, **controls)  # type: ignore[arg-type]


def at(seconds: float) -> int:
    """A moment of real time."""
    return NOW + round(seconds * SECOND)


def seconds(trades: list[TapePrint]) -> list[float]:
    """When trades happened, in seconds of 2025."""
    return [(each.time - NEW_YEAR) / SECOND for each in trades]


def test_at_normal_speed_a_second_is_a_second(tape: Tape) -> None:
    replay = player(tape)
    assert seconds(replay.due(at(0))) == [0]
    assert seconds(replay.due(at(0.999999))) == []
    assert seconds(replay.due(at(2))) == [1, 2]
    assert seconds(replay.due(at(60))) == [10, 11]
    assert replay.has_ended


def test_at_ten_times_the_speed_ten_seconds_are_one(tape: Tape) -> None:
    replay = player(tape, speed=10)
    assert seconds(replay.due(at(0.1))) == [0, 1]
    assert seconds(replay.due(at(1))) == [2, 10]
    assert replay.time(at(1.05)) == NEW_YEAR + round(10.5 * SECOND)


@pytest.mark.parametrize("speed", [0.5, "0.5", "1/2"])
def test_at_half_the_speed_everything_takes_twice_as_long(tape: Tape, speed: float | str) -> None:
    replay = player(tape, speed=speed)
    assert seconds(replay.due(at(3.9))) == [0, 1]
    assert seconds(replay.due(at(4))) == [2]


def test_as_fast_as_possible_real_time_does_not_matter(tape: Tape) -> None:
    replay = player(tape, speed=AS_FAST_AS_POSSIBLE, most_at_once=3)
    assert seconds(replay.due(at(0))) == [0, 1, 2]
    assert replay.time(at(500)) == NEW_YEAR + 2 * SECOND
    assert seconds(replay.due(at(0))) == [10, 11]
    assert replay.due(at(0)) == []


def test_a_gap_plays_as_silence_while_the_clock_goes_on(tape: Tape) -> None:
    replay = player(tape)
    replay.due(at(2))
    assert replay.due(at(7)) == []
    assert replay.time(at(7)) == NEW_YEAR + 7 * SECOND


def test_the_caller_learns_how_long_nothing_will_happen(tape: Tape) -> None:
    replay = player(tape, speed=3)
    replay.due(at(0))
    wait = replay.wait(at(0.1))
    assert wait == 233_334
    assert wait is not None
    assert replay.due(at(0.1) + wait - 1) == []
    assert seconds(replay.due(at(0.1) + wait)) == [1]
    replay.set_speed(at(1), AS_FAST_AS_POSSIBLE)
    assert replay.wait(at(1)) == 0
    replay.pause(at(1))
    assert replay.wait(at(1)) is None


def test_a_paused_tape_stands_still_and_goes_on_where_it_stood(tape: Tape) -> None:
    replay = player(tape)
    replay.due(at(1.5))
    replay.pause(at(1.5))
    assert replay.is_paused
    assert replay.due(at(100)) == []
    assert replay.time(at(100)) == NEW_YEAR + round(1.5 * SECOND)
    replay.resume(at(100))
    assert replay.due(at(100.4)) == []
    assert seconds(replay.due(at(100.5))) == [2]


def test_pausing_twice_loses_no_time(tape: Tape) -> None:
    replay = player(tape)
    replay.pause(at(1))
    replay.pause(at(5))
    replay.resume(at(6))
    replay.resume(at(6.5))
    assert replay.time(at(7)) == NEW_YEAR, "the first trade has not been played yet"
    replay.due(at(7))
    assert replay.time(at(7)) == NEW_YEAR + 2 * SECOND


def test_a_new_speed_holds_from_now_on(tape: Tape) -> None:
    replay = player(tape)
    replay.due(at(2))
    replay.set_speed(at(2), 100)
    assert seconds(replay.due(at(2.08))) == [10]


@pytest.mark.parametrize("speed", [0, -1, "fast", "nan", "inf", "1/0", 10**9, None])
def test_what_is_no_speed_is_refused_and_the_tape_plays_on(tape: Tape, speed: object) -> None:
    replay = player(tape)
    with pytest.raises(BadSpeed, match="is neither a number above 0"):
        replay.set_speed(at(1), speed)  # type: ignore[arg-type]
    assert seconds(replay.due(at(2))) == [0, 1, 2]


def test_seeking_forward_leaves_out_and_seeking_back_plays_again(tape: Tape) -> None:
    replay = player(tape)
    replay.seek(at(0.5), NEW_YEAR + 10 * SECOND)
    assert replay.time(at(0.5)) == NEW_YEAR + 10 * SECOND
    assert seconds(replay.due(at(0.5))) == [10]
    replay.seek(at(1), NEW_YEAR + SECOND)
    assert seconds(replay.due(at(2.25))) == [1, 2]
    assert replay.time(at(2.25)) == NEW_YEAR + round(2.25 * SECOND)


def test_a_paused_tape_stays_paused_when_someone_seeks(tape: Tape) -> None:
    replay = player(tape)
    replay.pause(at(0))
    replay.seek(at(1), NEW_YEAR + 10 * SECOND)
    assert replay.due(at(50)) == []
    replay.resume(at(60))
    assert seconds(replay.due(at(60))) == [10]


def test_seeking_out_of_the_tape_means_its_beginning_or_its_end(tape: Tape) -> None:
    replay = player(tape)
    replay.seek(at(5), 0)
    assert seconds(replay.due(at(5))) == [0]
    replay.seek(at(6), NEW_YEAR + 99 * SECOND)
    assert replay.due(at(200)) == []
    assert replay.has_ended
    assert replay.time(at(200)) == NEW_YEAR + 99 * SECOND


def test_an_ended_tape_can_be_played_again(tape: Tape) -> None:
    replay = player(tape)
    replay.due(at(20))
    assert replay.wait(at(20)) is None
    assert replay.time(at(99)) == NEW_YEAR + 11 * SECOND
    replay.seek(at(100), NEW_YEAR)
    assert seconds(replay.due(at(101))) == [0, 1]
    assert not replay.has_ended


def test_a_tape_may_begin_in_its_middle(tape: Tape) -> None:
    replay = player(tape, start=NEW_YEAR + 9 * SECOND)
    assert replay.due(at(0.9)) == []
    assert seconds(replay.due(at(1))) == [10]


def test_in_a_loop_every_lap_is_later_by_whole_minutes(tape: Tape) -> None:
    replay = player(tape, loop=True)
    first = replay.due(at(59.9))
    second = replay.due(at(119.9))
    assert [each._replace(time=each.time + MINUTE) for each in first] == second
    assert len(first) == len(SECONDS)
    assert replay.laps >= 1
    assert not replay.has_ended


def test_a_loop_goes_back_to_where_it_was_to_start(tape: Tape) -> None:
    replay = player(tape, loop=True, start=NEW_YEAR + 9 * SECOND, speed=AS_FAST_AS_POSSIBLE, most_at_once=4)
    assert seconds(replay.due(at(0))) == [10, 11, 70, 71]


def test_seeking_in_a_later_lap_is_to_a_time_of_the_tape(tape: Tape) -> None:
    replay = player(tape, loop=True)
    replay.due(at(100))
    replay.seek(at(100), NEW_YEAR + 2 * SECOND)
    assert seconds(replay.due(at(100))) == [2]


def test_a_loop_of_nothing_ends(tape: Tape) -> None:
    replay = player(tape, loop=True, start=NEW_YEAR + 99 * SECOND)
    assert replay.due(at(1000)) == []
    assert replay.has_ended


def test_time_waits_for_what_could_not_be_played_at_once(tape: Tape) -> None:
    replay = player(tape, most_at_once=2)
    assert seconds(replay.due(at(10.5))) == [0, 1]
    assert replay.time(at(10.5)) == NEW_YEAR + 2 * SECOND
    assert seconds(replay.due(at(10.5))) == [2, 10]
    assert replay.time(at(10.5)) == NEW_YEAR + round(10.5 * SECOND)


def test_a_closed_player_plays_nothing_and_lets_the_files_go(tape: Tape) -> None:
    replay = player(tape, loop=True)
    replay.due(at(0))
    replay.close()
    assert replay.due(at(100)) == []
    assert replay.has_ended


calls = st.lists(
    st.tuples(st.sampled_from(["ask", "ask", "time", "wait", "pause"]), st.integers(0, 3 * SECOND))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=calls, most=st.integers(1, 7), speed=st.sampled_from([1, "7/3", 50]))
def test_however_one_asks_the_same_trades_come_in_the_same_order(
    tmp_path: Path, calls: list[tuple[str, int]], most: int, speed: int | str
) -> None:
    trades = [trade(at_second / 3) for at_second in range(90)]
    tape = open_tape(agg_file(tmp_path / "BTCUSDT.csv", trades))
    replay = player(tape, speed=speed, most_at_once=most)
    heard, now, last_time = [], NOW, 0
    for what, wait in calls:
        now += wait
        if what == "pause":
            replay.pause(now)
            assert replay.due(now) == []
            replay.resume(now)
        elif what == "wait":
            replay.wait(now)
        elif what == "ask":
            part = replay.due(now)
            assert len(part) <= most
            heard += part
        time = replay.time(now)
        assert time >= last_time
        assert all(each.time <= time for each in heard[-1:])
        last_time = time
    heard += list(everything_after(replay, now + 1000 * SECOND))
    assert heard == trades


def everything_after(replay: TapePlayer, now: int) -> Iterator[TapePrint]:
    while part := replay.due(now):
        yield from part
