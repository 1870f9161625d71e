"""The exchange in operation: its clock, its market moving, its commits, and who is told after each."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.engine.reports import Report
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.faults import FaultPlan
from veighna_ext.exchange.markets import MarketSource

if TYPE_CHECKING:
    from veighna_ext.exchange.server.sockets import Socket

log = logging.getLogger(__name__)

AWAKE_NS = 200_000 if (os.cpu_count() or 1) > 1 else 0
"""
How long the process looks for another message after the last one.

A client that trades fast sends its next request as soon as it has the answer. Waking up for it, on a core
that has gone to sleep in the meantime, costs more than all the work on the request.
"""
MARKET_MOVES_EVERY_S = 0.025
"""Twice as often as the fastest market makes a step."""
TIDY_AFTER = 400
"""Commands after which old orders are moved out of memory, however soon: as fast as new ones come."""


def wall_clock() -> int:
    """Microseconds since the epoch."""
    return time.time_ns() // 1000


class NotCommitted(Exception):
    """The journal could not be written: whether what was accepted survives is not known."""


class LiveExchange:
    """
    One exchange, its market and its clock, on one event loop.

    Nobody is answered before what they caused is on disk: all commands of one turn share a commit. After it
    the answers go out, then the reports, then whatever follows the market looks at what changed.
    """

    def __init__(
        self, exchange: Exchange, source: MarketSource, faults: FaultPlan, *, shares_commits: bool = False
    ) -> None:
        self.exchange = exchange
        self.venue = exchange.venue
        self.source = source
        self.faults = faults
        self.commands = 0
        """How many commands were accepted since the start."""
        self.tell_reports: Callable[[list[Report]], None] = _ignore
        """Gets the reports of accounts that listen, after each commit."""
        self.count_first_fill: Callable[[int, bool], None] = _ignore
        """Gets the account of each order that traded for the first time, and whether as a maker."""
        self.after_changes: list[Callable[[], None]] = []
        """Called after every commit: books and tapes may have changed."""
        self._shares_commits = shares_commits
        """Whether REST requests share commits too: worth it where each commit waits for the disk."""
        self._loop = asyncio.get_running_loop()
        self.latest = 0
        """When the clock on the wall was looked at last."""
        self._tidied_at = 0
        self._is_due = False
        self._is_awake = False
        self._is_in_turn = False
        self._can_commit = True
        self._senders: list[Socket] = []
        self._committed: asyncio.Future[None] | None = None
        self._first_fills: list[tuple[int, bool]] = []
        self.venue.news.first_fill = lambda account, is_maker: self._first_fills.append((account, is_maker))

    def now(self) -> int:
        """The exchange's time; except where a tape is sent back it never goes back."""
        return self.source.time(self.real_now())

    def real_now(self) -> int:
        """The clock on the wall, in microseconds, without its steps back."""
        now = time.time_ns() // 1000
        if now > self.latest:
            self.latest = now
        return self.latest

    def submit(self, command: c.Command) -> Any:
        """Carry a command out; it is committed, and reported, at the end of this turn of the loop."""
        answer = self.exchange.submit(command)
        self.commands += 1
        self._will_flush()
        return answer

    def will_send(self, socket: Socket) -> None:
        """A connection has answers for after the commit."""
        self._senders.append(socket)
        self._will_flush()

    def _will_flush(self) -> None:
        if not self._is_due:
            self._is_due = True
            if not self._is_in_turn:
                self._loop.call_soon(self._flush_if_due)

    def begin_turn(self) -> None:
        """Messages are about to be handed over: they share a commit."""
        self._is_in_turn = True

    def end_turn(self) -> None:
        """Commit what is to be committed."""
        self._is_in_turn = False
        self._flush_if_due()
        self._awake_until = time.monotonic_ns() + AWAKE_NS
        if not self._is_awake:
            self._is_awake = True
            self._loop.call_soon(self._stay_awake)

    def _flush_if_due(self) -> None:
        if self._is_due:
            self.flush()

    def _stay_awake(self) -> None:
        """Look for the next message without going to sleep."""
        if time.monotonic_ns() < self._awake_until:
            self._loop.call_soon(self._stay_awake)
        else:
            self._is_awake = False

    async def committed(self) -> None:
        """Everything submitted so far is on disk when this returns; NotCommitted where it cannot be."""
        if not self._is_due:
            return
        if not self._shares_commits:
            if not self.flush():
                raise NotCommitted
            return
        if self._committed is None:
            self._committed = self._loop.create_future()
        await asyncio.shield(self._committed)

    def flush(self) -> bool:
        """Commit, then tell everybody; whether it could be committed."""
        self._is_due = False
        senders, self._senders = self._senders, []
        waiting, self._committed = self._committed, None
        try:
            self.exchange.commit()
        except Exception:
            # what was accepted may not be on disk: nobody may be told that it was
            if self._can_commit:
                log.exception("the journal cannot be written: until it can, requests get no answer")
            self._can_commit = False
            for socket in senders:
                socket.drop()
            if waiting is not None:
                waiting.set_exception(NotCommitted())
                waiting.exception()
            return False
        self._can_commit = True
        for socket in senders:
            socket.send_queued()
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        if self._first_fills:
            for account, is_maker in self._first_fills:
                self.count_first_fill(account, is_maker)
            self._first_fills.clear()
        if self.venue.news.reports:
            self.tell_reports(self.venue.news.take())
        for look in self.after_changes:
            look()
        if self.commands >= self._tidied_at + TIDY_AFTER:
            self._tidy()
        return True

    def _tidy(self) -> None:
        self._tidied_at = self.commands
        self.exchange.tidy()

    async def move_markets(self) -> None:
        """Let the market go on; never returns."""
        due = self._loop.time()
        while True:
            self.source.move(self.real_now())
            self.flush()
            self._tidy()
            # what a move takes is no part of the time between two of them
            due = max(due + MARKET_MOVES_EVERY_S, self._loop.time())
            await asyncio.sleep(due - self._loop.time())


def _ignore(*_: object) -> None:
    """Nobody listens."""
