"""What the venue no longer keeps in memory, and how it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account, Desk
    from veighna_ext.exchange.engine.amending import Amendment
    from veighna_ext.exchange.engine.market import Market, PreventedMatch
    from veighna_ext.exchange.engine.order import Fill, Order
    from veighna_ext.exchange.engine.order_lists import OrderList

NOTHING_MOVED = -1


class Moved:
    """How much of a desk's history is no longer in memory."""

    __slots__ = ("fills", "fills_of", "last_order_id", "orders")

    def __init__(self) -> None:
        self.orders = 0
        self.fills = 0
        """So many of the oldest fills."""
        self.last_order_id = NOTHING_MOVED
        """The highest id of an order that was moved: younger ones are all in memory."""
        self.fills_of: dict[int, int] = {}
        """How many fills of orders still in memory were moved; the orders themselves keep them all."""


class Span(NamedTuple):
    """
    A page of a history: at most ``limit`` items, from an id on or of a time, in the order they happened.

    Without an id and a start the newest ones; else the oldest.
    """

    limit: int
    from_id: int | None = None
    start: int | None = None
    end: int | None = None
    in_order: bool = True
    """Whether later items never have earlier times: not so where a replay was sent back."""

    @property
    def is_newest(self) -> bool:
        """Whether the page is the last one of what fits."""
        return self.from_id is None and self.start is None


class Past(Protocol):
    """Tells about what was moved out of memory; of what is in both, memory's is the one that counts."""

    def order(self, desk: Desk, order_id: int) -> Order | None:
        """An order by its id."""

    def order_called(self, desk: Desk, client_id: str) -> Order | None:
        """The latest order of one of the trader's own ids."""

    def orders(self, desk: Desk, span: Span) -> list[Order]:
        """A page of orders; without their fills."""

    def fills(self, desk: Desk, span: Span) -> list[Fill]:
        """A page of fills."""

    def fills_of(self, desk: Desk, order_id: int) -> list[Fill]:
        """What one order traded."""

    def order_list(self, account: Account, list_id: int) -> OrderList | None:
        """An order list by its id."""

    def order_list_called(self, account: Account, client_id: str) -> OrderList | None:
        """The latest order list of one of the trader's own ids."""

    def order_lists(self, account: Account, span: Span) -> list[OrderList]:
        """A page of order lists."""

    def prevented_match(self, market: Market, match_id: int) -> PreventedMatch | None:
        """A prevented match by its id."""

    def prevented_matches_of(
        self, market: Market, order_id: int, limit: int, from_id: int
    ) -> list[PreventedMatch]:
        """The matches of an order that were prevented, from an id on."""

    def amendments(self, desk: Desk, order_id: int) -> list[Amendment]:
        """How an order was made smaller."""
