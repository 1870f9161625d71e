"""Kinds of values in Binance's JSON, each as narrow as its documents allow."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta


class Model(msgspec.Struct, forbid_unknown_fields=True):
    """An object of which every field is known; what is wrong with a whole one, its model says itself."""


Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Amount: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]{8}$")]
"""A price or a quantity: a string with eight decimals."""
ZERO = "0.00000000"
AmountOrNone: TypeAlias = Annotated[str, Meta(pattern=r"^([0-9]+\.[0-9]{8}|0)$")]
"""An amount, or a short nothing."""
Change: TypeAlias = Annotated[str, Meta(pattern=r"^-?[0-9]+\.[0-9]{8}$")]
Percent: TypeAlias = Annotated[str, Meta(pattern=r"^-?[0-9]+\.[0-9]{3}$")]
Decimal: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?$")]
"""A number as text with as many decimals as it happens to have."""
Number: TypeAlias = Annotated[int, Meta(ge=0)]
NumberOrNone: TypeAlias = Annotated[int, Meta(ge=-1)]
"""A number, or -1 where there is nothing to be counted or named."""
Moment: TypeAlias = Annotated[int, Meta(ge=10**12, extra={"is_time": True})]
"""Since 1970, in milliseconds, or in microseconds for those who asked for them."""
MomentOrNever: TypeAlias = Annotated[int, Meta(ge=-1, extra={"is_time": True})]
ClientId: TypeAlias = Annotated[str, Meta(pattern=r"^[a-zA-Z0-9-_]{1,36}$")]
MadeClientId: TypeAlias = Annotated[str, Meta(pattern=r"^([a-zA-Z0-9-_]{1,36})?$")]
"""An id, or an empty text."""
Symbol: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z0-9-_.]{1,20}$")]
Asset: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,20}$")]
Nothing: TypeAlias = Annotated[str, Meta(pattern="^0$")]
"""A field that once meant something."""

Side: TypeAlias = Literal["BUY", "SELL"]
OrderType: TypeAlias = Literal[
    "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER"
]
CONDITIONAL = ("STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")
TimeInForce: TypeAlias = Literal["GTC", "IOC", "FOK"]
Status: TypeAlias = Literal[
    "NEW", "PENDING_NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH"
]
StpMode: TypeAlias = Literal["NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"]
ExpiryReason: TypeAlias = Literal[
    "REJECTED",
    "EXCHANGE_CANCELED",
    "OCO_TRIGGER",
    "OTO_PHASE_ONE_EXPIRED",
    "UNFILLED_IOC_QUANTITY_EXPIRED",
    "UNFILLED_FOK_ORDER_EXPIRED",
    "INSUFFICIENT_LIQUIDITY",
    "EXECUTION_RULE_PRICE_RANGE_EXCEEDED",
]
Contingency: TypeAlias = Literal["OCO", "OTO"]
SymbolStatus: TypeAlias = Literal["TRADING", "END_OF_DAY", "HALT", "BREAK", "CANCEL_ONLY"]
Interval: TypeAlias = Literal[
    "1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"
]


def is_there(value: Any) -> bool:
    """Whether a field that may be missing was sent."""
    return value is not UNSET


def check(holds: bool, rule: str) -> None:
    """Refuse an object that breaks a rule."""
    if not holds:
        raise ValueError(rule)


def only_if(condition: bool, **fields: Any) -> None:
    """Fields that are there exactly under a condition."""
    for name, value in fields.items():
        check(is_there(value) == condition, f"`{name}` must {'' if condition else 'not '}be there")


def together(**fields: Any) -> None:
    """Fields of which all are there or none."""
    how_many = sum(map(is_there, fields.values()))
    check(how_many in (0, len(fields)), f"only some of {', '.join(fields)} are there")
