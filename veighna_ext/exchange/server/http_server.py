"""aiohttp's low-level server with the venue's manners: its errors are JSON, and nobody keeps it waiting."""

from __future__ import annotations

import logging
from typing import Any, Final

from aiohttp import web

from veighna_ext.exchange.server.answers import refused
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.sockets import TurnTaker

log = logging.getLogger(__name__)

HEAD_WITHIN_S: Final = 75.0
"""How long a connection may take to ask something; also how long it may stay quiet between two requests."""


class _Handler(TurnTaker):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what cannot be read as HTTP and end the connection; the request itself is not logged."""
        if request.writer.output_size > 0 or isinstance(exc, ConnectionError):
            raise ConnectionError("the answer has already begun, or nobody waits for it any more")
        if status >= 500:
            log.error("a request failed", exc_info=exc)
            refusal = Refusal(-1000, "An unknown error occurred while processing the request.", status=status)
        else:
            refusal = Refusal(-1100, "Illegal characters found in a parameter.", status=status)
        return refused(refusal, ends=True)

    def log_exception(self, *arguments: Any, **more: Any) -> None:
        """Log what went wrong with a connection, unless its client was told that it did it."""
        if not isinstance(more.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*arguments, **more)


class HttpServer(web.Server):
    """Makes a handler for each connection."""

    def __init__(self, answer: Any, *, head_within_s: float = HEAD_WITHIN_S) -> None:
        # no client compresses its requests, and unpacking them is work that a few bytes can ask for
        super().__init__(answer, access_log=None, keepalive_timeout=head_within_s, auto_decompress=False)

    def __call__(self) -> TurnTaker:
        """A new connection's handler."""
        return _Handler(self, loop=self._loop, **self._kwargs)
