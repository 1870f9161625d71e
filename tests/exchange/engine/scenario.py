"""
A trading day told in texts, as Binance's documents tell theirs.

Amounts, sides, types and statuses go in and come out as the texts of the API, without trailing zeros. After
every command the books and the money are checked, and a refused command must have changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.exchange.engine.building import START, RecordingDepth, RecordingTape, depth_of, tape_of
from tests.exchange.engine.invariants import LastIds, check_history, check_open_state
from tests.exchange.engine.placed import Placed, PlacedList, in_short, text
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import parse_amount
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.engine.amending import Amendment
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.reports import Report
from veighna_ext.exchange.engine.trading import Replacement
from veighna_ext.exchange.engine.venue import Venue
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol, symbol_from_info

SECOND = 1_000_000
QUOTES = ("USDT", "BTC", "BNB")
ANY_STATUS = ""


def pair(name: str = "BTCUSDT", *filters: dict[str, Any], **permissions: Any) -> Symbol:
    """A symbol with the filters and permissions of an exchangeInfo answer, and no others."""
    quote = next(asset for asset in QUOTES if name.endswith(asset))
    info = {
        "symbol": name,
        "baseAsset": name.removesuffix(quote),
        "quoteAsset": quote,
        "orderTypes": enums.ORDER_TYPES,
        "filters": list(filters),
    }
    return symbol_from_info({**info, **permissions})


def order(
    kind: str,
    side: str,
    quantity: str = "0",
    *,
    at: str = "0",
    tif: str = "GTC",
    stop: str = "0",
    trailing: int = 0,
    iceberg: str = "0",
    worth: str = "0",
    stp: str = "",
    name: str = "",
    strategy: tuple[int, int] | None = None,
) -> OrderSpec:
    """An order as its sender writes it down; ``at`` is the price, ``worth`` the quoteOrderQty."""
    return OrderSpec(
        side=enums.SIDES.index(side),
        type=enums.ORDER_TYPES.index(kind),
        quantity=parse_amount(quantity),
        price=parse_amount(at),
        tif=enums.TIMES_IN_FORCE.index(tif),
        client_id=name,
        stp=enums.STP_MODES.index(stp) if stp else -1,
        stop_price=parse_amount(stop),
        trailing_delta=trailing,
        iceberg=parse_amount(iceberg),
        quote_quantity=parse_amount(worth),
        strategy_id=strategy[0] if strategy else None,
        strategy_type=strategy[1] if strategy else None,
    )


@contextmanager
def refused(code: int, message: str) -> Iterator[None]:
    """The command inside must be refused with exactly this code and this text."""
    with pytest.raises(Refused) as refusal:
        yield
    assert (refusal.value.code, refusal.value.message) == (code, message)


class Exchange:
    """A venue with its clock: every command comes a second after the last."""

    def __init__(self, *symbols: Symbol, limits: ExchangeFilters | None = None) -> None:
        self.venue = Venue(
            symbols or [pair()], lambda symbol, now: (RecordingTape(), RecordingDepth()), limits
        )
        self.symbol = next(iter(self.venue.markets))
        self.time = START
        self._ids = LastIds()

    def submit(self, command: c.Command) -> Any:
        """Carry a command out, and see that the venue is in order afterwards."""
        before = self._fingerprint()
        try:
            answer = self.venue.submit(command)
        except Refused:
            assert self._fingerprint() == before, "a refused command has changed something"
            raise
        check_open_state(self.venue)
        check_history(self.venue)
        self._ids.check(self.venue)
        return answer

    def now(self) -> int:
        """The time of the next command."""
        self.time += SECOND
        return self.time

    def trader(self, *, maker: str = "0", taker: str = "0", **funds: str) -> Trader:
        """Somebody new with some money."""
        balances = funds or {"BTC": "1000", "USDT": "10000000"}
        account = self.submit(
            c.OpenAccount(
                self.now(),
                {asset: parse_amount(amount) for asset, amount in balances.items()},
                parse_amount(maker),
                parse_amount(taker),
            )
        )
        return Trader(self, account.id)

    def trades(self, *prices: str, quantity: str = "0.001", on: str = "") -> None:
        """The market trades a little at these prices, one after the other."""
        for price in prices:
            units, amount = parse_amount(price), parse_amount(quantity)
            for quotes, hits in (
                ([(enums.SELL, units, amount)], [(enums.BUY, amount, units)]),
                # what the market offered and nobody took
                ([(enums.SELL, units, 0), (enums.BUY, units, 0)], []),
            ):
                self.submit(c.MarketMoves(self.now(), on or self.symbol, quotes, hits))

    def average_price(self, price: str, on: str = "") -> None:
        """What the filters measure prices against."""
        tape_of(self.venue, on or self.symbol).average = parse_amount(price)

    def halt(self, status: str = "HALT", on: str = "") -> None:
        """Change the status of a symbol."""
        self.submit(c.SetStatus(self.now(), on or self.symbol, enums.SYMBOL_STATUSES.index(status)))

    def book(self, side: str, on: str = "") -> list[str]:
        """The visible levels from the best on: ``quantity@price``."""
        levels = depth_of(self.venue, on or self.symbol).shown[enums.SIDES.index(side)]
        best_first = sorted(levels.items(), reverse=side == "BUY")
        return [f"{text(quantity)}@{text(price)}" for price, quantity in best_first]

    def tape(self, on: str = "") -> list[str]:
        """The public trades: ``quantity@price``."""
        trades = tape_of(self.venue, on or self.symbol).trades
        return [f"{text(quantity)}@{text(price)}" for _, _, price, quantity, _ in trades]

    def prevented(self, on: str = "") -> list[tuple[int, int, str, str, str, str]]:
        """Prevented matches: taker, maker, mode, price, the taker's and the maker's prevented quantity."""
        return [
            (
                each.taker.id,
                each.maker.id,
                enums.STP_MODES[each.mode],
                text(each.price),
                text(each.taker_quantity),
                text(each.maker_quantity),
            )
            for each in self.venue.market(on or self.symbol).prevented
        ]

    def _fingerprint(self) -> object:
        return [
            [
                [(name, held.free, held.locked) for name, held in account.balances.items() if held.total]
                for account in self.venue.accounts.values()
            ],
            [
                (
                    market.last_order_id,
                    market.last_trade_id,
                    market.last_execution_id,
                    list(map(repr, _open(market))),
                )
                for market in self.venue.markets.values()
            ],
            self.venue.last_list_id,
        ]


def _open(market: Market) -> list[Order]:
    return [*market.book.bids.orders(), *market.book.asks.orders(), *market.stops.orders()]


class Trader:
    """An account and the person behind it."""

    def __init__(self, exchange: Exchange, account_id: int) -> None:
        self.exchange = exchange
        self.account = exchange.venue.account(account_id)
        self.id = account_id

    # orders

    def place(self, spec: OrderSpec, on: str = "") -> Placed:
        """Send an order."""
        return Placed(self._submit(c.PlaceOrder, on, spec))

    def limit(self, side: str, quantity: str, at: str, on: str = "", **more: Any) -> Placed:
        """Send a LIMIT order."""
        return self.place(order("LIMIT", side, quantity, at=at, **more), on)

    def market(self, side: str, quantity: str = "0", on: str = "", **more: Any) -> Placed:
        """Send a MARKET order, by quantity or by what it shall be ``worth``."""
        return self.place(order("MARKET", side, quantity, **more), on)

    def limit_maker(self, side: str, quantity: str, at: str, **more: Any) -> Placed:
        """Send a LIMIT_MAKER order."""
        return self.place(order("LIMIT_MAKER", side, quantity, at=at, **more))

    def stop_loss(self, side: str, quantity: str, **more: Any) -> Placed:
        """Send a STOP_LOSS order."""
        return self.place(order("STOP_LOSS", side, quantity, **more))

    def stop_loss_limit(self, side: str, quantity: str, at: str, **more: Any) -> Placed:
        """Send a STOP_LOSS_LIMIT order."""
        return self.place(order("STOP_LOSS_LIMIT", side, quantity, at=at, **more))

    def take_profit(self, side: str, quantity: str, **more: Any) -> Placed:
        """Send a TAKE_PROFIT order."""
        return self.place(order("TAKE_PROFIT", side, quantity, **more))

    def take_profit_limit(self, side: str, quantity: str, at: str, **more: Any) -> Placed:
        """Send a TAKE_PROFIT_LIMIT order."""
        return self.place(order("TAKE_PROFIT_LIMIT", side, quantity, at=at, **more))

    # order lists

    def oco(self, above: OrderSpec, below: OrderSpec, *, name: str = "") -> PlacedList:
        """Send a pair of which one cancels the other."""
        return PlacedList(self._submit(c.PlaceList, "", enums.OCO, [above, below], name))

    def oto(self, working: OrderSpec, pending: OrderSpec, *, name: str = "") -> PlacedList:
        """Send an order and one that follows it."""
        return PlacedList(self._submit(c.PlaceList, "", enums.OTO, [working, pending], name))

    def otoco(self, working: OrderSpec, above: OrderSpec, below: OrderSpec, *, name: str = "") -> PlacedList:
        """Send an order and a pair that follows it."""
        return PlacedList(self._submit(c.PlaceList, "", enums.OTOCO, [working, above, below], name))

    def cancel_list(self, which: PlacedList | None = None, *, name: str = "", cancel_name: str = "") -> None:
        """Cancel every order of a list."""
        self._submit(c.CancelList, "", which.id if which else -1, name, cancel_name)

    # changes

    def cancel(
        self,
        which: Placed | None = None,
        *,
        name: str = "",
        cancel_name: str = "",
        only: str = ANY_STATUS,
        on: str = "",
    ) -> None:
        """Cancel one order, named by itself, by the trader's id, or by both."""
        self._submit(c.CancelOrder, on, which.id if which else -1, name, cancel_name, _status(only))

    def cancel_all(self, on: str = "", *, cancel_name: str = "") -> list[Placed]:
        """Cancel every open order on a symbol."""
        return [Placed(order) for order in self._submit(c.CancelAll, on, cancel_name)]

    def amend(self, which: Placed | None, quantity: str, *, name: str = "", new_name: str = "") -> Amendment:
        """Make an order smaller."""
        number = which.id if which else -1
        answer: Amendment = self._submit(c.AmendOrder, "", parse_amount(quantity), number, name, new_name)
        return answer

    def replace(
        self,
        which: Placed | None,
        spec: OrderSpec,
        *,
        name: str = "",
        cancel_name: str = "",
        allow_failure: bool = False,
        only: str = ANY_STATUS,
        cancel_only: bool = False,
    ) -> Replacement:
        """Cancel one order and send another."""
        answer: Replacement = self._submit(
            c.CancelReplace,
            "",
            which.id if which else -1,
            name,
            spec,
            not allow_failure,
            cancel_name,
            _status(only),
            cancel_only,
        )
        return answer

    # money and rights

    def free(self, asset: str) -> str:
        """What can be spent or withdrawn."""
        return text(self.account.balance(asset).free)

    def locked(self, asset: str) -> str:
        """What open orders hold."""
        return text(self.account.balance(asset).locked)

    def deposit(self, asset: str, amount: str) -> None:
        """Pay money in."""
        self.exchange.submit(c.Deposit(self.exchange.now(), self.id, asset, parse_amount(amount)))

    def withdraw(self, asset: str, amount: str) -> None:
        """Take money out."""
        self.exchange.submit(c.Deposit(self.exchange.now(), self.id, asset, -parse_amount(amount)))

    def reset(self) -> None:
        """Begin anew."""
        self.exchange.submit(c.ResetAccount(self.exchange.now(), self.id))

    def becomes(self, **rights: Any) -> Trader:
        """Change what the account may do and how it pays."""
        self.exchange.submit(c.SetAccount(self.exchange.now(), self.id, **rights))
        return self

    def pays(self, maker: str, taker: str, on: str = "") -> None:
        """Change the commission rates, of one symbol or of all."""
        command = c.SetRates(self.exchange.now(), self.id, parse_amount(maker), parse_amount(taker), on)
        self.exchange.submit(command)

    # the user data stream

    def listens(self) -> Trader:
        """Subscribe to the account's reports."""
        self.account.is_listening = True
        return self

    def reports(self) -> list[Report]:
        """Everything told to this account since last asked."""
        return [each for each in self.exchange.venue.news.take() if each.account == self.id]

    def hears(self) -> list[str]:
        """The reports in short, one line each."""
        return [in_short(report) for report in self.reports()]

    def _submit(self, command: type[c.Command], on: str, *fields: Any) -> Any:
        make: Any = command
        return self.exchange.submit(make(self.exchange.now(), self.id, on or self.exchange.symbol, *fields))


def _status(name: str) -> int:
    return enums.STATUSES.index(name) if name else -1
