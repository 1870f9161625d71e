"""The venue's vocabulary as small whole numbers, with the texts that go over the wire."""

from __future__ import annotations

from typing import Final

BUY: Final = 0
SELL: Final = 1
SIDES: Final = ("BUY", "SELL")

LIMIT: Final = 0
MARKET: Final = 1
LIMIT_MAKER: Final = 2
STOP_LOSS: Final = 3
STOP_LOSS_LIMIT: Final = 4
TAKE_PROFIT: Final = 5
TAKE_PROFIT_LIMIT: Final = 6
ORDER_TYPES: Final = (
    "LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT",
)  # fmt: skip
FIRST_CONDITIONAL: Final = STOP_LOSS
"""Order types from this one on wait for a trigger."""
PRICELESS: Final = frozenset({MARKET, STOP_LOSS, TAKE_PROFIT})

GTC: Final = 0
IOC: Final = 1
FOK: Final = 2
TIMES_IN_FORCE: Final = ("GTC", "IOC", "FOK")

NEW: Final = 0
PENDING_NEW: Final = 1
PARTIALLY_FILLED: Final = 2
FILLED: Final = 3
CANCELED: Final = 4
REJECTED: Final = 5
EXPIRED: Final = 6
EXPIRED_IN_MATCH: Final = 7
STATUSES: Final = (
    "NEW", "PENDING_NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH",
)  # fmt: skip
LAST_OPEN_STATUS: Final = PARTIALLY_FILLED
"""Statuses up to this one belong to open orders."""

NO_STP: Final = 0
EXPIRE_TAKER: Final = 1
EXPIRE_MAKER: Final = 2
EXPIRE_BOTH: Final = 3
DECREMENT: Final = 4
STP_MODES: Final = ("NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT")

OCO: Final = 0
OTO: Final = 1
OTOCO: Final = 2
LIST_KINDS: Final = ("OCO", "OTO", "OTOCO")

TRADING: Final = 0
HALT: Final = 1
BREAK: Final = 2
SYMBOL_STATUSES: Final = ("TRADING", "HALT", "BREAK")

# why an order expired, as answers and reports name it
UNFILLED_IOC: Final = "UNFILLED_IOC_QUANTITY_EXPIRED"
UNFILLED_FOK: Final = "UNFILLED_FOK_ORDER_EXPIRED"
NO_LIQUIDITY: Final = "INSUFFICIENT_LIQUIDITY"
OCO_TRIGGER: Final = "OCO_TRIGGER"

# what an execution report tells of
X_NEW: Final = "NEW"
X_TRADE: Final = "TRADE"
X_CANCELED: Final = "CANCELED"
X_REPLACED: Final = "REPLACED"
X_REJECTED: Final = "REJECTED"
X_EXPIRED: Final = "EXPIRED"
X_PREVENTION: Final = "TRADE_PREVENTION"
