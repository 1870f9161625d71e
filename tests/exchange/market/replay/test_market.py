"""A replay on a real venue: a user's order is filled when the tape says so, and never better."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.engine.building import btcusdt, tape_of, venue_for_tests
from tests.exchange.market.replay.tapes import NEW_YEAR, SECOND, agg_file, trade
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.commands import OrderSpec, PlaceOrder
from veighna_ext.exchange.engine.house import quantities
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.engine.venue import Venue
from veighna_ext.exchange.enums import BUY, SELL
from veighna_ext.exchange.market.replay import ReplayMarket, TapePlayer, TapePrint, open_tape
from veighna_ext.exchange.market.replay.ladder import LEVELS

USER = 1


class Replay:
    """A tape playing on a venue, a second of real time per second of tape."""

    def __init__(self, folder: Path, trades: list[TapePrint]) -> None:
        rules = btcusdt().filters
        tape = open_tape(agg_file(folder / "BTCUSDT.csv", trades))
        self.market = ReplayMarket(TapePlayer(tape, 0), rules.tick, rules.step)
        self.venue: Venue = venue_for_tests(symbols=[btcusdt()])

    def until(self, seconds: float) -> None:
        for command in self.market.due(round(seconds * SECOND)):
            self.venue.submit(command)

    def house(self, side: int) -> dict[int, int]:
        return quantities(self.venue.market("BTCUSDT"), side)

    def buy(self, price: str, quantity: str, seconds: float) -> Order:
        spec = OrderSpec(BUY, price=parse_amount(price), quantity=parse_amount(quantity))
        result = self.venue.submit(
            PlaceOrder(self.market.player.time(round(seconds * SECOND)), USER, "BTCUSDT", spec)
        )
        assert isinstance(result, Order)
        return result


@pytest.fixture
def falling(tmp_path: Path) -> Replay:
    """A market at 100 for ten seconds, then hit at 100, then at 99.50."""
    calm = [trade(at / 10, "100.00" if at % 2 else "100.01", "2", sold=at % 2 == 1) for at in range(100)]
    return Replay(
        tmp_path, [*calm, trade(20, "100.00", "0.1", sold=True), trade(30, "99.50", "0.001", sold=True)]
    )


def test_the_public_record_is_the_tape(falling: Replay) -> None:
    falling.until(60)
    record = tape_of(falling.venue, "BTCUSDT").trades
    assert len(record) == 102
    assert record[-1][1:] == (NEW_YEAR + 30 * SECOND, parse_amount("99.50"), UNIT // 1000, True)


def test_users_see_twenty_levels_on_each_side(falling: Replay) -> None:
    falling.until(15)
    bids, asks = falling.house(BUY), falling.house(SELL)
    assert (max(bids), min(asks)) == (100 * UNIT, parse_amount("100.01"))
    assert (len(bids), len(asks)) == (LEVELS, LEVELS)


def test_an_order_waits_behind_what_was_there_before_it(falling: Replay) -> None:
    falling.until(15)
    order = falling.buy("100.00", "1", 15)
    falling.until(25)
    assert order.executed == 0, "a tenth has traded at 100, and more than that stood before the order"


def test_an_order_the_tape_trades_through_is_filled_at_its_own_price(falling: Replay) -> None:
    falling.until(15)
    order = falling.buy("100.00", "1", 15)
    falling.until(35)
    assert order.executed == UNIT
    assert order.spent == 100 * UNIT


def test_a_seek_leaves_nothing_of_the_old_ladder(falling: Replay) -> None:
    falling.until(35)
    falling.venue.submit(falling.market.seek(40 * SECOND, NEW_YEAR))
    assert not falling.house(BUY)
    assert not falling.house(SELL)
    falling.until(40.5)
    assert max(falling.house(BUY)) == 100 * UNIT
