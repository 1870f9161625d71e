"""Control of replays: a tape takes the market's place, is paused, sped up, wound and ended."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from msgspec import UNSET

from veighna_ext.exchange.commands import MarketMoves
from veighna_ext.exchange.market.replay import (
    BadSpeed,
    NotATape,
    ReplayMarket,
    Tape,
    TapePlayer,
    open_tape,
)
from veighna_ext.exchange.markets import MarketSource, ReplayedMarket, without_ladder
from veighna_ext.exchange.server.control import answers, requests
from veighna_ext.exchange.server.control.problems import conflict, wrong
from veighna_ext.exchange.server.control.reading import allowed_in
from veighna_ext.exchange.server.control.routes import Route

if TYPE_CHECKING:
    from veighna_ext.exchange.server.live import LiveExchange

_LAST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999."""


class Winding:
    """Nothing moves and the clock stands, while a tape is wound on another thread."""

    def __init__(self, replayed: ReplayedMarket, told: answers.Replay, time: int) -> None:
        self.replayed = replayed
        self.told = told
        """What is known of the replay, which may not be asked now."""
        self._time = time

    def move(self, now: int) -> None:
        """Nothing is due."""

    def time(self, now: int) -> int:
        """When the winding began."""
        return self._time


def replayed_symbol(source: MarketSource) -> str | None:
    """The symbol a tape is played on, if one is."""
    if isinstance(source, Winding):
        source = source.replayed
    return source.replay.symbol if isinstance(source, ReplayedMarket) else None


class ReplayControl:
    """Carries out the control calls about replays."""

    def __init__(self, live: LiveExchange) -> None:
        self._live = live
        self._before: MarketSource | None = None
        """What moved the markets before the replay."""
        self._changing = asyncio.Lock()

    def routes(self) -> tuple[Route, ...]:
        """The calls about replays."""
        return (
            Route(
                "GET",
                "/replay",
                "Look at the replay and how far it is.",
                answers.Replay,
                self.show_replay,
                refusals=(409,),
            ),
            Route(
                "POST",
                "/replay",
                "Play a tape in place of the market there is; the exchange's clock is the tape's.",
                answers.Replay,
                self.start_replay,
                requests.NewReplay,
                refusals=(409,),
            ),
            Route(
                "DELETE",
                "/replay",
                "End the replay and go back to the market that was there before.",
                answers.Done,
                self.end_replay,
                refusals=(409,),
            ),
            Route(
                "POST",
                "/replay/pause",
                "Let the tape stand still.",
                answers.Replay,
                self.pause_replay,
                refusals=(409,),
            ),
            Route(
                "POST",
                "/replay/resume",
                "Let the tape go on.",
                answers.Replay,
                self.resume_replay,
                refusals=(409,),
            ),
            Route(
                "POST",
                "/replay/seek",
                "Go on from another time of the tape.",
                answers.Replay,
                self.seek_replay,
                requests.Seek,
                refusals=(409,),
            ),
            Route(
                "POST",
                "/replay/speed",
                "Play faster or slower.",
                answers.Replay,
                self.set_replay_speed,
                requests.NewSpeed,
                refusals=(409,),
            ),
        )

    async def show_replay(self) -> answers.Replay:
        """How far it is."""
        told = self.told()
        if told is None:
            raise _no_replay()
        return told

    async def start_replay(self, asked: requests.NewReplay) -> answers.Replay:
        """The house leaves every book; from then on the tape alone moves its symbol."""
        live = self._live
        start = None if asked.start is UNSET else _moment("start", asked.start)
        async with self._changing:
            tape = await asyncio.to_thread(_open, asked)
            market = live.venue.markets.get(tape.symbol)
            if market is None:
                raise conflict(
                    f"symbol: the tape is of {tape.symbol}, which this exchange does not list; "
                    "start the exchange with --market replay:FILE, or name one that it lists",
                    "symbol",
                )
            player = await asyncio.to_thread(_threaded, tape, asked, start, live.real_now())
            self._leave_all_books()
            rules = market.symbol.filters
            replayed = ReplayedMarket(live.exchange, ReplayMarket(player, rules.tick, rules.step))
            previous, live.source = live.source, replayed
            if isinstance(previous, ReplayedMarket):
                previous.replay.player.close()
            else:
                self._before = previous
            await live.committed()
            return self._told(replayed)

    async def end_replay(self) -> answers.Done:
        """The market maker, if there was one, comes back with its next step."""
        live = self._live
        async with self._changing:
            replayed = self._replayed()
            if self._before is None:
                raise conflict(
                    "This exchange was started to play a tape: there is no other market to go back to."
                )
            self._leave_all_books()
            live.source, self._before = self._before, None
            replayed.replay.player.close()
            await live.committed()
        return answers.Done()

    async def pause_replay(self) -> answers.Replay:
        """The clock stands, and so does the market; accounts may go on trading."""
        async with self._changing:
            replayed = self._replayed()
            replayed.replay.player.pause(self._live.real_now())
            return self._told(replayed)

    async def resume_replay(self) -> answers.Replay:
        """From where it stood."""
        async with self._changing:
            replayed = self._replayed()
            replayed.replay.player.resume(self._live.real_now())
            return self._told(replayed)

    async def seek_replay(self, asked: requests.Seek) -> answers.Replay:
        """Later or earlier; the ladder of the old time goes away."""
        live, time = self._live, _moment("time", asked.time)
        async with self._changing:
            replayed = self._replayed()
            live.source = Winding(replayed, self._told(replayed), live.now())
            try:
                leaving = await asyncio.to_thread(_wind, replayed.replay, live.real_now(), time)
            finally:
                live.source = replayed
            live.submit(leaving)
            await live.committed()
            return self._told(replayed)

    async def set_replay_speed(self, asked: requests.NewSpeed) -> answers.Replay:
        """From now on."""
        async with self._changing:
            replayed = self._replayed()
            try:
                replayed.replay.player.set_speed(self._live.real_now(), asked.speed)
            except BadSpeed:
                raise wrong("speed", allowed_in(requests.NewSpeed)["speed"]) from None
            return self._told(replayed)

    def told(self) -> answers.Replay | None:
        """The replay as its own calls and the status show it, if there is one."""
        source = self._live.source
        if isinstance(source, Winding):
            return source.told
        return self._told(source) if isinstance(source, ReplayedMarket) else None

    def _replayed(self) -> ReplayedMarket:
        source = self._live.source
        if not isinstance(source, ReplayedMarket):
            raise _no_replay()
        return source

    def _leave_all_books(self) -> None:
        """Take the ladders away that nobody will move any more."""
        live = self._live
        now = live.now()
        for market in live.venue.markets.values():
            if (leaving := without_ladder(market, now)) is not None:
                live.submit(leaving)

    def _told(self, replayed: ReplayedMarket) -> answers.Replay:
        player = replayed.replay.player
        tape = player.tape
        return answers.Replay(
            tape.names[0] if len(tape.names) == 1 else f"{tape.names[0]} … {tape.names[-1]}",
            tape.symbol,
            tape.kind,
            tape.first_time // 1000,
            player.time(self._live.real_now()) // 1000,
            player.speed,
            player.is_paused,
            player.has_ended,
            player.loop,
            player.laps,
            tape.report.lines,
            {kind.value: count for kind, count in tape.report.counts.items() if count},
        )


def _no_replay() -> Exception:
    return conflict("No replay is running; POST /mock/v1/replay with the file of a tape starts one.")


def _open(asked: requests.NewReplay) -> Tape:
    """The tape that is meant; refused where its files are not one."""
    symbol = None if asked.symbol is UNSET else asked.symbol.upper()
    try:
        return open_tape(asked.file, symbol=symbol)
    except (NotATape, OSError, ValueError) as error:
        raise wrong("file", str(error)) from None


def _threaded(tape: Tape, asked: requests.NewReplay, start: int | None, now: int) -> TapePlayer:
    """A player with the tape's first part already read."""
    try:
        player = TapePlayer(tape, now, speed=asked.speed, start=start, loop=asked.loop)
    except BadSpeed:
        raise wrong("speed", allowed_in(requests.NewReplay)["speed"]) from None
    player.time(now)
    return player


def _wind(replay: ReplayMarket, now: int, time: int) -> MarketMoves:
    """Go on from another time; what has to leave the book for it."""
    leaving = replay.seek(now, time)
    replay.player.time(now)
    return leaving


def _moment(field: str, asked: int | str) -> int:
    """A time in microseconds."""
    if isinstance(asked, int):
        if not 0 <= asked <= _LAST_MS:
            raise wrong(field, f"milliseconds since 1970, from 0 to {_LAST_MS}")
        return asked * 1000
    try:
        # Python before 3.11 does not read the Z
        read = datetime.fromisoformat(asked.strip().replace("Z", "+00:00"))
    except ValueError:
        raise wrong(field, allowed_in(requests.Seek)["time"]) from None
    if read.tzinfo is None:
        read = read.replace(tzinfo=timezone.utc)
    moment = (read - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)
    if moment < 0:
        raise wrong(field, "a time since 1970")
    return moment
