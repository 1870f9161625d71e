"""WebSockets that are cut again and again, as a bad line would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping

from veighna_ext.exchange.faults import EVERYBODY, Faults
from veighna_ext.exchange.server.sockets import Socket

AccountsOf = Callable[[Socket], Collection[int]]
"""The accounts whose requests and data go over a connection."""


class SocketDrops:
    """
    Cuts connections every so many seconds, counted from when the fault was put into force.

    Connections of an account follow its own faults where it has some, all others those of everybody.
    """

    def __init__(self, sockets: Iterable[Socket], accounts_of: AccountsOf) -> None:
        self._sockets = sockets
        self._accounts_of = accounts_of
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._periods: dict[int, float] = {}
        self._own: frozenset[int] = frozenset()
        """The accounts that do not follow everybody's faults."""

    def follow(self, in_force: Mapping[int, Faults]) -> None:
        """From now on these faults are in force; what stays the same goes on in its rhythm."""
        self._own = frozenset(in_force) - {EVERYBODY}
        periods = {
            account: faults.drop_ws_every_s for account, faults in in_force.items() if faults.drop_ws_every_s
        }
        for account in [each for each in self._timers if periods.get(each) != self._periods[each]]:
            self._timers.pop(account).cancel()
        self._periods = periods
        for account in periods.keys() - self._timers.keys():
            self._wait(account)

    def stop(self) -> None:
        """Cut nobody any more."""
        self.follow({})

    def _wait(self, account: int) -> None:
        loop = asyncio.get_running_loop()
        self._timers[account] = loop.call_later(self._periods[account], self._cut, account)

    def _cut(self, account: int) -> None:
        self._wait(account)
        for socket in self._sockets:
            if self._is_meant(socket, account):
                socket.drop()

    def _is_meant(self, socket: Socket, account: int) -> bool:
        owners = self._accounts_of(socket)
        if account == EVERYBODY:
            return self._own.isdisjoint(owners)
        return account in owners
