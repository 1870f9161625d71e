"""Orders on a replayed tape are filled as the tape allows: in turn at its price, or as it trades through."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.exchange.exchanges import FUNDS
from tests.exchange.market.replay.tapes import NEW_YEAR, SECOND, agg_file, trade
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums, queries
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.order import Order
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.replay import ReplayMarket, TapePlayer, TapePrint, open_tape
from veighna_ext.exchange.markets import ReplayedMarket

SYMBOLS = listed(["BTCUSDT"])


class Stage:
    """An exchange that plays a tape, and one trader."""

    def __init__(self, folder: Path, tape: Sequence[TapePrint]) -> None:
        played = open_tape(agg_file(folder / "BTCUSDT-aggTrades-2025-01-01.csv", tape))
        self.exchange = Exchange.open(folder / "data", Setup(SYMBOLS, 1, "replay"), NEW_YEAR)
        rules = SYMBOLS[0].filters
        self._begins = tape[0].time
        player = TapePlayer(played, 0)
        self.market = ReplayedMarket(self.exchange, ReplayMarket(player, rules.tick, rules.step))
        self.exchange.submit(c.OpenAccount(NEW_YEAR, FUNDS, 0, 0))
        self.now = 0

    def play_until(self, second: float) -> None:
        """Let the tape run to a second of its day."""
        self.now = NEW_YEAR + round(second * SECOND) - self._begins
        self.market.move(self.now)

    def bid(self, price: str, quantity: str = "1") -> Order:
        """A limit buy at the tape's present time."""
        return self.send(c.OrderSpec(enums.BUY, quantity=_units(quantity), price=_units(price)))

    def send(self, spec: c.OrderSpec) -> Order:
        """Any order at the tape's present time."""
        time = self.market.time(self.now)
        order = self.exchange.submit(c.PlaceOrder(time, 1, "BTCUSDT", spec))
        assert isinstance(order, Order)
        return order


def _units(text: str) -> int:
    return round(float(text) * 1000) * UNIT // 1000


def sold(second: float, price: str, quantity: str = "1") -> TapePrint:
    """A seller hit the bid."""
    return trade(second, price, quantity, sold=True)


def test_an_order_is_filled_when_the_tape_trades_through_its_price(tmp_path: Path) -> None:
    stage = Stage(tmp_path, [sold(1, "40000"), trade(2, "40010"), sold(3, "39989.99", "0.001")])
    stage.play_until(2.5)
    order = stage.bid("39995", "5")
    assert order.status == enums.NEW
    stage.play_until(4)
    assert order.status == enums.FILLED
    assert {fill.price for fill in order.fills or []} == {_units("39995")}


def test_at_its_own_price_an_order_waits_for_what_was_queued_before_it(tmp_path: Path) -> None:
    trades = [sold(1, "40000", "3"), trade(1.5, "40010", "3")]
    trades += [sold(2 + number, "40000", "2") for number in range(60)]
    stage = Stage(tmp_path, trades)
    stage.play_until(1.7)
    level = stage.exchange.venue.market("BTCUSDT").book.bids.best
    assert level is not None
    assert level.price == _units("40000")
    ahead = level.quantity
    assert ahead > 0
    order = stage.bid("40000", "5")
    before_turn = int(ahead // (2 * UNIT))
    stage.play_until(1.9 + before_turn)
    assert order.executed == 0
    stage.play_until(2.1 + before_turn + 3)
    assert order.status == enums.FILLED
    assert (ahead + order.quantity) <= (before_turn + 4) * 2 * UNIT


def test_an_order_the_tape_does_not_reach_is_not_filled(tmp_path: Path) -> None:
    stage = Stage(tmp_path, [sold(1, "40000"), trade(2, "40010"), sold(3, "40000", "9"), sold(4, "39999")])
    stage.play_until(2.5)
    order = stage.bid("39998.99")
    stage.play_until(5)
    assert order.status == enums.NEW


def test_a_market_order_pays_what_a_buyer_last_paid_or_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path, [sold(1, "40000", "5"), trade(2, "40010", "5"), sold(3, "40001", "5")])
    stage.play_until(3.5)
    order = stage.send(c.OrderSpec(enums.BUY, enums.MARKET, _units("0.01")))
    assert order.status == enums.FILLED
    assert min(fill.price for fill in order.fills or []) >= _units("40010")


def test_the_public_record_shows_the_tape_and_nothing_else(tmp_path: Path) -> None:
    tape = [sold(1, "40000", "3"), trade(2, "40010", "3"), sold(3, "39990", "0.5"), sold(4, "39980", "2")]
    stage = Stage(tmp_path, tape)
    stage.play_until(2.5)
    order = stage.bid("39995", "4")
    stage.play_until(5)
    assert order.status == enums.FILLED
    record = stage.exchange.records["BTCUSDT"].trades
    shown = [(each.price, each.quantity, each.buyer_is_maker) for each in record.recent(100)]
    assert shown == [(each.price, each.quantity, each.buyer_is_maker) for each in tape]


def test_a_stop_is_set_off_by_a_trade_of_the_tape(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path,
        [sold(1, "40000"), trade(2, "40010"), sold(3, "39900"), trade(4, "39905"), trade(5, "39910")],
    )
    stage.play_until(2.5)
    stop = stage.send(c.OrderSpec(enums.SELL, enums.STOP_LOSS, _units("0.01"), stop_price=_units("39950")))
    stage.play_until(3.5)
    assert stop.status == enums.FILLED
    assert max(fill.price for fill in stop.fills or []) <= _units("39900")


def test_the_exchanges_clock_is_the_tapes_and_a_seek_clears_the_old_ladder(tmp_path: Path) -> None:
    stage = Stage(tmp_path, [sold(second, str(40000 + second * 10)) for second in range(1, 100)])
    stage.play_until(50)
    assert stage.market.time(stage.now) == NEW_YEAR + 50 * SECOND
    before = stage.exchange.venue.market("BTCUSDT").book.bids.best
    assert before is not None
    assert before.price == _units("40500")
    stage.market.seek(stage.now, NEW_YEAR + 90 * SECOND)
    assert stage.exchange.venue.market("BTCUSDT").book.bids.best is None
    stage.now += SECOND
    stage.market.move(stage.now)
    after = stage.exchange.venue.market("BTCUSDT").book.bids.best
    assert after is not None
    assert after.price >= _units("40900")


@pytest.mark.parametrize("seconds", [5, 20])
def test_a_replay_resumes_from_its_folder_with_the_same_state(tmp_path: Path, seconds: int) -> None:
    tape = [sold(number / 4, str(40000 + number % 7), "0.5") for number in range(1, 200)]
    stage = Stage(tmp_path, tape)
    stage.play_until(seconds)
    stage.bid("39000")
    before = b"".join(stage.exchange.state())
    stage.exchange.close()
    again = Exchange.open(tmp_path / "data", Setup(SYMBOLS, 1, "replay"), NEW_YEAR)
    assert b"".join(again.state()) == before
    again.close()


def test_a_tape_sent_back_begins_a_new_public_record_and_keeps_every_order(tmp_path: Path) -> None:
    stage = Stage(tmp_path, [sold(second, str(40000 + second * 10)) for second in range(1, 200)])
    stage.play_until(150)
    late = stage.bid("30000")
    stage.market.seek(stage.now, NEW_YEAR + 20 * SECOND)
    stage.now += 5 * SECOND
    stage.market.move(stage.now)
    early = stage.bid("30001")
    assert early.time < late.time
    record = stage.exchange.records["BTCUSDT"]
    assert {each.time // SECOND for each in record.trades.recent(100)} == {
        (NEW_YEAR + second * SECOND) // SECOND for second in range(20, 26)
    }
    desk = stage.exchange.venue.account(1).desks["BTCUSDT"]
    assert queries.orders(desk, 10) == [late, early]
    assert queries.orders(desk, 10, start=late.time) == [late]
    assert queries.orders(desk, 10, end=early.time) == [early]
    before = b"".join(stage.exchange.state())
    stage.exchange.close()
    again = Exchange.open(tmp_path / "data", Setup(SYMBOLS, 1, "replay"), NEW_YEAR)
    assert b"".join(again.state()) == before
    again.close()


def test_what_a_trader_took_from_the_ladder_is_offered_again(tmp_path: Path) -> None:
    tape = [
        trade(second, "40010", "5") if second % 2 else sold(second, "40000", "5") for second in range(1, 60)
    ]
    stage = Stage(tmp_path, tape)
    stage.play_until(20.5)
    asks = stage.exchange.venue.market("BTCUSDT").book.asks
    assert asks.best is not None
    sweep = c.OrderSpec(enums.BUY, quantity=asks.best.quantity * 3, price=_units("41000"), tif=enums.IOC)
    assert stage.send(sweep).executed > asks.best.quantity
    assert min(asks.levels) > _units("40010")
    stage.play_until(30)
    assert asks.best is not None
    assert asks.best.price == _units("40010")
