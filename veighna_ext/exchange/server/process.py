"""The exchange as a process: started with one ready line, ended by a signal, its clients told."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import json
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from veighna_ext.exchange.exchange import NotReplayable
from veighna_ext.exchange.journal import JournalError
from veighna_ext.exchange.server.assembly import Outside
from veighna_ext.exchange.server.http_server import HttpServer
from veighna_ext.exchange.server.live import wall_clock
from veighna_ext.exchange.server.opening import Opened, open_exchange
from veighna_ext.exchange.server.options import BadOption, Options, options_or_exit

log = logging.getLogger("veighna_ext.exchange")

BAD_OPTION = 2
PORT_TAKEN = 3
CLOSING_S = 1.0
BACKLOG = 4096


def main(arguments: list[str] | None = None) -> int:
    """Run the exchange until it is told to end; the exit code."""
    options = options_or_exit(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        opened = open_exchange(options, wall_clock())
    except (BadOption, JournalError, NotReplayable) as error:
        print(f"veighna_ext.exchange: {error}", file=sys.stderr)
        return BAD_OPTION
    _allow_many_connections()
    try:
        return _run(_serve(options, opened))
    finally:
        opened.exchange.close()


def _run(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def _allow_many_connections() -> None:
    """Raise this process's own limit of open files as far as the system lets it."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(options: Options, opened: Opened) -> int:
    ending: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(*_: object) -> None:
        if not ending.done():
            ending.set_result(None)

    _heed_signals(end)
    token = options.control_token or secrets.token_urlsafe(24)
    outside = Outside(options, opened, token, end)
    runner = web.ServerRunner(HttpServer(outside.front.answer), shutdown_timeout=CLOSING_S / 2)
    await runner.setup()
    site = web.TCPSite(runner, options.host, options.port, backlog=BACKLOG)
    try:
        await site.start()
    except OSError as error:
        print(f"veighna_ext.exchange: {_why_not(options, error)}", file=sys.stderr)
        return PORT_TAKEN if error.errno == errno.EADDRINUSE else BAD_OPTION
    outside.begin()
    work = [asyncio.ensure_future(each) for each in outside.work()]
    for warning in opened.warnings:
        log.warning(warning)
    gc.collect()
    gc.freeze()
    print(_ready_line(runner, options, token, opened.seed), flush=True)
    done, _ = await asyncio.wait([*work, ending], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in done if task is not ending]
    for task in failed:
        log.error("the exchange cannot go on", exc_info=task.exception())
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    await site.stop()
    outside.say_goodbye()
    await outside.sockets.all_gone(CLOSING_S)
    await runner.cleanup()
    return 1 if failed else 0


def _heed_signals(end: Callable[..., None]) -> None:
    """Have the process end in order when somebody wants it to."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))


def _why_not(options: Options, error: OSError) -> str:
    where = f"{options.host}:{options.port}"
    if error.errno == errno.EADDRINUSE:
        return f"port {options.port} of {options.host} is taken; choose another with --port, or 0 for any"
    return f"cannot listen on {where}: {error.strerror or error}; choose another with --host and --port"


def _ready_line(runner: web.ServerRunner, options: Options, token: str, seed: int) -> str:
    address = runner.addresses[0]
    host = f"[{options.host}]" if ":" in options.host else options.host
    where = f"{host}:{address[1]}"
    return json.dumps(
        {
            "event": "ready",
            "rest": f"http://{where}",
            "ws": f"ws://{where}",
            "control_token": token,
            "seed": seed,
            "pid": os.getpid(),
        }
    )
