"""A request is neither too old nor from the future, to the microsecond."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.access.timing import check

NOW = 1_700_000_000_123_456
TAPE = 1_500_000_000_000_000

OLD = Refused(-1021, "Timestamp for this request is outside of the recvWindow.")
AHEAD = Refused(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
TOO_WIDE = Refused(-1131, "'recvWindow' must be less than 60000.")


def refusal(timestamp: str | None, window: str | None = None, other_now: int | None = None) -> Refused:
    with pytest.raises(Refused) as problem:
        check(timestamp, window, NOW, other_now)
    return problem.value


def test_a_request_may_be_five_seconds_old_and_not_a_microsecond_older() -> None:
    assert check(str(NOW - 5_000_000), None, NOW) == 0
    assert refusal(str(NOW - 5_000_001)) == OLD


def test_a_clock_may_be_less_than_a_second_fast() -> None:
    assert check(str(NOW + 999_999), None, NOW) == 5_999_999
    assert refusal(str(NOW + 1_000_000)) == AHEAD


def test_milliseconds_are_as_good_as_microseconds() -> None:
    now = 1_700_000_000_123_000
    assert check("1700000000123", None, now) == check("1700000000123000", None, now) == 5_000_000
    assert check("1699999995123", None, now) == 0
    assert check("1700000001122", None, now) == 5_999_000


def test_the_sender_chooses_for_how_long_up_to_a_minute() -> None:
    assert check(str(NOW - 60_000_000), "60000", NOW) == 0
    assert check(str(NOW - 60_000_000), "60000.000", NOW) == 0
    assert refusal(str(NOW - 60_000_001), "60000") == OLD
    assert refusal(str(NOW - 100_001), "100") == OLD
    assert check(str(NOW), "0", NOW) == 0
    assert refusal(str(NOW - 1), "0") == OLD


def test_the_window_has_up_to_three_decimals() -> None:
    assert check(str(NOW - 6_000_346), "6000.346", NOW) == 0
    assert refusal(str(NOW - 6_000_347), "6000.346") == OLD
    assert check(str(NOW - 300), "0.3", NOW) == 0
    assert check(str(NOW - 30), "0.03", NOW) == 0
    assert refusal(str(NOW - 31), "0.03") == OLD


@pytest.mark.parametrize("window", ["60000.001", "60001", "6000000", "9" * 20])
def test_a_window_of_more_than_a_minute_is_refused(window: str) -> None:
    assert refusal(str(NOW), window) == TOO_WIDE


@pytest.mark.parametrize("timestamp", [None, ""])
def test_a_request_without_a_time_is_refused(timestamp: str | None) -> None:
    missing = Refused(-1102, "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.")
    assert refusal(timestamp) == missing
    assert refusal(timestamp, "5000", TAPE) == missing


@pytest.mark.parametrize(
    "timestamp", ["now", "-1", "1.7e12", "1700000000123.0", " 1700000000123", "１７", "1" * 21, "1_0"]
)
def test_a_time_that_is_no_whole_number_is_refused(timestamp: str) -> None:
    assert refusal(timestamp) == Refused(
        -1100, "Illegal characters found in parameter 'timestamp'; legal range is '^[0-9]{1,20}$'."
    )


@pytest.mark.parametrize(
    "window", ["5s", "-1", "1e3", "5000.", ".5", "5000.1234", "５０００", "1" * 21, "5000\n", "null"]
)
def test_a_window_that_is_no_number_of_milliseconds_is_refused(window: str) -> None:
    assert refusal(str(NOW), window) == Refused(
        -1100,
        "Illegal characters found in parameter 'recvWindow'; "
        "legal range is '^([0-9]{1,20})(\\.[0-9]{1,3})?$'.",
    )


def test_a_window_without_a_value_is_refused() -> None:
    assert refusal(str(NOW), "") == Refused(-1105, "Parameter 'recvWindow' was empty.")


def test_times_in_seconds_or_nanoseconds_are_far_off() -> None:
    assert refusal(str(NOW // 1_000_000)) == OLD
    assert refusal(str(NOW * 1000)) == AHEAD


def test_in_a_replay_a_time_near_either_clock_is_good() -> None:
    for sent in (NOW - 2_000_000, TAPE - 2_000_000):
        assert check(str(sent), None, NOW, TAPE) == check(str(sent), None, TAPE, NOW) == 3_000_000


def test_in_a_replay_the_clock_the_sender_goes_by_says_what_is_wrong() -> None:
    for here, other in ((NOW, TAPE), (TAPE, NOW)):
        for clock in (here, other):
            for sent, expected in ((clock - 6_000_000, OLD), (clock + 1_000_000, AHEAD)):
                with pytest.raises(Refused) as problem:
                    check(str(sent), None, here, other)
                assert problem.value == expected


@given(
    age=st.integers(-70_000_000, 70_000_000),
    whole=st.integers(0, 60_000),
    decimals=st.text("0123456789", max_size=3),
)
@example(age=5_000_100, whole=5000, decimals="1")
def test_the_documents_rule_decides(age: int, whole: int, decimals: str) -> None:
    window = f"{whole}.{decimals}" if decimals else str(whole)
    server_time, timestamp = Fraction(NOW, 1000), Fraction(NOW - age, 1000)
    if Fraction(window) > 60_000:
        assert refusal(str(NOW - age), window) == TOO_WIDE
    elif not timestamp < server_time + 1000:
        assert refusal(str(NOW - age), window) == AHEAD
    elif not server_time - timestamp <= Fraction(window):
        assert refusal(str(NOW - age), window) == OLD
    else:
        assert check(str(NOW - age), window, NOW) == (Fraction(window) - (server_time - timestamp)) * 1000
