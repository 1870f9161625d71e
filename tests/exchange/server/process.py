"""The real server as a process of its own, and the plainest of clients: they send what they are told."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from websockets.sync.client import ClientConnection, connect

from tests.conformance.venue import Venue
from tests.exchange.server.access.signers import Sender, hmac_sender

ANSWER_WITHIN_S = 10.0
Signer = Callable[[bytes], str]


class Server(Venue):
    """The server as a process that can be looked at from outside."""

    @property
    def process(self) -> psutil.Process:
        """The process, as the system knows it."""
        return psutil.Process(self._process.pid)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    """A server for as long as it is needed; it must end well, and must not have logged an error."""
    venue = Server(folder, *options)
    try:
        assert venue.ready.port
        yield venue
    finally:
        code = venue.stop()
    assert code == 0, f"it ended with {code}: {venue.complained[-6000:]}"
    assert not (problems := logged_errors(venue)), problems


def logged_errors(venue: Venue) -> str:
    """What a server complained of, if it did."""
    log = venue.complained
    return log[-6000:] if "Traceback" in log or " ERROR " in log or "exception" in log.lower() else ""


@dataclass(frozen=True)
class Answer:
    """What came back by HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Trader:
    """One account's key, used by REST and by the WebSocket API."""

    def __init__(self, venue: Venue, api_key: str = "", sign: Signer | None = None) -> None:
        self.venue = venue
        self.api_key = api_key
        self.sign = sign
        self._line = http.client.HTTPConnection("127.0.0.1", venue.ready.port, timeout=ANSWER_WITHIN_S)

    @classmethod
    def opened(cls, venue: Venue, balances: dict[str, str], sender: Sender | None = None) -> Trader:
        """A new account; with a sender it has a public key instead of a secret."""
        if sender is None:
            place = venue.open_account(balances)
            return cls(venue, place.key, hmac_sender(place.secret).sign)
        place = venue.open_account(balances, publicKey=sender.credential.material)
        return cls(venue, place.key, sender.sign)

    def rest(self, route: str, *, headers: Mapping[str, str] | None = None, **parameters: Any) -> Answer:
        """A request as it is, e.g. `GET /api/v3/time`; signed where the trader has a key."""
        verb, _, path = route.partition(" ")
        query = urlencoded(parameters)
        all_headers = dict(headers or {})
        if self.sign is not None:
            query += f"{'&' if query else ''}timestamp={now_ms()}"
            query += f"&signature={quote(self.sign(query.encode()), safe='')}"
            all_headers.setdefault("X-MBX-APIKEY", self.api_key)
        return self.send(verb, f"{path}?{query}" if query else path, headers=all_headers)

    def send(
        self, verb: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Any request by HTTP."""
        self._line.request(verb, target, body or None, dict(headers or {}))
        response = self._line.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())

    def signed(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters for the WebSocket API with what proves whose they are."""
        assert self.sign is not None
        sent = {**parameters, "apiKey": self.api_key, "timestamp": now_ms()}
        payload = "&".join(f"{name}={text_of(sent[name])}" for name in sorted(sent))
        return {**sent, "signature": self.sign(payload.encode())}

    def close(self) -> None:
        self._line.close()

    def __enter__(self) -> Trader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Talk:
    """A WebSocket to the server; what comes is kept until it is asked for."""

    def __init__(self, venue: Venue, path: str = "/ws-api/v3") -> None:
        self._open = ExitStack()
        self.line: ClientConnection = self._open.enter_context(
            connect(
                venue.ready.ws + path,
                compression=None,
                proxy=None,
                max_size=None,
                ping_interval=None,
                # a full queue would not be read any further, not even to see that the server says goodbye
                max_queue=None,
            )
        )
        self._last_id = 0
        self.unread: list[bytes] = []
        """What came while an answer was waited for."""

    def ask(self, method: str, params: Any = None) -> bytes:
        """The raw answer to a request."""
        self._last_id += 1
        request: dict[str, Any] = {"id": self._last_id, "method": method}
        if params is not None:
            request["params"] = params
        self.line.send(json.dumps(request))
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while True:
            came = self.receive(deadline - time.monotonic())
            if json.loads(came).get("id", self) == self._last_id:
                return came
            self.unread.append(came)

    def receive(self, seconds: float = ANSWER_WITHIN_S) -> bytes:
        """The next message."""
        came = self.line.recv(timeout=max(seconds, 0.0), decode=False)
        assert isinstance(came, bytes)
        return came

    def close(self) -> None:
        self._open.close()


def now_ms() -> int:
    """The clock on the wall."""
    return time.time_ns() // 1_000_000


def text_of(value: Any) -> str:
    """A parameter as its sender signs it."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def urlencoded(parameters: Mapping[str, Any]) -> str:
    """A query string."""
    return "&".join(f"{name}={quote(text_of(value), safe='')}" for name, value in parameters.items())
