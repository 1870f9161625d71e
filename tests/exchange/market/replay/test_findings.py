"""What is wrong with a tape is told with line numbers, and the rest of it is played."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.exchange.market.replay.tapes import (
    AGG_HEADER,
    KLINES_HEADER,
    MINUTE,
    NEW_YEAR,
    SECOND,
    agg_file,
    agg_row,
    disorder,
    disordered,
    kline_row,
    played,
    trade,
    write_rows,
)
from veighna_ext.exchange.market.replay import Kind, Tape, TapePrint, blocks, open_tape

Numbered = tuple[int, TapePrint]


def tape_of(folder: Path, rows: list[Numbered], header: str = "") -> Tape:
    """A tape of numbered trades."""
    return open_tape(write_rows(folder / "BTCUSDT.csv", (agg_row(*row) for row in rows), header))


def lines(tape: Tape, kind: Kind) -> list[int]:
    """The lines of the findings of a kind."""
    return [finding.line for finding in tape.report.findings(kind)]


def quiet(tape: Tape, *but: Kind) -> bool:
    """Whether nothing else was found."""
    return all(not count or kind in but for kind, count in tape.report.counts.items())


def test_missing_numbers_are_a_gap_and_play_as_silence(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (2, trade(1)), (6, trade(2)), (7, trade(3))])
    assert played(tape) == [trade(0), trade(1), trade(2), trade(3)]
    assert quiet(tape, Kind.GAP)
    assert list(map(str, tape.report.findings())) == [
        "BTCUSDT.csv, line 3: 3 missing before it, after 2025-01-01 00:00:01"
    ]


def test_a_long_silence_without_missing_numbers_is_told_too(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (2, trade(1800)), (3, trade(1801))])
    assert len(played(tape)) == 3
    assert quiet(tape, Kind.SILENCE)
    assert list(map(str, tape.report.findings())) == ["BTCUSDT.csv, line 2: nothing for 0:30:00 before it"]


def test_gaps_between_files_are_found(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-1.csv", [trade(0)], first=1)
    agg_file(tmp_path / "BTCUSDT-2.csv", [trade(1)], first=4)
    tape = open_tape(tmp_path)
    played(tape)
    assert [str(finding) for finding in tape.report.findings()] == [
        "BTCUSDT-2.csv, line 1: 2 missing before it, after 2025-01-01 00:00:00"
    ]


def test_a_row_that_comes_twice_is_played_once(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (2, trade(1)), (2, trade(1)), (3, trade(2)), (2, trade(1))])
    assert played(tape) == [trade(0), trade(1), trade(2)]
    assert lines(tape, Kind.DUPLICATE) == [3, 5]
    assert quiet(tape, Kind.DUPLICATE)


def test_the_last_row_of_a_file_again_at_the_beginning_of_the_next(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-1.csv", [trade(0), trade(1)])
    write_rows(tmp_path / "BTCUSDT-2.csv", [agg_row(2, trade(1)), agg_row(3, trade(2))])
    tape = open_tape(tmp_path)
    assert played(tape) == [trade(0), trade(1), trade(2)]
    assert [(finding.file, finding.line) for finding in tape.report.findings(Kind.DUPLICATE)] == [
        ("BTCUSDT-2.csv", 1)
    ]


def test_a_file_that_begins_before_the_last_one_ended_does_not_turn_the_tape_back(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-1.csv", [trade(0), trade(10)], first=1)
    agg_file(tmp_path / "BTCUSDT-2.csv", [trade(9.5, "7"), trade(10, "8"), trade(11)], first=3)
    tape = open_tape(tmp_path)
    assert played(tape) == [trade(0), trade(10), trade(10, "8"), trade(11)]
    assert [(finding.file, finding.line) for finding in tape.report.findings(Kind.MISPLACED)] == [
        ("BTCUSDT-2.csv", 1)
    ]


def test_the_same_number_on_different_trades_is_no_duplicate(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (1, trade(0, "101")), (2, trade(1))])
    assert played(tape) == [trade(0), trade(0, "101"), trade(1)]


def test_equal_trades_with_numbers_of_their_own_are_all_played(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (2, trade(0)), (3, trade(0))])
    assert played(tape) == [trade(0)] * 3
    assert quiet(tape)


def test_a_row_a_little_late_is_put_in_its_place(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (3, trade(1)), (2, trade(0.5)), (4, trade(2))])
    assert played(tape) == [trade(0), trade(0.5), trade(1), trade(2)]
    assert lines(tape, Kind.OUT_OF_ORDER) == [3]
    assert quiet(tape, Kind.OUT_OF_ORDER)


def test_a_row_much_too_late_is_dropped(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, [(1, trade(0)), (2, trade(60)), (3, trade(61)), (9, trade(30)), (4, trade(62))])
    assert played(tape) == [trade(0), trade(60), trade(61), trade(62)]
    assert [str(each) for each in tape.report.findings()] == [
        "BTCUSDT.csv, line 4: 0:00:31 behind the rows before it; dropped"
    ]


def test_a_row_from_the_future_does_not_take_the_tape_with_it(tmp_path: Path) -> None:
    month = 30 * 86_400
    tape = tape_of(
        tmp_path, [(1, trade(0)), (900, trade(month)), (2, trade(0.1)), (901, trade(month)), (3, trade(2))]
    )
    assert played(tape) == [trade(0), trade(0.1), trade(2)]
    assert lines(tape, Kind.MISPLACED) == [2, 4]
    assert quiet(tape, Kind.MISPLACED)


BAD_ROWS = {
    "2,1_0,1,1,1,1735689601000000,True,True": "'1_0' is not a decimal number",
    "2,1,1,1,1,soon,True,True": "'soon' is not a time",
    "2,1,1,1,1,1735689601000000,perhaps,True": "'perhaps' is neither True nor False",
    "2,1,1,1,1,1735689601000000,True": "7 columns instead of 8",
    "2,1,1,1,1,1735689601000000,True,True,True": "9 columns instead of 8",
    "2,0,1,1,1,1735689601000000,True,True": "a price of 0 cannot be traded",
    "2,nan,1,1,1,1735689601000000,True,True": "'nan' is not a decimal number",
    "2,1,-1,1,1,1735689601000000,True,True": "'-1' is not a decimal number",
    "2_1,1,1,1,1,1735689601000000,True,True": "'2_1' is not a whole number",
    "+2,1,1,1,1,1735689601000000,True,True": "'+2' is not a whole number",
    "2,1,1,1,1,1735689_601000000,True,True": "'1735689_601000000' is not a time",
    "2,1,99999999999,1,1,1735689601000000,True,True": "a quantity of 99999999999 cannot be traded",
    "2,1e99,1,1,1,1735689601000000,True,True": "'1e99' is too large",
    "2,1,1,1,1,12,True,True": "12 is not a time",
    "٢,1,1,1,1,1735689601000000,True,True": "'٢' is not a whole number",
    '"': "1 columns instead of 8",
    "\x00": "1 columns instead of 8",
}


@pytest.mark.parametrize("bad", BAD_ROWS)
@pytest.mark.parametrize("header", ["", AGG_HEADER + ",is_best_match"])
def test_a_row_that_cannot_be_read_is_skipped_and_told_with_the_reason(
    tmp_path: Path, bad: str, header: str
) -> None:
    good = [agg_row(number, trade(number)) for number in range(1, 6)]
    tape = open_tape(write_rows(tmp_path / "BTCUSDT.csv", [*good[:2], bad, *good[2:]], header))
    assert [each.time for each in played(tape)] == [trade(number).time for number in range(1, 6)]
    assert [(finding.line, finding.text) for finding in tape.report.findings()] == [
        (3 + bool(header), BAD_ROWS[bad])
    ]


def test_empty_lines_are_no_rows(tmp_path: Path) -> None:
    rows = ["", agg_row(1, trade(0)), "", " ", agg_row(2, trade(1)), "bad"]
    tape = open_tape(write_rows(tmp_path / "BTCUSDT.csv", rows))
    assert played(tape) == [trade(0), trade(1)]
    assert lines(tape, Kind.UNPARSABLE) == [6]


def test_a_row_cut_off_at_the_end_of_the_file_is_told(tmp_path: Path) -> None:
    path = agg_file(tmp_path / "BTCUSDT.csv", [trade(0), trade(1), trade(2)])
    path.write_bytes(path.read_bytes()[:-30])
    tape = open_tape(path)
    assert played(tape) == [trade(0), trade(1)]
    assert lines(tape, Kind.UNPARSABLE) == [3]


def test_a_header_the_archive_never_had_is_one_bad_row(tmp_path: Path) -> None:
    tape = open_tape(write_rows(tmp_path / "BTCUSDT.csv", [agg_row(1, trade(0))], "a,b,c,d,e,f,g,h"))
    assert played(tape) == [trade(0)]
    assert lines(tape, Kind.UNPARSABLE) == [1]


def test_the_report_stays_small_however_bad_the_tape(tmp_path: Path) -> None:
    tape = open_tape(write_rows(tmp_path / "BTCUSDT.csv", [agg_row(1, trade(0))] + ["bad"] * 5000))
    played(tape)
    assert tape.report.counts[Kind.UNPARSABLE] == 5000
    assert lines(tape, Kind.UNPARSABLE) == list(range(2, 22))
    assert tape.report.lines == 5001


def test_missing_and_repeated_bars(tmp_path: Path) -> None:
    rows = [
        kline_row(NEW_YEAR + minute * MINUTE, ("1", "1", "1", "1"), "1") for minute in (0, 1, 1, 2, 5, 4, 6)
    ]
    tape = open_tape(write_rows(tmp_path / "BTCUSDT-1m.csv", rows, KLINES_HEADER))
    assert [each.time for each in played(tape)] == [
        NEW_YEAR + minute * MINUTE for minute in (0, 1, 2, 4, 5, 6)
    ]
    assert lines(tape, Kind.DUPLICATE) == [4]
    assert lines(tape, Kind.OUT_OF_ORDER) == [7]
    assert [str(finding) for finding in tape.report.findings(Kind.GAP)] == [
        "BTCUSDT-1m.csv, line 7: 1 missing before it, after 2025-01-01 00:02:00"
    ]


def test_impossible_bars_are_skipped(tmp_path: Path) -> None:
    bad = [("2", "3", "2.5", "2"), ("0", "1", "0", "1"), ("1", "1", "1", "2")]
    rows = [kline_row(NEW_YEAR, ("1", "1", "1", "1"), "1")]
    rows += [kline_row(NEW_YEAR + MINUTE * at, prices, "1") for at, prices in enumerate(bad, 1)]
    rows += [kline_row(NEW_YEAR + MINUTE * 4, ("1", "1", "1", "1"), "1", bought="2")]
    tape = open_tape(write_rows(tmp_path / "BTCUSDT-1m.csv", rows))
    assert len(played(tape)) == 1
    assert lines(tape, Kind.UNPARSABLE) == [2, 3, 4, 5]


@pytest.mark.parametrize("damage", [b"\x00", b"\xff"])
def test_what_lies_before_the_damage_in_an_archive_is_played(tmp_path: Path, damage: bytes) -> None:
    source = random.Random(1)
    trades = [trade(second / 10, str(source.randint(1, 10**6))) for second in range(40_000)]
    path = agg_file(tmp_path / "BTCUSDT-aggTrades.zip", trades)
    data = bytearray(path.read_bytes())
    middle = len(data) * 3 // 4
    data[middle : middle + 400] = damage * 400
    path.write_bytes(data)
    tape = open_tape(path)
    heard = played(tape)
    assert 20_000 < len(heard) < 40_000
    assert heard[:20_000] == trades[:20_000]
    assert tape.report.counts[Kind.DAMAGED] == 1
    assert "is not played" in tape.report.findings(Kind.DAMAGED)[0].text


def test_an_archive_whose_checksum_is_wrong_is_told(tmp_path: Path) -> None:
    path = agg_file(tmp_path / "BTCUSDT-aggTrades.zip", [trade(0), trade(1)])
    data = path.read_bytes()
    directory = data.index(b"PK\x01\x02")
    path.write_bytes(data[: directory + 16] + b"\x01\x02\x03\x04" + data[directory + 20 :])
    tape = open_tape(path)
    assert played(tape) == [trade(0), trade(1)]
    assert "checksum" in tape.report.findings(Kind.DAMAGED)[0].text


def test_a_file_that_stops_being_text_is_played_up_to_there(tmp_path: Path) -> None:
    path = agg_file(tmp_path / "BTCUSDT.csv", [trade(second) for second in range(5000)])
    path.write_bytes(path.read_bytes() + b"x" * 600_000)
    tape = open_tape(path)
    assert len(played(tape)) > 3000
    assert lines(tape, Kind.DAMAGED)


def test_reading_again_finds_nothing_new(tmp_path: Path) -> None:
    rows = [(1, trade(0)), (4, trade(5)), (4, trade(5)), (5, trade(4.5)), (7, trade(9)), (8, trade(1))]
    path = write_rows(tmp_path / "BTCUSDT.csv", ["bad", *(agg_row(*row) for row in rows), "bad", ""])
    tape = open_tape(path)
    played(tape)
    counts, lines_read = dict(tape.report.counts), tape.report.lines
    assert (sum(counts.values()), lines_read) == (7, 9)
    for start in (None, NEW_YEAR + SECOND, NEW_YEAR + 9 * SECOND):
        played(tape, start)
    assert (tape.report.counts, tape.report.lines) == (counts, lines_read)


def test_what_was_read_before_someone_sought_elsewhere_is_not_counted_twice(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "BTCUSDT.csv", disordered([("bad", SECOND), ("lost", SECOND), ("twice", 1)] * 4000)
    )
    whole = open_tape(path)
    played(whole)
    tape = open_tape(path)
    interrupted = tape.read()
    next(interrupted)
    interrupted.close()
    assert 0 < tape.report.counts[Kind.DUPLICATE] < 4000
    played(tape)
    assert tape.report.counts == whole.report.counts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    [("keep", 1000001), ("much too late", 0), ("keep", 0), ("late", 0), ("keep", 1000001), ("keep", 0)], 40
)
@example(
    [("keep", 1000001), ("much too late", 0), ("keep", 0), ("late", 0), ("lost", 0), *[("keep", 500001)] * 3],
    40,
)
@example([("keep", SECOND), ("ahead", SECOND), ("keep", SECOND), ("keep", 9 * SECOND)], 40)
@given(steps=disorder, size=st.integers(40, 2000))
def test_neither_trades_nor_findings_depend_on_how_much_is_read_at_once(
    tmp_path: Path, steps: list[tuple[str, int]], size: int
) -> None:
    path = write_rows(tmp_path / "BTCUSDT.csv", disordered(steps))
    whole = open_tape(path)
    expected = played(whole)
    assert [each.time for each in expected] == sorted(each.time for each in expected)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        piecewise = open_tape(path)
        assert played(piecewise) == expected
    assert piecewise.report.counts == whole.report.counts
    assert sorted(piecewise.report.findings()) == sorted(whole.report.findings())
