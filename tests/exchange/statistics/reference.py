"""Market data worked out anew from the list of all trades: slow, and plain to see right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from typing import NamedTuple

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.statistics import AggregateTrade, Candle

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
LENGTHS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}


class Made(NamedTuple):
    """A trade as the engine tells it."""

    trade_id: int
    time: int
    price: int
    quantity: int
    buyer_is_maker: bool
    taker_id: int | None


def moment(text: str) -> int:
    """Microseconds of an ISO time in UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=timezone.utc) - EPOCH) // timedelta(microseconds=1)


def open_of(interval: str, time: int, shift: int) -> int:
    """When the candle of a moment opened, by the calendar."""
    local = EPOCH + timedelta(microseconds=time + shift)
    count, unit = int(interval[:-1]), interval[-1]
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "M":
        begin = midnight.replace(day=1)
    elif unit == "w":
        begin = midnight - timedelta(days=midnight.weekday())
    elif unit == "d":
        begin = midnight - timedelta(days=(midnight - EPOCH).days % count)
    elif unit == "h":
        begin = midnight.replace(hour=local.hour - local.hour % count)
    elif unit == "m":
        begin = midnight.replace(hour=local.hour, minute=local.minute - local.minute % count)
    else:
        begin = local.replace(microsecond=0)
    return (begin - EPOCH) // timedelta(microseconds=1) - shift


def next_open(interval: str, open_time: int, shift: int) -> int:
    """The open of the candle after the one that opened then."""
    if interval == "1M":
        return open_of(interval, open_time + 32 * DAY, shift)
    return open_time + int(interval[:-1]) * LENGTHS[interval[-1]]


def candle(made: Sequence[Made], interval: str, open_time: int, shift: int) -> Candle | None:
    """One candle; flat at the last price where nothing traded, none before the first trade."""
    following = next_open(interval, open_time, shift)
    inside = [trade for trade in made if open_time <= trade.time < following]
    if not inside:
        before = [trade.price for trade in made if trade.time < open_time]
        if not before:
            return None
        price = before[-1]
        return Candle(open_time, price, price, price, price, 0, following - 1, 0, 0, 0, 0)
    taken = [trade for trade in inside if not trade.buyer_is_maker]
    prices = [trade.price for trade in inside]
    return Candle(
        open_time,
        prices[0],
        max(prices),
        min(prices),
        prices[-1],
        sum(trade.quantity for trade in inside),
        following - 1,
        sum(trade.price * trade.quantity // UNIT for trade in inside),
        len(inside),
        sum(trade.quantity for trade in taken),
        sum(trade.price * trade.quantity // UNIT for trade in taken),
    )


def candles(
    made: Sequence[Made], interval: str, now: int, start: int | None, end: int | None, limit: int, shift: int
) -> list[Candle]:
    """Candles one by one, forwards from a start or backwards from the newest."""
    if not made:
        return []
    until = now if end is None else min(now, end)
    oldest = open_of(interval, made[0].time, shift)
    found: list[Candle] = []
    if start is None:
        open_time = open_of(interval, until, shift)
        while open_time >= oldest and len(found) < limit:
            found.insert(0, _known(candle(made, interval, open_time, shift)))
            open_time = open_of(interval, open_time - 1, shift)
        return found
    open_time = open_of(interval, start, shift)
    if open_time < start:
        open_time = next_open(interval, open_time, shift)
    open_time = max(open_time, oldest)
    while open_time <= until and len(found) < limit:
        found.append(_known(candle(made, interval, open_time, shift)))
        open_time = next_open(interval, open_time, shift)
    return found


def _known(found: Candle | None) -> Candle:
    assert found is not None
    return found


def aggregates(made: Sequence[Made]) -> list[AggregateTrade]:
    """All aggregates, by Binance's rule."""
    found: list[AggregateTrade] = []
    previous: Made | None = None
    for trade in made:
        same = (
            previous is not None
            and trade.taker_id is not None
            and (trade.taker_id, trade.price, trade.time)
            == (previous.taker_id, previous.price, previous.time)
        )
        if same:
            last = found[-1]
            found[-1] = last._replace(quantity=last.quantity + trade.quantity, last_id=trade.trade_id)
        else:
            found.append(
                AggregateTrade(
                    len(found),
                    trade.price,
                    trade.quantity,
                    trade.trade_id,
                    trade.trade_id,
                    trade.time,
                    trade.buyer_is_maker,
                )
            )
        previous = trade
    return found


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    rounded = int(abs(value) + Fraction(1, 2))
    return rounded if value >= 0 else -rounded


def average_price(made: Sequence[Made]) -> int:
    """The volume-weighted price."""
    quote = sum(trade.price * trade.quantity // UNIT for trade in made)
    return nearest(Fraction(quote * UNIT, sum(trade.quantity for trade in made)))
