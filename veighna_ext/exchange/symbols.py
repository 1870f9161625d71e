"""What can be traded: one table of symbols with their filters, in the shape of Binance's exchangeInfo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import DECIMALS, UNIT, format_amount, parse_amount


class BadSymbolTable(ValueError):
    """An entry of the symbol table that no venue could honour."""


@dataclass
class SymbolFilters:
    """The limits an order must keep; 0 switches a limit off, as on Binance."""

    min_price: int = 0
    max_price: int = 0
    tick: int = 0
    min_quantity: int = 0
    max_quantity: int = 0
    step: int = 0
    market_min_quantity: int = 0
    market_max_quantity: int = 0
    market_step: int = 0
    percent_up: tuple[int, int] = (0, 0)
    """Highest price of buys and of sells, as a multiple of the average price."""
    percent_down: tuple[int, int] = (0, 0)
    percent_minutes: int = 5
    percent_by_side: bool = True
    min_notional: int = 0
    max_notional: int = 0
    notional_minutes: int = 5
    min_notional_for_market: bool = True
    max_notional_for_market: bool = False
    notional_is_range: bool = True
    iceberg_parts: int = 0
    max_orders: int = 0
    max_algo_orders: int = 0
    max_iceberg_orders: int = 0
    max_order_amends: int = 0
    max_order_lists: int = 0
    max_position: int = 0
    trailing_above: tuple[int, int] = (0, 0)
    trailing_below: tuple[int, int] = (0, 0)


@dataclass
class Symbol:
    """One pair of assets."""

    name: str
    base: str
    quote: str
    filters: SymbolFilters = field(default_factory=SymbolFilters)
    order_types: tuple[int, ...] = tuple(range(len(enums.ORDER_TYPES)))
    default_stp: int = enums.NO_STP
    allowed_stp: tuple[int, ...] = tuple(range(len(enums.STP_MODES)))
    iceberg_allowed: bool = True
    oco_allowed: bool = True
    oto_allowed: bool = True
    quote_quantity_allowed: bool = True
    trailing_allowed: bool = True
    cancel_replace_allowed: bool = True
    amend_allowed: bool = True

    def __post_init__(self) -> None:
        rules = self.filters
        if rules.tick * rules.step % UNIT:
            raise BadSymbolTable(
                f"{self.name}: tick size {format_amount(rules.tick)} times step size "
                f"{format_amount(rules.step)} has more than {DECIMALS} decimals; "
                "choose a coarser tick or step"
            )


@dataclass
class ExchangeFilters:
    """Limits over all symbols of an account; 0 switches one off."""

    max_orders: int = 0
    max_algo_orders: int = 0
    max_iceberg_orders: int = 0
    max_order_lists: int = 0


def symbol_from_info(info: dict[str, Any]) -> Symbol:
    """A symbol from one entry of an exchangeInfo answer."""
    try:
        rules = _filters_from_info(info["filters"])
        return Symbol(
            name=info["symbol"],
            base=info["baseAsset"],
            quote=info["quoteAsset"],
            filters=rules,
            order_types=tuple(map(enums.ORDER_TYPES.index, info["orderTypes"])),
            default_stp=enums.STP_MODES.index(info.get("defaultSelfTradePreventionMode", "NONE")),
            allowed_stp=tuple(
                enums.STP_MODES.index(mode)
                for mode in info.get("allowedSelfTradePreventionModes", enums.STP_MODES)
                if mode in enums.STP_MODES
            ),
            iceberg_allowed=info.get("icebergAllowed", True),
            oco_allowed=info.get("ocoAllowed", True),
            oto_allowed=info.get("otoAllowed", True),
            quote_quantity_allowed=info.get("quoteOrderQtyMarketAllowed", True),
            trailing_allowed=info.get("allowTrailingStop", True),
            cancel_replace_allowed=info.get("cancelReplaceAllowed", True),
            amend_allowed=info.get("amendAllowed", True),
        )
    except (KeyError, TypeError, ValueError) as error:
        name = info.get("symbol", "an entry without a symbol name")
        raise BadSymbolTable(f"{name}: {error}; an entry must look like one of exchangeInfo's") from error


def _filters_from_info(entries: list[dict[str, Any]]) -> SymbolFilters:
    rules = SymbolFilters()
    for entry in entries:
        read = _READERS.get(entry["filterType"])
        if read is None:
            raise ValueError(f"unknown filter {entry['filterType']}")
        read(rules, entry)
    return rules


def _price_filter(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.min_price = parse_amount(entry["minPrice"])
    rules.max_price = parse_amount(entry["maxPrice"])
    rules.tick = parse_amount(entry["tickSize"])


def _lot_size(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.min_quantity = parse_amount(entry["minQty"])
    rules.max_quantity = parse_amount(entry["maxQty"])
    rules.step = parse_amount(entry["stepSize"])


def _market_lot_size(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.market_min_quantity = parse_amount(entry["minQty"])
    rules.market_max_quantity = parse_amount(entry["maxQty"])
    rules.market_step = parse_amount(entry["stepSize"])


def _percent_price(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    up, down = parse_amount(entry["multiplierUp"]), parse_amount(entry["multiplierDown"])
    rules.percent_up, rules.percent_down = (up, up), (down, down)
    rules.percent_minutes = entry["avgPriceMins"]
    rules.percent_by_side = False


def _percent_price_by_side(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.percent_up = parse_amount(entry["bidMultiplierUp"]), parse_amount(entry["askMultiplierUp"])
    rules.percent_down = parse_amount(entry["bidMultiplierDown"]), parse_amount(entry["askMultiplierDown"])
    rules.percent_minutes = entry["avgPriceMins"]
    rules.percent_by_side = True


def _min_notional(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.min_notional = parse_amount(entry["minNotional"])
    rules.min_notional_for_market = entry["applyToMarket"]
    rules.notional_minutes = entry["avgPriceMins"]
    rules.notional_is_range = False


def _notional(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.min_notional = parse_amount(entry["minNotional"])
    rules.max_notional = parse_amount(entry["maxNotional"])
    rules.min_notional_for_market = entry["applyMinToMarket"]
    rules.max_notional_for_market = entry["applyMaxToMarket"]
    rules.notional_minutes = entry["avgPriceMins"]
    rules.notional_is_range = True


def _trailing_delta(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.trailing_above = entry["minTrailingAboveDelta"], entry["maxTrailingAboveDelta"]
    rules.trailing_below = entry["minTrailingBelowDelta"], entry["maxTrailingBelowDelta"]


_COUNTS = {
    "ICEBERG_PARTS": ("limit", "iceberg_parts"),
    "MAX_NUM_ORDERS": ("maxNumOrders", "max_orders"),
    "MAX_NUM_ALGO_ORDERS": ("maxNumAlgoOrders", "max_algo_orders"),
    "MAX_NUM_ICEBERG_ORDERS": ("maxNumIcebergOrders", "max_iceberg_orders"),
    "MAX_NUM_ORDER_AMENDS": ("maxNumOrderAmends", "max_order_amends"),
    "MAX_NUM_ORDER_LISTS": ("maxNumOrderLists", "max_order_lists"),
}


def _count(kind: str) -> Any:
    their_name, our_name = _COUNTS[kind]

    def read(rules: SymbolFilters, entry: dict[str, Any]) -> None:
        setattr(rules, our_name, int(entry[their_name]))

    return read


def _max_position(rules: SymbolFilters, entry: dict[str, Any]) -> None:
    rules.max_position = parse_amount(entry["maxPosition"])


_READERS = {
    "PRICE_FILTER": _price_filter,
    "LOT_SIZE": _lot_size,
    "MARKET_LOT_SIZE": _market_lot_size,
    "PERCENT_PRICE": _percent_price,
    "PERCENT_PRICE_BY_SIDE": _percent_price_by_side,
    "MIN_NOTIONAL": _min_notional,
    "NOTIONAL": _notional,
    "MAX_POSITION": _max_position,
    "TRAILING_DELTA": _trailing_delta,
    **{kind: _count(kind) for kind in _COUNTS},
}


def symbol_as_info(symbol: Symbol, status: int = enums.TRADING) -> dict[str, Any]:
    """A symbol as exchangeInfo lists it."""
    return {
        "symbol": symbol.name,
        "status": enums.SYMBOL_STATUSES[status],
        "baseAsset": symbol.base,
        "baseAssetPrecision": DECIMALS,
        "quoteAsset": symbol.quote,
        "quotePrecision": DECIMALS,
        "quoteAssetPrecision": DECIMALS,
        "baseCommissionPrecision": DECIMALS,
        "quoteCommissionPrecision": DECIMALS,
        "orderTypes": [enums.ORDER_TYPES[each] for each in symbol.order_types],
        "icebergAllowed": symbol.iceberg_allowed,
        "ocoAllowed": symbol.oco_allowed,
        "otoAllowed": symbol.oto_allowed,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": symbol.quote_quantity_allowed,
        "allowTrailingStop": symbol.trailing_allowed,
        "cancelReplaceAllowed": symbol.cancel_replace_allowed,
        "amendAllowed": symbol.amend_allowed,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": filters_as_info(symbol.filters),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": enums.STP_MODES[symbol.default_stp],
        "allowedSelfTradePreventionModes": [enums.STP_MODES[each] for each in symbol.allowed_stp],
    }


def filters_as_info(rules: SymbolFilters) -> list[dict[str, Any]]:
    """The filters as exchangeInfo lists them."""
    amount = format_amount
    found: list[dict[str, Any]] = [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": amount(rules.min_price),
            "maxPrice": amount(rules.max_price),
            "tickSize": amount(rules.tick),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": amount(rules.min_quantity),
            "maxQty": amount(rules.max_quantity),
            "stepSize": amount(rules.step),
        },
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": amount(rules.market_min_quantity),
            "maxQty": amount(rules.market_max_quantity),
            "stepSize": amount(rules.market_step),
        },
    ]
    if rules.iceberg_parts:
        found.insert(2, {"filterType": "ICEBERG_PARTS", "limit": rules.iceberg_parts})
    if any(rules.trailing_above) or any(rules.trailing_below):
        found.append(
            {
                "filterType": "TRAILING_DELTA",
                "minTrailingAboveDelta": rules.trailing_above[0],
                "maxTrailingAboveDelta": rules.trailing_above[1],
                "minTrailingBelowDelta": rules.trailing_below[0],
                "maxTrailingBelowDelta": rules.trailing_below[1],
            }
        )
    if any(rules.percent_up):
        found.append(_percent_as_info(rules))
    if rules.min_notional or rules.max_notional:
        found.append(_notional_as_info(rules))
    if rules.max_position:
        found.append({"filterType": "MAX_POSITION", "maxPosition": amount(rules.max_position)})
    found.extend(
        {"filterType": kind, theirs: getattr(rules, ours)}
        for kind, (theirs, ours) in _COUNTS.items()
        if kind != "ICEBERG_PARTS" and getattr(rules, ours)
    )
    return found


def _percent_as_info(rules: SymbolFilters) -> dict[str, Any]:
    (bid_up, ask_up), (bid_down, ask_down) = rules.percent_up, rules.percent_down
    if not rules.percent_by_side:
        return {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": _multiple(bid_up),
            "multiplierDown": _multiple(bid_down),
            "avgPriceMins": rules.percent_minutes,
        }
    return {
        "filterType": "PERCENT_PRICE_BY_SIDE",
        "bidMultiplierUp": _multiple(bid_up),
        "bidMultiplierDown": _multiple(bid_down),
        "askMultiplierUp": _multiple(ask_up),
        "askMultiplierDown": _multiple(ask_down),
        "avgPriceMins": rules.percent_minutes,
    }


def _multiple(units: int) -> str:
    """A factor without trailing zeros, as Binance prints it: ``5`` and ``0.2``."""
    return format_amount(units).rstrip("0").rstrip(".")


def _notional_as_info(rules: SymbolFilters) -> dict[str, Any]:
    if not rules.notional_is_range:
        return {
            "filterType": "MIN_NOTIONAL",
            "minNotional": format_amount(rules.min_notional),
            "applyToMarket": rules.min_notional_for_market,
            "avgPriceMins": rules.notional_minutes,
        }
    return {
        "filterType": "NOTIONAL",
        "minNotional": format_amount(rules.min_notional),
        "applyMinToMarket": rules.min_notional_for_market,
        "maxNotional": format_amount(rules.max_notional),
        "applyMaxToMarket": rules.max_notional_for_market,
        "avgPriceMins": rules.notional_minutes,
    }
