"""A bar played as a short path of trades."""

from __future__ import annotations

from itertools import pairwise

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.replay.prints import Bar, TapePrint
from veighna_ext.exchange.market.replay.rows import LARGEST_AMOUNT

_MILLISECOND = 1000


def path(bar: Bar, end: int) -> list[TapePrint]:
    """
    The trades of a bar, before `end`: at its open, its extremes (a rising bar's low first), its close.

    At each price both a buyer and a seller trade, so that a book built around the path stays tight. The
    volume is split exactly, in steps no finer than its own decimals; where it does not reach for all prices,
    the last ones have it.
    """
    prices = (
        [bar.open, bar.low, bar.high, bar.close]
        if bar.close >= bar.open
        else [bar.open, bar.high, bar.low, bar.close]
    )
    span = end - bar.time
    times = [
        bar.time,
        bar.time + span // 3,
        bar.time + span * 2 // 3,
        bar.time + max(span * 2 // 3, span - _MILLISECOND),
    ]
    points = [(times[0], prices[0], bar.close >= bar.open)]
    points += [
        (time, price, price > before)
        for time, (before, price) in zip(times[1:], pairwise(prices), strict=True)
        if price != before
    ]
    step = _step(bar.volume, max(0, bar.taker_buy))
    bought = bar.volume // step // 2 * step if bar.taker_buy < 0 else bar.taker_buy
    purchases = _split(bought, step, len(points))
    sales = _split(bar.volume - bought, step, len(points))
    prints = []
    for (time, price, is_rising), purchase, sale in zip(points, purchases, sales, strict=True):
        # the side the price moves to trades last and so sets the best price
        for quantity, buyer_is_maker in ((sale, True), (purchase, False))[:: 1 if is_rising else -1]:
            prints += _prints(time, price, quantity, buyer_is_maker)
    return prints


class BarPaths:
    """Plays bars one after another; one that would last until after the next begins is cut short."""

    def __init__(self) -> None:
        self._last: Bar | None = None

    def accept(self, bars: list[Bar]) -> list[TapePrint]:
        """The trades of all bars but the newest, whose successor is not known yet."""
        prints = []
        for bar in bars:
            if self._last is not None:
                prints += path(self._last, min(self._last.end, bar.time))
            self._last = bar
        return prints

    def end(self) -> list[TapePrint]:
        """The trades of the newest bar, when none follows."""
        return [] if self._last is None else path(self._last, self._last.end)


def _step(*amounts: int) -> int:
    step = 1
    while step < UNIT and not any(amount % (step * 10) for amount in amounts):
        step *= 10
    return step


def _split(total: int, step: int, parts: int) -> list[int]:
    each, left_over = divmod(total // step, parts)
    return [(each + (part >= parts - left_over)) * step for part in range(parts)]


def _prints(time: int, price: int, quantity: int, buyer_is_maker: bool) -> list[TapePrint]:
    # a day's volume of the cheapest coins is more than one trade of the venue can have
    whole, rest = divmod(quantity, LARGEST_AMOUNT)
    quantities = [LARGEST_AMOUNT] * whole + [rest] * bool(rest)
    return [TapePrint(time, price, each, buyer_is_maker) for each in quantities]
