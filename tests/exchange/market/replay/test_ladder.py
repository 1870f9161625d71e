"""The house's ladder follows the tape and leaves alone what is still valid."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.market.replay.tapes import NEW_YEAR, trade
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.enums import BUY, SELL
from veighna_ext.exchange.market.replay import HouseLadder, TapePrint
from veighna_ext.exchange.market.replay.ladder import LEVELS, Quote

TICK, STEP = UNIT // 100, UNIT // 1000
Book = tuple[dict[int, int], dict[int, int]]


class Screen:
    """What a user sees: the quotes a ladder has given, put on top of each other."""

    def __init__(self) -> None:
        self.ladder = HouseLadder(TICK, STEP)
        self.book: Book = ({}, {})

    def after(self, trade: TapePrint) -> list[Quote]:
        return self.show(self.ladder.after(trade))

    def show(self, quotes: list[Quote]) -> list[Quote]:
        for side, price, quantity in quotes:
            if quantity:
                self.book[side][price] = quantity
            else:
                del self.book[side][price]
        return quotes

    @property
    def best(self) -> tuple[str, str]:
        return f"{max(self.book[BUY]) / UNIT:.2f}", f"{min(self.book[SELL]) / UNIT:.2f}"


def quiet_market(price: str = "100", trades: int = 300) -> Screen:
    """A ladder that has seen buyers and sellers around a price for a while."""
    screen = Screen()
    for at in range(trades):
        screen.after(trade(at / 10, price, "2", sold=True))
        screen.after(trade(at / 10, f"{float(price) + 0.01:.2f}", "2"))
    return screen


def test_the_first_trade_builds_both_sides() -> None:
    screen = Screen()
    screen.after(trade(0, "100.00", sold=True))
    assert screen.best == ("100.00", "100.01")
    assert [len(side) for side in screen.book] == [LEVELS, LEVELS]


def test_sellers_move_the_bid_and_buyers_the_ask() -> None:
    screen = Screen()
    screen.after(trade(0, "100.00", sold=True))
    screen.after(trade(1, "100.05"))
    assert screen.best == ("100.00", "100.05")
    screen.after(trade(2, "99.90", sold=True))
    assert screen.best == ("99.90", "100.05")


def test_where_the_sides_of_the_tape_cross_the_other_side_moves_a_tick_away() -> None:
    screen = Screen()
    screen.after(trade(0, "100.00", sold=True))
    screen.after(trade(1, "99.50"))
    assert screen.best == ("99.49", "99.50")
    screen.after(trade(2, "101.00", sold=True))
    assert screen.best == ("101.00", "101.01")


def test_prices_between_ticks_are_never_better_for_the_user_than_the_tape() -> None:
    screen = Screen()
    screen.after(trade(0, "100.007", sold=True))
    screen.after(trade(1, "100.033"))
    assert screen.best == ("100.00", "100.04")


def test_at_the_lowest_price_there_is_nothing_to_bid() -> None:
    screen = Screen()
    screen.after(trade(0, "0.01"))
    assert not screen.book[BUY]
    assert min(screen.book[SELL]) == TICK
    screen.after(trade(1, "0.03", sold=True))
    assert len(screen.book[BUY]) == 3


def test_a_level_that_is_still_valid_keeps_its_quantity() -> None:
    screen = quiet_market()
    kept = dict(screen.book[BUY])
    best = max(kept)
    quotes = screen.after(trade(40, "99.97", "2", sold=True))
    changed = {price for side, price, _ in quotes if side == BUY}
    assert best in changed
    assert not [price for price in kept if price < parse_amount("99.97") and price in changed]


def test_a_trade_that_changes_nothing_hardly_touches_the_ladder() -> None:
    screen = quiet_market()
    counts = [len(screen.after(trade(40 + at / 10, "100", "0.1", sold=True))) for at in range(200)]
    assert sum(counts) <= 20
    assert max(counts) <= 2


def test_a_step_up_adds_one_level_and_takes_one() -> None:
    screen = quiet_market()
    quotes = screen.after(trade(40, "100.01", "0.1", sold=True))
    bids = [quote for quote in quotes if quote[0] == BUY]
    assert [price for _, price, quantity in bids if quantity] == [parse_amount("100.01")]
    assert len(bids) <= 4
    assert len(screen.book[BUY]) == LEVELS


def test_a_jump_is_followed_at_once_and_the_gap_behind_it_is_filled_in_a_few_trades() -> None:
    screen = quiet_market()
    screen.after(trade(40, "103", "2", sold=True))
    assert screen.best[0] == "103.00"
    for at in range(40):
        screen.after(trade(41 + at, "103", "2", sold=True))
    prices = sorted(screen.book[BUY], reverse=True)
    assert len(prices) == LEVELS
    steps = [above - below for above, below in pairwise(prices)]
    assert max(steps) <= UNIT // 2


def test_a_busy_tape_has_a_deeper_book_than_a_slow_one() -> None:
    def depth(seconds_between: float) -> int:
        screen = Screen()
        for at in range(400):
            screen.after(trade(at * seconds_between, "100", sold=True))
        return sum(screen.book[BUY].values())

    assert depth(0.01) > 3 * depth(10)


def test_what_the_tape_or_a_user_has_taken_comes_back() -> None:
    screen = quiet_market()
    best = max(screen.book[BUY])
    before = screen.book[BUY][best]
    left = {price: quantity for price, quantity in screen.book[BUY].items() if price != best}
    screen.ladder.see(BUY, left)
    quotes = screen.after(trade(31, "100.01", "0.001"))
    again = [quantity for side, price, quantity in quotes if (side, price) == (BUY, best)]
    assert len(again) == 1
    assert again[0] > before // 4


def test_a_ladder_that_stands_there_already_is_taken_over() -> None:
    screen = quiet_market()
    before = [dict(side) for side in screen.book]
    screen.ladder = HouseLadder(TICK, STEP)
    screen.ladder.see(BUY, screen.book[BUY])
    screen.ladder.see(SELL, screen.book[SELL])
    screen.after(trade(31, "99.98", "0.001", sold=True))
    assert screen.best[0] == "99.98"
    kept = [price for price in before[BUY] if price < parse_amount("99.98")]
    assert kept
    assert all(screen.book[BUY][price] == before[BUY][price] for price in kept[:10])
    assert [len(side) for side in screen.book] == [LEVELS, LEVELS]


def test_a_best_level_the_tape_trades_away_is_filled_up() -> None:
    screen = quiet_market()
    quotes = screen.after(trade(31, "100", "1000", sold=True))
    assert (BUY, 100 * UNIT) in [(side, price) for side, price, quantity in quotes if quantity]


def test_after_a_seek_the_old_ladder_is_gone() -> None:
    screen = quiet_market()
    screen.show(screen.ladder.clear())
    assert not any(screen.book)
    screen.after(trade(0, "50", sold=True))
    assert screen.best == ("50.00", "50.01")
    assert [len(side) for side in screen.book] == [LEVELS, LEVELS]
    assert min(screen.book[BUY]) > 49 * UNIT, "the way to the new price is no move of the market"


prints = st.lists(
    st.builds(
        TapePrint,
        st.integers(NEW_YEAR, NEW_YEAR + 10**9),
        st.one_of(st.integers(9_900 * TICK, 10_100 * TICK), st.integers(1, 100_000 * TICK)),
        st.integers(1, 10**12),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
).map(lambda trades: sorted(trades, key=lambda each: each.time))


@given(prints)
def test_on_any_tape_the_ladder_is_a_book_around_the_last_trades(trades: list[TapePrint]) -> None:
    screen = Screen()
    for each in trades:
        screen.after(each)
        bids, asks = screen.book
        assert len(asks) == LEVELS
        assert len(bids) <= LEVELS
        assert not bids or max(bids) < min(asks)
        assert all(price > 0 and price % TICK == 0 for side in screen.book for price in side)
        assert all(
            quantity > 0 and quantity % STEP == 0 for side in screen.book for quantity in side.values()
        )
        if each.buyer_is_maker:
            assert max(bids, default=0) == each.price // TICK * TICK
        else:
            assert min(asks) == -(-each.price // TICK) * TICK


@given(prints)
def test_the_same_tape_makes_the_same_ladder(trades: list[TapePrint]) -> None:
    one, other = HouseLadder(TICK, STEP), HouseLadder(TICK, STEP)
    assert [one.after(each) for each in trades] == [other.after(each) for each in trades]
