"""A venue's memory of what is over stays small: the older part goes to an archive, which answers for it."""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from time import perf_counter

from veighna_ext.exchange.archive.archive import Archive
from veighna_ext.exchange.archive.moving import PIECE, Piece, held, pieces
from veighna_ext.exchange.archive.reading import ArchivedPast
from veighna_ext.exchange.archive.tables import Rows
from veighna_ext.exchange.engine.accounts import HOUSE, Desk
from veighna_ext.exchange.engine.venue import Venue

log = logging.getLogger(__name__)

ARCHIVE_NAME = "archive.db"
KEPT = 5_000
"""Closed orders, fills and prevented matches that stay in memory, over all accounts and symbols."""
BATCH, MOST = 1000, 5000
"""Of them written together: more where many have gathered."""
MOMENT, LONGEST_MOMENT = 0.0015, 0.0045
"""Seconds after which a step goes no further: more where orders close faster than they are moved."""
PAUSE = 200
"""Steps without another try after the archive could not be written."""


class ClosedOrders:
    """
    Moves what is old out of a venue's memory, one step at a time.

    Without a folder the archive is a nameless file, made when it is needed first.
    """

    def __init__(self, venue: Venue, folder: Path | None = None) -> None:
        self.kept = KEPT
        self.batch_size = BATCH
        self.piece_size = PIECE
        self._venue = venue
        self._path = folder / ARCHIVE_NAME if folder is not None else None
        self._archive: Archive | None = None
        self._round: Iterator[Piece] | None = None
        self._left = 0
        """What a round does not move, of all that was held when it began."""
        self._batch_size = BATCH
        self._moment = MOMENT
        self._gathered: list[Piece] = []
        self._is_gathered = False
        """Whether that is enough to be written."""
        self._writing: tuple[list[Piece], Future[None]] | None = None
        self._written: deque[Piece] = deque()
        """What memory is to forget now."""
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
            archive.drop_unknown(self._venue, sequence)
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

        All up to the journal's record has to be committed: the archive must not know more than it. Without a
        journal it is a number that rises with each step.
        """
        until = perf_counter() + self._moment
        while True:
            self._see_what_is_written()
            if self._written:
                self._written.popleft().forget()
            elif self._is_gathered and self._writing is None:
                self._write(sequence)
            elif not self._is_gathered and self._has_round():
                self._gather(sequence)
            elif self._writing is None:
                return False
            elif waits:
                wait([self._writing[1]])
            else:
                return True
            if perf_counter() > until:
                return True

    def _has_round(self) -> bool:
        """Whether a round goes on, or a new one can begin because too much is held."""
        if self._round is not None:
            return True
        if self._pause:
            self._pause -= 1
            return False
        if self._is_unusable or self._writing is not None:
            return False
        much = held(self._venue)
        # what was left the last time would be left again
        if much <= max(self.kept, self._left + self.kept // 2):
            return False
        try:
            archive = self._archive or self._open()
        except (sqlite3.Error, OSError) as error:
            self._cannot_write(error)
            return False
        self._left = much
        self._batch_size = min(max(self.batch_size, much // 10), MOST)
        self._moment = min(MOMENT * max(much / (2 * self.kept), 1), LONGEST_MOMENT)
        self._round = pieces(self._venue, archive.number, self.kept, self.piece_size)
        return True

    def _gather(self, sequence: int) -> None:
        """One more piece of the round."""
        assert self._round is not None
        piece = next(self._round, None)
        if piece is None:
            self._round = None
        elif piece.size:
            # whom a name leads to after this record: whoever takes it later is moved after a later one
            piece.rows["names"] = [(desk, name, sequence, order_id) for desk, name, order_id in piece.names]
            self._gathered.append(piece)
            self._left -= piece.size
        self._is_gathered = bool(self._gathered) and (
            self._round is None or sum(each.size for each in self._gathered) >= self._batch_size
        )

    def _write(self, sequence: int) -> None:
        assert self._archive is not None
        rows: Rows = defaultdict(list)
        for piece in self._gathered:
            for table, lines in piece.rows.items():
                rows[table] += lines
        rows["about"] = [("sequence", sequence)]
        self._writing = self._gathered, self._archive.write(rows)
        self._gathered, self._is_gathered = [], False

    def _see_what_is_written(self) -> None:
        if self._writing is None or not self._writing[1].done():
            return
        written, writing = self._writing
        self._writing = None
        error = writing.exception()
        if error is None:
            self._has_complained = False
            self._written.extend(written)
        else:
            # what has been gathered since counts on it
            self._round, self._left = None, 0
            self._gathered, self._is_gathered = [], False
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        assert self._archive is not None
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

    def _cannot_write(self, error: BaseException) -> None:
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
