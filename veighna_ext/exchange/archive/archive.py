"""The archive's file: opened, put aside when it cannot be read, written by a thread and asked by key."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from veighna_ext.exchange.archive.tables import VERSION, Rows, insertions, schema
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.venue import Venue

log = logging.getLogger(__name__)

DAMAGED = ".damaged"
_BESIDE = ("-wal", "-shm")
_WRITER_WAITS_S, _READER_WAITS_S = 5.0, 0.05
"""For another program that holds the file."""


class Archive:
    """
    One file in a data folder, or a nameless one of the system's that is gone with the process.

    Who writes never waits for a reader, nor a reader for the disk: each has its own connection to the file. A
    nameless file has but one, and a reader waits for the statement in progress.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.sentences: list[str] = []
        """What was not as it should be when it was opened."""
        self.desks: dict[tuple[int, str], int] = {}
        """The number of each account on each symbol."""
        self.counts: dict[int, tuple[int, int]] = {}
        """How many orders and fills of each desk were moved when it was opened."""
        self.sequence = 0
        """The journal's record up to which it knew of orders when it was opened."""
        self._has_complained = False
        self._thread = ThreadPoolExecutor(1, "archive")
        self._writer: sqlite3.Connection
        self._reader: sqlite3.Connection
        try:
            self._open()
        except sqlite3.OperationalError:
            # a disk or a folder that does not let us: the file may be as good as ever
            raise
        except sqlite3.DatabaseError as error:
            self.sentences.append(self._begin_anew(error))

    @property
    def name(self) -> str:
        """How a message calls it."""
        return f"The archive of closed orders {self.path or 'of this process'}"

    def number(self, desk: Desk) -> int:
        """The number of a desk; its first rows make it known to the file."""
        owner = desk.account.id, desk.market.symbol.name
        # a process that was killed may have used higher numbers before lower ones
        return self.desks.setdefault(owner, max(self.desks.values(), default=0) + 1)

    def write(self, rows: Rows) -> Future[None]:
        """Write rows, in a thread; once that is done they are as safe as the disk can make them."""
        return self._thread.submit(self._write, rows)

    def _write(self, rows: Rows) -> None:
        write = self._writer.execute
        try:
            write("BEGIN IMMEDIATE")
            for statement, values in insertions(rows):
                write(statement, values)
            write("COMMIT")
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                write("ROLLBACK")
            raise

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """The answer to a question; what cannot be read is complained about once, and missing."""
        try:
            return self._reader.execute(question, values).fetchall()
        except sqlite3.Error as error:
            self.complain(error)
            return []

    def complain(self, error: Exception) -> None:
        """Something cannot be read."""
        if not self._has_complained:
            self._has_complained = True
            log.error(
                "%s cannot be read (%s): questions about old orders and fills may find less than there was",
                self.name,
                error,
            )

    def begin_anew(self, error: Exception) -> str:
        """Put the file aside and begin another one; what is to be said about it."""
        self._disconnect()
        return self._begin_anew(error)

    def _begin_anew(self, error: Exception) -> str:
        assert self.path is not None
        aside = self.path.with_name(self.path.name + DAMAGED)
        for ending in ("", *_BESIDE):
            beside = self.path.with_name(self.path.name + ending)
            with contextlib.suppress(FileNotFoundError):
                beside.replace(aside.with_name(aside.name + ending))
        self.desks, self.counts, self.sequence = {}, {}, 0
        self._has_complained = False
        self._open()
        return f"{self.name} cannot be used ({error}); it is kept as {aside.name} and a new one begins."

    def drop_unknown(self, venue: Venue, sequence: int) -> None:
        """The journal lost its records after one: what the archive knows of them has not happened."""
        delete = self._writer.execute
        delete("BEGIN IMMEDIATE")
        delete("DELETE FROM lists WHERE id > ?", (venue.last_list_id,))
        for name in {symbol for _, symbol in self.desks}:
            market = venue.markets.get(name)
            delete(
                "DELETE FROM matches WHERE symbol = ? AND id >= ?",
                (name, market.moved_matches if market else 0),
            )
        for (account_id, name), number in self.desks.items():
            account, market = venue.accounts.get(account_id), venue.markets.get(name)
            desk = account.desks.get(name) if account is not None else None
            last = market.last_order_id if market is not None and desk is not None else 0
            # what is in memory again may go on differently
            again = str([order.id for order in desk.orders] if desk is not None else [])
            delete("DELETE FROM names WHERE desk = ? AND sequence > ?", (number, sequence))
            for table, key in (("orders", "id"), ("amendments", "order_id")):
                delete(
                    f"DELETE FROM {table} WHERE desk = ? "
                    f"AND ({key} > ? OR {key} IN (SELECT value FROM json_each(?)))",
                    (number, last, again),
                )
            delete(
                "DELETE FROM fills WHERE desk = ? AND number >= ?", (number, desk.moved.fills if desk else 0)
            )
        delete("COMMIT")

    def close(self) -> None:
        """Wait for what is being written, and let go of the file."""
        self._thread.shutdown()
        self._disconnect()

    def _disconnect(self) -> None:
        self._reader.close()
        self._writer.close()

    def _open(self) -> None:
        # the statements of the writer differ in length: to keep them for later would only take room
        self._writer = self._reader = _connect(self.path, _WRITER_WAITS_S, kept_statements=0)
        try:
            if self.path is not None:
                self._reader = _connect(self.path, _READER_WAITS_S, kept_statements=64)
            self._prepare()
        except sqlite3.Error:
            self._disconnect()
            raise

    def _prepare(self) -> None:
        write = self._writer.execute
        if self.path is None:
            write("PRAGMA journal_mode = MEMORY")
            write("PRAGMA synchronous = OFF")
        else:
            write("PRAGMA journal_mode = WAL")
            # an order leaves memory, and the next snapshot, once it is here
            write("PRAGMA synchronous = FULL")
            write("PRAGMA fullfsync = ON")
            write("PRAGMA checkpoint_fullfsync = ON")
        ((version,),) = write("PRAGMA user_version")
        if not version:
            write("BEGIN IMMEDIATE")
            for statement in schema():
                write(statement)
            write("COMMIT")
        elif version != VERSION:
            raise sqlite3.DatabaseError(f"it is of version {version}, and this program knows {VERSION}")
        read = self._reader.execute
        for number, account, symbol, orders, fills in read("SELECT * FROM desks").fetchall():
            self.desks[account, symbol] = number
            self.counts[number] = orders, fills
        for (sequence,) in read("SELECT value FROM about WHERE key = 'sequence'").fetchall():
            self.sequence = sequence


def _connect(path: Path | None, waits_s: float, kept_statements: int) -> sqlite3.Connection:
    # without a name SQLite makes a file that no other process sees and that ends with the connection
    return sqlite3.connect(
        path or "",
        timeout=waits_s,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=kept_statements,
    )
