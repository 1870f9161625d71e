"""The ladder of the market maker: deep, never crossed, calm, and alive."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest

from tests.exchange.market.synthetic.live import LiveMarket, Step
from tests.exchange.market.synthetic.paths import NOON, path
from veighna_ext.exchange import enums
from veighna_ext.exchange.market.synthetic import LISTING, MarketMaker, MarketSetting, SyntheticMarket
from veighna_ext.exchange.statistics.intervals import DAY, HOUR, SECOND

BUSY = NOON + 2 * HOUR
QUIET = NOON - 4 * DAY - 8 * HOUR
SYMBOLS = ("BTCUSDT", "SOLUSDT", "TRXUSDT", "SHIBUSDT", "ETHBTC")


def depth_within(step: Step, price: int, part: float) -> int:
    """What is offered at most a part above a price."""
    return sum(quantity for offer, quantity in step.asks.items() if offer < price * (1 + part))


@pytest.mark.parametrize("symbol", LISTING)
def test_the_book_is_there_with_the_first_step(symbol: str) -> None:
    (step,) = LiveMarket(symbol, BUSY).run(0.5 if LISTING[symbol].steps_per_second == 2 else 1)
    assert len(step.bids) >= 20
    assert len(step.asks) >= 20
    price = path(symbol).price_at(step.time)
    assert max(step.bids) == pytest.approx(price, rel=0.004)
    assert min(step.asks) == pytest.approx(price, rel=0.004)


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("start", [BUSY, QUIET])
def test_the_ladder_is_deep_calm_and_never_crossed(symbol: str, start: int) -> None:
    parameters = LISTING[symbol]
    steps = LiveMarket(symbol, start).run(240)
    for step in steps:
        assert 20 <= len(step.bids) <= 45
        assert 20 <= len(step.asks) <= 45
        assert max(step.bids) < min(step.asks)
        assert all(price % parameters.tick == 0 for price in (*step.bids, *step.asks))
        assert all(quantity % parameters.step == 0 for quantity in (*step.bids.values(), *step.asks.values()))
    later = steps[1:]
    assert np.mean([len(step.moves.quotes) for step in later]) <= 12
    assert 1 <= np.mean([len(step.moves.hits) for step in later]) <= 3
    tick_bps = parameters.tick / max(steps[0].bids) * 1e4
    usual = max(parameters.spread_bps, tick_bps)
    assert usual / 3 < np.median([step.spread_bps for step in steps]) < usual * 3


def test_most_levels_stand_still_from_step_to_step() -> None:
    steps = LiveMarket("BTCUSDT", BUSY).run(120)
    same = [
        len(before.bids.items() & after.bids.items()) / len(before.bids) for before, after in pairwise(steps)
    ]
    assert np.mean(same) > 0.8


def test_levels_are_at_uneven_distances() -> None:
    (step,) = LiveMarket("BTCUSDT", BUSY).run(0.5)
    assert len(set(np.diff(sorted(step.asks)).tolist())) > 15


def test_a_stirred_market_is_quoted_wider_than_a_calm_one() -> None:
    market = SyntheticMarket(1, [LISTING["BTCUSDT"]])
    market.set("BTCUSDT", MarketSetting(BUSY, volatility=6.0))
    widths = []
    for maker in (MarketMaker(path("BTCUSDT")), MarketMaker(market.path("BTCUSDT"))):
        ladders = [maker.moves(step, BUSY + step * SECOND, {}, {}).quotes for step in range(30, 300, 9)]
        bids, asks = (
            [[price for side, price, _ in ladder if side == wanted] for ladder in ladders]
            for wanted in (enums.BUY, enums.SELL)
        )
        widths.append(np.mean([min(ask) - max(bid) for bid, ask in zip(bids, asks, strict=True)]))
    assert widths[1] > 1.3 * widths[0]


def test_the_spread_widens_and_the_book_thins_when_the_price_jumps() -> None:
    market = SyntheticMarket(1, [LISTING["BTCUSDT"]])
    market.set("BTCUSDT", MarketSetting(BUSY + 30 * SECOND, volatility=8.0))
    live = LiveMarket("BTCUSDT", BUSY)
    live.maker = MarketMaker(market.path("BTCUSDT"))
    calm = live.run(30)
    wild = live.run(60)
    assert np.mean([step.spread_bps for step in wild]) > 2 * np.mean([step.spread_bps for step in calm])
    bitcoin = market.path("BTCUSDT")
    near = [
        np.mean([depth_within(step, bitcoin.price_at(step.time), 0.0003) for step in steps])
        for steps in (calm, wild)
    ]
    assert near[1] < 0.7 * near[0]
    assert all(len(step.bids) >= 20 and len(step.asks) >= 20 for step in wild)


@pytest.mark.parametrize("shock", [-0.3, -0.01, 0.01, 0.3])
def test_after_a_shock_the_ladder_stands_at_the_new_price_within_seconds(shock: float) -> None:
    market = SyntheticMarket(1, [LISTING["SOLUSDT"]])
    live = LiveMarket("SOLUSDT", BUSY)
    live.run(5)
    market.set("SOLUSDT", MarketSetting(live.now, shock=shock))
    live.maker = MarketMaker(market.path("SOLUSDT"))
    *_, last = live.run(10)
    price = market.path("SOLUSDT").price_at(last.time)
    assert max(last.bids) == pytest.approx(price, rel=0.003)
    assert min(last.asks) == pytest.approx(price, rel=0.003)
    assert min(len(last.bids), len(last.asks)) >= 20


@pytest.mark.parametrize("symbol", ["BTCUSDT", "LTCUSDT", "UNIUSDT", "SOLBTC"])
def test_live_minutes_look_like_those_of_history(symbol: str) -> None:
    live = LiveMarket(symbol, BUSY)
    live.run(20 * 60)
    minutes = live.minutes()
    history = path(symbol).candles("1m", live.started, int(minutes[-1].open_time)).rows()
    assert len(minutes) == len(history)
    for name, least, most in (("volume", 0.5, 1.5), ("trades", 0.4, 2.5)):
        lived = sum(getattr(candle, name) for candle in minutes)
        assert least < lived / sum(getattr(candle, name) for candle in history) < most, name
    ranges = [np.mean([candle.high - candle.low for candle in candles]) for candles in (minutes, history)]
    assert 0.7 < ranges[0] / ranges[1] < 1.6
    for mine, theirs in zip(minutes, history, strict=True):
        assert mine.close == pytest.approx(theirs.close, rel=0.002)


def test_the_first_trade_is_where_history_ended() -> None:
    for symbol in SYMBOLS:
        live = LiveMarket(symbol, BUSY)
        live.run(90)
        (last,) = path(symbol).candles("1s", None, BUSY - 1, 1).rows()
        tick = LISTING[symbol].tick
        assert abs(live.minutes()[0].open - last.close) <= last.close // 500 + 2 * tick


def test_moves_follow_from_seed_step_and_book_alone() -> None:
    live = LiveMarket("ETHUSDT", BUSY)
    steps = live.run(60)
    fresh = MarketMaker(path("ETHUSDT"))
    for before, after in pairwise(steps[40:]):
        assert fresh.moves(fresh.step_at(after.time), after.time, before.bids, before.asks) == after.moves
    other = MarketMaker(path("ETHUSDT", 2))
    last = steps[-1]
    assert other.moves(other.step_at(last.time), last.time, {}, {}) != fresh.moves(
        fresh.step_at(last.time), last.time, {}, {}
    )


def test_noise_comes_in_runs_of_one_side_and_in_uneven_sizes() -> None:
    steps = LiveMarket("BNBUSDT", QUIET).run(20 * 60)
    sides = np.array([step.moves.hits[0][0] for step in steps])
    sizes = np.array([sum(hit[1] for hit in step.moves.hits) for step in steps], dtype=np.float64)
    again = np.mean(sides[1:] == sides[:-1])
    assert 0.55 < again < 0.9
    assert 0.35 < np.mean(sides == enums.BUY) < 0.65
    assert np.quantile(sizes, 0.99) > 5 * np.median(sizes)


def test_a_step_costs_little() -> None:
    live = LiveMarket("SUIUSDT", BUSY)
    steps = live.run(60)
    began = time.process_time()
    for step in steps:
        live.maker.moves(live.maker.step_at(step.time), step.time, step.bids, step.asks)
    assert (time.process_time() - began) / len(steps) < 0.0005
