"""Every layout a tape comes in is recognised by what is in it and read to the last decimal."""

from __future__ import annotations

import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.market.replay.tapes import (
    AGG_HEADER,
    KLINES_HEADER,
    MINUTE,
    NEW_YEAR,
    SECOND,
    TRADES_HEADER,
    agg_file,
    agg_row,
    kline_row,
    played,
    trade,
    trade_row,
    write_rows,
)
from veighna_ext.exchange.amounts import UNIT, format_amount
from veighna_ext.exchange.market.replay import MissingReader, TapePrint, open_tape
from veighna_ext.exchange.market.replay.texts import amount_in_units, time_in_micros

TWO_TRADES = [trade(0, "93576.00000001", "0.00100000"), trade(1.5, "93576.01", "12.5", sold=True)]

trades_in_order = st.lists(
    st.builds(
        TapePrint,
        st.integers(NEW_YEAR, NEW_YEAR + 10 * MINUTE),
        st.integers(1, 10**14),
        st.integers(1, 10**14),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
).map(lambda trades: sorted(trades, key=lambda each: each.time))


def test_agg_trades_of_the_archive_before_2025_have_milliseconds_and_no_header(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "BTCUSDT-aggTrades-2020-12-25.csv",
        [
            "0,0.20000000,50.00000000,0,0,1608872400000,False,True",
            "1,0.21000000,1.00000000,1,3,1608872400015,True,True",
        ],
    )
    tape = open_tape(path)
    assert (tape.symbol, tape.kind) == ("BTCUSDT", "aggTrades")
    assert played(tape) == [
        TapePrint(1608872400000000, 20_000_000, 50 * UNIT, False),
        TapePrint(1608872400015000, 21_000_000, UNIT, True),
    ]


def test_agg_trades_since_2025_have_microseconds(tmp_path: Path) -> None:
    assert (
        played(open_tape(agg_file(tmp_path / "BTCUSDT-aggTrades-2025-01-01.csv", TWO_TRADES))) == TWO_TRADES
    )


def test_agg_trades_with_a_header_and_small_flags(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "ETHUSDT-aggTrades-2023-05.csv",
        ["1715206948,29223.0,0.639,3643221425,3643221428,1682899200101,false"],
        AGG_HEADER,
    )
    assert played(open_tape(path)) == [TapePrint(1682899200101000, 29223 * UNIT, 63_900_000, False)]


def test_spot_trades(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "BNBUSDT-trades-2025-01.csv", [trade_row(7, TWO_TRADES[0]), trade_row(8, TWO_TRADES[1])]
    )
    tape = open_tape(path)
    assert (tape.kind, played(tape)) == ("trades", TWO_TRADES)


def test_trades_with_a_header_keep_their_meaning_in_another_order(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "BNBUSDT-trades-2025-01.csv",
        [f"{NEW_YEAR},True,2.5,300.25,9"],
        "time,isBuyerMaker,qty,price,id",
    )
    assert played(open_tape(path)) == [TapePrint(NEW_YEAR, 30_025_000_000, 250_000_000, True)]


def test_futures_trades_with_a_header(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "BNBUSDT-trades-2022-08-11.csv", ["5,9.96,18.8,187.248,1660176000000,false"], TRADES_HEADER
    )
    assert played(open_tape(path)) == [TapePrint(1660176000000000, 996_000_000, 1_880_000_000, False)]


def test_futures_trades_before_they_had_a_header(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "OMGUSDT-trades-2021-04-08.csv", ["51254697,9.96,18.8,187.248,1617840001352,false"]
    )
    assert played(open_tape(path)) == [TapePrint(1617840001352000, 996_000_000, 1_880_000_000, False)]


@pytest.mark.parametrize("header", ["", KLINES_HEADER])
def test_klines_become_trades(tmp_path: Path, header: str) -> None:
    path = write_rows(
        tmp_path / "BNBUSDT-1m-2019-01.zip",
        [kline_row(NEW_YEAR, ("4.15", "4.16", "4.14", "4.155"), "8", "4")],
        header,
    )
    tape = open_tape(path)
    assert tape.kind == "klines"
    assert [each.price for each in played(tape)[::2]] == [415_000_000, 414_000_000, 416_000_000, 415_500_000]


@pytest.mark.parametrize(
    "time",
    ["2025-01-01 00:00:00", "2025-01-01T00:00:00", "2025-01-01T00:00:00Z", "2025-01-01T08:00:00+08:00"],
)
def test_bars_with_iso_times_are_in_utc_unless_they_name_a_zone(tmp_path: Path, time: str) -> None:
    path = write_rows(
        tmp_path / "BTCUSDT.csv", [f"{time},100,100,100,100,3"], "datetime,open,high,low,close,volume"
    )
    assert {each.time for each in played(open_tape(path))} == {NEW_YEAR}


def test_bars_last_as_long_as_they_are_apart(tmp_path: Path) -> None:
    rows = [f"2025-01-01 {hour:02d}:00:00,100,101,99,100.5,8,1,2" for hour in range(3)]
    path = write_rows(
        tmp_path / "BTCUSDT.csv", rows, "datetime,open,high,low,close,volume,turnover,open_interest"
    )
    assert played(open_tape(path))[-1].time == NEW_YEAR + 180 * MINUTE - 1000


def test_a_file_of_one_bar_has_bars_as_long_as_those_of_its_neighbours(tmp_path: Path) -> None:
    header = "datetime,open,high,low,close,volume"
    hours = [f"2025-01-01 {hour:02d}:00:00,100,101,99,100.5,8" for hour in range(3)]
    write_rows(tmp_path / "BTCUSDT-1.csv", hours, header)
    write_rows(tmp_path / "BTCUSDT-2.csv", ["2025-01-01 03:00:00,100,101,99,100.5,8"], header)
    assert played(open_tape(tmp_path))[-1].time == NEW_YEAR + 240 * MINUTE - 1000


def test_the_name_of_a_file_says_nothing_about_its_layout(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "BTCUSDT-trades-2025-01.csv", [agg_row(1, TWO_TRADES[0])])
    assert open_tape(path).kind == "aggTrades"


def test_a_symbol_can_be_given_where_the_name_has_none(tmp_path: Path) -> None:
    tape = open_tape(agg_file(tmp_path / "my tape.csv", TWO_TRADES), symbol="SOLUSDT")
    assert (tape.symbol, played(tape)) == ("SOLUSDT", TWO_TRADES)


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_archive_is_read_like_the_file_in_it(tmp_path: Path, packing: int) -> None:
    plain = agg_file(tmp_path / "BTCUSDT-aggTrades-2025-01-01.csv", TWO_TRADES)
    packed = plain.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.write(plain, plain.name)
        archive.writestr("README.txt", "not a table")
    assert played(open_tape(packed)) == TWO_TRADES


@pytest.mark.parametrize(("mark", "end"), [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")])
def test_byte_order_marks_and_windows_line_ends_do_no_harm(tmp_path: Path, mark: str, end: str) -> None:
    rows = [agg_row(number, each) for number, each in enumerate(TWO_TRADES)]
    tape = open_tape(write_rows(tmp_path / "BTCUSDT.csv", [mark + rows[0], rows[1]], end=end))
    assert played(tape) == TWO_TRADES
    assert not tape.report.findings()


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT.csv"
    path.write_text("\n".join(agg_row(number, each) for number, each in enumerate(TWO_TRADES)))
    assert played(open_tape(path)) == TWO_TRADES


def test_files_of_a_folder_play_in_the_order_of_their_time(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-b.csv", [trade(0), trade(1)])
    agg_file(tmp_path / "BTCUSDT-a.zip", [trade(5), trade(6)], first=3)
    (tmp_path / "BTCUSDT-a.zip.CHECKSUM").write_text("abc")
    tape = open_tape(tmp_path)
    assert played(tape) == [trade(0), trade(1), trade(5), trade(6)]
    assert not tape.report.findings()


def test_days_of_a_month_that_is_there_as_a_whole_are_not_played_twice(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-aggTrades-2025-01.csv", [trade(0), trade(90_000)])
    agg_file(tmp_path / "BTCUSDT-aggTrades-2025-01-02.csv", [trade(90_000, "7")], first=2)
    agg_file(tmp_path / "BTCUSDT-aggTrades-2025-02-01.csv", [trade(31 * 86_400)], first=3)
    assert played(open_tape(tmp_path)) == [trade(0), trade(90_000), trade(31 * 86_400)]


def test_a_folder_of_several_symbols_plays_the_one_asked_for(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-aggTrades-2025-01.csv", [trade(0, "1")])
    agg_file(tmp_path / "ETHUSDT-aggTrades-2025-01.csv", [trade(0, "2")])
    assert played(open_tape(tmp_path, symbol="ETHUSDT")) == [trade(0, "2")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trades=trades_in_order, suffix=st.sampled_from([".csv", ".zip"]), is_aggregated=st.booleans())
def test_what_was_written_is_what_is_played(
    tmp_path: Path, trades: list[TapePrint], suffix: str, is_aggregated: bool
) -> None:
    row = agg_row if is_aggregated else trade_row
    path = write_rows(
        tmp_path / f"BTCUSDT{suffix}", (row(number, each) for number, each in enumerate(trades))
    )
    assert played(open_tape(path)) == trades


@given(units=st.integers(0, 10**20), decimals=st.integers(0, 8))
def test_amounts_are_exact_however_many_zeros_they_end_in(units: int, decimals: int) -> None:
    units -= units % 10 ** (8 - decimals)
    text = format_amount(units)[: -(8 - decimals) or None].rstrip(".")
    assert amount_in_units(text) == units


@given(number=st.decimals(0, 10**9, allow_nan=False, places=6))
def test_amounts_with_an_exponent_mean_the_same(number: Decimal) -> None:
    assert amount_in_units(f"{number:e}") == int(number * UNIT)


def test_what_a_program_with_floats_wrote_is_rounded_to_what_it_meant() -> None:
    assert amount_in_units("0.30000000000000004") == 30_000_000
    assert amount_in_units(repr(0.1 + 0.7)) == 80_000_000


@given(time=st.integers(10**15, 10**16))
def test_a_time_is_the_same_in_every_unit(time: int) -> None:
    assert time_in_micros(str(time)) == time
    assert time_in_micros(str(time // 1000)) == time // 1000 * 1000
    assert time_in_micros(str(time // SECOND)) == time // SECOND * SECOND
    assert time_in_micros(str(time * 1000)) == time


def test_without_pyarrow_a_parquet_file_is_refused_with_the_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "BTCUSDT.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(MissingReader, match=r"BTCUSDT\.parquet: .* pyarrow"):
        open_tape(path)
