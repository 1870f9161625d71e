"""Control of faults: what goes wrong on purpose, for one account or for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.faults import EVERYBODY, BadFaults, Faults
from veighna_ext.exchange.server.control import answers, requests
from veighna_ext.exchange.server.control.problems import wrong
from veighna_ext.exchange.server.control.reading import shortened
from veighna_ext.exchange.server.control.routes import Route

if TYPE_CHECKING:
    from veighna_ext.exchange.server.control.drops import SocketDrops
    from veighna_ext.exchange.server.live import LiveExchange


class FaultControl:
    """Carries out the control calls about faults."""

    def __init__(self, live: LiveExchange, drops: SocketDrops) -> None:
        self._live = live
        self._drops = drops
        self._remember()
        drops.follow(live.faults.in_force())

    def routes(self) -> tuple[Route, ...]:
        """The calls about faults."""
        return (
            Route("GET", "/faults", "List the faults in force.", list[answers.Faults], self.list_faults),
            Route(
                "POST",
                "/faults",
                "Put faults into force, in place of those the account, or everybody, had.",
                list[answers.Faults],
                self.set_faults,
                requests.NewFaults,
            ),
            Route(
                "DELETE",
                "/faults",
                "End the faults of one account, or all.",
                list[answers.Faults],
                self.end_faults,
                query=requests.FaultsMeant,
            ),
        )

    async def list_faults(self) -> list[answers.Faults]:
        """What is in force."""
        return self.told()

    async def set_faults(self, asked: requests.NewFaults) -> list[answers.Faults]:
        """What is not named does not go wrong any more."""
        latency = asked.latency_ms
        least, most = (latency, latency) if isinstance(latency, int | float) else latency
        try:
            faults = Faults(
                (float(least), float(most)),
                asked.reject_rate,
                asked.error_rate,
                asked.drop_ws_every_s,
                asked.stale_md,
                asked.partial_fill_only,
                asked.rate_limit_now,
            )
        except BadFaults as error:
            field, _, allowed = str(error).partition(": ")
            raise wrong(field, allowed) from None
        account = self._account(asked.account)
        if faults.any:
            self._live.faults.set(faults, account)
        else:
            self._live.faults.clear(account)
        return await self._in_force()

    async def end_faults(self, asked: requests.FaultsMeant) -> list[answers.Faults]:
        """All of one account or of everybody, or simply all."""
        self._live.faults.clear(None if asked.account is UNSET else self._account(asked.account))
        return await self._in_force()

    def told(self) -> list[answers.Faults]:
        """The faults in force, everybody's first."""
        accounts = self._live.venue.accounts
        return [
            answers.Faults(
                None if account == EVERYBODY else account,
                None if account == EVERYBODY else next(iter(accounts[account].keys), None),
                faults.latency_ms,
                faults.reject_rate,
                faults.error_rate,
                faults.drop_ws_every_s,
                faults.stale_md,
                faults.partial_fill_only,
                faults.rate_limit_now,
            )
            for account, faults in sorted(self._live.faults.in_force().items())
        ]

    def _account(self, key: str | UnsetType) -> int:
        if key is UNSET:
            return EVERYBODY
        account = self._live.venue.keys.get(key)
        if account is None:
            raise wrong("account", f"no account has the API key {shortened(key)!r}")
        return account.id

    async def _in_force(self) -> list[answers.Faults]:
        """Let everybody concerned know what is in force now."""
        live = self._live
        in_force = live.faults.in_force()
        wanted = {account for account, faults in in_force.items() if faults.partial_fill_only}
        present = self._half_filled()
        for account in sorted(wanted ^ present):
            live.submit(c.SetFaults(live.now(), account, account in wanted))
        self._drops.follow(in_force)
        await live.committed()
        return self.told()

    def _half_filled(self) -> set[int]:
        """Whose orders the matching engine fills only in part."""
        return set().union(*(market.half_fills for market in self._live.venue.markets.values()))

    def _remember(self) -> None:
        """A folder keeps the one fault that is the matching engine's: so it shows, and can be ended."""
        plan = self._live.faults
        in_force = plan.in_force()
        for account in self._half_filled():
            plan.set(replace(in_force.get(account, Faults()), partial_fill_only=True), account)
