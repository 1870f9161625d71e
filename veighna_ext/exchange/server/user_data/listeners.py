"""Who listens to which account, and how the venue's reports reach them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from veighna_ext.exchange.server.user_data.events import event

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.engine.reports import Report
    from veighna_ext.exchange.server.live import LiveExchange


class Listener(ABC):
    """Somebody who hears of everything that happens to one account."""

    __slots__ = ("account", "api_key", "time_divisor")

    def __init__(self, account: Account, api_key: str, time_divisor: int) -> None:
        self.account = account
        self.api_key = api_key
        """The key that let it in."""
        self.time_divisor = time_divisor
        """1000 for times in milliseconds, 1 for microseconds."""

    @abstractmethod
    def hear(self, events: list[bytes]) -> None:
        """What happened in one moment, in its order."""

    @abstractmethod
    def key_lost(self) -> None:
        """Its API key was taken away: it hears no more from now on."""


class UserData:
    """
    Tells listeners what happened to their accounts, after each commit and after the answers.

    An account is listened to while anybody does; what happens to others is not even written down.
    """

    def __init__(self, live: LiveExchange) -> None:
        self._live = live
        self._listeners: dict[int, list[Listener]] = {}
        live.tell_reports = self.tell

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))

    def begin(self, listener: Listener) -> None:
        """From now on somebody listens."""
        account = listener.account
        self._listeners.setdefault(account.id, []).append(listener)
        account.is_listening = True

    def end(self, listener: Listener) -> None:
        """Somebody listens no more."""
        account = listener.account
        listeners = self._listeners.get(account.id, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners:
            self._listeners.pop(account.id, None)
            account.is_listening = False

    def tell(self, reports: list[Report]) -> None:
        """Give each report to those who listen to its account; it is written once for each unit of time."""
        self._part_from_lost_keys({report.account for report in reports})
        venue, now = self._live.venue, self._live.now()
        heard: dict[Listener, list[bytes]] = {}
        for report in reports:
            in_milliseconds = in_microseconds = b""
            for listener in self._listeners.get(report.account, ()):
                if listener.time_divisor == 1:
                    told = in_microseconds = in_microseconds or event(report, venue, now, 1)
                else:
                    told = in_milliseconds = in_milliseconds or event(report, venue, now, 1000)
                if listener in heard:
                    heard[listener].append(told)
                else:
                    heard[listener] = [told]
        for listener, events in heard.items():
            listener.hear(events)

    def _part_from_lost_keys(self, accounts: set[int]) -> None:
        for account in accounts:
            for listener in tuple(self._listeners.get(account, ())):
                if listener.api_key not in listener.account.keys:
                    listener.key_lost()
