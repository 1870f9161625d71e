"""An order, its fills, and the rarer conditions some orders carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Desk
    from veighna_ext.exchange.engine.book import Level
    from veighna_ext.exchange.engine.order_lists import OrderList


class Fill(msgspec.Struct, eq=False):
    """One order's part in one trade."""

    trade_id: int
    order: Order
    price: int
    quantity: int
    commission: int
    commission_asset: str
    time: int
    is_maker: bool

    @property
    def quote_quantity(self) -> int:
        """What was paid for the quantity."""
        return self.price * self.quantity // UNIT


class Conditions:
    """What only some orders have: triggers, hidden quantity, a list, a strategy's mark, prevented trades."""

    __slots__ = (
        "expiry_reason",
        "extreme",
        "iceberg",
        "order_list",
        "prevented",
        "prevented_match_id",
        "quote_quantity",
        "shown",
        "stop_price",
        "strategy_id",
        "strategy_type",
        "trailing_delta",
        "trailing_time",
        "triggered",
    )

    def __init__(self) -> None:
        self.stop_price = 0
        self.trailing_delta = 0
        self.trailing_time = -1
        self.extreme = 0
        """The best price seen since a trailing order began to follow the market; 0 while it does not."""
        self.triggered = False
        self.iceberg = 0
        self.shown = 0
        self.order_list: OrderList | None = None
        self.strategy_id: int | None = None
        self.strategy_type: int | None = None
        self.quote_quantity = 0
        self.prevented = 0
        self.prevented_match_id = -1
        self.expiry_reason = ""


class Order(msgspec.Struct, eq=False):
    """One order from its acceptance on; ``left`` is what can still be executed."""

    id: int
    desk: Desk
    side: int
    type: int
    tif: int
    price: int
    quantity: int
    client_id: str
    stp: int
    time: int
    updated: int
    left: int
    executed: int = 0
    spent: int = 0
    """Quote amount of everything executed so far."""
    status: int = enums.NEW
    working_time: int = -1
    locked: int = 0
    """Units this order holds of the asset it spends."""
    level: Level | None = None
    older: Order | None = None
    newer: Order | None = None
    fills: list[Fill] | None = None
    conditions: Conditions | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still change."""
        return self.status <= enums.LAST_OPEN_STATUS

    @property
    def is_working(self) -> bool:
        """Whether it has reached the book: false while it waits for a trigger or for another order."""
        return self.working_time >= 0

    def need(self) -> int:
        """What its remaining quantity may cost at worst, for orders with a price."""
        if self.side == enums.SELL:
            return self.left
        return self.price * self.left // UNIT

    def __repr__(self) -> str:
        symbol = self.desk.market.symbol.name
        text = f"{enums.SIDES[self.side]} {self.left}/{self.quantity} at {self.price}"
        return f"<Order {symbol} {self.id} {text} {enums.STATUSES[self.status]}>"
