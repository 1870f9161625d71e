"""Answers of REST: written to the connection in one piece, without what aiohttp builds for other servers."""

from __future__ import annotations

import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from aiohttp import web

from veighna_ext.exchange.server.refusals import Refusal, error_json

_JSON: Final = "application/json;charset=UTF-8"
_HEADS: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {_JSON}\r\n"
    for status in HTTPStatus
}


class Answer(web.StreamResponse):
    """A JSON body with its headers."""

    # nothing of the base class's own state is needed: it would build headers nobody reads
    def __init__(self, body: bytes, status: int = 200, headers: str = "", *, ends: bool = False) -> None:
        self._json = body
        self._head = f"{_HEADS[status]}{headers}Content-Length: {len(body)}\r\nDate: {_date()}\r\n"
        self._ends = ends

    @property
    def keep_alive(self) -> bool:
        """Whether the connection stays for another request."""
        return not self._ends

    async def prepare(self, request: web.BaseRequest) -> None:
        """Send everything."""
        transport = request.transport
        if transport is None or transport.is_closing():
            return
        if not request.keep_alive:
            self._ends = True
        if self._ends:
            self._head += "Connection: close\r\n"
        elif request.version < (1, 1):
            self._head += "Connection: keep-alive\r\n"
        body = b"" if request.method == "HEAD" else self._json
        transport.write(b"%b\r\n%b" % (self._head.encode("latin-1"), body))
        if transport.get_write_buffer_size():
            # whoever asks on and on without reading gets its answers as fast as it reads them
            await request.writer.drain()

    async def write_eof(self, data: bytes = b"") -> None:
        """Everything has been sent."""


class Gone(Answer):
    """What Binance's web server itself answers where an endpoint was taken away: a page, and no JSON."""

    def __init__(self) -> None:
        super().__init__(_GONE_PAGE, HTTPStatus.GONE)
        self._head = self._head.replace("application/json;charset=UTF-8", "text/html")


_GONE_PAGE: Final = (
    b"<html>\r\n<head><title>410 Gone</title></head>\r\n<body>\r\n<center><h1>410 Gone</h1></center>\r\n"
    b"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
"""To the byte: it was read in traders' logs of February 2026."""


def refused(refusal: Refusal, headers: str = "", *, ends: bool = False) -> Answer:
    """A refusal as an answer."""
    if refusal.retry_after is not None:
        headers += f"Retry-After: {refusal.retry_after}\r\n"
    return Answer(error_json(refusal), refusal.status, headers, ends=ends)


_dates: dict[int, str] = {}


def _date() -> str:
    """The present second, as HTTP writes it."""
    second = int(time.time())
    text = _dates.get(second)
    if text is None:
        _dates.clear()
        text = _dates[second] = formatdate(second, usegmt=True)
    return text
