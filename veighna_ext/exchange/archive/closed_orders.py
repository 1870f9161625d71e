"""A venue's memory of what is over stays small: the older part goes to an archive, which answers for it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from time import perf_counter

from veighna_ext.exchange.archive.archive import Archive
from veighna_ext.exchange.archive.moving import Slice, held, slices
from veighna_ext.exchange.archive.reading import ArchivedPast
from veighna_ext.exchange.engine.accounts import HOUSE, Desk
from veighna_ext.exchange.engine.venue import Venue

log = logging.getLogger(__name__)

ARCHIVE_NAME = "archive.db"
KEPT = 5_000
"""Closed orders, fills and prevented matches that stay in memory, over all accounts and symbols."""
SLICE, MOST = 1000, 2000
"""Of them written together: more where many have gathered."""
MOMENT = 0.0015
"""Seconds after which a step goes no further."""
PAUSE = 200
"""Steps without another try after the archive could not be written."""


class ClosedOrders:
    """
    Moves what is old out of a venue's memory, one step at a time.

    Without a folder the archive is a nameless file, made when it is needed first.
    """

    def __init__(self, venue: Venue, folder: Path | None = None) -> None:
        self.kept = KEPT
        self.slice_size = SLICE
        self._venue = venue
        self._path = folder / ARCHIVE_NAME if folder is not None else None
        self._archive: Archive | None = None
        self._round: Iterator[Slice] | None = None
        self._left = 0
        """What a round has not moved, of all that was held when it began."""
        self._under_way: tuple[Slice, Future[None]] | None = None
        self._pause = 0
        self._is_unusable = False
        self._has_complained = False

    def recover(self, sequence: int) -> list[str]:
        """The venue was restored up to a journal record: find its archive again; what is wrong with it."""
        if self._path is None:
            return []
        moved = sum(desk.moved.orders for desk in self._desks())
        try:
            # even where none is needed yet: to begin one later would make everybody wait for the disk
            archive = self._open()
        except (sqlite3.Error, OSError) as error:
            self._is_unusable = True
            problem = f"The archive of closed orders {self._path} cannot be opened ({error})."
            return [f"{problem} {_cannot_be_asked_for(moved)} Newer ones stay in memory."]
        sentences = list(archive.sentences)
        if archive.sequence > sequence:
            archive.drop_unknown(self._venue)
        missing = sum(
            max(desk.moved.orders - archive.counts.get(archive.number(desk), (0, 0))[0], 0)
            for desk in self._desks()
        )
        if missing:
            problem = f"The archive of closed orders {self._path} lacks orders that are nowhere else."
            sentences.append(f"{problem} {_cannot_be_asked_for(missing)}")
        return sentences

    def step(self, sequence: int, *, waits: bool = False) -> bool:
        """
        Do a moment's share of what is due; whether there is more.

        Everything up to the journal's record has to be committed: the archive must not know more than it.
        """
        until = perf_counter() + MOMENT
        while True:
            if self._under_way is not None:
                _, writing = self._under_way
                if not waits and not writing.done():
                    return True
                self._finish()
            if not self._has_round():
                return False
            self._go_on(sequence)
            if perf_counter() > until:
                return True

    def _has_round(self) -> bool:
        """Whether a round goes on, or a new one can begin because too much is held."""
        if self._pause:
            self._pause -= 1
            return False
        if self._round is not None:
            return True
        much = held(self._venue)
        # what was left the last time would be left again
        if self._is_unusable or much <= max(self.kept, self._left + self.kept // 2):
            return False
        try:
            archive = self._archive or self._open()
        except (sqlite3.Error, OSError) as error:
            self._cannot_write(error)
            return False
        size = min(max(self.slice_size, much // 20), MOST)
        self._left = much
        self._round = slices(self._venue, archive.number, self.kept, size)
        return True

    def _go_on(self, sequence: int) -> None:
        assert self._round is not None
        assert self._archive is not None
        part = next(self._round, None)
        if part is None:
            self._round = None
        elif part.rows:
            part.rows["about"] = [("sequence", sequence)]
            self._under_way = part, self._archive.write(part.rows, part.gone_names)

    def _finish(self) -> None:
        """Let memory forget what has been written."""
        assert self._under_way is not None
        part, writing = self._under_way
        self._under_way = None
        error = writing.exception()
        if error is None:
            self._has_complained = False
            part.forget()
            self._left -= sum(len(part.rows[table]) for table in ("orders", "fills", "matches"))
        else:
            self._round, self._left = None, 0
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        assert self._archive is not None
        if not isinstance(error, sqlite3.Error):
            raise error
        # the classes below it are of disks that are full and the like
        if type(error) is not sqlite3.DatabaseError or self._path is None:
            self._cannot_write(error)
            return
        try:
            problem = self._archive.begin_anew(error)
            log.error(
                "%s %s", problem, _cannot_be_asked_for(sum(each.moved.orders for each in self._desks()))
            )
        except (sqlite3.Error, OSError) as problem:
            self._is_unusable = True
            self._cannot_write(problem)

    def _cannot_write(self, error: Exception) -> None:
        self._pause = PAUSE
        if not self._has_complained:
            self._has_complained = True
            where = self._path or "of this process"
            log.error(
                "The archive of closed orders %s cannot be written (%s): they stay in memory", where, error
            )

    def _open(self) -> Archive:
        self._archive = archive = Archive(self._path)
        self._venue.remember_with(ArchivedPast(self._venue, archive))
        return archive

    def _desks(self) -> list[Desk]:
        return [
            desk
            for account in self._venue.accounts.values()
            for desk in account.desks.values()
            if account.id != HOUSE
        ]

    def close(self) -> None:
        """Wait for what is being written, and let go of the archive."""
        if self._archive is not None:
            self._archive.close()


def _cannot_be_asked_for(orders: int) -> str:
    return f"{orders:,} closed orders cannot be asked for; balances, open orders and newer ones are complete."
