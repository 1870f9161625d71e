"""A table's rows as text: for the clipboard and for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Generator, Sequence
from pathlib import Path

from veighna_ext.widgets.monitors.table_model import TableModel

ROWS_AT_ONCE = 200


def tabbed(model: TableModel, numbers: Sequence[int], columns: Sequence[int]) -> Generator[None, None, str]:
    """Rows as lines of cells separated by tabs, written bit by bit."""
    lines: list[str] = []
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        lines += [
            "\t".join(text.replace("\t", " ") for text in model.texts(number, columns))
            for number in numbers[start:start + ROWS_AT_ONCE] if number in model.rows.data
        ]
        yield
    return "\n".join(lines)


def write_csv(
    path: Path, model: TableModel, numbers: Sequence[int], columns: Sequence[int]
) -> Generator[None, None, int]:
    """Write rows under their headers, bit by bit; the result is how many."""
    written = 0
    # the mark at the start is what makes Excel read the Chinese in it
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(model.columns[column].label for column in columns)
        for start in range(0, len(numbers), ROWS_AT_ONCE):
            rows = [number for number in numbers[start:start + ROWS_AT_ONCE] if number in model.rows.data]
            writer.writerows(model.texts(number, columns) for number in rows)
            written += len(rows)
            yield
    return written
