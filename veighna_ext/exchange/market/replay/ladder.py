"""The house's ladder around a tape: the book that users of a replay see."""

from __future__ import annotations

from veighna_ext.exchange.enums import BUY, SELL
from veighna_ext.exchange.market.replay.prints import TapePrint

Quote = tuple[int, int, int]
"""Side, price, and the quantity the house shall have resting there."""

LEVELS = 20
_REPAIRS = 2
"""Levels put into wide gaps with one trade; the rest follows with the next ones."""
_WIDE_GAP = 4
_TOO_LITTLE = 4
"""A level with less than one part in so many of its usual size is filled up again."""
_MINUTE = 60_000_000
_LEVELS_PER_MINUTE = 24
"""The best level holds what the tape trades in a 24th of a minute; deeper ones hold more."""
_MEMORY = 64
"""Trades over which the usual trade and the usual move are averaged."""
_FIRST_MOVE = 20_000
_WIDEST_SPACING = 500
_NONE = TapePrint(0, 0, 0, False)


class HouseLadder:
    """
    Twenty levels on each side, moved by what trades on the tape.

    The best bid is the last price a seller hit, the best ask the last price a buyer lifted; where they would
    cross, the other side stands one tick away. A level still on its side of the market stays as it is.
    """

    def __init__(self, tick: int, step: int) -> None:
        self._tick = tick
        self._step = step
        self._best = [0, 0]
        self._prices: tuple[list[int], list[int]] = ([], [])
        """Of each side, the best first."""
        self._resting: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._last = _NONE
        self._minute_volume = 0
        self._usual_trade = 0
        self._usual_move = 0
        """In 256ths of a unit."""
        self._turn = 0
        self._may_have_gaps = [False, False]

    def after(self, trade: TapePrint) -> list[Quote]:
        """The levels that change with a trade of the tape."""
        self._remember(trade)
        self._move(trade)
        self._turn = self._turn % (LEVELS - 1) + 1
        quotes: list[Quote] = []
        for side in (BUY, SELL):
            self._leave(side, quotes)
        for side in (BUY, SELL):
            if self._best[side] > 0:
                self._fill(side, quotes)
        return quotes

    def see(self, side: int, quantities: dict[int, int]) -> None:
        """What the house really has on a side: orders took from it, or a ladder stands there already."""
        resting = self._resting[side]
        for price in resting:
            resting[price] = 0
        resting.update(quantities)
        self._prices[side][:] = sorted(resting, reverse=side == BUY)

    def clear(self) -> list[Quote]:
        """Take the whole ladder away; what the tape usually trades is still known."""
        quotes = [(side, price, 0) for side in (BUY, SELL) for price in self._prices[side]]
        self._best = [0, 0]
        self._prices, self._resting = ([], []), ({}, {})
        self._last = _NONE
        return quotes

    def _remember(self, trade: TapePrint) -> None:
        last, self._last = self._last, trade
        if not last.price:
            last = trade
        if not self._usual_trade:
            self._usual_trade, self._usual_move = trade.quantity, trade.price * 256 // _FIRST_MOVE
        elapsed = min(max(0, trade.time - last.time), _MINUTE)
        self._minute_volume = self._minute_volume * (_MINUTE - elapsed) // _MINUTE + trade.quantity
        self._usual_trade += (trade.quantity - self._usual_trade) // _MEMORY
        self._usual_move += (abs(trade.price - last.price) * 256 - self._usual_move) // _MEMORY

    def _move(self, trade: TapePrint) -> None:
        tick, best = self._tick, self._best
        if trade.buyer_is_maker:
            best[BUY] = trade.price // tick * tick
            if best[SELL] <= best[BUY]:
                best[SELL] = best[BUY] + tick
        else:
            best[SELL] = -(-trade.price // tick) * tick
            if not 0 < best[BUY] < best[SELL]:
                best[BUY] = best[SELL] - tick
        hit = self._resting[BUY if trade.buyer_is_maker else SELL]
        if trade.price in hit:
            hit[trade.price] = max(0, hit[trade.price] - trade.quantity)

    def _leave(self, side: int, quotes: list[Quote]) -> None:
        prices, best, outward = self._prices[side], self._best[side], _OUTWARD[side]
        while prices and (prices[0] - best) * outward < 0:
            self._remove(side, 0, quotes)

    def _fill(self, side: int, quotes: list[Quote]) -> None:
        prices, best, outward = self._prices[side], self._best[side], _OUTWARD[side]
        spacing = self._spacing(best)
        if not prices or prices[0] != best:
            self._add(side, 0, best, quotes)
            self._may_have_gaps[side] = True
        if self._may_have_gaps[side]:
            self._may_have_gaps[side] = self._close_gaps(side, spacing, quotes)
        while len(prices) > LEVELS:
            self._remove(side, len(prices) - 1, quotes)
        while len(prices) < LEVELS and prices[-1] + outward * spacing > 0:
            self._add(side, len(prices), prices[-1] + outward * spacing, quotes)
        self._fill_up(side, quotes)

    def _close_gaps(self, side: int, spacing: int, quotes: list[Quote]) -> bool:
        """Put a few levels into wide gaps, the best first; whether there may be more."""
        prices, outward = self._prices[side], _OUTWARD[side]
        repairs = 0
        for at in range(1, len(prices)):
            if (prices[at] - prices[at - 1]) * outward > _WIDE_GAP * spacing:
                self._add(side, at, prices[at - 1] + outward * spacing, quotes)
                repairs += 1
                if repairs == _REPAIRS:
                    return True
        return False

    def _fill_up(self, side: int, quotes: list[Quote]) -> None:
        """Look after the best level, and after the others in turn."""
        prices, resting = self._prices[side], self._resting[side]
        for at in (0, self._turn):
            if at < len(prices):
                usual = self._usual_size(prices[at], at)
                if resting[prices[at]] * _TOO_LITTLE < usual:
                    resting[prices[at]] = usual
                    quotes.append((side, prices[at], usual))

    def _add(self, side: int, at: int, price: int, quotes: list[Quote]) -> None:
        self._prices[side].insert(at, price)
        quantity = self._resting[side][price] = self._usual_size(price, at)
        quotes.append((side, price, quantity))

    def _remove(self, side: int, at: int, quotes: list[Quote]) -> None:
        price = self._prices[side].pop(at)
        del self._resting[side][price]
        quotes.append((side, price, 0))

    def _usual_size(self, price: int, at: int) -> int:
        """More with the tape's volume and with the distance, and a little different at every price."""
        size = max(self._usual_trade, self._minute_volume // _LEVELS_PER_MINUTE) * (4 + at) // 4
        uneven = 32 + (price // self._tick * 2_654_435_761 >> 9) % 64
        return max(1, size * uneven // 64 // self._step) * self._step

    def _spacing(self, best: int) -> int:
        """The distance between levels where there are none: twice a usual move."""
        spacing = min(self._usual_move * 2 // 256, best // _WIDEST_SPACING)
        return max(1, spacing // self._tick) * self._tick


_OUTWARD = (-1, 1)
"""Which way a side's prices get worse."""
