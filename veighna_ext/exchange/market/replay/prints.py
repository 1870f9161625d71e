"""What is on a tape: single trades, or bars that stand for several."""

from __future__ import annotations

from typing import NamedTuple


class TapePrint(NamedTuple):
    """One trade as the tape has it."""

    time: int
    price: int
    quantity: int
    buyer_is_maker: bool


class Bar(NamedTuple):
    """A kline; `taker_buy` is the part of the volume that buyers took, or -1 where the tape does not say."""

    time: int
    end: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    taker_buy: int
