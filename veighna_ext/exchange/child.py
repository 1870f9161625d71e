"""
The mock exchange as a child process: started until it is ready, listened to, stopped.

Its output is read by threads of its own, so that it works on every event loop and every system alike.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

LAST_LINES = 30
"""Lines of the log an exception carries."""
READY_WITHIN_S = 60.0
"""A folder with a long journal takes its time."""
STOP_WITHIN_S = 5.0
_BAD_OPTIONS = 2
_PORT_TAKEN = 3


class Ready(msgspec.Struct):
    """The exchange's ready line."""

    event: str
    rest: str
    ws: str
    control_token: str
    seed: int
    pid: int


_decode_ready = msgspec.json.Decoder(Ready).decode


@dataclass(frozen=True)
class ExchangeOptions:
    """The exchange's command line; what is None or empty is left to the exchange."""

    host: str | None = None
    port: int = 0
    market: str | None = None
    symbols: Sequence[str] = ()
    seed: int | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Secrets by API key."""
    balances: Mapping[str, str] = field(default_factory=dict)
    data_dir: Path | None = None
    durability: str | None = None
    rate_limit: bool = True
    legacy_listen_key: bool = False
    latency_ms: tuple[float, float] | None = None
    control_token: str | None = None
    config: Path | None = None
    more: Sequence[str] = ()
    """Further arguments as they are."""

    def arguments(self) -> list[str]:
        """As the exchange reads them."""
        given: list[tuple[str, object]] = [
            ("--host", self.host),
            ("--port", self.port),
            ("--market", self.market),
            ("--symbols", ",".join(self.symbols) or None),
            ("--seed", self.seed),
            *(("--account", f"{key}:{secret}") for key, secret in self.accounts.items()),
            *(("--balance", f"{asset}={amount}") for asset, amount in self.balances.items()),
            ("--data-dir", self.data_dir),
            ("--durability", self.durability),
            ("--latency-ms", None if self.latency_ms is None else "{:g}:{:g}".format(*self.latency_ms)),
            ("--control-token", self.control_token),
            ("--config", self.config),
        ]
        # with an equals sign, as a token may begin with a hyphen
        words = [f"{name}={value}" for name, value in given if value is not None]
        words += ["--no-rate-limit"] * (not self.rate_limit)
        words += ["--legacy-listen-key"] * self.legacy_listen_key
        return [*words, *self.more]


class ExchangeCrashed(Exception):
    """The exchange ended though nobody told it to; the last lines of its log come along."""

    def __init__(self, message: str, code: int, lines: Sequence[str]) -> None:
        super().__init__("\n".join([message, *lines]))
        self.message = message
        self.code = code
        self.lines = tuple(lines)


class NotStarted(ExchangeCrashed):
    """The exchange never became ready."""


class BadOptions(NotStarted):
    """An option that the exchange does not take; the message is its own sentence."""


class PortTaken(NotStarted):
    """Somebody else listens on the port; the message is the exchange's own sentence."""


class ExchangeProcess:
    """A running exchange that belongs to this process."""

    def __init__(self, process: subprocess.Popen[str], on_log: Callable[[str], None] | None) -> None:
        self.lines: deque[str] = deque(maxlen=LAST_LINES)
        """The last lines of its log."""
        self._process = process
        self._on_log = on_log
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[Ready] = self._loop.create_future()
        self._ended: asyncio.Future[int] = self._loop.create_future()
        self._is_stopping = False
        self._threads = [
            threading.Thread(target=work, name=f"exchange {process.pid}", daemon=True)
            for work in (self._read_log, self._read_output)
        ]

    @classmethod
    async def start(
        cls,
        options: ExchangeOptions | None = None,
        *,
        on_log: Callable[[str], None] | None = None,
        python: str = sys.executable,
        within_s: float = READY_WITHIN_S,
    ) -> ExchangeProcess:
        """
        An exchange that takes requests; NotStarted where it cannot.

        ``on_log`` gets each line of its log, on this loop.
        """
        words = [python, "-m", "veighna_ext.exchange", *(options or ExchangeOptions()).arguments()]
        process = await asyncio.to_thread(_spawn, words)
        exchange = cls(process, on_log)
        for thread in exchange._threads:
            thread.start()
        try:
            await exchange._wait_until_ready(within_s)
        except BaseException:
            await asyncio.shield(exchange.kill())
            raise
        return exchange

    @property
    def ready(self) -> Ready:
        """Where it listens and the token of its control API."""
        return self._ready.result()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._ended.done()

    async def wait(self) -> None:
        """Wait until it has ended; ExchangeCrashed where nobody told it to."""
        code = await asyncio.shield(self._ended)
        if not self._is_stopping and code:
            raise ExchangeCrashed(f"The exchange ended unexpectedly ({_ending(code)}).", code, self.lines)

    async def stop(self, within_s: float = STOP_WITHIN_S) -> int:
        """Tell it to end and wait for that, but not for ever; its exit code."""
        self._is_stopping = True
        if self.is_running:
            await self._ask_to_end()
        try:
            return await asyncio.wait_for(asyncio.shield(self._ended), within_s)
        except (asyncio.TimeoutError, TimeoutError):
            return await self.kill()

    async def kill(self) -> int:
        """End it at once, as a power cut would; its exit code."""
        self._is_stopping = True
        self._process.kill()
        return await asyncio.shield(self._ended)

    async def _ask_to_end(self) -> None:
        if sys.platform == "win32":
            # there is no signal that a process without a window could take
            from veighna_ext.exchange.client import ControlError, ExchangeClient

            async with ExchangeClient(self.ready.rest, self.ready.control_token) as client:
                with suppress(ControlError):
                    await client.shut_down()
        else:
            self._process.terminate()

    async def _wait_until_ready(self, within_s: float) -> None:
        either: set[asyncio.Future[Any]] = {self._ready, self._ended}
        await asyncio.wait(either, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        if self._ready.done():
            return
        if not self._ended.done():
            raise NotStarted(f"The exchange was not ready within {within_s:g} s.", -1, self.lines)
        code = self._ended.result()
        lines = list(self.lines)
        if code in (_BAD_OPTIONS, _PORT_TAKEN) and lines:
            kind = PortTaken if code == _PORT_TAKEN else BadOptions
            raise kind(lines[-1].partition(": ")[2] or lines[-1], code, ())
        raise NotStarted(f"The exchange did not start ({_ending(code)}).", code, lines)

    def _read_log(self) -> None:
        for line in _lines(self._process.stderr):
            self._tell(self._log, line)

    def _read_output(self) -> None:
        for line in _lines(self._process.stdout):
            try:
                ready = _decode_ready(line)
            except msgspec.DecodeError:
                self._tell(self._log, line)
            else:
                self._tell(self._set_ready, ready)
        code = self._process.wait()
        # what it said last comes first
        self._threads[0].join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._tell(self._set_ended, code)

    def _tell(self, function: Callable[..., None], value: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, value)
        except RuntimeError:
            # the loop is closed: nobody is left to be told
            return

    def _log(self, line: str) -> None:
        self.lines.append(line)
        if self._on_log is not None:
            self._on_log(line)

    def _set_ready(self, ready: Ready) -> None:
        if not self._ready.done():
            self._ready.set_result(ready)

    def _set_ended(self, code: int) -> None:
        for thread in self._threads:
            thread.join()
        if not self._ended.done():
            self._ended.set_result(code)


def _spawn(words: list[str]) -> subprocess.Popen[str]:
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
        # Ctrl+C in a terminal is the desktop's, which stops its exchange in turn
        start_new_session=sys.platform != "win32",
        creationflags=flags,
    )


def _lines(stream: IO[str] | None) -> Iterator[str]:
    for line in stream or ():
        yield line.rstrip("\r\n")


def _ending(code: int) -> str:
    if code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            pass
    return f"exit code {code}"
