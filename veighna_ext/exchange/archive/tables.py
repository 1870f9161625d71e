"""
The tables of an archive.

Every row has the columns it is found by, and the rest of it packed as a snapshot would keep it. A desk, one
account on one symbol, is a number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeAlias

VERSION = 1
MOST_VALUES = 32_766 if sqlite3.sqlite_version_info >= (3, 32) else 999
"""Values that SQLite takes in one statement."""
MOST_LINES = 1000
"""Lines in one statement: SQLite takes memory for each."""

Rows: TypeAlias = dict[str, list[tuple[Any, ...]]]
"""Rows to be written, by their table."""

_TABLES = {
    "about": ("key TEXT", "value INTEGER", "PRIMARY KEY (key)"),
    "desks": (
        "number INTEGER", "account INTEGER", "symbol TEXT", "orders INTEGER", "fills INTEGER",
        "PRIMARY KEY (number)",
    ),
    "orders": (
        "desk INTEGER", "id INTEGER", "time INTEGER", "list INTEGER", "row BLOB", "PRIMARY KEY (desk, id)",
    ),
    # the orders that took an id last, and after which record: the latest counts, even if it has another now
    "names": (
        "desk INTEGER", "client_id TEXT", "sequence INTEGER", "id INTEGER",
        "PRIMARY KEY (desk, client_id, sequence, id)",
    ),
    "fills": (
        "desk INTEGER", "trade INTEGER", "number INTEGER", "time INTEGER", "order_id INTEGER", "row BLOB",
        "PRIMARY KEY (desk, trade, number)",
    ),
    "lists": (
        "account INTEGER", "id INTEGER", "desk INTEGER", "time INTEGER", "client_id TEXT", "row BLOB",
        "PRIMARY KEY (account, id)",
    ),
    "matches": (
        "symbol TEXT", "id INTEGER", "taker INTEGER", "maker INTEGER", "taker_account INTEGER",
        "maker_account INTEGER", "row BLOB", "PRIMARY KEY (symbol, id)",
    ),
    "amendments": ("desk INTEGER", "order_id INTEGER", "rows BLOB", "PRIMARY KEY (desk, order_id)"),
}  # fmt: skip
_INDEXES = {
    "orders_by_time": "orders (desk, time)",
    "fills_by_time": "fills (desk, time)",
    "fills_by_order": "fills (desk, order_id)",
    "lists_by_time": "lists (account, time)",
    "lists_by_client_id": "lists (account, client_id)",
    "matches_by_taker": "matches (symbol, taker)",
    "matches_by_maker": "matches (symbol, maker)",
}
WIDTH = {table: len(columns) - 1 for table, columns in _TABLES.items()}


def schema() -> Iterator[str]:
    """The statements that make an empty archive."""
    for table, columns in _TABLES.items():
        yield f"CREATE TABLE {table} ({', '.join(columns)}) WITHOUT ROWID"
    for name, index in _INDEXES.items():
        yield f"CREATE INDEX {name} ON {index}"
    yield f"PRAGMA user_version = {VERSION}"


def insertions(rows: Rows) -> Iterator[tuple[str, list[Any]]]:
    """
    Statements with their values, as few as can be.

    The thread that writes has to wait for a busy loop before each of them, and only there.
    """
    for table, lines in rows.items():
        most = min(MOST_VALUES // WIDTH[table], MOST_LINES)
        for first in range(0, len(lines), most):
            some = lines[first : first + most]
            yield _insertion(table, len(some)), list(chain.from_iterable(some))


def _insertion(table: str, lines: int) -> str:
    line = f"({', '.join('?' * WIDTH[table])})"
    return f"INSERT OR REPLACE INTO {table} VALUES {', '.join([line] * lines)}"
