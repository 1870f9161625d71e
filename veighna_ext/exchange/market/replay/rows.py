"""Rows of a tape turned into prints and bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from veighna_ext.exchange.market.replay.blocks import Place
from veighna_ext.exchange.market.replay.errors import BadRow
from veighna_ext.exchange.market.replay.layouts import FLAGS, BarColumns, Columns, TradeColumns
from veighna_ext.exchange.market.replay.prints import Bar, TapePrint
from veighna_ext.exchange.market.replay.texts import AmountTexts, numbers_in_micros, time_in_micros

LARGEST_AMOUNT = 2**63 - 1
_LARGEST_VOLUME = 1000 * LARGEST_AMOUNT
_SECOND = 1_000_000
_LENIENCE = "_ +-\r"
"""What int() would overlook or take as part of a number."""


class Rows(NamedTuple):
    """Consecutive readable rows: their line numbers, ids, times, and the print or bar of each."""

    lines: Sequence[int]
    ids: list[int]
    times: list[int]
    items: Sequence[TapePrint | Bar]


class Part(NamedTuple):
    """What is read of a file at once: all its lines, and the rows among them that can be read."""

    place: Place | None
    """Where reading could begin again, or None inside a row group."""
    lines: range
    rows: Rows


class TradeReader:
    """Reads rows of single trades."""

    def __init__(self, columns: TradeColumns) -> None:
        self.width = columns.width
        self.is_numbered = columns.id is not None
        self.layout = columns
        self._amounts = AmountTexts()

    def row(self, fields: Sequence[str]) -> tuple[int, int, TapePrint]:
        """The id, the time and the print of one row; BadRow says what is wrong with it."""
        columns = self.layout
        number = 0 if columns.id is None else _whole(fields[columns.id])
        time = time_in_micros(fields[columns.time])
        price, quantity = self._amounts[fields[columns.price]], self._amounts[fields[columns.quantity]]
        if not 0 < price <= LARGEST_AMOUNT:
            raise BadRow(f"a price of {fields[columns.price]} cannot be traded")
        if not 0 < quantity <= LARGEST_AMOUNT:
            raise BadRow(f"a quantity of {fields[columns.quantity]} cannot be traded")
        maker = FLAGS.get(fields[columns.maker])
        if maker is None:
            raise BadRow(f"{fields[columns.maker]!r} is neither True nor False")
        return number, time, TapePrint(time, price, quantity, maker)

    def block(self, text: str, first_line: int) -> Rows:
        """All rows of a text of whole lines at once; ValueError or KeyError where any row is unusual."""
        if not text.isascii() or any(sign in text for sign in _LENIENCE):
            raise ValueError("signs that int() would let pass")
        fields = text.replace("\n", ",").split(",")
        fields.pop()
        count = text.count("\n")
        if len(fields) != count * self.width:
            raise ValueError("rows of another width")
        return self.block_of(
            [fields[place :: self.width] for place in range(self.width)],
            range(first_line, first_line + count),
        )

    def block_of(self, fields: Sequence[Sequence[str]], lines: Sequence[int]) -> Rows:
        """All rows of columns of texts; ValueError or KeyError where any row is unusual."""
        layout = self.layout
        times = numbers_in_micros(list(map(int, fields[layout.time])))
        prices = list(map(self._amounts.__getitem__, fields[layout.price]))
        quantities = list(map(self._amounts.__getitem__, fields[layout.quantity]))
        if min(prices) <= 0 or min(quantities) <= 0 or max(*prices, *quantities) > LARGEST_AMOUNT:
            raise ValueError("amounts that are no trade")
        numbers = [0] * len(times) if layout.id is None else list(map(int, fields[layout.id]))
        makers = map(FLAGS.__getitem__, fields[layout.maker])
        return Rows(
            lines,
            numbers,
            times,
            list(map(TapePrint._make, zip(times, prices, quantities, makers, strict=True))),
        )


class BarReader:
    """Reads rows of bars; `interval` is the length of those without a close time."""

    is_numbered = True

    def __init__(self, columns: BarColumns, interval: int) -> None:
        self.width = columns.width
        self.interval = interval
        self.layout = columns
        self._amounts = AmountTexts()

    def row(self, fields: Sequence[str]) -> tuple[int, int, Bar]:
        """The start, as number and as time, and the bar of one row; BadRow says what is wrong with it."""
        columns, amounts = self.layout, self._amounts
        time = time_in_micros(fields[columns.time])
        opened, high = amounts[fields[columns.open]], amounts[fields[columns.high]]
        low, close = amounts[fields[columns.low]], amounts[fields[columns.close]]
        if not 0 < low <= min(opened, close) <= max(opened, close) <= high <= LARGEST_AMOUNT:
            raise BadRow("open and close must lie between low and high, all above 0")
        volume = amounts[fields[columns.volume]]
        taker_buy = -1 if columns.taker_buy is None else amounts[fields[columns.taker_buy]]
        if volume > _LARGEST_VOLUME:
            raise BadRow(f"volume {fields[columns.volume]} is too large")
        if taker_buy > volume:
            raise BadRow(f"takers bought {fields[columns.taker_buy or 0]} of {fields[columns.volume]}")
        end = time + self.interval
        if columns.close_time is not None:
            # a close time is the last instant of the bar, and bars last whole seconds
            end = time + ((time_in_micros(fields[columns.close_time]) - time) // _SECOND + 1) * _SECOND
            if end <= time:
                raise BadRow("the bar closes before it opens")
        return time, time, Bar(time, end, opened, high, low, close, volume, taker_buy)

    def block(self, text: str, first_line: int) -> Rows:
        """All rows of a text of whole lines; ValueError where any row is unusual."""
        fields = [line.split(",") for line in text.split("\n")[:-1]]
        if any(len(row) != self.width for row in fields):
            raise ValueError("rows of another width")
        rows = list(map(self.row, fields))
        times = [row[0] for row in rows]
        return Rows(range(first_line, first_line + len(rows)), times, times.copy(), [row[2] for row in rows])


RowReader = TradeReader | BarReader
ReadRow = tuple[int, int, TapePrint | Bar]
"""A row's number, its time, and what it says."""


def reader_of(columns: Columns, interval: int) -> RowReader:
    """The reader for a layout."""
    return TradeReader(columns) if isinstance(columns, TradeColumns) else BarReader(columns, interval)


def split_fields(line: str) -> list[str]:
    """The fields of a line on its own."""
    return [field.strip().strip('"') for field in line.split(",")]


def read_line(reader: RowReader, line: str) -> ReadRow:
    """One line on its own; BadRow says what is wrong with it."""
    fields = split_fields(line)
    if len(fields) != reader.width:
        raise BadRow(f"{len(fields)} columns instead of {reader.width}")
    return reader.row(fields)


def rows_of(lines: list[int], rows: list[ReadRow]) -> Rows:
    """Rows read one by one, as columns."""
    return Rows(lines, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def usual_step(times: list[int]) -> int:
    """The most common distance between the times of bars; 0 where there is none."""
    steps = Counter(later - earlier for earlier, later in pairwise(times) if later > earlier)
    return steps.most_common(1)[0][0] if steps else 0


def _whole(field: str) -> int:
    if not (field.isascii() and field.isdigit()):
        raise BadRow(f"{field!r} is not a whole number")
    return int(field)
