"""A client of the WebSocket API without a network: a session hears what it sends."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.exchange.server.access.signers import Sender, hmac_sender, public_pem
from tests.exchange.server.venue import KEYS, SECRETS, Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.server.access import public_key_credential
from veighna_ext.exchange.server.catalogue import METHODS
from veighna_ext.exchange.server.operations import Operation
from veighna_ext.exchange.server.sockets import Socket
from veighna_ext.exchange.server.user_data import UserData
from veighna_ext.exchange.server.ws_api.session import ApiSession


class Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self.writes = 0
        self._is_closing = False

    def write(self, data: Any) -> None:
        self.written += data
        self.writes += 1

    def is_closing(self) -> bool:
        return self._is_closing

    def abort(self) -> None:
        self._is_closing = True

    def get_write_buffer_size(self) -> int:
        return 0


class Client:
    """One connection to a venue; made while an event loop runs."""

    def __init__(
        self,
        venue: Venue,
        user_data: UserData,
        methods: Mapping[str, Operation] = METHODS,
        **options: Any,
    ) -> None:
        self.venue = venue
        self.user_data = user_data
        self.transport = Transport()
        request: Any = SimpleNamespace(transport=self.transport, remote="127.0.0.1", protocol=None)
        socket = Socket(request, venue.live)
        self.session = ApiSession(socket, venue.dispatcher, venue.gatekeeper, methods, user_data, **options)
        self._number = 0

    def send(self, message: bytes | str) -> None:
        """Send a message as it is."""
        self.session.on_text(message.encode() if isinstance(message, str) else message)

    def heard(self) -> list[dict[str, Any]]:
        """All messages since last asked, once everything is committed."""
        self.venue.live.flush()
        return [json.loads(payload) for payload in self.heard_bytes()]

    def heard_bytes(self) -> list[bytes]:
        """All messages that went out since last asked, as they were sent."""
        written = bytes(self.transport.written)
        self.transport.written.clear()
        return list(payloads(written))

    def send_signed(self, method: str, params: Mapping[str, Any], by: int | tuple[str, Sender] = 1) -> None:
        """Send a signed request."""
        self._number += 1
        request = {"id": self._number, "method": method, "params": self.signed(by, **params)}
        self.send(json.dumps(request))

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a request; whatever else came is dropped."""
        self._number += 1
        number = self._number
        self.send(json.dumps({"id": number, "method": method, "params": params}))
        return next(each for each in self.heard() if each.get("id", "event") == number)

    def ask_signed(self, method: str, by: int | tuple[str, Sender] = 1, **params: Any) -> dict[str, Any]:
        """The answer to a request that is signed by an account's own key, or by another one."""
        return self.ask(method, **self.signed(by, **params))

    def signed(self, by: int | tuple[str, Sender] = 1, **params: Any) -> dict[str, Any]:
        """The parameters of a signed request."""
        if isinstance(by, int):
            by = KEYS[by], hmac_sender(SECRETS[by])
        api_key, sender = by
        params = {"apiKey": api_key, "timestamp": self.venue.clock.now // 1000, **params}
        texts = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
        }
        payload = "&".join(f"{name}={texts[name]}" for name in sorted(texts))
        return {**params, "signature": sender.sign(payload.encode())}

    def subscribe(self, by: int | tuple[str, Sender] = 1) -> int:
        """Listen to an account; gives the subscription's number."""
        number: int = self.ask_signed("userDataStream.subscribe.signature", by)["result"]["subscriptionId"]
        return number


Connect = Callable[..., Client]


@contextmanager
def connecting() -> Iterator[Connect]:
    """Opens connections to a venue of its own, for tests that are no coroutines themselves."""
    loop = asyncio.new_event_loop()

    async def open_venue() -> tuple[Venue, UserData]:
        venue = Venue()
        return venue, UserData(venue.live)

    async def open_connection(**options: Any) -> Client:
        return Client(venue, user_data, **options)

    try:
        venue, user_data = loop.run_until_complete(open_venue())
        yield lambda **options: loop.run_until_complete(open_connection(**options))
    finally:
        loop.close()


def payloads(written: bytes) -> Iterator[bytes]:
    """The text messages in what a server has written."""
    at = 0
    while at < len(written):
        assert written[at] == 0x81, "a whole text message"
        size, at = written[at + 1], at + 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(written[at : at + width], "big"), at + width
        yield written[at : at + size]
        at += size


def give_key(venue: Venue, account: int, sender: Sender, *, may_trade: bool = True) -> tuple[str, Sender]:
    """Give an account another key; what ``by`` takes."""
    key = sender.credential.api_key
    venue.exchange.submit(c.SetKey(venue.clock.now, account, key, may_trade))
    venue.gatekeeper.keys.add(sender.credential)
    return key, sender


def another_ed25519_sender() -> Sender:
    """Somebody else who may log on."""
    key = Ed25519PrivateKey.generate()
    credential = public_key_credential("another", public_pem(key))
    return Sender(credential, lambda payload: base64.b64encode(key.sign(payload)).decode())


def take_key(venue: Venue, account: int, key: str) -> None:
    """Take a key away from an account."""
    venue.exchange.submit(c.SetKey(venue.clock.now, account, key, is_valid=False))
    venue.gatekeeper.keys.remove(key)
