"""Control of markets: moved, frozen, shaken, halted; and what they are at this moment."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import UNSET

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.market.synthetic import BadMarketParameters, MarketSetting
from veighna_ext.exchange.markets import SyntheticMarkets, without_ladder
from veighna_ext.exchange.server.control import answers, requests
from veighna_ext.exchange.server.control.amounts import read_amount
from veighna_ext.exchange.server.control.problems import Problem, conflict, not_found, wrong
from veighna_ext.exchange.server.control.reading import allowed_in, shortened
from veighna_ext.exchange.server.control.replays import replayed_symbol
from veighna_ext.exchange.server.control.routes import Route

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.book import BookSide
    from veighna_ext.exchange.engine.market import Market
    from veighna_ext.exchange.server.live import LiveExchange

_OF_A_PATH = ("price", "volatility", "trend", "shock", "half_life_s")
"""What only a market with a price path can be told."""
_LARGEST_JUMP = 10
"""Of the logarithm of a price, with one change."""


class MarketControl:
    """Carries out the control calls about markets."""

    def __init__(self, live: LiveExchange) -> None:
        self._live = live

    def routes(self) -> tuple[Route, ...]:
        """The calls about markets."""
        return (
            Route("GET", "/symbols", "List the symbols.", list[answers.Symbol], self.list_symbols),
            Route(
                "GET",
                "/market/{symbol}",
                "Look at one market.",
                answers.Market,
                self.show_market,
                refusals=(404,),
            ),
            Route(
                "POST",
                "/market/{symbol}",
                "Move, freeze, shake, halt or resume one market.",
                answers.Market,
                self.change_market,
                requests.MarketChange,
                refusals=(404, 409),
            ),
        )

    async def list_symbols(self) -> list[answers.Symbol]:
        """Every symbol with the rules that bots ask for most."""
        amount = format_amount
        return [
            answers.Symbol(
                name, market.symbol.base, market.symbol.quote, enums.SYMBOL_STATUSES[market.status],
                amount(rules.tick), amount(rules.step), amount(rules.min_price), amount(rules.max_price),
                amount(rules.min_notional),
            )
            for name, market in self._live.venue.markets.items()
            for rules in (market.symbol.filters,)
        ]  # fmt: skip

    async def show_market(self, symbol: str) -> answers.Market:
        """One market as it is."""
        return self.told(self._market(symbol))

    async def change_market(self, symbol: str, asked: requests.MarketChange) -> answers.Market:
        """Everything that is asked, or nothing."""
        market, live = self._market(symbol), self._live
        if all(getattr(asked, field) is UNSET for field in asked.__struct_fields__):
            raise Problem(
                f"Nothing was asked: send at least one of {', '.join(allowed_in(requests.MarketChange))}."
            )
        change = self._source_change(market, asked)
        if asked.halt is not UNSET:
            live.submit(c.SetStatus(live.now(), symbol, enums.HALT if asked.halt else enums.TRADING))
        if change is not None and isinstance(live.source, SyntheticMarkets):
            live.source.adopt(change)
            live.submit(change)
            if change.is_manual and (leaving := without_ladder(market, change.time)) is not None:
                live.submit(leaving)
        await live.committed()
        return self.told(market)

    def told(self, market: Market) -> answers.Market:
        """A market as the status and its own call show it."""
        book = market.book
        return answers.Market(
            enums.SYMBOL_STATUSES[market.status],
            format_amount(market.last_price) if market.last_price else None,
            _best(book.bids),
            _best(book.asks),
            self._source_of(market.symbol.name),
        )

    def _source_of(self, symbol: str) -> answers.Source:
        source = self._live.source
        if (played := replayed_symbol(source)) is not None:
            return answers.Source("replay" if played == symbol else "manual")
        if not isinstance(source, SyntheticMarkets) or not source.has(symbol):
            return answers.Source("manual")
        setting = source.setting(symbol)
        if setting.is_manual:
            return answers.Source("manual")
        return answers.Source("synthetic", setting.volatility, setting.trend)

    def _market(self, symbol: str) -> Market:
        market = self._live.venue.markets.get(symbol)
        if market is None:
            raise not_found(f"{shortened(symbol)!r} is not listed here; /mock/v1/symbols lists what is.")
        return market

    def _source_change(self, market: Market, asked: requests.MarketChange) -> c.SetSource | None:
        """What the market's source is to be told; refused where it makes no sense."""
        named = [field for field in (*_OF_A_PATH, "mode") if getattr(asked, field) is not UNSET]
        if not named:
            return None
        symbol, source = market.symbol.name, self._live.source
        if (played := replayed_symbol(source)) is not None:
            raise conflict(_of_replay(played, symbol, named[0]), named[0])
        if not isinstance(source, SyntheticMarkets) or not source.has(symbol):
            if named == ["mode"] and asked.mode == "manual":
                return None
            raise conflict(
                f"{named[0]}: {symbol} has no market maker, its price is what accounts trade at; "
                "start the exchange with --market synthetic for one",
                named[0],
            )
        return self._setting(source, market, asked)

    def _setting(self, source: SyntheticMarkets, market: Market, asked: requests.MarketChange) -> c.SetSource:
        symbol, now = market.symbol.name, self._live.now()
        latest = source.setting(symbol)
        is_manual = latest.is_manual if asked.mode is UNSET else asked.mode == "manual"
        if is_manual:
            for field in _OF_A_PATH:
                if getattr(asked, field) is not UNSET:
                    raise conflict(
                        f"{field}: {symbol} is manual, its price is what accounts trade at; "
                        'send "mode": "synthetic" for its market maker to come back',
                        field,
                    )
        if asked.half_life_s is not UNSET and asked.shock is UNSET:
            raise wrong("half_life_s", "only together with shock, which it lets fade")
        volatility = latest.volatility if asked.volatility is UNSET else asked.volatility
        trend = latest.trend if asked.trend is UNSET else asked.trend
        half_life = None if asked.half_life_s is UNSET else asked.half_life_s
        shock = self._shock(source, market, asked, now)
        try:
            MarketSetting(now, volatility, trend, shock, half_life)
        except BadMarketParameters as error:
            raise Problem(f"{symbol}: {error}") from None
        return c.SetSource(now, symbol, volatility, trend, shock, half_life, is_manual)

    def _shock(
        self, source: SyntheticMarkets, market: Market, asked: requests.MarketChange, now: int
    ) -> float:
        if asked.price is UNSET:
            return 0.0 if asked.shock is UNSET else math.log1p(asked.shock)
        if asked.shock is not UNSET:
            raise wrong("shock", "not together with price: each of them moves the market, send one")
        price, rules = read_amount("price", asked.price), market.symbol.filters
        if not rules.min_price <= price <= rules.max_price or price % rules.tick:
            raise wrong(
                "price",
                f"from {format_amount(rules.min_price)} to {format_amount(rules.max_price)} in steps of "
                f"{format_amount(rules.tick)}",
            )
        shock = source.shock_to(market.symbol.name, price, now)
        if abs(shock) > _LARGEST_JUMP:
            raise wrong("price", "within a factor of 22000 of the present one")
        return shock


def _of_replay(played: str, symbol: str, field: str) -> str:
    if symbol == played:
        return f"{field}: {symbol} is played from a tape, which alone decides its price; end the replay first"
    return f"{field}: while {played} is played from a tape, the book of {symbol} is what accounts place"


def _best(side: BookSide) -> str | None:
    return None if side.best is None else format_amount(side.best.price)
