"""
The mock exchange from outside: its control API, and the exchange itself as a child process.

Works on any asyncio loop, the desktop's too. aiohttp is imported with the first call: whoever only might use
an exchange does not wait for it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import UNSET

from veighna_ext.exchange.child import (
    BadOptions,
    ExchangeCrashed,
    ExchangeOptions,
    ExchangeProcess,
    NotStarted,
    PortTaken,
    Ready,
)
from veighna_ext.exchange.server.control import answers, requests

if TYPE_CHECKING:
    import aiohttp

__all__ = [
    "BadOptions",
    "ControlError",
    "ExchangeClient",
    "ExchangeCrashed",
    "ExchangeOptions",
    "ExchangeProcess",
    "NotStarted",
    "PortTaken",
    "Ready",
]

Answer = TypeVar("Answer")
Amount = str | Decimal | int
"""Exact amounts; a binary float is none."""
Speed = float | Literal["max"]

BASE = "/mock/v1"
TIMEOUT_S = 10.0
PAGE = 500


class ControlError(Exception):
    """A call that was refused or not answered; its text is a sentence for the person who reads it."""

    def __init__(self, message: str, field: str | None = None, status: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        """The field that was the reason, where one was."""
        self.status = status
        """The HTTP status; 0 where nothing was answered."""


class ExchangeClient:
    """The control API of one exchange, with a method for each call."""

    def __init__(self, url: str, token: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> ExchangeClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def status(self) -> answers.Status:
        """The exchange as a whole."""
        return await self._call("GET", "/status", answers.Status)

    async def history(self, seconds: int = 120) -> answers.History:
        """Its last seconds."""
        return await self._call("GET", f"/history?seconds={seconds}", answers.History)

    async def symbols(self) -> list[answers.Symbol]:
        """The symbols with their rules."""
        return await self._call("GET", "/symbols", list[answers.Symbol])

    async def accounts(self) -> list[answers.Account]:
        """All accounts, by their ids."""
        found: list[answers.Account] = []
        page: list[answers.Account] | None = None
        while page is None or len(page) == PAGE:
            query = urlencode({"after": found[-1].id if found else 0, "limit": PAGE})
            page = await self._call("GET", f"/accounts?{query}", list[answers.Account])
            found += page
        return found

    async def account(self, key: str) -> answers.Account:
        """One account."""
        return await self._call("GET", _of(key), answers.Account)

    async def open_account(
        self,
        balances: Mapping[str, Amount] | None = None,
        *,
        maker: Amount = "0.001",
        taker: Amount = "0.001",
        pays_in_bnb: bool = False,
        api_key: str | None = None,
        secret: str | None = None,
        public_key: str | None = None,
        may_trade: bool = True,
    ) -> answers.OpenedAccount:
        """A new account; without balances it gets those of the exchange's own accounts."""
        asked = requests.NewAccount(
            balances=UNSET if balances is None else {asset: _text(each) for asset, each in balances.items()},
            maker=_text(maker),
            taker=_text(taker),
            pays_in_bnb=pays_in_bnb,
            api_key=_sent(api_key),
            secret=_sent(secret),
            public_key=_sent(public_key),
            may_trade=may_trade,
        )
        return await self._call("POST", "/accounts", answers.OpenedAccount, asked)

    async def close_account(self, key: str) -> None:
        """Its orders are cancelled, its keys are gone."""
        await self._call("DELETE", _of(key), answers.Done)

    async def deposit(self, key: str, asset: str, amount: Amount) -> answers.Balance:
        """Money comes in."""
        asked = requests.Money(asset=asset, amount=_text(amount))
        return await self._call("POST", f"{_of(key)}/deposit", answers.Balance, asked)

    async def withdraw(self, key: str, asset: str, amount: Amount) -> answers.Balance:
        """Money leaves."""
        asked = requests.Money(asset=asset, amount=_text(amount))
        return await self._call("POST", f"{_of(key)}/withdraw", answers.Balance, asked)

    async def reset_account(self, key: str) -> answers.Account:
        """Its orders are cancelled, its starting balances are back."""
        return await self._call("POST", f"{_of(key)}/reset", answers.Account)

    async def set_rights(
        self,
        key: str,
        *,
        can_trade: bool | None = None,
        can_deposit: bool | None = None,
        can_withdraw: bool | None = None,
        pays_in_bnb: bool | None = None,
        trade_group: int | None = None,
    ) -> answers.Account:
        """What the account may do and how it pays; None leaves a thing as it is."""
        asked = requests.Rights(
            can_trade=_sent(can_trade),
            can_deposit=_sent(can_deposit),
            can_withdraw=_sent(can_withdraw),
            pays_in_bnb=_sent(pays_in_bnb),
            trade_group=_sent(trade_group),
        )
        return await self._call("POST", f"{_of(key)}/rights", answers.Account, asked)

    async def set_rates(
        self, key: str, maker: Amount, taker: Amount, symbol: str | None = None
    ) -> answers.Account:
        """Commission rates, of one symbol or of all."""
        asked = requests.Rates(maker=_text(maker), taker=_text(taker), symbol=_sent(symbol))
        return await self._call("POST", f"{_of(key)}/rates", answers.Account, asked)

    async def add_key(
        self,
        key: str,
        *,
        api_key: str | None = None,
        secret: str | None = None,
        public_key: str | None = None,
        may_trade: bool = True,
    ) -> answers.MadeKey:
        """Another API key of the same account."""
        asked = requests.NewKey(
            api_key=_sent(api_key), secret=_sent(secret), public_key=_sent(public_key), may_trade=may_trade
        )
        return await self._call("POST", f"{_of(key)}/keys", answers.MadeKey, asked)

    async def remove_key(self, key: str, other: str) -> answers.Account:
        """One API key less."""
        return await self._call("DELETE", f"{_of(key)}/keys/{quote(other, safe='')}", answers.Account)

    async def market(self, symbol: str) -> answers.Market:
        """One symbol's market."""
        return await self._call("GET", f"/market/{quote(symbol, safe='')}", answers.Market)

    async def change_market(
        self,
        symbol: str,
        *,
        price: Amount | None = None,
        mode: requests.Mode | None = None,
        volatility: float | None = None,
        trend: float | None = None,
        shock: float | None = None,
        half_life_s: float | None = None,
        halt: bool | None = None,
    ) -> answers.Market:
        """Move, freeze, shake, halt or resume a market; None leaves a thing as it is."""
        asked = requests.MarketChange(
            price=UNSET if price is None else _text(price),
            mode=_sent(mode),
            volatility=_sent(volatility),
            trend=_sent(trend),
            shock=_sent(shock),
            half_life_s=_sent(half_life_s),
            halt=_sent(halt),
        )
        return await self._call("POST", f"/market/{quote(symbol, safe='')}", answers.Market, asked)

    async def faults(self) -> list[answers.Faults]:
        """The faults in force."""
        return await self._call("GET", "/faults", list[answers.Faults])

    async def set_faults(
        self,
        account: str | None = None,
        *,
        latency_ms: float | tuple[float, float] = 0.0,
        reject_rate: float = 0.0,
        error_rate: float = 0.0,
        drop_ws_every_s: float = 0.0,
        stale_md: bool = False,
        partial_fill_only: bool = False,
        rate_limit_now: bool = False,
    ) -> list[answers.Faults]:
        """What goes wrong from now on, for the account with this API key or for all."""
        asked = requests.NewFaults(
            account=_sent(account),
            latency_ms=list(latency_ms) if isinstance(latency_ms, tuple) else latency_ms,
            reject_rate=reject_rate,
            error_rate=error_rate,
            drop_ws_every_s=drop_ws_every_s,
            stale_md=stale_md,
            partial_fill_only=partial_fill_only,
            rate_limit_now=rate_limit_now,
        )
        return await self._call("POST", "/faults", list[answers.Faults], asked)

    async def end_faults(self, account: str | None = None) -> list[answers.Faults]:
        """End those of one account, or all."""
        query = "" if account is None else "?" + urlencode({"account": account})
        return await self._call("DELETE", "/faults" + query, list[answers.Faults])

    async def replay(self) -> answers.Replay:
        """The replay that is running, and how far it is."""
        return await self._call("GET", "/replay", answers.Replay)

    async def start_replay(
        self,
        file: str,
        *,
        speed: Speed = 1.0,
        start: int | str | None = None,
        loop: bool = False,
        symbol: str | None = None,
    ) -> answers.Replay:
        """Play a tape in place of the market there is."""
        asked = requests.NewReplay(
            file=file, speed=speed, start=_sent(start), loop=loop, symbol=_sent(symbol)
        )
        return await self._call("POST", "/replay", answers.Replay, asked)

    async def end_replay(self) -> None:
        """Go back to the market that was there before."""
        await self._call("DELETE", "/replay", answers.Done)

    async def pause_replay(self) -> answers.Replay:
        """Let the tape stand still."""
        return await self._call("POST", "/replay/pause", answers.Replay)

    async def resume_replay(self) -> answers.Replay:
        """Let the tape go on."""
        return await self._call("POST", "/replay/resume", answers.Replay)

    async def seek_replay(self, time: int | str) -> answers.Replay:
        """Go on from another time: milliseconds or text."""
        return await self._call("POST", "/replay/seek", answers.Replay, requests.Seek(time=time))

    async def set_replay_speed(self, speed: Speed) -> answers.Replay:
        """Tape seconds per real second, or ``max``."""
        asked = requests.NewSpeed(speed=speed)
        return await self._call("POST", "/replay/speed", answers.Replay, asked)

    async def shut_down(self) -> None:
        """End the exchange."""
        await self._call("POST", "/admin/shutdown", answers.Done)

    async def _call(
        self, method: str, path: str, kind: type[Answer], asked: requests.Request | None = None
    ) -> Answer:
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout_s))
        headers = {"Authorization": f"Bearer {self._token}"}
        body = None
        if asked is not None:
            headers["Content-Type"] = "application/json"
            body = msgspec.json.encode(asked)
        try:
            async with self._session.request(
                method, f"{self.url}{BASE}{path}", data=body, headers=headers
            ) as answer:
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise ControlError(
                f"The exchange at {self.url} does not answer: {self._reason(error)}"
            ) from error
        if status >= 400:
            raise _refused(status, content)
        return _read(kind, content, self.url)

    def _reason(self, error: Exception) -> str:
        number = getattr(error, "errno", None)
        if number is not None:
            return os.strerror(number)
        return str(error) or f"nothing came within {self._timeout_s:g} s"


def _refused(status: int, content: bytes) -> ControlError:
    try:
        error = msgspec.json.decode(content, type=answers.ProblemBody).error
    except msgspec.DecodeError:
        return ControlError(f"The exchange answered with HTTP status {status}.", status=status)
    return ControlError(error.message, error.field, status)


def _read(kind: type[Answer], content: bytes, url: str) -> Answer:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise ControlError(f"What answers at {url} is no exchange of this version: {error}") from error


def _of(key: str) -> str:
    return f"/accounts/{quote(key, safe='')}"


def _text(amount: Amount) -> str:
    return f"{amount:f}" if isinstance(amount, Decimal) else str(amount)


def _sent(value: Any) -> Any:
    return UNSET if value is None else value
