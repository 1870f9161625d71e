"""What is no tape is refused with one sentence: which file, which line, what was expected."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.exchange.market.replay.tapes import (
    NEW_YEAR,
    agg_file,
    agg_row,
    kline_row,
    trade,
    trade_row,
    write_rows,
)
from veighna_ext.exchange.market.replay import NotATape, open_tape

FLAT = ("1", "1", "1", "1")


def refusal(*paths: Path, symbol: str | None = None) -> str:
    """The sentence the files are refused with."""
    with pytest.raises(NotATape) as caught:
        open_tape(*paths, symbol=symbol)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Not Found</body></html>\n",
        b"time;price;qty;is_buyer_maker\n1735689600000;1;1;true\n",
        b"name,age\nann,31\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300,
        b"1,2,3\n4,5,6\n",
    ],
)
def test_a_file_of_something_else_is_named_with_its_line_and_what_was_expected(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "BTCUSDT.csv"
    path.write_bytes(content)
    sentence = refusal(path)
    assert sentence.startswith(
        "BTCUSDT.csv, line 1: expected the columns of Binance's trades, aggTrades or klines"
    )
    assert "datetime,open,high,low,close,volume" in sentence
    assert "found" in sentence


def test_an_empty_file(tmp_path: Path) -> None:
    assert "found nothing" in refusal(write_rows(tmp_path / "BTCUSDT.csv", []))


def test_a_header_without_rows(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "BTCUSDT.csv", ["yesterday,1,1,1,1,1"], "datetime,open,high,low,close,volume"
    )
    assert refusal(path) == "BTCUSDT.csv, line 2: has no row that can be read"


def test_a_tape_that_runs_backwards(tmp_path: Path) -> None:
    rows = [kline_row(NEW_YEAR + 60_000_000 * minute, FLAT, "1") for minute in (3, 2, 1, 0)]
    assert "from the newest row to the oldest" in refusal(write_rows(tmp_path / "BTCUSDT-1m.csv", rows))


def test_a_file_whose_name_has_no_symbol(tmp_path: Path) -> None:
    assert "say which symbol" in refusal(agg_file(tmp_path / "tape.csv", [trade(0)]))


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "BTCUSDT.csv").endswith("BTCUSDT.csv: no such file")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "holds no file ending in .csv, .zip, .parquet" in refusal(tmp_path)


def test_no_file_at_all() -> None:
    assert "no file given" in refusal()


def test_a_folder_of_two_symbols_when_none_is_named(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-aggTrades.csv", [trade(0)])
    agg_file(tmp_path / "ETHUSDT-aggTrades.csv", [trade(0)])
    assert "several symbols (BTCUSDT, ETHUSDT)" in refusal(tmp_path)


def test_a_folder_without_the_symbol_that_was_named(tmp_path: Path) -> None:
    agg_file(tmp_path / "BTCUSDT-1.csv", [trade(0)])
    agg_file(tmp_path / "BTCUSDT-2.csv", [trade(0)])
    assert "holds no tape of SOLUSDT" in refusal(tmp_path, symbol="SOLUSDT")


def test_the_same_market_as_trades_and_as_klines(tmp_path: Path) -> None:
    write_rows(tmp_path / "BTCUSDT-trades.csv", [trade_row(1, trade(0))])
    write_rows(tmp_path / "BTCUSDT-1m.csv", [kline_row(NEW_YEAR, FLAT, "1")])
    assert "holds klines and trades of BTCUSDT; replay one of them" in refusal(tmp_path)


def test_bars_of_two_lengths(tmp_path: Path) -> None:
    for minutes in (1, 5):
        rows = [
            kline_row(NEW_YEAR + 60_000_000 * minutes * at, FLAT, "1", seconds=60 * minutes)
            for at in range(3)
        ]
        write_rows(tmp_path / f"BTCUSDT-{minutes}m.csv", rows)
    assert "bars of different lengths" in refusal(tmp_path)


def test_half_a_download(tmp_path: Path) -> None:
    path = agg_file(tmp_path / "BTCUSDT-aggTrades.zip", [trade(second) for second in range(100)])
    path.write_bytes(path.read_bytes()[:-40])
    assert "not a whole zip archive; download it again" in refusal(path)


def test_an_archive_of_two_tables(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", agg_row(1, trade(0)))
        archive.writestr("b.csv", agg_row(2, trade(1)))
    assert "holds 2 CSV files; expected exactly one" in refusal(path)


def test_an_archive_packed_in_an_unusual_way(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", agg_row(1, trade(0)))
    assert "unpack it and give the CSV file" in refusal(path)
