"""A tape begins at any time without being read from its beginning, and memory does not grow with it."""

from __future__ import annotations

import io
import itertools
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.market.replay.tapes import (
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
from veighna_ext.exchange.market.replay import TapePrint, blocks, csv_file, open_tape, sources
from veighna_ext.exchange.market.replay.blocks import Place
from veighna_ext.exchange.market.replay.index import Entry, TapeIndex
from veighna_ext.exchange.market.replay.sequence import Progress
from veighna_ext.exchange.market.replay.sources import Marks, Source, open_source

BEGINNING = Entry(0, 0, Place(0, 1), Progress())


def later(trades: list[TapePrint], time: int) -> list[TapePrint]:
    return [each for each in trades if each.time >= time]


def entry(time: int) -> Entry:
    return Entry(time, 0, Place(time, 1 + time), Progress())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=disorder,
    size=st.integers(40, 2000),
    suffix=st.sampled_from([".csv", ".zip"]),
    seconds=st.lists(st.integers(-1, 130), max_size=4),
)
def test_from_any_time_on_the_same_trades_are_played(
    tmp_path: Path, steps: list[tuple[str, int]], size: int, suffix: str, seconds: list[int]
) -> None:
    # a part is left out by the look of its last rows: one from the future within it is not seen
    rows = disordered([(what, wait) for what, wait in steps if what != "ahead"])
    tape = open_tape(write_rows(tmp_path / f"BTCUSDT{suffix}", rows))
    everything = played(open_tape(tmp_path / f"BTCUSDT{suffix}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        for second in seconds:
            start = NEW_YEAR + second * SECOND
            assert played(tape, start) == later(everything, start)


def test_going_on_from_a_place_judges_rows_as_reading_up_to_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 40)
    ahead_of_a_late_one = [(0, trade(0)), (1, trade(61)), (2, trade(962)), (3, trade(30))]
    tape = open_tape(write_rows(tmp_path / "BTCUSDT.csv", (agg_row(*row) for row in ahead_of_a_late_one)))
    assert played(tape) == [trade(0), trade(61), trade(962)]
    counts, lines = dict(tape.report.counts), tape.report.lines
    assert played(tape, NEW_YEAR + 70 * SECOND) == [trade(962)]
    assert (tape.report.counts, tape.report.lines) == (counts, lines)


def test_a_folder_is_begun_in_the_file_of_that_time(tmp_path: Path) -> None:
    for day in range(3):
        agg_file(
            tmp_path / f"BTCUSDT-aggTrades-2025-01-0{day + 1}.zip",
            [trade(day * 86_400 + second) for second in range(50)],
            first=day * 50,
        )
    tape = open_tape(tmp_path)
    everything = played(open_tape(tmp_path))
    for start in (
        NEW_YEAR + 86_400 * SECOND,
        NEW_YEAR + 86_449 * SECOND,
        NEW_YEAR + 90_000 * SECOND,
        NEW_YEAR,
    ):
        assert played(tape, start) == later(everything, start)
    assert played(tape, NEW_YEAR + 10 * 86_400 * SECOND) == []


def test_a_tape_of_bars_begins_in_the_middle_of_a_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 500)
    rows = [kline_row(NEW_YEAR + at * MINUTE, ("100", "103", "99", "102"), "8") for at in range(100)]
    everything = played(open_tape(write_rows(tmp_path / "BTCUSDT-1m.csv", rows)))
    tape = open_tape(tmp_path / "BTCUSDT-1m.csv")
    for minutes in (*range(90, 50, -1), *range(60, 99)):
        start = NEW_YEAR + minutes * MINUTE + 21 * SECOND
        assert played(tape, start) == later(everything, start)
        assert later(everything, start)[0].time == start + 19 * SECOND


def test_seeking_back_reads_little_of_what_was_read_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 5000)
    path = agg_file(tmp_path / "BTCUSDT.csv", [trade(10 * at) for at in range(5000)])
    tape = open_tape(path)
    everything = played(tape)
    amounts: list[int] = []

    def counted(path: Path, name: str, marks: Marks) -> Source:
        return CountedSource(open_source(path, name, marks), amounts)

    monkeypatch.setattr(csv_file, "open_source", counted)
    start = NEW_YEAR + 40_000 * SECOND
    first = next(tape.read(start))
    assert first == later(everything, start)[: len(first)]
    assert 0 < sum(amounts) < path.stat().st_size / 10


class CountedSource:
    """Counts the bytes read from a source."""

    def __init__(self, source: Source, amounts: list[int]) -> None:
        self._source = source
        self._amounts = amounts

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._amounts.append(len(data))
        return data

    def seek(self, offset: int) -> int:
        return self._source.seek(offset)

    def close(self) -> None:
        self._source.close()


def test_seeking_back_in_an_archive_does_not_unpack_it_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = agg_file(tmp_path / "BTCUSDT.zip", [trade(at / 10, str(at % 7919 + 1)) for at in range(90_000)])
    packed = path.read_bytes()
    opened: list[CountedFile] = []

    def counted(path: Path, mode: str) -> CountedFile:
        opened.append(CountedFile(packed))
        return opened[-1]

    monkeypatch.setattr(Path, "open", counted)
    tape = open_tape(path)
    everything = played(tape)
    for seconds in (8000, 8950):
        opened.clear()
        start = NEW_YEAR + seconds * SECOND
        first = next(tape.read(start))
        assert first == later(everything, start)[: len(first)]
        assert sum(file.count for file in opened) < len(packed) * 0.6


def test_however_long_an_archive_is_few_states_of_unpacking_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_FIRST_MARK_DISTANCE", 1000)
    path = agg_file(tmp_path / "BTCUSDT.zip", [trade(at) for at in range(20_000)])
    with zipfile.ZipFile(path) as archive:
        content = archive.read("BTCUSDT.csv")
    marks = sources.Marks()
    source = open_source(path, path.name, marks)
    assert b"".join(iter(lambda: source.read(700), b"")) == content
    assert 10 < len(marks) <= 33
    for offset in (1_000_000, 10, 500_000, len(content) - 5):
        source.seek(offset)
        assert source.read(700) == content[offset : offset + 700]
    source.close()


class CountedFile(io.BytesIO):
    """Counts the bytes read from it."""

    count = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def test_a_place_read_before_is_known() -> None:
    index = TapeIndex([BEGINNING])
    for minute in range(1, 100):
        index.add(entry(minute * MINUTE))
    assert index.before(30 * MINUTE + 1) == entry(30 * MINUTE)
    assert index.before(30 * MINUTE) == entry(29 * MINUTE), "rows of that very time may lie before the place"
    assert index.before(1) == index.before(-5) == BEGINNING


def test_the_index_of_a_long_tape_stays_small_and_useful() -> None:
    index = TapeIndex([BEGINNING])
    for minute in range(1, 60_000):
        index.add(entry(minute * MINUTE))
    assert len(index) <= 4096
    assert all(
        minute * MINUTE - index.before(minute * MINUTE).time <= 64 * MINUTE
        for minute in range(1, 60_000, 777)
    )


def test_the_file_of_a_later_time_is_begun_at_its_beginning() -> None:
    second = Entry(500, 1, Place(0, 1), Progress())
    index = TapeIndex([BEGINNING, second])
    index.add(entry(400))
    assert index.before(501) == second
    assert index.before(450) == entry(400)


def test_memory_does_not_grow_with_the_tape(tmp_path: Path) -> None:
    trades = (TapePrint(NEW_YEAR + at * 50_000, 10**9 + at, 10**8 + at, False) for at in range(50_000))
    tape = open_tape(agg_file(tmp_path / "BTCUSDT.csv", trades))
    tracemalloc.start()
    try:
        parts = tape.read()
        read = sum(map(len, itertools.islice(parts, 28)))
        half_way = tracemalloc.get_traced_memory()[1]
        assert 20_000 < read < 30_000
        assert sum(map(len, parts)) == 50_000 - read
        assert tracemalloc.get_traced_memory()[1] < half_way + 1_000_000
    finally:
        tracemalloc.stop()
