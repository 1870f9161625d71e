"""The symbols the exchange lists out of the box, with the filters Binance has for pairs of their kind."""

from __future__ import annotations

from collections.abc import Iterable

from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.market.synthetic.listing import LISTING
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters
from veighna_ext.exchange.symbols import ExchangeFilters, Symbol, SymbolFilters

LARGEST_AMOUNT = 2**62
"""The largest quantity of one order, about 46 billion: amounts must fit in 64 bits."""
SMALLEST_NOTIONAL = {
    "USDT": parse_amount("5"),
    "BTC": parse_amount("0.0001"),
    "ETH": parse_amount("0.001"),
    "BNB": parse_amount("0.01"),
}
LARGEST_NOTIONAL = parse_amount("9000000")

LIMITS = ExchangeFilters(max_orders=1000, max_algo_orders=200, max_iceberg_orders=1000, max_order_lists=100)
"""What an account may have open on the whole exchange."""


class UnknownSymbols(ValueError):
    """Names that the exchange does not list."""

    def __init__(self, names: Iterable[str]) -> None:
        unknown = ", ".join(names)
        super().__init__(f"{unknown} is not listed; choose from {', '.join(LISTING)}")


def listed(names: Iterable[str] | None = None) -> tuple[Symbol, ...]:
    """The built-in symbols, or those named, in the order of the table."""
    chosen = set(LISTING) if names is None else {name.strip().upper() for name in names}
    if unknown := sorted(chosen - set(LISTING)):
        raise UnknownSymbols(unknown)
    return tuple(symbol_of(parameters) for name, parameters in LISTING.items() if name in chosen)


def symbol_of(parameters: MarketParameters) -> Symbol:
    """The symbol of a market, with the filters of its kind."""
    quote = next((asset for asset in SMALLEST_NOTIONAL if parameters.symbol.endswith(asset)), None)
    if quote is None:
        raise UnknownSymbols([parameters.symbol])
    base = parameters.symbol.removesuffix(quote)
    return Symbol(parameters.symbol, base, quote, _filters(parameters, SMALLEST_NOTIONAL[quote]))


def _filters(parameters: MarketParameters, smallest: int) -> SymbolFilters:
    tick, step = parameters.tick, parameters.step
    # a thousandth of a day's volume at once is a large market order; a limit order may be much larger
    market_most = max(parameters.daily_quote_volume * UNIT // parameters.base_price // 1000 // step, 1) * step
    return SymbolFilters(
        min_price=tick,
        max_price=min(parameters.base_price * 1000, 10**7 * UNIT) // tick * tick,
        tick=tick,
        min_quantity=step,
        max_quantity=min(market_most * 1000, LARGEST_AMOUNT // step * step),
        step=step,
        market_max_quantity=market_most,
        percent_up=(5 * UNIT, 5 * UNIT),
        percent_down=(UNIT // 5, UNIT // 5),
        min_notional=smallest,
        max_notional=LARGEST_NOTIONAL,
        iceberg_parts=100,
        max_orders=200,
        max_algo_orders=5,
        max_iceberg_orders=100,
        max_order_amends=10,
        max_order_lists=20,
        trailing_above=(10, 2000),
        trailing_below=(10, 2000),
    )
