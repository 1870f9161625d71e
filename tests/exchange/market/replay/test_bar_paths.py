"""A bar plays as a short path of trades that never says more than the bar."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.market.replay.tapes import MINUTE, NEW_YEAR, SECOND, kline_row, played, write_rows
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.replay import TapePrint, open_tape
from veighna_ext.exchange.market.replay.bar_paths import BarPaths, path
from veighna_ext.exchange.market.replay.prints import Bar


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    prices = sorted(draw(st.lists(st.integers(1, 10**14), min_size=4, max_size=4)))
    low, *inner, high = prices
    opened, close = draw(st.permutations(inner))
    volume = draw(st.integers(0, 10**6)) * 10 ** draw(st.integers(0, 14))
    bought = draw(st.one_of(st.just(-1), st.integers(0, volume)))
    seconds = draw(st.sampled_from([1, 60, 86_400]))
    return Bar(NEW_YEAR, NEW_YEAR + seconds * SECOND, opened, high, low, close, volume, bought)


def prices(trades: list[TapePrint]) -> list[int]:
    """The prices in their order, each once."""
    return [each.price for at, each in enumerate(trades) if not at or trades[at - 1].price != each.price]


def rising(volume: int = 8 * UNIT, bought: int = -1) -> Bar:
    return Bar(NEW_YEAR, NEW_YEAR + MINUTE, 100 * UNIT, 104 * UNIT, 98 * UNIT, 103 * UNIT, volume, bought)


def falling() -> Bar:
    return Bar(NEW_YEAR, NEW_YEAR + MINUTE, 103 * UNIT, 104 * UNIT, 98 * UNIT, 100 * UNIT, 8 * UNIT, -1)


def test_a_rising_bar_visits_its_low_first() -> None:
    assert prices(path(rising(), NEW_YEAR + MINUTE)) == [each * UNIT for each in (100, 98, 104, 103)]


def test_a_falling_bar_visits_its_high_first() -> None:
    assert prices(path(falling(), NEW_YEAR + MINUTE)) == [each * UNIT for each in (103, 104, 98, 100)]


def test_the_path_takes_the_whole_bar_and_no_longer() -> None:
    times = [each.time - NEW_YEAR for each in path(rising(), NEW_YEAR + MINUTE)]
    assert times[::2] == times[1::2] == [0, 20 * SECOND, 40 * SECOND, MINUTE - 1000]


def test_at_a_new_low_the_last_trade_is_a_sellers_and_at_a_new_high_a_buyers() -> None:
    trades = path(rising(), NEW_YEAR + MINUTE)
    assert [each.buyer_is_maker for each in trades if each.price == 98 * UNIT] == [False, True]
    assert [each.buyer_is_maker for each in trades if each.price == 104 * UNIT] == [True, False]


def test_a_flat_bar_is_one_price_at_its_open() -> None:
    flat = Bar(NEW_YEAR, NEW_YEAR + MINUTE, 5, 5, 5, 5, 8 * UNIT, -1)
    assert {(each.time, each.price) for each in path(flat, flat.end)} == {(NEW_YEAR, 5)}


def test_a_bar_without_volume_is_silence() -> None:
    assert path(rising(volume=0), NEW_YEAR + MINUTE) == []


def test_the_smallest_volume_trades_at_the_close() -> None:
    assert [(each.price, each.quantity) for each in path(rising(volume=1), NEW_YEAR + MINUTE)] == [
        (103 * UNIT, 1)
    ]


def test_trades_are_no_finer_than_the_volume() -> None:
    trades = path(rising(volume=539_230 * UNIT // 1000), NEW_YEAR + MINUTE)
    assert all(each.quantity % (UNIT // 100) == 0 for each in trades)


@given(bars())
def test_the_volume_is_split_to_the_last_unit(bar: Bar) -> None:
    trades = path(bar, bar.end)
    assert sum(each.quantity for each in trades) == bar.volume
    if bar.taker_buy >= 0:
        assert sum(each.quantity for each in trades if not each.buyer_is_maker) == bar.taker_buy
    assert all(0 < each.quantity < 2**63 for each in trades)


@given(bars(), st.integers(1, 100_000 * SECOND))
def test_no_trade_is_outside_the_bar(bar: Bar, length: int) -> None:
    trades = path(bar, bar.time + length)
    assert all(bar.low <= each.price <= bar.high for each in trades)
    assert all(bar.time <= each.time < bar.time + length for each in trades)
    assert trades == sorted(trades, key=lambda each: each.time)


@given(bars())
def test_a_bar_with_enough_volume_shows_its_four_prices(bar: Bar) -> None:
    trades = path(bar._replace(volume=8 * UNIT, taker_buy=-1), bar.end)
    shown = [each.price for each in trades]
    assert (shown[0], max(shown), min(shown), shown[-1]) == (bar.open, bar.high, bar.low, bar.close)


def test_a_bar_that_lasts_longer_than_until_the_next_is_cut_short() -> None:
    long = rising()._replace(end=NEW_YEAR + 10 * MINUTE)
    player = BarPaths()
    trades = player.accept([long]) + player.accept([rising()._replace(time=NEW_YEAR + MINUTE)])
    assert trades == path(long, NEW_YEAR + MINUTE)
    assert player.end()


def test_a_tape_of_klines_keeps_every_bar(tmp_path: Path) -> None:
    rows = [
        kline_row(
            NEW_YEAR + at * MINUTE, (str(100 + at), str(103 + at), str(99 + at), str(102 + at)), "16", "4"
        )
        for at in range(500)
    ]
    trades = played(open_tape(write_rows(tmp_path / "BTCUSDT-1m.zip", rows)))
    for at in range(500):
        bar = [each for each in trades if (each.time - NEW_YEAR) // MINUTE == at]
        assert (bar[0].price, bar[-1].price) == ((100 + at) * UNIT, (102 + at) * UNIT)
        assert sum(each.quantity for each in bar) == 16 * UNIT
        assert sum(each.quantity for each in bar if not each.buyer_is_maker) == 4 * UNIT
