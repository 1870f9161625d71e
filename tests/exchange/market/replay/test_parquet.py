"""Tapes in Parquet files, where pyarrow is installed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.market.replay.tapes import MINUTE, NEW_YEAR, SECOND, played, trade
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.replay import Kind, NotATape, TapePrint, open_tape

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

TRADES = [
    trade(at / 2, f"{100 + at / 100:.2f}", f"{0.1 * at + 0.1:.1f}", sold=at % 3 == 0) for at in range(9000)
]


def write(path: Path, columns: dict[str, Any], group: int = 1000) -> Path:
    parquet.write_table(arrow.table(columns), path, row_group_size=group)
    return path


def trade_columns(trades: list[TapePrint], amount: Any = float) -> dict[str, list[Any]]:
    """Trades as columns with amounts of a type."""
    return {
        "id": list(range(1, 1 + len(trades))),
        "price": [amount(f"{Decimal(each.price) / UNIT:f}") for each in trades],
        "qty": [amount(f"{Decimal(each.quantity) / UNIT:f}") for each in trades],
        "quote_qty": [0.0] * len(trades),
        "time": [each.time for each in trades],
        "is_buyer_maker": [each.buyer_is_maker for each in trades],
    }


@pytest.mark.parametrize("amount", [float, str, Decimal])
def test_amounts_are_exact_whatever_type_they_are_stored_as(tmp_path: Path, amount: Any) -> None:
    tape = open_tape(write(tmp_path / "BTCUSDT-trades-2025.parquet", trade_columns(TRADES, amount)))
    assert (tape.kind, played(tape)) == ("trades", TRADES)
    assert not tape.report.findings()


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
def test_times_may_be_timestamps(tmp_path: Path, unit: str, zone: str | None) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    moments = [epoch + timedelta(microseconds=each.time) for each in TRADES[:50]]
    columns = trade_columns(TRADES[:50])
    columns["time"] = arrow.array(moments, arrow.timestamp("us", "UTC")).cast(arrow.timestamp(unit, zone))
    assert played(open_tape(write(tmp_path / "BTCUSDT.parquet", columns))) == TRADES[:50]


def test_klines(tmp_path: Path) -> None:
    columns = {
        "open_time": [NEW_YEAR // 1000 + 60_000 * at for at in range(300)],
        "open": [100.0] * 300,
        "high": [103.5] * 300,
        "low": [99.0] * 300,
        "close": [102.1] * 300,
        "volume": [0.8] * 300,
    }
    trades = played(open_tape(write(tmp_path / "BTCUSDT-1m.parquet", columns)))
    assert sum(each.quantity for each in trades) == 240 * UNIT
    assert trades[-1] == TapePrint(NEW_YEAR + 300 * MINUTE - 1000, 10_210_000_000, UNIT // 10, True)


def test_a_later_time_is_found_in_its_row_group(tmp_path: Path) -> None:
    tape = open_tape(write(tmp_path / "BTCUSDT.parquet", trade_columns(TRADES)))
    for seconds in (4400, 3, 1000, 4499.5, 9999):
        start = NEW_YEAR + round(seconds * SECOND)
        assert played(tape, start) == [each for each in TRADES if each.time >= start]


def test_rows_with_nothing_in_them_are_told_with_their_number(tmp_path: Path) -> None:
    columns = trade_columns(TRADES[:10])
    columns["price"][3] = None
    columns["qty"][6] = float("nan")
    tape = open_tape(write(tmp_path / "BTCUSDT.parquet", columns))
    assert len(played(tape)) == 8
    assert [(finding.line, finding.text) for finding in tape.report.findings(Kind.UNPARSABLE)] == [
        (4, "'' is not a decimal number"),
        (7, "'nan' is not a decimal number"),
    ]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "BTCUSDT.parquet", {"name": ["ann"], "age": [31]})
    with pytest.raises(NotATape, match=r"BTCUSDT\.parquet: expected the columns .* found name, age"):
        open_tape(path)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT.parquet"
    path.write_text("price,qty\n")
    with pytest.raises(NotATape, match="is not a Parquet file that can be read"):
        open_tape(path)
