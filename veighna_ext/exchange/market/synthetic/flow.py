"""
How what traded in a span falls into its parts, to the last unit.

The price a side paid on average must lie within each part's high and low. It can, whatever walk the prices
take, because each side of a span trades at least `REST` steps: half of a part's rest trades at its high, half
at its low, and what is above goes where it is needed. So each level needs twice the rest of the one below.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from veighna_ext.exchange.market.synthetic.chance import Floats, Ints
from veighna_ext.exchange.market.synthetic.spans import (
    LENGTH,
    SECOND,
    Flow,
    Prices,
)

_EXTREMES_WEIGH: Final = 0.3
"""How much highs and lows tell of the average price, against opens and closes."""
_MORE_TRADES: Final = 0.35
REST: Final = tuple(2 ** (SECOND - level) * LENGTH[level] * 2 for level in range(SECOND))
"""The least volume of each side in a span of each level, in steps."""


def fewest_trades(level: int) -> int:
    """The least number of trades in a span: two in each second, at its open and its close."""
    return 2 * LENGTH[level]


def usual_average(prices: Prices) -> Floats:
    """What is paid on average in spans of which only these prices are known."""
    ends = prices.open + prices.close
    return ends * (0.5 * (1 - _EXTREMES_WEIGH)) + (prices.high + prices.low) * (0.5 * _EXTREMES_WEIGH)


def average(prices: Prices, weights: Floats) -> Floats:
    """What each side pays on average in spans whose parts have these prices and weights."""
    paid: Floats = (usual_average(prices) * weights).sum(axis=-1) / weights.sum(axis=-1)
    return paid


def first_volume(level: int, total: Floats, buys: Floats) -> Ints:
    """What the sides trade in spans that are no parts of others: of a total, buyers this part."""
    volume: Ints = np.maximum(np.stack((total * buys, total * (1.0 - buys))), REST[level]).astype(np.int64)
    return volume


def first_trades(level: int, activity: Floats, steps_per_second: float) -> Ints:
    """The number of trades in spans that are no parts of others, `activity` times as busy as usual."""
    fewest = fewest_trades(level)
    return fewest + (np.sqrt(activity) * (fewest * steps_per_second * _MORE_TRADES)).astype(np.int64)


def first_quote(level: int, prices: Prices, volume: Ints, averages: Floats) -> Ints:
    """What the sides paid in spans that are no parts of others."""
    height = prices.high - prices.low
    rest = REST[level] // 2
    least = prices.low * volume + rest * height
    most = prices.high * volume - rest * height
    return np.clip(np.rint(averages * volume).astype(np.int64), least, most)


class Parts(NamedTuple):
    """What is known of the parts of spans before what traded falls into them."""

    prices: Prices
    averages: Floats
    """What each side would pay in a part on average."""
    weights: Floats
    """How the volume of each side wants to fall."""
    counts: Floats
    """Of how many trades volume is made, from 0 to 1."""


def split(level: int, flow: Flow, parts: Parts) -> Flow:
    """What traded in the parts of spans of a level."""
    prices = parts.prices
    below = level + 1
    rest: Ints
    fewest: Ints
    if below == SECOND:
        moved = prices.close - prices.open
        rest = np.stack((moved > 0, moved < 0)).astype(np.int64)
    else:
        rest = np.full((1, 1, 1), REST[below] // 2, dtype=np.int64)
    volume, quote = _split_amounts(flow, parts, rest)
    together = volume.sum(axis=0)
    if below == SECOND:
        fewest = np.minimum(together, 1) + (moved != 0)
    else:
        fewest = np.full((1, 1), fewest_trades(below), dtype=np.int64)
    most = together - fewest
    wanted = (most * parts.counts).astype(np.int64)
    trades = flow.trades - np.broadcast_to(fewest, most.shape).sum(axis=1)
    enough = wanted.sum(axis=1) >= trades
    trades_above = _share(trades, np.where(enough[:, None], wanted, most))
    return Flow(volume, quote, trades_above + fewest)


def _split_amounts(flow: Flow, parts: Parts, rest: Ints) -> tuple[Ints, Ints]:
    prices, weights = parts.prices, parts.weights
    twice = prices.low + prices.high
    base = rest * twice
    extra = flow.volume - 2 * np.broadcast_to(rest, weights.shape).sum(axis=-1)
    to_pay = (flow.quote - base.sum(axis=-1)) / np.maximum(extra, 1)
    volume = _cut(extra, _balanced(weights, parts.averages - to_pay[:, :, None]))
    least = base + prices.low * volume
    most = base + prices.high * volume
    _shift(volume, flow.quote - most.sum(axis=-1), prices.high, 1)
    _shift(volume, least.sum(axis=-1) - flow.quote, prices.low, -1)
    least = base + prices.low * volume
    most = base + prices.high * volume
    quote = np.clip(base + np.rint(parts.averages * volume).astype(np.int64), least, most)
    left = flow.quote - quote.sum(axis=-1)
    quote += _share(np.maximum(left, 0), most - quote)
    quote -= _share(np.maximum(-left, 0), quote - least)
    return volume + 2 * rest, quote


def _balanced(weights: Floats, gap: Floats) -> Floats:
    """Weights changed so that gaps above and below zero outweigh each other."""
    pull = weights * gap
    above = np.maximum(pull, 0.0).sum(axis=-1, keepdims=True)
    below = np.maximum(-pull, 0.0).sum(axis=-1, keepdims=True)
    both = (above > 0.0) & (below > 0.0)
    return weights * np.where(both, np.where(gap > 0.0, below, above), 1.0)


def _cut(total: Ints, weights: Floats) -> Ints:
    """Whole parts of totals, in proportion to weights."""
    edges = np.cumsum(weights, axis=-1)
    edges *= total[..., None] / np.maximum(edges[..., -1:], 1e-300)
    cuts = edges.astype(np.int64)
    np.minimum(cuts, total[..., None], out=cuts)
    cuts[..., -1] = total
    return np.diff(cuts, axis=-1, prepend=0)


def _share(total: Ints, room: Ints) -> Ints:
    """Whole parts of totals, in proportion to the room there is and never more than it."""
    edges = np.cumsum(room, axis=-1)
    ratio = total / np.maximum(edges[..., -1], 1)
    cuts = (edges * ratio[..., None]).astype(np.int64)
    np.minimum(cuts, total[..., None], out=cuts)
    parts = np.minimum(np.diff(cuts, axis=-1, prepend=0), room)
    left = total - parts.sum(axis=-1)
    if left.any():
        free = np.cumsum(room - parts, axis=-1)
        np.minimum(free, left[..., None], out=free)
        parts += np.diff(free, axis=-1, prepend=0)
    return parts


def _shift(volume: Ints, short: Ints, extreme: Ints, sign: int) -> None:
    """Move volume to the part with the most extreme price where a quote amount is still out of reach."""
    side, row = np.nonzero(short > 0)
    if not len(row):
        return
    parts = volume[side, row]
    reached = extreme[row] * sign
    best = reached.argmax(axis=1)
    gain = reached.max(axis=1)[:, None] - reached
    worth = parts * gain
    before = np.cumsum(worth, axis=1) - worth
    wanted = np.clip(short[side, row][:, None] - before, 0, worth)
    taken = -(-wanted // np.maximum(gain, 1))
    parts -= taken
    parts[np.arange(len(row)), best] += taken.sum(axis=1)
    volume[side, row] = parts
