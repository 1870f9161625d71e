"""One order as a request has it: its parameters, which of them its type wants, and the order they make."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.commands import OrderSpec
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.parameters import (
    Parameter,
    Reader,
    Values,
    amount,
    choice,
    client_id,
    mandatory,
    optional,
    order_type,
    side,
    symbol,
    time_in_force,
    whole,
)
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.trading import refusing
from veighna_ext.exchange.server.trading.client_ids import new_client_id

ACK, RESULT, FULL = "ACK", "RESULT", "FULL"
LEAST_STRATEGY_TYPE = 1_000_000
_TRANSFER = len(enums.STP_MODES)
"""A mode that no symbol allows."""


def strategy_type(name: str, text: str) -> int:
    """A kind of strategy; the small numbers are the venue's own."""
    number = whole(name, text)
    if number < LEAST_STRATEGY_TYPE:
        raise Refusal(-1134, "strategyType was less than 1000000.")
    return number


SYMBOL = mandatory("symbol", symbol)
RESPONSE_TYPE = optional("newOrderRespType", choice({each: each for each in (ACK, RESULT, FULL)}))
STP_MODE = optional(
    "selfTradePreventionMode",
    choice({**{mode: number for number, mode in enumerate(enums.STP_MODES)}, "TRANSFER": _TRANSFER}),
    default=-1,
)
_working_type = choice(
    {"LIMIT": enums.LIMIT, "LIMIT_MAKER": enums.LIMIT_MAKER}, Refusal(-1116, "Invalid orderType.")
)
_peg_price = choice({"PRIMARY_PEG": 0, "MARKET_PEG": 1}, Refusal(-1210, "Invalid pegPriceType."))
_peg_offset = choice({"PRICE_LEVEL": 0}, Refusal(-1211, "Invalid pegOffsetType."))


def _named(prefix: str, name: str) -> str:
    return prefix + name[0].upper() + name[1:] if prefix else name


class OrderForm:
    """
    The parameters of one order.

    In a list each name has a prefix; side and quantity may have another one, shared by a pair.
    """

    def __init__(self, prefix: str = "", shared: str | None = None) -> None:
        together = prefix if shared is None else shared
        self.type = _named(prefix, "type")
        self.side = _named(together, "side")
        self.quantity = _named(together, "quantity")
        self.quote_quantity = "" if prefix else "quoteOrderQty"
        self.tif = tif = _named(prefix, "timeInForce")
        self.price = price = _named(prefix, "price")
        self.stop_price = stop_price = _named(prefix, "stopPrice")
        self.trailing_delta = trailing_delta = _named(prefix, "trailingDelta")
        self.iceberg = iceberg = _named(prefix, "icebergQty")
        self.client_id = _named(prefix or "new", "clientOrderId")
        self.strategy_id = _named(prefix, "strategyId")
        self.strategy_type = _named(prefix, "strategyType")
        self._pegs: dict[str, Reader] = {
            _named(prefix, "pegPriceType"): _peg_price,
            _named(prefix, "pegOffsetType"): _peg_offset,
            _named(prefix, "pegOffsetValue"): whole,
        }
        quantity, by_quote = self.quantity, self.quote_quantity
        limited, plain = (tif, quantity, price), (quantity,)
        triggers = (stop_price, trailing_delta)
        self._wanted = {
            enums.LIMIT: limited,
            enums.MARKET: (),
            enums.LIMIT_MAKER: (quantity, price),
            enums.STOP_LOSS: plain,
            enums.STOP_LOSS_LIMIT: limited,
            enums.TAKE_PROFIT: plain,
            enums.TAKE_PROFIT_LIMIT: limited,
        }
        self._unwanted = {
            enums.LIMIT: (by_quote, *triggers),
            enums.MARKET: (tif, price, *triggers, iceberg),
            enums.LIMIT_MAKER: (tif, by_quote, *triggers),
            enums.STOP_LOSS: (tif, price, by_quote, iceberg),
            enums.STOP_LOSS_LIMIT: (by_quote,),
            enums.TAKE_PROFIT: (tif, price, by_quote, iceberg),
            enums.TAKE_PROFIT_LIMIT: (by_quote,),
        }

    def common(self) -> tuple[Parameter, ...]:
        """Parameters that a pair shares where its orders do."""
        return mandatory(self.side, side), mandatory(self.quantity, amount)

    def own(self) -> tuple[Parameter, ...]:
        """Parameters that each order has, but for side and quantity."""
        return (
            mandatory(self.type, order_type),
            optional(self.price, amount),
            optional(self.stop_price, amount),
            optional(self.trailing_delta, whole),
            *self._optional(),
        )

    def working(self) -> tuple[Parameter, ...]:
        """Parameters of an order that others wait for: it has a price and waits for nothing itself."""
        return (
            mandatory(self.type, _working_type),
            *self.common(),
            mandatory(self.price, amount),
            *self._optional(),
        )

    def _optional(self) -> tuple[Parameter, ...]:
        return (
            optional(self.tif, time_in_force),
            optional(self.client_id, client_id),
            optional(self.strategy_id, whole),
            optional(self.strategy_type, strategy_type),
            optional(self.iceberg, amount),
            *(optional(name, read) for name, read in self._pegs.items()),
        )

    def read(self, values: Values) -> OrderSpec:
        """The order, with an id of its own; refused where its type needs more, or less, than was sent."""
        sent = values.get
        order_type: int = values[self.type]
        for name in self._pegs:
            if sent(name) is not None:
                raise refusing.pegged()
        for name in self._wanted[order_type]:
            if sent(name) is None:
                raise refusals.malformed(name)
        for name in self._unwanted[order_type]:
            if sent(name) is not None:
                raise refusals.not_required(name)
        quantity, quote_quantity = sent(self.quantity), sent(self.quote_quantity)
        stop_price, trailing_delta = sent(self.stop_price), sent(self.trailing_delta)
        if order_type == enums.MARKET:
            if quantity is None and quote_quantity is None:
                raise refusals.neither(self.quantity, self.quote_quantity)
            if quantity is not None and quote_quantity is not None:
                raise refusals.not_required(self.quote_quantity)
        elif order_type >= enums.FIRST_CONDITIONAL and stop_price is None and trailing_delta is None:
            raise refusals.neither(self.stop_price, self.trailing_delta)
        return OrderSpec(
            values[self.side],
            order_type,
            quantity or 0,
            sent(self.price) or 0,
            sent(self.tif) or enums.GTC,
            sent(self.client_id) or new_client_id(),
            values["selfTradePreventionMode"],
            stop_price or 0,
            trailing_delta or 0,
            sent(self.iceberg) or 0,
            quote_quantity or 0,
            sent(self.strategy_id),
            sent(self.strategy_type),
        )
