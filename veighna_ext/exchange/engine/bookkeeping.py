"""Accounts: opened, funded, given rights, rates and keys, reset and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import errors
from veighna_ext.exchange.engine.accounts import Account
from veighna_ext.exchange.engine.trading import cancel_orders

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.venue import Venue


def open_account(venue: Venue, command: c.OpenAccount) -> Account:
    """A new account with its starting balances."""
    venue.last_account_id += 1
    account = Account(venue.last_account_id, command.maker_rate, command.taker_rate, command.time)
    account.starting_balances = dict(command.balances)
    venue.accounts[account.id] = account
    for asset, amount in command.balances.items():
        account.balance(asset).free = amount
        venue.deposits[asset] = venue.deposits.get(asset, 0) + amount
    return account


def deposit(venue: Venue, command: c.Deposit) -> Account:
    """Money comes in, or goes out."""
    account = venue.account(command.account)
    if not (account.can_deposit if command.amount > 0 else account.can_withdraw):
        raise errors.disabled_action()
    if account.balance(command.asset).free + command.amount < 0:
        raise errors.insufficient_balance()
    _credit(venue, account, command.asset, command.amount, command.time)
    return account


def _credit(venue: Venue, account: Account, asset: str, amount: int, now: int) -> None:
    account.balance(asset).free += amount
    account.updated = now
    venue.deposits[asset] = venue.deposits.get(asset, 0) + amount
    if account.is_listening:
        venue.news.balance_changed(account, asset, amount, now)


def reset_account(venue: Venue, command: c.ResetAccount) -> Account:
    """Cancel an account's orders and give its starting balances back."""
    account = venue.account(command.account)
    _cancel_everything(account, command.time)
    for asset in sorted({*account.balances, *account.starting_balances}):
        change = account.starting_balances.get(asset, 0) - account.balance(asset).free
        if change:
            _credit(venue, account, asset, change, command.time)
    return account


def _cancel_everything(account: Account, now: int) -> None:
    for _, desk in sorted(account.desks.items()):
        cancel_orders(list(desk.open.values()), now)


def set_account(venue: Venue, command: c.SetAccount) -> Account:
    """Change what an account may do."""
    account = venue.account(command.account)
    account.can_trade = command.can_trade
    account.can_withdraw = command.can_withdraw
    account.can_deposit = command.can_deposit
    account.pays_in_bnb = command.pays_in_bnb
    account.trade_group = command.trade_group
    return account


def set_rates(venue: Venue, command: c.SetRates) -> Account:
    """Change commission rates, of one symbol or of all."""
    account = venue.account(command.account)
    rates = command.maker_rate, command.taker_rate
    if command.symbol:
        desk = venue.desk(command.account, command.symbol)
        account.special_rates[command.symbol] = rates
        desk.maker_rate, desk.taker_rate = rates
    else:
        account.maker_rate, account.taker_rate = rates
        for name, desk in account.desks.items():
            if name not in account.special_rates:
                desk.maker_rate, desk.taker_rate = rates
    return account


def set_key(venue: Venue, command: c.SetKey) -> Account:
    """Give an account an API key, change it, or take it away."""
    account = venue.account(command.account)
    owner = venue.keys.get(command.key)
    if owner is not None and owner is not account:
        raise errors.invalid_account()
    if command.is_valid:
        account.keys[command.key] = command.may_trade
        venue.keys[command.key] = account
    else:
        account.keys.pop(command.key, None)
        venue.keys.pop(command.key, None)
    return account


def close_account(venue: Venue, command: c.CloseAccount) -> Account:
    """Cancel an account's orders and take its keys and rights."""
    account = venue.account(command.account)
    _cancel_everything(account, command.time)
    for key in account.keys:
        del venue.keys[key]
    account.keys.clear()
    account.can_trade = account.can_withdraw = account.can_deposit = False
    return account
