"""Orders that wait for a price: stop losses, take profits and those that trail the market."""

from __future__ import annotations

from sortedcontainers import SortedDict

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.order import Conditions, Order

BIPS = 10_000


def waits_for_a_rise(side: int, order_type: int) -> bool:
    """Whether the stop price lies above the market: stops that buy, profits that are sold."""
    is_stop_loss = order_type in (enums.STOP_LOSS, enums.STOP_LOSS_LIMIT)
    return is_stop_loss == (side == enums.BUY)


class StopBook:
    """The waiting orders of one symbol, nearest stop price first."""

    def __init__(self) -> None:
        self._rising: SortedDict[tuple[int, int], Order] = SortedDict()
        self._falling: SortedDict[tuple[int, int], Order] = SortedDict()
        self._trailing: dict[int, Order] = {}
        self.next_rise: int | None = None
        """The lowest price that wakes an order up, or none."""
        self.next_fall: int | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether no price whatever would wake anybody up."""
        return self.next_rise is None and self.next_fall is None and not self._trailing

    def add(self, order: Order, last_price: int, now: int) -> None:
        """Let an order wait; one that trails without a stop price follows from the last price on."""
        conditions = _conditions(order)
        if not conditions.stop_price:
            self._follow(order, last_price, now)
        elif waits_for_a_rise(order.side, order.type):
            self._rising[conditions.stop_price, order.id] = order
        else:
            self._falling[-conditions.stop_price, order.id] = order
        self._find_next()

    def remove(self, order: Order) -> None:
        """An order waits no longer."""
        if self._trailing.pop(order.id, None) is not None:
            return
        stop_price = _conditions(order).stop_price
        if waits_for_a_rise(order.side, order.type):
            del self._rising[stop_price, order.id]
        else:
            del self._falling[-stop_price, order.id]
        self._find_next()

    def touch(self, price: int, now: int) -> list[Order]:
        """The market has traded at a price: the orders this sets off, which then wait no longer."""
        woken: list[Order] = []
        started: list[Order] = []
        if self.next_rise is not None and price >= self.next_rise:
            self._wake(self._rising, price, woken, started)
        if self.next_fall is not None and price <= self.next_fall:
            self._wake(self._falling, -price, woken, started)
        if self._trailing:
            self._trail(price, now, woken)
        for order in started:
            self._follow(order, price, now)
        self._find_next()
        return woken

    def orders(self) -> list[Order]:
        """Every waiting order by rising id."""
        everything = (*self._rising.values(), *self._falling.values(), *self._trailing.values())
        return sorted(everything, key=_by_id)

    def restore(self, order: Order) -> None:
        """Put a waiting order back as it was before a restart."""
        if _conditions(order).trailing_time >= 0:
            self._trailing[order.id] = order
        else:
            self.add(order, 0, 0)

    @staticmethod
    def _wake(
        waiting: SortedDict[tuple[int, int], Order], reached: int, woken: list[Order], started: list[Order]
    ) -> None:
        while waiting:
            key, order = waiting.peekitem(0)
            if key[0] > reached:
                return
            del waiting[key]
            (started if _conditions(order).trailing_delta else woken).append(order)

    def _trail(self, price: int, now: int, woken: list[Order]) -> None:
        # by rising id: the order in which they began to follow is not kept over a restart
        for _, order in sorted(self._trailing.items()):
            conditions = _conditions(order)
            extreme = conditions.extreme
            if not extreme:
                conditions.extreme = price
            elif order.side == enums.BUY:
                if price < extreme:
                    conditions.extreme = price
                elif price * BIPS >= extreme * (BIPS + conditions.trailing_delta):
                    woken.append(order)
                    del self._trailing[order.id]
            elif price > extreme:
                conditions.extreme = price
            elif price * BIPS <= extreme * (BIPS - conditions.trailing_delta):
                woken.append(order)
                del self._trailing[order.id]

    def _follow(self, order: Order, price: int, now: int) -> None:
        conditions = _conditions(order)
        conditions.extreme = price
        conditions.trailing_time = now
        self._trailing[order.id] = order

    def _find_next(self) -> None:
        self.next_rise = self._rising.peekitem(0)[0][0] if self._rising else None
        self.next_fall = -self._falling.peekitem(0)[0][0] if self._falling else None


def _conditions(order: Order) -> Conditions:
    conditions = order.conditions
    assert conditions is not None
    return conditions


def _by_id(order: Order) -> int:
    return order.id
