"""
Listen keys: how user data were listened to on the market streams until Binance retired them in February 2026.

Served only to clients that have not changed since, and only where the exchange is told to.
"""

from __future__ import annotations

import asyncio
import secrets
import string
from typing import TYPE_CHECKING, Any, Final

from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, mandatory, text
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.user_data.events import listen_key_expired
from veighna_ext.exchange.server.user_data.listeners import Listener, UserData

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.server.live import LiveExchange
    from veighna_ext.exchange.server.streams.connection import Connection

PATH: Final = "/api/v3/userDataStream"
VALID_S: Final = 3600.0
"""How long a listen key lasts that nobody keeps alive."""
_LENGTH: Final = 64
_ALPHABET: Final = string.ascii_letters + string.digits


class _ListenKey:
    """The listen key of one account, and who listens by it."""

    def __init__(self, account: Account, api_key: str) -> None:
        self.name = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        self.account = account
        self.api_key = api_key
        self.end: asyncio.TimerHandle | None = None
        """What is going to happen to it if nobody keeps it alive."""
        self.listeners: dict[Connection, _StreamListener] = {}


class _StreamListener(Listener):
    """A client of the market streams that listens to an account as if it were one of them."""

    __slots__ = ("_connection", "_key", "_keys")

    def __init__(self, keys: ListenKeys, key: _ListenKey, connection: Connection) -> None:
        super().__init__(key.account, key.api_key, connection.divisor)
        self._keys = keys
        self._key = key
        self._connection = connection

    def hear(self, events: list[bytes]) -> None:
        """The client is sent one event after the other."""
        for each in events:
            self._connection.send_event(self._key.name, each)

    def key_lost(self) -> None:
        """The listen key ends with the API key."""
        self._keys.expire(self._key)


class ListenKeys:
    """Every listen key in force; one for each account that has asked for one."""

    def __init__(self, live: LiveExchange, user_data: UserData, *, valid_s: float = VALID_S) -> None:
        self._live = live
        self._user_data = user_data
        self._valid_s = valid_s
        self._loop = asyncio.get_running_loop()
        self._by_name: dict[str, _ListenKey] = {}
        self._by_account: dict[int, _ListenKey] = {}

    def operations(self) -> tuple[Operation, ...]:
        """What can be asked about listen keys; an API key is enough for it, without a signature."""
        one = Parameters(mandatory("listenKey", text))
        return (
            Operation(self._start, "userDataStream.start", "POST", PATH, weight=2, needs_key=True),
            Operation(self._keep, "userDataStream.ping", "PUT", PATH, one, weight=2, needs_key=True),
            Operation(self._stop, "userDataStream.stop", "DELETE", PATH, one, weight=2, needs_key=True),
        )

    def listen(self, name: str, connection: Connection) -> bool:
        """Have a client of the market streams listen, if this is a listen key."""
        key = self._by_name.get(name)
        if key is None:
            return False
        listener = key.listeners[connection] = _StreamListener(self, key, connection)
        self._user_data.begin(listener)
        return True

    def leave(self, name: str, connection: Connection) -> None:
        """A client does not want to listen any more, or is gone."""
        key = self._by_name.get(name)
        if key is not None and connection in key.listeners:
            self._user_data.end(key.listeners.pop(connection))

    def expire(self, key: _ListenKey) -> None:
        """A listen key's time is over: its listeners are told, and that is the last they hear."""
        listeners = list(key.listeners.items())
        self._forget(key)
        for connection, _ in listeners:
            last = listen_key_expired(key.name, self._live.now(), connection.divisor)
            connection.send_event(key.name, last)

    def _start(self, call: Call) -> dict[str, str]:
        key = self._by_account.get(call.account.id)
        if key is None:
            key = _ListenKey(call.account, call.caller.api_key)
            self._by_name[key.name] = self._by_account[call.account.id] = key
        self._extend(key)
        return {"listenKey": key.name}

    def _keep(self, call: Call) -> dict[str, Any]:
        self._extend(self._asked_for(call))
        return {}

    def _stop(self, call: Call) -> dict[str, Any]:
        self._forget(self._asked_for(call))
        return {}

    def _asked_for(self, call: Call) -> _ListenKey:
        key = self._by_account.get(call.account.id)
        if key is None or key.name != call.values["listenKey"]:
            raise Refusal(-1125, "This listenKey does not exist.")
        return key

    def _extend(self, key: _ListenKey) -> None:
        if key.end is not None:
            key.end.cancel()
        key.end = self._loop.call_later(self._valid_s, self.expire, key)

    def _forget(self, key: _ListenKey) -> None:
        if key.end is not None:
            key.end.cancel()
        self._by_name.pop(key.name, None)
        self._by_account.pop(key.account.id, None)
        for listener in key.listeners.values():
            self._user_data.end(listener)
        key.listeners.clear()
