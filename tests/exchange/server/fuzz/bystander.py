"""Somebody who uses the server while others try to break it."""

from __future__ import annotations

import time

from tests.exchange.server.fuzz.lines import Line, frame
from tests.exchange.server.process import Server

ANSWERED_WITHIN_S = 2.0
"""Far more than an answer takes, also on a busy machine: only who was forgotten waits this long."""


class Bystander:
    """Keeps a connection of each kind, opened before anything went wrong."""

    def __init__(self, venue: Server) -> None:
        self._rest = Line(venue, ANSWERED_WITHIN_S)
        self._api = Line(venue, ANSWERED_WITHIN_S).upgrade("/ws-api/v3")
        self._streams = Line(venue, ANSWERED_WITHIN_S).upgrade("/stream")
        self._asked = 0

    def is_served(self) -> None:
        """Each connection still answers, and soon."""
        self._asked += 1
        began = time.monotonic()
        assert self._rest.ask("GET", b"/api/v3/time").status == 200
        for line, method in ((self._api, "ping"), (self._streams, "LIST_SUBSCRIPTIONS")):
            line.send(frame(b'{"id":%d,"method":"%b"}' % (self._asked, method.encode())))
            assert "result" in line.answers_until(self._asked)[-1]
        assert time.monotonic() - began < ANSWERED_WITHIN_S

    def close(self) -> None:
        for line in (self._rest, self._api, self._streams):
            line.socket.close()
