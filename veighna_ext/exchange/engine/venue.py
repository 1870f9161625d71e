"""The venue: one writer of books and balances, a function of its commands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums, errors
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine import amending, bookkeeping, house, trading
from veighna_ext.exchange.engine.accounts import HOUSE, Account, Desk
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.commission import BNB, BnbCounter
from veighna_ext.exchange.engine.market import DepthFeed, Market, Tape, Treasury
from veighna_ext.exchange.engine.past import Past
from veighna_ext.exchange.engine.reports import News
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol

HOUSE_FUNDS = 10**12 * UNIT
"""What the house owns of every asset at the beginning."""


class Venue:
    """Every market and every account."""

    def __init__(
        self,
        symbols: Iterable[Symbol],
        tape_for: Callable[[Symbol, int], tuple[Tape, DepthFeed]],
        limits: ExchangeFilters | None = None,
    ) -> None:
        self.limits = limits or ExchangeFilters()
        self.news = News()
        self.markets: dict[str, Market] = {}
        self.accounts: dict[int, Account] = {}
        self.treasuries: dict[str, Treasury] = {}
        self.deposits: dict[str, int] = {}
        """Per asset, everything deposited less everything withdrawn."""
        self.keys: dict[str, Account] = {}
        self.last_list_id = -1
        self.last_account_id = 0
        self.amendments: dict[tuple[str, int], list[Amendment]] = {}
        self.sources: dict[str, list[c.SetSource]] = {}
        """How each symbol's market source was told to behave, oldest first."""
        self.trusts_commands = False
        """Whether orders come from the journal: what was accepted once is not judged again."""
        self._past: Past | None = None
        self._tape_for = tape_for
        self._bnb = BnbCounter(self.markets, self.treasury(BNB))
        self.accounts[HOUSE] = Account(HOUSE, 0, 0, 0)
        for symbol in symbols:
            self.list_symbol(symbol, 0)

    def submit(self, command: c.Command) -> Any:
        """Carry a command out and say what came of it; a refusal is raised and has changed nothing."""
        answer = _HANDLERS[type(command)](self, command)
        if self.news.reports:
            self.news.finish(command.time)
        return answer

    def desk(self, account_id: int, symbol: str) -> Desk:
        """An account's place on a symbol, made at first touch."""
        account = self.accounts.get(account_id)
        if account is None:
            raise errors.invalid_account()
        found = account.desks.get(symbol)
        if found is None:
            found = account.desks[symbol] = Desk(account, self.market(symbol))
        return found

    def market(self, symbol: str) -> Market:
        """A symbol's market."""
        found = self.markets.get(symbol)
        if found is None:
            raise errors.unknown_symbol()
        return found

    def account(self, account_id: int) -> Account:
        """An account by its id."""
        found = self.accounts.get(account_id)
        if found is None:
            raise errors.invalid_account()
        return found

    def list_symbol(self, symbol: Symbol, now: int, first_trade_id: int = 0) -> Market:
        """Open a symbol's market, or change its rules."""
        market = self.markets.get(symbol.name)
        if market is not None:
            market.change_rules(symbol)
            return market
        tape, depth = self._tape_for(symbol, now)
        base_fees, quote_fees = self.treasury(symbol.base), self.treasury(symbol.quote)
        market = Market(symbol, tape, depth, base_fees, quote_fees, self._bnb, self.news)
        market.past = self._past
        market.last_trade_id = first_trade_id - 1
        self.markets[symbol.name] = market
        the_house = self.accounts[HOUSE]
        for asset in (symbol.base, symbol.quote):
            if asset not in the_house.balances:
                the_house.balance(asset).free = HOUSE_FUNDS
                self.deposits[asset] = self.deposits.get(asset, 0) + HOUSE_FUNDS
        return market

    def remember_with(self, past: Past) -> None:
        """From now on somebody tells about what is moved out of memory."""
        self._past = past
        for market in self.markets.values():
            market.past = past

    def treasury(self, asset: str) -> Treasury:
        """Where an asset's commissions are collected."""
        return self.treasuries.setdefault(asset, Treasury(asset))


def _list_symbol(venue: Venue, command: c.ListSymbol) -> Market:
    return venue.list_symbol(command.symbol, command.time, command.first_trade_id)


def _set_limits(venue: Venue, command: c.SetLimits) -> None:
    venue.limits = command.limits


def _set_status(venue: Venue, command: c.SetStatus) -> Market:
    market = venue.market(command.symbol)
    market.status = command.status
    return market


def _market_moves(venue: Venue, command: c.MarketMoves) -> Market:
    desk = venue.desk(HOUSE, command.symbol)
    desk.market.move_clock(command.time)
    if desk.market.status == enums.TRADING:
        house.move(desk.market, desk, command.quotes, command.hits, command.time)
    return desk.market


def _tape_trade(venue: Venue, command: c.TapeTrade) -> Market:
    desk = venue.desk(HOUSE, command.symbol)
    market = desk.market
    market.move_clock(command.time)
    if market.status == enums.TRADING:
        house.tape_trade(market, desk, command)
    return market


def _set_faults(venue: Venue, command: c.SetFaults) -> None:
    for market in venue.markets.values():
        if command.partial_fill_only:
            market.half_fills.add(command.account)
        else:
            market.half_fills.discard(command.account)


def _set_source(venue: Venue, command: c.SetSource) -> None:
    venue.market(command.symbol)
    venue.sources.setdefault(command.symbol, []).append(command)


_HANDLERS: dict[type[c.Command], Callable[[Venue, Any], Any]] = {
    c.PlaceOrder: trading.place,
    c.CancelOrder: trading.cancel,
    c.CancelAll: trading.cancel_all,
    c.CancelReplace: trading.cancel_replace,
    c.AmendOrder: amending.amend,
    c.PlaceList: trading.place_list,
    c.CancelList: trading.cancel_list,
    c.OpenAccount: bookkeeping.open_account,
    c.Deposit: bookkeeping.deposit,
    c.ResetAccount: bookkeeping.reset_account,
    c.SetAccount: bookkeeping.set_account,
    c.SetRates: bookkeeping.set_rates,
    c.SetKey: bookkeeping.set_key,
    c.CloseAccount: bookkeeping.close_account,
    c.SetStatus: _set_status,
    c.ListSymbol: _list_symbol,
    c.SetLimits: _set_limits,
    c.MarketMoves: _market_moves,
    c.TapeTrade: _tape_trade,
    c.SetFaults: _set_faults,
    c.SetSource: _set_source,
}
