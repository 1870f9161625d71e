"""A user's orders among the house's: queues, partial fills, a book that can be moved."""

from __future__ import annotations

import pytest

from tests.exchange.market.synthetic.live import LiveMarket
from tests.exchange.market.synthetic.paths import NOON, path
from veighna_ext.exchange import enums
from veighna_ext.exchange.market.synthetic import LISTING
from veighna_ext.exchange.statistics.intervals import HOUR, MINUTE

START = NOON + 2 * HOUR


def test_an_order_in_the_queue_is_filled_part_by_part() -> None:
    live = LiveMarket("BTCUSDT", START)
    *_, step = live.run(10)
    best = max(step.bids)
    order = live.place(
        enums.BUY, enums.LIMIT, 6 * step.bids[best] // LISTING["BTCUSDT"].step * LISTING["BTCUSDT"].step, best
    )
    assert order.left == order.quantity
    for _ in live.steps(30 * 60):
        if not order.left:
            break
    assert order.status == enums.FILLED
    assert len(order.fills or []) > 1
    assert {fill.price for fill in order.fills or []} == {best}


@pytest.mark.parametrize("side", [enums.BUY, enums.SELL])
def test_an_order_is_filled_when_the_price_goes_through_it(side: int) -> None:
    live = LiveMarket("SOLUSDT", START)
    live.run(5)
    sign = 1 if side == enums.SELL else -1
    tick = LISTING["SOLUSDT"].tick
    candles = path("SOLUSDT").candles("1m", live.now, live.now + 60 * MINUTE).rows()
    turn = (
        max(candle.high for candle in candles)
        if side == enums.SELL
        else min(candle.low for candle in candles)
    )
    start = path("SOLUSDT").price_at(live.now)
    price = start + (turn - start) // 2 // tick * tick
    assert (price - start) * sign > 3 * tick
    order = live.place(side, enums.LIMIT, LISTING["SOLUSDT"].step * 2000, price)
    for step in live.steps(61 * 60):
        if not order.left:
            break
        assert (path("SOLUSDT").price_at(step.time) - price) * sign < price // 500
    assert order.status == enums.FILLED


def test_orders_behind_the_levels_a_move_takes_are_taken_with_them() -> None:
    live = LiveMarket("BTCUSDT", START)
    *_, step = live.run(10)
    smallest = LISTING["BTCUSDT"].step * 100
    waiting = [live.place(enums.SELL, enums.LIMIT, smallest, price) for price in sorted(step.asks)[:15]]
    for step in live.steps(10 * 60):
        price = path("BTCUSDT").price_at(step.time)
        waiting = [order for order in waiting if order.left]
        assert all(order.price > price for order in waiting)
        if len(waiting) < 3:
            break
    assert len(waiting) < 15


def test_a_large_order_moves_the_book_which_fills_up_again_step_by_step() -> None:
    live = LiveMarket("SOLUSDT", START)
    *_, before = live.run(20)
    prices = sorted(before.asks)
    quantity = sum(before.asks[price] for price in prices[:9])
    order = live.place(enums.BUY, enums.LIMIT, quantity, prices[12])
    assert order.status == enums.FILLED
    steps = live.run(30)
    best = [min(step.asks) for step in steps]
    assert best[0] > prices[1]
    assert min(best[3:]) < best[0]
    assert all(len(step.asks) >= 18 for step in steps)


def test_an_order_inside_the_spread_is_hit_first() -> None:
    live = LiveMarket("SHIBUSDT", START)
    for step in live.steps(600):
        if min(step.asks) - max(step.bids) > LISTING["SHIBUSDT"].tick:
            break
    inside = max(step.bids) + LISTING["SHIBUSDT"].tick
    order = live.place(enums.BUY, enums.LIMIT, LISTING["SHIBUSDT"].step * 3_000_000, inside)
    for _ in live.steps(120):
        if not order.left:
            break
    assert order.status == enums.FILLED
    assert {fill.price for fill in order.fills or []} == {inside}
