"""What must hold between any two commands, whatever was asked of the venue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.exchange.engine.building import RecordingDepth
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.accounts import HOUSE, Account, Desk
from veighna_ext.exchange.engine.book import BookSide
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.venue import Venue


class LastIds:
    """The ids given out so far: they only rise."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, ...]] = {}

    def check(self, venue: Venue) -> None:
        """No counter went back."""
        for name, market in venue.markets.items():
            ids = market.last_order_id, market.last_trade_id, market.last_execution_id
            before = self._seen.get(name, ids)
            assert all(new >= old for new, old in zip(ids, before, strict=True)), (
                f"{name}: {before} became {ids}"
            )
            self._seen[name] = ids


def check_open_state(venue: Venue) -> None:
    """Everything about balances, books and open orders; cost grows with what is open."""
    for account in venue.accounts.values():
        _check_balances(account)
    _check_totals(venue)
    for name, market in venue.markets.items():
        assert not market.book.is_crossed, f"{name}: the book is crossed"
        assert not market.touched_prices, f"{name}: prices nobody looked at"
        assert not market.to_activate, f"{name}: orders nobody placed"
        for side in market.book.sides:
            _check_side(name, side)
        _check_shown(venue, name)
        desks = [account.desks[name] for account in venue.accounts.values() if name in account.desks]
        _check_stops(name, market, desks)
        _check_house(name, market)


def check_history(venue: Venue) -> None:
    """Everything about every order there ever was."""
    for account in venue.accounts.values():
        for name, desk in account.desks.items():
            ids = [order.id for order in desk.orders]
            assert ids == sorted(set(ids)), f"{name}: order ids of account {account.id} do not rise"
            for order in desk.orders:
                _check_order(order)
            fills = [fill for order in desk.orders for fill in order.fills or ()]
            assert len(fills) == len(desk.fills), f"{name}: account {account.id} lost a fill"
        for order_list in account.lists:
            has_open = any(order.is_open for order in order_list.orders)
            assert has_open == order_list.is_open, f"list {order_list.id} is {order_list.status}"
            assert (order_list.id in order_list.desk.open_lists) == has_open, f"list {order_list.id}"


def needed(order: Order) -> int | None:
    """What an open order has to hold, by itself; none for a buy that only trails and has no price at all."""
    if order.status == enums.PENDING_NEW:
        return 0
    if order.side == enums.SELL:
        return order.left
    price = order.price
    if not price:
        assert order.conditions is not None
        price = order.conditions.stop_price
    return price * order.left // UNIT if price else None


def _needed_together(orders: list[Order]) -> int:
    """What open orders have to hold of which only one can ever trade."""
    needs = [needed(order) for order in orders]
    known = max((need for need in needs if need is not None), default=0)
    if None not in needs:
        return known
    held = sum(order.locked for order in orders)
    assert held >= known, f"{orders} hold {held}, less than {known}"
    return held


def _check_balances(account: Account) -> None:
    locked: Counter[str] = Counter()
    for desk in account.desks.values():
        symbol = desk.market.symbol
        for orders in _sharing(desk):
            asset = symbol.quote if orders[0].side == enums.BUY else symbol.base
            locked[asset] += _needed_together(orders)
    if account.id == HOUSE:
        for desk in account.desks.values():
            for standing in desk.market.house:
                for order in (order for orders in standing.values() for order in orders):
                    symbol = desk.market.symbol
                    locked[symbol.quote if order.side == enums.BUY else symbol.base] += needed(order) or 0
    for asset, balance in account.balances.items():
        where = f"account {account.id} {asset}"
        assert balance.free >= 0, f"{where}: {balance.free} free"
        assert balance.locked == locked[asset], f"{where}: {balance.locked} locked, not {locked[asset]}"


def _sharing(desk: Desk) -> Iterator[list[Order]]:
    """Open orders, those of a pair together: only one of them can ever spend."""
    pairs: dict[int, list[Order]] = {}
    for order in desk.open.values():
        order_list = order.conditions.order_list if order.conditions else None
        if order_list is not None and order in order_list.pair:
            pairs.setdefault(order_list.id, []).append(order)
        else:
            yield [order]
    yield from pairs.values()


def _check_totals(venue: Venue) -> None:
    totals: Counter[str] = Counter()
    for account in venue.accounts.values():
        for asset, balance in account.balances.items():
            totals[asset] += balance.total
    for asset, treasury in venue.treasuries.items():
        totals[asset] += treasury.collected
    for asset, total in totals.items():
        assert total == venue.deposits.get(asset, 0), (
            f"{asset}: {total} exist, {venue.deposits.get(asset)} came in"
        )


def _check_desk(name: str, desk: Desk, waiting: set[int]) -> None:
    where = f"{name}, account {desk.account.id}"
    algo = icebergs = 0
    for order_id, order in desk.open.items():
        assert order.id == order_id
        assert order.is_open, f"{where}: {order} counts as open"
        assert desk.by_client_id.get(order.client_id) is order, f"{where}: {order} is not found by its own id"
        algo += order.type >= enums.FIRST_CONDITIONAL
        icebergs += bool(order.conditions and order.conditions.iceberg)
        _check_order(order)
        rests = order.level is not None
        places = (order.status == enums.PENDING_NEW) + rests + (order_id in waiting)
        assert places == 1, f"{where}: {order} is in {places} places"
        assert order.is_working == rests, f"{where}: {order} works since {order.working_time}"
    assert (desk.algo_orders, desk.icebergs) == (algo, icebergs), f"{where}: counters are wrong"


def _check_order(order: Order) -> None:
    prevented = order.conditions.prevented if order.conditions else 0
    assert order.quantity == order.executed + prevented + order.left, (
        f"{order}: {order.executed}, {prevented}"
    )
    assert order.left >= 0, f"{order}"
    fills = order.fills or []
    assert sum(fill.quantity for fill in fills) == order.executed, f"{order}: fills"
    assert sum(fill.quote_quantity for fill in fills) == order.spent, f"{order}: spent"
    if order.is_open:
        assert order.left > 0, f"{order} has nothing left"
        assert (order.status == enums.PARTIALLY_FILLED) == (order.executed > 0), f"{order}"
    else:
        assert order.locked == 0, f"{order} ended and still holds {order.locked}"
        assert order.level is None, f"{order} ended and is still in the book"
        assert order.status != enums.FILLED or (not order.left and order.executed), f"{order}"
        assert order.id not in order.desk.open, f"{order} ended and still counts as open"


def _check_side(name: str, side: BookSide) -> None:
    sign = -1 if side.side == enums.BUY else 1
    prices = [level.price for level in side]
    assert prices == sorted(prices, key=lambda price: sign * price), f"{name}: levels are out of order"
    assert set(prices) == set(side.levels), f"{name}: levels are lost"
    assert (side.best.price if side.best else None) == (prices[0] if prices else None), (
        f"{name}: wrong best level"
    )
    for level in side:
        orders = list(level)
        older = None
        for order in orders:
            assert order.older is older, f"{name}: the queue at {level.price} is torn"
            assert order.level is level
            assert order.price == level.price
            older = order
        assert level.newest is older
        assert level.orders == len(orders) > 0, f"{name}: {level.orders} orders counted at {level.price}"
        assert level.quantity == sum(order.left for order in orders), f"{name}: quantity at {level.price}"
        hidden = sum(_hidden(order) for order in orders)
        assert level.hidden == hidden, f"{name}: {level.hidden} hidden at {level.price}, not {hidden}"


def _hidden(order: Order) -> int:
    conditions = order.conditions
    if conditions is None or not conditions.iceberg:
        return 0
    assert 0 < conditions.shown <= min(conditions.iceberg, order.left), f"{order} shows {conditions.shown}"
    return order.left - conditions.shown


def _check_shown(venue: Venue, name: str) -> None:
    depth = venue.market(name).depth
    if not isinstance(depth, RecordingDepth):
        return
    followed = depth.shown
    for side in venue.markets[name].book.sides:
        shown = {level.price: level.shown for level in side}
        assert followed[side.side] == shown, f"{name}: who follows every change sees another book"


def _check_stops(name: str, market: Market, desks: list[Desk]) -> None:
    waiting = market.stops.orders()
    ids = [order.id for order in waiting]
    assert len(set(ids)) == len(ids), f"{name}: an order waits twice"
    for order in waiting:
        assert order.is_open, f"{name}: {order} waits though it ended"
        assert order.conditions is not None
        assert not order.conditions.triggered, f"{name}: {order} waits though it was triggered"
    for desk in desks:
        _check_desk(name, desk, set(ids))
    assert set(ids) <= {order_id for desk in desks for order_id in desk.open}, f"{name}: unknown orders wait"


def _check_house(name: str, market: Market) -> None:
    for side, standing in zip(market.book.sides, market.house, strict=True):
        resting: dict[int, list[int]] = {}
        for order in side.orders():
            if order.desk.account.id == HOUSE:
                resting.setdefault(order.price, []).append(order.id)
        indexed = {price: [order.id for order in orders] for price, orders in standing.items()}
        assert indexed == resting, f"{name}: the house's index"
