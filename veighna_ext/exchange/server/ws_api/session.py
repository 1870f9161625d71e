"""One connection of the WebSocket API: who is logged on, what is subscribed, and its requests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.faults import Fate
from veighna_ext.exchange.server import frames, refusals
from veighna_ext.exchange.server.access import errors as access_errors
from veighna_ext.exchange.server.operations import Caller, Operation
from veighna_ext.exchange.server.parameters import flag
from veighna_ext.exchange.server.refusals import Refusal, as_refusal
from veighna_ext.exchange.server.user_data.events import server_shutdown
from veighna_ext.exchange.server.ws_api import messages
from veighna_ext.exchange.server.ws_api.subscriptions import Subscriptions

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.server.access import Credential
    from veighna_ext.exchange.server.dispatch import Dispatcher
    from veighna_ext.exchange.server.gatekeeper import Gatekeeper
    from veighna_ext.exchange.server.sockets import Socket
    from veighna_ext.exchange.server.user_data import UserData


class ApiSession:
    """Answers the requests of one connection, in their order."""

    def __init__(
        self,
        socket: Socket,
        dispatcher: Dispatcher,
        gatekeeper: Gatekeeper,
        methods: Mapping[str, Operation],
        user_data: UserData,
        *,
        returns_rate_limits: bool = True,
        time_divisor: int = 1000,
    ) -> None:
        self.socket = socket
        self.returns_rate_limits = returns_rate_limits
        self.time_divisor = time_divisor
        self.account: Account | None = None
        """Who is logged on."""
        self.api_key = ""
        self._live = dispatcher.live
        self.connected_since = self._live.now()
        self.authorized_since = 0
        self.subscriptions = Subscriptions(socket, user_data, time_divisor, self._live.now)
        self._dispatcher = dispatcher
        self._gatekeeper = gatekeeper
        self._methods = methods

    @property
    def accounts(self) -> set[int]:
        """Who is logged on, and who is listened to."""
        logged_on = set() if self.account is None else {self.account.id}
        return logged_on | self.subscriptions.accounts

    def on_text(self, message: bytes) -> None:
        """A request came; its answer goes out with the next commit, or later where a fault delays it."""
        caller = Caller(self.socket.address, time_divisor=self.time_divisor, session=self)
        try:
            message_id, method, sent = messages.read(message)
        except messages.BadMessage as bad:
            refusal = self._dispatcher.turn_away(bad.refusal, caller)
            self._send(messages.refused(bad.message_id, refusal, b"", self.time_divisor))
            return
        wants_limits = self.returns_rate_limits
        operation: Operation | None = None
        try:
            if "returnRateLimits" in sent:
                wants_limits = flag("returnRateLimits", sent["returnRateLimits"])
            operation = self._methods.get(method) or self._operation(method)
            relies_on_logon = self.account is not None and self._relies_on_logon(operation, sent)
            if self.account is not None and self._is_revoked() and relies_on_logon:
                return
            self._identify(operation, caller, sent, relies_on_logon)
            fate = self._dispatcher.fate(operation, caller)
        except Refused as refused:
            refusal = self._dispatcher.turn_away(as_refusal(refused), caller)
            self._refuse(message_id, refusal, operation, caller, wants_limits)
            return
        if fate.delay_ms:
            asyncio.get_running_loop().call_later(
                fate.delay_ms / 1000,
                self._carry_out, message_id, operation, sent, caller, fate, wants_limits, True,
            )  # fmt: skip
            return
        self._carry_out(message_id, operation, sent, caller, fate, wants_limits)

    def credential(self, api_key: str) -> Credential | None:
        """What the venue knows of a key to check its signatures with."""
        return self._gatekeeper.keys.get(api_key)

    def log_on(self, account: Account, api_key: str, now: int) -> None:
        """From now on requests without a signature are this account's."""
        if self.account is not account:
            self.subscriptions.end_logon()
        self.account = account
        self.api_key = api_key
        self.authorized_since = now

    def log_off(self) -> None:
        """Forget who was logged on."""
        self.account = None
        self.api_key = ""
        self.subscriptions.end_logon()

    def status(self, now: int) -> dict[str, Any]:
        """What a client is told of its own connection."""
        is_logged_on = self.account is not None
        return {
            "apiKey": self.api_key if is_logged_on else None,
            "authorizedSince": self.authorized_since // self.time_divisor if is_logged_on else None,
            "connectedSince": self.connected_since // self.time_divisor,
            "returnRateLimits": self.returns_rate_limits,
            "serverTime": now // self.time_divisor,
            "userDataStream": bool(self.subscriptions.numbers),
        }

    def announce_shutdown(self) -> None:
        """Tell the client that the connection will be closed."""
        event = server_shutdown(self._live.now(), self.time_divisor)
        self.socket.send(frames.text(b'{"event":%b}' % event))

    def end(self) -> None:
        """The connection is over."""
        self.subscriptions.close()

    def _operation(self, method: str) -> Operation:
        found = self._methods.get(method.removeprefix("v3/"))
        if found is None:
            raise Refusal(-1020, "This operation is not supported.")
        return found

    def _relies_on_logon(self, operation: Operation, sent: Mapping[str, str]) -> bool:
        """Whether a request leaves it to the session to say whose it is."""
        return (
            operation.is_signed
            and not operation.needs_signature
            and "signature" not in sent
            and sent.get("apiKey", self.api_key) == self.api_key
        )

    def _is_revoked(self) -> bool:
        """Whether the key that is logged on was taken away meanwhile; the client is told once, with no id."""
        assert self.account is not None
        if self.api_key in self.account.keys:
            return False
        self.log_off()
        self._send(messages.refused(messages.NULL, as_refusal(access_errors.may_not()), b""))
        return True

    def _identify(
        self, operation: Operation, caller: Caller, sent: dict[str, str], relies_on_logon: bool
    ) -> None:
        """Find out whose request it is."""
        if relies_on_logon:
            self._gatekeeper.check_time(sent)
            caller.account, caller.api_key = self.account, self.api_key
        elif operation.is_signed:
            for name in ("apiKey", "signature"):
                if name not in sent:
                    raise refusals.malformed(name)
            caller.api_key = api_key = sent["apiKey"]
            caller.account = self._gatekeeper.admit(api_key, messages.signed(sent), sent["signature"], sent)
        elif operation.needs_key:
            caller.api_key = api_key = sent.get("apiKey", self.api_key)
            caller.account = self._gatekeeper.owner(api_key)

    def _carry_out(
        self,
        message_id: bytes,
        operation: Operation,
        sent: dict[str, str],
        caller: Caller,
        fate: Fate,
        wants_limits: bool,
        was_delayed: bool = False,
    ) -> None:
        try:
            if was_delayed and operation.is_signed:
                self._gatekeeper.check_time(sent)
            sent.pop("returnRateLimits", None)
            if not operation.is_signed:
                sent.pop("apiKey", None)
            result = self._dispatcher.carry_out(operation, sent, caller, fate)
        except Refused as refused:
            self._refuse(message_id, as_refusal(refused), operation, caller, wants_limits)
            return
        limits = self._dispatcher.rate_limits(operation, caller) if wants_limits else b""
        self._send(messages.answer(message_id, result, limits))

    def _refuse(
        self,
        message_id: bytes,
        refusal: Refusal,
        operation: Operation | None,
        caller: Caller,
        wants_limits: bool,
    ) -> None:
        limits = self._dispatcher.rate_limits(operation, caller) if wants_limits else b""
        self._send(messages.refused(message_id, refusal, limits, self.time_divisor))

    def _send(self, payload: bytes) -> None:
        self.socket.queue(frames.text(payload))
