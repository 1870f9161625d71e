"""Control of accounts: opened with a key, funded, given rights and rates, reset and closed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import UNSET

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.server.access import (
    Credential,
    HmacCredential,
    SealedFileError,
    UnusableKey,
    new_api_key,
    new_secret,
    public_key_credential,
)
from veighna_ext.exchange.server.control import answers, requests
from veighna_ext.exchange.server.control.amounts import read_amount
from veighna_ext.exchange.server.control.problems import Problem, conflict, not_found, wrong
from veighna_ext.exchange.server.control.reading import shortened
from veighna_ext.exchange.server.control.routes import Route

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.server.access import KeyRing
    from veighna_ext.exchange.server.live import LiveExchange

_MOST_ASSETS = 200


class AccountControl:
    """Carries out the control calls about accounts."""

    def __init__(self, live: LiveExchange, keys: KeyRing, balances: Mapping[str, int]) -> None:
        self._live = live
        self._keys = keys
        self._balances = dict(balances)
        """What an account owns that is opened without a word about it."""
        # the key ring is written on another thread: meanwhile nobody else may take the same key
        self._changing = asyncio.Lock()

    def routes(self) -> tuple[Route, ...]:
        """The calls about accounts."""
        one = "/accounts/{key}"
        return (
            Route(
                "POST",
                "/accounts",
                "Open an account with an API key.",
                answers.OpenedAccount,
                self.open_account,
                requests.NewAccount,
                refusals=(409,),
            ),
            Route(
                "GET",
                "/accounts",
                "List the accounts, by their ids.",
                list[answers.Account],
                self.list_accounts,
                query=requests.AccountsAsked,
            ),
            Route("GET", one, "Look at one account.", answers.Account, self.show_account, refusals=(404,)),
            Route(
                "DELETE",
                one,
                "Close an account: its orders are cancelled, its keys are gone.",
                answers.Done,
                self.close_account,
                refusals=(404,),
            ),
            Route(
                "POST",
                f"{one}/deposit",
                "Let money come in.",
                answers.Balance,
                self.deposit,
                requests.Money,
                refusals=(404, 409),
            ),
            Route(
                "POST",
                f"{one}/withdraw",
                "Let money leave.",
                answers.Balance,
                self.withdraw,
                requests.Money,
                refusals=(404, 409),
            ),
            Route(
                "POST",
                f"{one}/reset",
                "Cancel all orders and give the starting balances back.",
                answers.Account,
                self.reset_account,
                refusals=(404,),
            ),
            Route(
                "POST",
                f"{one}/rights",
                "Change what an account may do and how it pays.",
                answers.Account,
                self.set_rights,
                requests.Rights,
                refusals=(404,),
            ),
            Route(
                "POST",
                f"{one}/rates",
                "Change commission rates.",
                answers.Account,
                self.set_rates,
                requests.Rates,
                refusals=(404,),
            ),
            Route(
                "POST",
                f"{one}/keys",
                "Give an account another API key.",
                answers.MadeKey,
                self.add_key,
                requests.NewKey,
                refusals=(404, 409),
            ),
            Route(
                "DELETE",
                f"{one}/keys/{{other}}",
                "Take an API key away from an account that has more.",
                answers.Account,
                self.remove_key,
                refusals=(404, 409),
            ),
        )

    async def open_account(self, asked: requests.NewAccount) -> answers.OpenedAccount:
        """A new account, its key first: whoever sees the account can use it."""
        balances = self._balances if asked.balances is UNSET else self._read_balances(asked.balances)
        maker, taker = read_amount("maker", asked.maker), read_amount("taker", asked.taker)
        live = self._live
        async with self._changing:
            credential, secret = self._credential(asked)
            await self._keep(credential)
            now = live.now()
            account: Account = live.submit(c.OpenAccount(now, balances, maker, taker))
            live.submit(c.SetKey(now, account.id, credential.api_key, asked.may_trade))
            if asked.pays_in_bnb:
                live.submit(c.SetAccount(now, account.id, pays_in_bnb=True))
            await live.committed()
        return answers.OpenedAccount(
            credential.api_key, _kind(credential), asked.may_trade, secret, id=account.id
        )

    async def list_accounts(self, asked: requests.AccountsAsked) -> list[answers.Account]:
        """The accounts that are open, but the market's own."""
        accounts = self._live.venue.accounts
        last = self._live.venue.last_account_id
        found = (accounts[number] for number in range(asked.after + 1, last + 1) if accounts[number].keys)
        return [self._told(account) for account in islice(found, asked.limit)]

    async def show_account(self, key: str) -> answers.Account:
        """One account."""
        return self._told(self.account(key))

    async def close_account(self, key: str) -> answers.Done:
        """The account's orders, keys and rights end; its history stays."""
        live = self._live
        async with self._changing:
            account = self.account(key)
            api_keys = tuple(account.keys)
            live.submit(c.CloseAccount(live.now(), account.id))
            await live.committed()
            await self._forget(*api_keys)
        return answers.Done()

    async def deposit(self, key: str, asked: requests.Money) -> answers.Balance:
        """Money comes in."""
        account, amount = self.account(key), self._money(asked)
        if not account.can_deposit:
            raise conflict(f'The account of {key} may not deposit; give it the right "canDeposit" first.')
        return await self._move_money(account, asked.asset, amount)

    async def withdraw(self, key: str, asked: requests.Money) -> answers.Balance:
        """Money leaves, as far as it is not locked in orders."""
        account, amount = self.account(key), self._money(asked)
        if not account.can_withdraw:
            raise conflict(f'The account of {key} may not withdraw; give it the right "canWithdraw" first.')
        balance = account.balances.get(asked.asset)
        free = balance.free if balance is not None else 0
        if free < amount:
            raise conflict(f"amount: at most the {format_amount(free)} {asked.asset} that are free", "amount")
        return await self._move_money(account, asked.asset, -amount)

    async def reset_account(self, key: str) -> answers.Account:
        """As it was when it was opened, but for its history."""
        account = self.account(key)
        self._live.submit(c.ResetAccount(self._live.now(), account.id))
        await self._live.committed()
        return self._told(account)

    async def set_rights(self, key: str, asked: requests.Rights) -> answers.Account:
        """Change what is named; the rest stays."""
        account = self.account(key)
        command = c.SetAccount(
            self._live.now(),
            account.id,
            account.can_trade if asked.can_trade is UNSET else asked.can_trade,
            account.can_withdraw if asked.can_withdraw is UNSET else asked.can_withdraw,
            account.can_deposit if asked.can_deposit is UNSET else asked.can_deposit,
            account.pays_in_bnb if asked.pays_in_bnb is UNSET else asked.pays_in_bnb,
            account.trade_group if asked.trade_group is UNSET else asked.trade_group,
        )
        self._live.submit(command)
        await self._live.committed()
        return self._told(account)

    async def set_rates(self, key: str, asked: requests.Rates) -> answers.Account:
        """What fills cost from now on."""
        account = self.account(key)
        maker, taker = read_amount("maker", asked.maker), read_amount("taker", asked.taker)
        symbol = "" if asked.symbol is UNSET else asked.symbol
        if symbol and symbol not in self._live.venue.markets:
            raise wrong("symbol", f"{shortened(symbol)!r} is not listed here; /mock/v1/symbols lists what is")
        self._live.submit(c.SetRates(self._live.now(), account.id, maker, taker, symbol))
        await self._live.committed()
        return self._told(account)

    async def add_key(self, key: str, asked: requests.NewKey) -> answers.MadeKey:
        """Another key to the same account."""
        live = self._live
        async with self._changing:
            account = self.account(key)
            credential, secret = self._credential(asked)
            await self._keep(credential)
            live.submit(c.SetKey(live.now(), account.id, credential.api_key, asked.may_trade))
            await live.committed()
        return answers.MadeKey(credential.api_key, _kind(credential), asked.may_trade, secret)

    async def remove_key(self, key: str, other: str) -> answers.Account:
        """One key less; an account never loses its last one."""
        live = self._live
        async with self._changing:
            account = self.account(key)
            if other not in account.keys:
                raise not_found(f"The account of {shortened(key)} has no API key {shortened(other)!r}.")
            if len(account.keys) == 1:
                raise conflict(f"{other} is the account's only API key; close the account instead.")
            live.submit(c.SetKey(live.now(), account.id, other, is_valid=False))
            await live.committed()
            await self._forget(other)
        return self._told(account)

    def account(self, key: str) -> Account:
        """The account of an API key that stands in a path."""
        account = self._live.venue.keys.get(key)
        if account is None:
            raise not_found(
                f"No account has the API key {shortened(key)!r}; /mock/v1/accounts lists those there are."
            )
        return account

    def _read_balances(self, asked: Mapping[str, str]) -> dict[str, int]:
        if len(asked) > _MOST_ASSETS:
            raise wrong("balances", f"at most {_MOST_ASSETS} assets")
        return {
            self._asset("balances", asset): read_amount("balances", text) for asset, text in asked.items()
        }

    def _money(self, asked: requests.Money) -> int:
        self._asset("asset", asked.asset)
        amount = read_amount("amount", asked.amount)
        if not amount:
            raise wrong("amount", "above 0")
        return amount

    def _asset(self, field: str, asset: str) -> str:
        venue = self._live.venue
        known = venue.deposits.keys() | venue.treasuries.keys()
        if asset not in known:
            raise wrong(field, f"{asset!r} is no asset of this exchange; it has {', '.join(sorted(known))}")
        return asset

    async def _move_money(self, account: Account, asset: str, amount: int) -> answers.Balance:
        live = self._live
        live.submit(c.Deposit(live.now(), account.id, asset, amount))
        balance = account.balances[asset]
        told = answers.Balance(asset, format_amount(balance.free), format_amount(balance.locked))
        await live.committed()
        return told

    def _credential(self, asked: requests.NewKey) -> tuple[Credential, str | None]:
        """What will check the key's signatures, and the secret to be told; refused where the key is taken."""
        api_key = new_api_key() if asked.api_key is UNSET else asked.api_key
        if api_key in self._live.venue.keys:
            raise conflict(
                f"apiKey: {api_key} is taken; choose another, or leave it out and one is made", "apiKey"
            )
        field = "secret"
        try:
            if asked.public_key is UNSET:
                secret = new_secret() if asked.secret is UNSET else asked.secret
                return HmacCredential(api_key, secret), secret
            field = "publicKey"
            if asked.secret is not UNSET:
                raise wrong(
                    "secret",
                    "left out where a publicKey is sent: the key's owner signs with its private half",
                )
            return public_key_credential(api_key, asked.public_key), None
        except UnusableKey as error:
            raise wrong(field, str(error)) from None

    async def _keep(self, credential: Credential) -> None:
        try:
            await asyncio.to_thread(self._keys.add, credential)
        except (SealedFileError, OSError) as error:
            raise Problem(f"The API key cannot be kept: {error}", status=503) from error

    async def _forget(self, *api_keys: str) -> None:
        # without the engine's word for it a key opens nothing: what stays in the file does no harm
        try:
            await asyncio.to_thread(self._keys.remove, *api_keys)
        except (SealedFileError, OSError) as error:
            raise Problem(
                f"It was done, but the file of API keys cannot be written: {error}", status=503
            ) from error

    def _told(self, account: Account) -> answers.Account:
        amount = format_amount
        return answers.Account(
            account.id,
            [
                answers.Key(key, _kind(self._keys.get(key)), may_trade)
                for key, may_trade in account.keys.items()
            ],
            [
                answers.Balance(asset, amount(balance.free), amount(balance.locked))
                for asset, balance in sorted(account.balances.items())
                if balance.total
            ],
            amount(account.maker_rate),
            amount(account.taker_rate),
            {
                symbol: answers.SymbolRates(amount(maker), amount(taker))
                for symbol, (maker, taker) in sorted(account.special_rates.items())
            },
            account.can_trade,
            account.can_deposit,
            account.can_withdraw,
            account.pays_in_bnb,
            account.trade_group,
            sum(len(desk.open) for desk in account.desks.values()),
        )


def _kind(credential: Credential | None) -> str | None:
    return None if credential is None else credential.kind
