"""The user data that one connection of the WebSocket API listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from veighna_ext.exchange.server import frames
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.user_data import Listener
from veighna_ext.exchange.server.user_data.events import stream_terminated

if TYPE_CHECKING:
    from collections.abc import Callable

    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.server.sockets import Socket
    from veighna_ext.exchange.server.user_data import UserData

MOST_AT_ONCE: Final = 1000
MOST_EVER: Final = 65_535


class Subscription(Listener):
    """One account's user data on one connection, under a number of its own."""

    __slots__ = ("_head", "_subscriptions", "is_of_logon", "number")

    def __init__(
        self, subscriptions: Subscriptions, number: int, account: Account, api_key: str, *, is_of_logon: bool
    ) -> None:
        super().__init__(account, api_key, subscriptions.time_divisor)
        self.number = number
        self.is_of_logon = is_of_logon
        self._head = b'{"subscriptionId":%d,"event":' % number
        self._subscriptions = subscriptions

    def frame(self, event: bytes) -> bytes:
        """An event as it goes to the client."""
        return frames.text(b"%b%b}" % (self._head, event))

    def hear(self, events: list[bytes]) -> None:
        """The client is sent all of it at once."""
        self._subscriptions.socket.send(b"".join([self.frame(each) for each in events]))

    def key_lost(self) -> None:
        """It ends as if it had been unsubscribed."""
        self._subscriptions.end(self.number)


class Subscriptions:
    """All of a connection's subscriptions; numbers count up from 0 and are never used again."""

    def __init__(
        self, socket: Socket, user_data: UserData, time_divisor: int, now: Callable[[], int]
    ) -> None:
        self.socket = socket
        self.time_divisor = time_divisor
        self._user_data = user_data
        self._now = now
        self._active: dict[int, Subscription] = {}
        self._ever = 0
        self._is_over = False

    @property
    def numbers(self) -> list[int]:
        """Those in force, oldest first."""
        return list(self._active)

    @property
    def accounts(self) -> set[int]:
        """Those listened to."""
        return {each.account.id for each in self._active.values()}

    def begin(self, account: Account, api_key: str, *, is_of_logon: bool) -> int:
        """Listen to an account from now on; gives the subscription's number."""
        if any(each.account is account for each in self._active.values()):
            raise Refusal(-2035, "User Data Stream subscription already active.")
        if self._ever >= MOST_EVER or self._is_over:
            raise Refusal(-2042, "Maximum subscription ID reached for this connection.")
        if len(self._active) >= MOST_AT_ONCE:
            # the documents name this limit but not its error; the text is that of market data by FIX
            raise Refusal(
                -1191,
                "Too many subscriptions. Connection may create up to "
                f"'{MOST_AT_ONCE}' subscriptions at a time.",
            )
        number = self._ever
        self._ever += 1
        subscription = Subscription(self, number, account, api_key, is_of_logon=is_of_logon)
        self._active[number] = subscription
        self._user_data.begin(subscription)
        return number

    def end(self, number: int | None = None) -> None:
        """Listen no more, to one account or to all; the client is told that this is the last event."""
        numbers = self.numbers if number is None else [number]
        if not numbers or numbers[0] not in self._active:
            raise Refusal(-2036, "User Data Stream subscription not active.")
        for each in numbers:
            subscription = self._active.pop(each)
            self._user_data.end(subscription)
            last = stream_terminated(self._now(), self.time_divisor)
            self.socket.queue(subscription.frame(last))

    def end_logon(self) -> None:
        """Listen no more to the account that was logged on."""
        for number in [each.number for each in self._active.values() if each.is_of_logon]:
            self.end(number)

    def close(self) -> None:
        """The connection is over."""
        self._is_over = True
        for subscription in self._active.values():
            self._user_data.end(subscription)
        self._active.clear()
