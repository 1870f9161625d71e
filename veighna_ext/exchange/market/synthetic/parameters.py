"""What makes one symbol's synthetic market: its price level, its temper and its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from veighna_ext.exchange.amounts import UNIT, format_amount

COMMON_VOLATILITY: Final = 0.023
"""Daily volatility of the factor every symbol follows, which is BTC's own."""


class BadMarketParameters(ValueError):
    """Market parameters no synthetic market can honour."""


@dataclass(frozen=True)
class MarketParameters:
    """One symbol's market; prices and amounts are integers of 1e-8."""

    symbol: str
    tick: int
    step: int
    base_price: int
    """Where the price returns to in the long run."""
    daily_quote_volume: int
    daily_volatility: float = 0.04
    """Standard deviation of the daily log return."""
    beta: float = 1.0
    """How strongly the price follows BTC."""
    spread_bps: float = 2.0
    """Usual distance of best bid and best ask, in hundredths of a percent."""
    steps_per_second: float = 1.0
    """How often the market maker and the noise traders act."""
    legs: tuple[str, str] | None = None
    """For a cross: the symbols whose prices' ratio it follows."""

    def __post_init__(self) -> None:
        if min(self.tick, self.step, self.base_price, self.daily_quote_volume) <= 0:
            raise BadMarketParameters(
                f"{self.symbol}: tick, step, base price and daily volume must be above zero"
            )
        if self.tick * self.step % UNIT:
            raise BadMarketParameters(
                f"{self.symbol}: tick {format_amount(self.tick)} times step {format_amount(self.step)} "
                "has more than 8 decimals; choose a coarser tick or step"
            )
        if not 500 * self.tick <= self.base_price <= 10**9 * self.tick:
            raise BadMarketParameters(
                f"{self.symbol}: the base price must be between 500 and 1,000,000,000 ticks"
            )
        if self.daily_quote_volume // self.quote_unit > 1 << 55:
            raise BadMarketParameters(
                f"{self.symbol}: the daily volume is too large; at most 2**55 ticks times steps"
            )
        if not 0.001 <= self.daily_volatility <= 0.2:
            raise BadMarketParameters(f"{self.symbol}: daily volatility must be between 0.001 and 0.2")
        if abs(self.beta) * COMMON_VOLATILITY > self.daily_volatility * 1.0001:
            raise BadMarketParameters(
                f"{self.symbol}: with a daily volatility of {self.daily_volatility:g} beta can be at most "
                f"{self.daily_volatility / COMMON_VOLATILITY:.2f}, not {self.beta:g}"
            )
        if not 0.1 <= self.steps_per_second <= 20:
            raise BadMarketParameters(f"{self.symbol}: between 0.1 and 20 steps per second")
        if not 0 < self.spread_bps <= 1000:
            raise BadMarketParameters(f"{self.symbol}: the spread must be above 0 and at most 1000 bps")

    @property
    def quote_unit(self) -> int:
        """The quote amount of one step traded at a price of one tick."""
        return self.tick * self.step // UNIT
