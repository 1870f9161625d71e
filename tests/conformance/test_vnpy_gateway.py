"""The official VeighNa gateway inside a real MainEngine: what a trader sees."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from vnpy.trader.constant import Direction, Interval, OrderType, Product, Status

from tests.conformance.counterparty import Counterparty
from tests.conformance.staging import BALANCES, NIGHTLY, Staging
from tests.conformance.trader import Trader, trading_at
from tests.support.waiting import wait_until

SYMBOL = "LTCUSDT"
"""No other client trades it on the quiet venue."""
HOUR_S = 3600.0


@pytest.fixture(scope="module")
def trader(staging: Staging) -> Iterator[Trader]:
    """A trader on a moving market."""
    with trading_at(staging.moving.open_distant_account(BALANCES)) as trader:
        yield trader


@pytest.fixture(scope="module")
def quiet_trader(staging: Staging) -> Iterator[Trader]:
    """A trader on a market where every fill is meant, with an order from before."""
    place = staging.quiet.open_distant_account({**BALANCES, "LTC": "500"})
    Counterparty(place).trade(SYMBOL, "BUY", "2", "61.00")
    with trading_at(place) as trader:
        yield trader


@pytest.fixture
def other(staging: Staging) -> Counterparty:
    """Somebody to trade with."""
    return Counterparty(staging.quiet.open_account({"USDT": "10000", "LTC": "500"}))


def test_contracts_account_and_positions_are_shown(trader: Trader) -> None:
    contracts = trader.main_engine.get_all_contracts()
    assert len(contracts) >= 24
    contract = trader.contract("BTCUSDT")
    assert (contract.pricetick, contract.min_volume, contract.product) == (0.01, 0.00001, Product.SPOT)
    (account,) = trader.main_engine.get_all_accounts()
    assert (account.accountid, account.balance, account.frozen) == ("USDT", 10_000, 0)
    positions = {position.symbol: position.volume for position in trader.main_engine.get_all_positions()}
    assert positions["SOLUSDT_SPOT_BINANCE"] == 500


def test_ticks_move_and_carry_both_sides(trader: Trader) -> None:
    names = [trader.subscribe(name) for name in ("BTCUSDT", "DOGEUSDT")]
    wait_until(lambda: all(len(trader.tick_times(name)) >= 3 for name in names), 15)
    for name in names:
        tick = trader.tick(name)
        assert 0 < tick.bid_price_1 < tick.ask_price_1
        assert tick.low_price <= tick.last_price <= tick.high_price
        assert tick.volume > 0
        assert tick.bid_volume_1 > 0
        assert abs(tick.datetime.timestamp() - time.time()) < 10


def test_an_order_lives_from_submission_to_its_last_fill(quiet_trader: Trader, other: Counterparty) -> None:
    money, held = quiet_trader.money().balance, quiet_trader.position(SYMBOL).volume
    order_id = quiet_trader.send(SYMBOL, Direction.SHORT, 3, 90)
    quiet_trader.until_state(order_id, Status.NOTTRADED)
    other.trade(SYMBOL, "BUY", "1", "90.00", "IOC")
    quiet_trader.until_state(order_id, Status.PARTTRADED)
    other.trade(SYMBOL, "BUY", "2", "90.00", "IOC")
    quiet_trader.until_state(order_id, Status.ALLTRADED)
    assert quiet_trader.states(order_id) == [
        (Status.SUBMITTING, 0),
        (Status.NOTTRADED, 0),
        (Status.PARTTRADED, 1),
        (Status.ALLTRADED, 3),
    ]
    wait_until(lambda: quiet_trader.trades_of(order_id) == [(90, 1), (90, 2)])
    wait_until(lambda: quiet_trader.money().balance == pytest.approx(money + 270 * 0.999))
    position = quiet_trader.position(SYMBOL)
    assert (position.volume, position.frozen) == (held - 3, 0)


def test_a_cancelled_order_gives_its_money_back(quiet_trader: Trader) -> None:
    frozen = quiet_trader.money().frozen
    order_id = quiet_trader.send(SYMBOL, Direction.LONG, 2, 80)
    quiet_trader.until_state(order_id, Status.NOTTRADED)
    wait_until(lambda: quiet_trader.money().frozen == frozen + 160)
    quiet_trader.cancel(order_id)
    quiet_trader.until_state(order_id, Status.CANCELLED)
    wait_until(lambda: quiet_trader.money().frozen == frozen)


def test_every_type_of_order_ends_as_it_should(quiet_trader: Trader, other: Counterparty) -> None:
    other.trade(SYMBOL, "SELL", "1", "90.00")
    killed = quiet_trader.send(SYMBOL, Direction.LONG, 2, 90, OrderType.FOK)
    assert quiet_trader.until_state(killed, Status.CANCELLED).traded == 0
    partly = quiet_trader.send(SYMBOL, Direction.LONG, 2, 90, OrderType.FAK)
    assert quiet_trader.until_state(partly, Status.CANCELLED).traded == 1
    other.trade(SYMBOL, "SELL", "1", "90.50")
    market = quiet_trader.send(SYMBOL, Direction.LONG, 1, 0, OrderType.MARKET)
    assert quiet_trader.until_state(market, Status.ALLTRADED).traded == 1
    wait_until(lambda: quiet_trader.trades_of(partly) == [(90, 1)])
    wait_until(lambda: quiet_trader.trades_of(market) == [(90.5, 1)])


def test_what_the_venue_refuses_is_said_in_the_log(quiet_trader: Trader) -> None:
    order_id = quiet_trader.send(SYMBOL, Direction.LONG, 0.01, 90)
    quiet_trader.until_state(order_id, Status.REJECTED)
    quiet_trader.until_logged("Order rejected, code: -1013, message: Filter failure: NOTIONAL")
    order_id = quiet_trader.send(SYMBOL, Direction.LONG, 400, 90)
    quiet_trader.until_state(order_id, Status.REJECTED)
    quiet_trader.until_logged(
        "Order rejected, code: -2010, message: Account has insufficient balance for requested action."
    )
    done = quiet_trader.send(SYMBOL, Direction.LONG, 1, 80, OrderType.FAK)
    quiet_trader.until_state(done, Status.CANCELLED)
    quiet_trader.cancel(done)
    quiet_trader.until_logged("Cancel rejected, code: -2011, message: Unknown order sent.")


def test_orders_that_were_open_before_are_shown(quiet_trader: Trader) -> None:
    (order,) = [each for each in quiet_trader.main_engine.get_all_active_orders() if each.price == 61]
    assert (order.status, order.volume, order.direction) == (Status.NOTTRADED, 2, Direction.LONG)
    quiet_trader.cancel(order.vt_orderid)
    quiet_trader.until_state(order.vt_orderid, Status.CANCELLED)


@pytest.mark.parametrize(
    ("interval", "width_s", "count"), [(Interval.MINUTE, 60.0, 1500), (Interval.HOUR, HOUR_S, 1200)]
)
def test_history_comes_without_a_hole(trader: Trader, interval: Interval, width_s: float, count: int) -> None:
    end = time.time() // width_s * width_s
    bars = trader.history("ETHUSDT", interval, end - count * width_s, end)
    times = [bar.datetime.timestamp() for bar in bars]
    # the gateway leaves the last bar out, which may not be closed
    assert times == [end - count * width_s + number * width_s for number in range(count)]
    assert all(0 < bar.low_price <= bar.close_price <= bar.high_price and bar.volume > 0 for bar in bars)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="waits for a minute to end")
def test_a_minute_that_ended_comes_as_a_bar(staging: Staging) -> None:
    with trading_at(staging.moving.open_distant_account(BALANCES), with_bars=True) as trader:
        name = trader.subscribe("BTCUSDT")
        wait_until(lambda: trader.ticks and "bar" in trader.tick(name).extra, 75)
        bar = trader.tick(name).extra["bar"]
        assert bar.datetime.second == 0
        assert bar.low_price <= min(bar.open_price, bar.close_price)
        assert max(bar.open_price, bar.close_price) <= bar.high_price
        (same,) = [
            each
            for each in trader.history("BTCUSDT", Interval.MINUTE, time.time() - 600, time.time())
            if each.datetime == bar.datetime
        ]
        assert (same.close_price, same.volume) == (bar.close_price, bar.volume)


def test_ticks_go_on_after_the_venue_restarts(staging: Staging) -> None:
    venue = staging.venue("restart", "vnpy_binance")
    place = venue.open_distant_account({"USDT": "10000"})
    with trading_at(place) as trader:
        name = trader.subscribe("BTCUSDT")
        wait_until(lambda: trader.ticks, 10)
        assert venue.stop() == 0
        venue.start_again()
        seen = len(trader.ticks)
        wait_until(lambda: len(trader.ticks) > seen + 3, 20)
        assert trader.tick(name).last_price > 0
        # its trade connection is back too; it does not ask for its user stream again
        wait_until(lambda: trader.logs.count("Trade API connected") == 2, 10)
        trader.send("BTCUSDT", Direction.LONG, 0.001, 50_000)
        wait_until(lambda: Counterparty(place).ask("GET", "openOrders"), 10)
