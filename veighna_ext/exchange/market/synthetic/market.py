"""All symbols of a synthetic market: their paths, their histories and their market makers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from veighna_ext.exchange.market.synthetic.listing import LISTING
from veighna_ext.exchange.market.synthetic.maker import MarketMaker, Moves
from veighna_ext.exchange.market.synthetic.parameters import BadMarketParameters, MarketParameters
from veighna_ext.exchange.market.synthetic.path import MarketSetting, PricePath
from veighna_ext.exchange.statistics.history import Candle
from veighna_ext.exchange.statistics.intervals import MINUTE


class SyntheticMarket:
    """Symbols that share one seed, and with it the factor they all follow."""

    def __init__(self, seed: int, parameters: Iterable[MarketParameters] = LISTING.values()) -> None:
        self.seed = seed
        self.parameters = {each.symbol: each for each in parameters}
        self._paths: dict[str, PricePath] = {}
        for symbol in self.parameters:
            self._add(symbol)
        self._makers = {symbol: MarketMaker(self._paths[symbol]) for symbol in self.parameters}

    def _add(self, symbol: str) -> PricePath:
        """A symbol's path; the legs of a cross exist even where they are not traded themselves."""
        path = self._paths.get(symbol)
        if path is None:
            parameters = self.parameters.get(symbol) or LISTING.get(symbol)
            if parameters is None:
                raise BadMarketParameters(f"{symbol}: a leg of a cross must be a symbol of the market")
            path = self._paths[symbol] = PricePath(parameters, self.seed, self._legs(parameters))
        return path

    def _legs(self, parameters: MarketParameters) -> tuple[PricePath, PricePath] | None:
        if parameters.legs is None:
            return None
        numerator, denominator = map(self._add, parameters.legs)
        if numerator.parameters.legs or denominator.parameters.legs:
            raise BadMarketParameters(f"{parameters.symbol}: the legs of a cross cannot be crosses")
        return numerator, denominator

    def path(self, symbol: str) -> PricePath:
        """The price path of a symbol as it is now."""
        return self._paths[symbol]

    def history(self, symbol: str) -> SyntheticHistory:
        """The past of a symbol, for its candles."""
        return SyntheticHistory(self, symbol)

    def step_at(self, symbol: str, time: int) -> int:
        """The number of the step of a symbol's market maker that is due at a microsecond."""
        return self._makers[symbol].step_at(time)

    def moves(
        self, symbol: str, step: int, time: int, bids: Mapping[int, int], asks: Mapping[int, int]
    ) -> Moves:
        """What the house does in a step, given what it has resting at each price."""
        return self._makers[symbol].moves(step, time, bids, asks)

    def set(self, symbol: str, setting: MarketSetting) -> None:
        """Change how a market behaves from a time on; crosses follow."""
        self._replace(symbol, self._paths[symbol].under(setting))
        for cross, path in list(self._paths.items()):
            legs = path.parameters.legs
            if legs and symbol in legs:
                self._replace(
                    cross, path.following((self._paths[legs[0]], self._paths[legs[1]]), setting.time)
                )

    def _replace(self, symbol: str, path: PricePath) -> None:
        self._paths[symbol] = path
        if symbol in self._makers:
            self._makers[symbol] = MarketMaker(path)

    def shock_to(self, symbol: str, price: int, time: int) -> float:
        """The shock that brings a market to a price."""
        return math.log(price / self._paths[symbol].price_at(time))


class SyntheticHistory:
    """One symbol's candles before the exchange was started."""

    def __init__(self, market: SyntheticMarket, symbol: str) -> None:
        self._market = market
        self._symbol = symbol

    def candles(
        self, interval: str, start: int | None, end: int | None, limit: int, shift: int
    ) -> list[Candle]:
        """Candles that open from start to end inclusive: from a start on the oldest, else the newest."""
        return self._market.path(self._symbol).candles(interval, start, end, limit, shift // MINUTE).rows()
