"""The exchange: a venue whose commands are on disk before anybody is told they were accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.archive import ClosedOrders
from veighna_ext.exchange.collecting import count_as_old, no_garbage_collection
from veighna_ext.exchange.engine.state import Record, dump, load
from veighna_ext.exchange.engine.venue import Venue
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.journal import Durability, Journal, JournalError, Report, read_identity
from veighna_ext.exchange.statistics import DepthUpdates, PublicRecord
from veighna_ext.exchange.statistics.history import History
from veighna_ext.exchange.statistics.record import RecordState
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol

SNAPSHOT_EVERY = 500_000
"""Records after which a snapshot is written: bounds what a restart has to replay."""
TRADES_BEFORE = 1_000_000_000
"""The first trade id of a market that has a history: room for all the trades of that history."""
HistoryFor = Callable[[Symbol], "History | None"]


class PublicState(msgspec.Struct, array_like=True, tag=20):
    """A symbol's public record and the number of its last depth update."""

    symbol: str
    record: RecordState
    update_id: int


_encode = msgspec.msgpack.Encoder().encode
_decode_command = msgspec.msgpack.Decoder(c.AnyCommand).decode
_decode_state = msgspec.msgpack.Decoder(Record | PublicState | c.ListSymbol | c.SetLimits).decode


class BrokenVenue(RuntimeError):
    """A command failed half-way: nothing more is accepted until a restart, which forgets that command."""


class NotReplayable(RuntimeError):
    """A journal record that this version of the venue does not accept."""


@dataclass(frozen=True)
class Setup:
    """What makes one exchange different from another; a data folder keeps it."""

    symbols: tuple[Symbol, ...]
    seed: int
    market: str = "manual"
    limits: ExchangeFilters = field(default_factory=ExchangeFilters)


class Exchange:
    """
    A venue with its journal, or in memory only.

    Whoever submits answers its client after ``commit``: many commands may share one write.
    """

    def __init__(self, setup: Setup, history_for: HistoryFor | None = None) -> None:
        self.setup = setup
        self.records: dict[str, PublicRecord] = {}
        self.depths: dict[str, DepthUpdates] = {}
        self.report: Report | None = None
        self.warnings: list[str] = []
        """What the archive of closed orders lacks, in sentences for the log."""
        self._history_for = history_for
        self._journal: Journal | None = None
        self._broken: BrokenVenue | None = None
        self._since_snapshot = 0
        self.snapshot_every = SNAPSHOT_EVERY
        self.venue = Venue((), self._make_public)
        self.closed_orders = ClosedOrders(self.venue)
        self._tidied = 0

    @classmethod
    def in_memory(cls, setup: Setup, now: int, history_for: HistoryFor | None = None) -> Exchange:
        """An exchange that forgets everything when it ends."""
        exchange = cls(setup, history_for)
        exchange._apply_setup(now)
        return exchange

    @classmethod
    def open(
        cls,
        folder: Path,
        setup: Setup,
        now: int,
        durability: Durability = "write",
        history_for: HistoryFor | None = None,
    ) -> Exchange:
        """An exchange in a folder: a new one, or the one that was there, exactly as it was."""
        exchange = cls(setup, history_for)
        journal, recovered = Journal.open(folder, {"market": setup.market, "seed": setup.seed}, durability)
        try:
            with no_garbage_collection():
                load(exchange.venue, exchange._public_records(recovered.snapshot_chunks()))
                exchange._replay(recovered.records())
                count_as_old()
            exchange.closed_orders = ClosedOrders(exchange.venue, folder)
            exchange.warnings = exchange.closed_orders.recover(journal.last_sequence)
        except BaseException:
            journal.close()
            raise
        exchange.report = recovered.report
        exchange._journal = journal
        exchange._since_snapshot = recovered.last_sequence - recovered.first_sequence + 1
        exchange._apply_setup(now)
        exchange.commit()
        return exchange

    def submit(self, command: c.Command) -> Any:
        """Carry a command out; it may be acknowledged after the next commit. A refusal changes nothing."""
        if self._broken is not None:
            raise self._broken.with_traceback(None)
        if self._journal is None:
            return self._carry_out(command)
        try:
            payload = _encode(command)
        except OverflowError as error:
            raise Refused(-1108, "Value too large for a parameter.") from error
        answer = self._carry_out(command)
        self._journal.append(payload)
        self._since_snapshot += 1
        return answer

    def _carry_out(self, command: c.Command) -> Any:
        try:
            return self.venue.submit(command)
        except Refused:
            raise
        except Exception as error:
            self._broken = BrokenVenue(f"{type(command).__name__} failed half-way: {error!r}")
            raise self._broken from error

    def commit(self) -> None:
        """Write what was accepted since the last commit; a snapshot too, once a restart would take long."""
        if self._journal is not None:
            self._journal.commit()
            if self._since_snapshot >= self.snapshot_every:
                self.snapshot()

    def tidy(self, *, waits: bool = False) -> bool:
        """
        Move a little of what is closed out of memory, once there is much; whether there is more to do.

        To be called now and then, between two commands: it takes a millisecond or two and never waits for the
        disk unless told to.
        """
        if self._broken is not None:
            return False
        if self._journal is None:
            self._tidied += 1
            return self.closed_orders.step(self._tidied, waits=waits)
        try:
            sequence = self._journal.commit()
        except JournalError:
            # whoever commits is told; the archive must not know more than the journal
            return False
        return self.closed_orders.step(sequence, waits=waits)

    def snapshot(self) -> None:
        """Write the whole state, so that a restart need not replay what came before."""
        if self._journal is not None:
            self._journal.snapshot(self.state())
            self._since_snapshot = 0

    def state(self) -> Iterator[bytes]:
        """
        The whole state, but for what was moved out of memory.

        Equal for two exchanges that accepted the same commands and moved the same.
        """
        yield _encode(c.SetLimits(0, self.venue.limits))
        for name, market in self.venue.markets.items():
            yield _encode(c.ListSymbol(0, market.symbol))
            yield _encode(PublicState(name, self.records[name].state(), self.depths[name].update_id))
        for record in dump(self.venue):
            yield _encode(record)

    def close(self) -> None:
        """Commit and let go of the folder."""
        self.closed_orders.close()
        if self._journal is not None:
            self._journal.close()

    def _make_public(self, symbol: Symbol, now: int) -> tuple[PublicRecord, DepthUpdates]:
        history = self._history_for(symbol) if self._history_for is not None else None
        record = self.records[symbol.name] = PublicRecord(now, history)
        depth = self.depths[symbol.name] = DepthUpdates()
        return record, depth

    def _apply_setup(self, now: int) -> None:
        """Open the markets this set-up has and the folder had not, and bring changed rules into force."""
        if self.venue.limits != self.setup.limits:
            self.submit(c.SetLimits(now, self.setup.limits))
        for symbol in self.setup.symbols:
            market = self.venue.markets.get(symbol.name)
            if market is None or market.symbol != symbol:
                has_history = self._history_for is not None
                self.submit(c.ListSymbol(now, symbol, TRADES_BEFORE if has_history else 0))

    def _public_records(self, chunks: Iterable[bytes]) -> Iterator[Record]:
        """Take out what belongs to the public records and pass on what belongs to the venue."""
        for chunk in chunks:
            record = _decode_state(chunk)
            if isinstance(record, c.ListSymbol | c.SetLimits):
                self.venue.submit(record)
            elif isinstance(record, PublicState):
                self.records[record.symbol].restore(record.record)
                self.depths[record.symbol].restore(record.update_id)
            else:
                yield record

    def _replay(self, payloads: Iterable[bytes | memoryview]) -> None:
        self.venue.trusts_commands = True
        submit, decode = self.venue.submit, _decode_command
        for payload in payloads:
            command = decode(payload)
            try:
                submit(command)
            except Exception as error:
                raise NotReplayable(
                    f"the journal holds {type(command).__name__} at {command.time}, which this version does "
                    f"not accept ({error}); start the version that wrote it, or begin a new data folder"
                ) from error
        self.venue.trusts_commands = False


def known_seed(folder: Path) -> int | None:
    """The seed of the exchange in a folder, if there is one."""
    identity = read_identity(folder)
    seed = identity.get("seed") if identity else None
    return seed if isinstance(seed, int) else None
