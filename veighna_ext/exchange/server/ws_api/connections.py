"""All connections of the WebSocket API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from veighna_ext.exchange.server.limits import MessageBudget
from veighna_ext.exchange.server.ws_api.session import ApiSession

if TYPE_CHECKING:
    from veighna_ext.exchange.server.dispatch import Dispatcher
    from veighna_ext.exchange.server.gatekeeper import Gatekeeper
    from veighna_ext.exchange.server.operations import Operation
    from veighna_ext.exchange.server.sockets import Socket
    from veighna_ext.exchange.server.user_data import UserData

CONNECTION_WEIGHT = 2
"""What it costs to open one."""


class WsApi:
    """Serves ``/ws-api/v3``."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        gatekeeper: Gatekeeper,
        methods: Mapping[str, Operation],
        user_data: UserData,
    ) -> None:
        self._dispatcher = dispatcher
        self._gatekeeper = gatekeeper
        self._methods = methods
        self._user_data = user_data
        self._sessions: dict[Socket, ApiSession] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def accounts_of(self, socket: Socket) -> set[int]:
        """The accounts that are logged on, or listened to, on a connection; none on others than its own."""
        session = self._sessions.get(socket)
        return set() if session is None else session.accounts

    async def serve(self, socket: Socket, *, returns_rate_limits: bool, time_divisor: int) -> None:
        """Answer one connection until it ends."""
        session = ApiSession(
            socket,
            self._dispatcher,
            self._gatekeeper,
            self._methods,
            self._user_data,
            returns_rate_limits=returns_rate_limits,
            time_divisor=time_divisor,
        )
        self._sessions[socket] = session
        try:
            await socket.receive(MessageBudget(enabled=False), session.on_text)
        finally:
            del self._sessions[socket]
            session.end()

    def announce_shutdown(self) -> None:
        """Tell every client that the exchange is about to end."""
        for session in self._sessions.values():
            session.announce_shutdown()
