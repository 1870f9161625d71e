"""The markets of an exchange move with the clock, can be told how to, and survive a restart."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.exchange.exchanges import FUNDS, whole_state
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.exchange import TRADES_BEFORE, Exchange, Setup
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.synthetic import SyntheticMarket
from veighna_ext.exchange.markets import SyntheticMarkets
from veighna_ext.exchange.statistics.intervals import DAY, MINUTE, SECOND

START = 1_763_700_000_000_000
SETUP = Setup(listed(["BTCUSDT", "ETHUSDT", "ETHBTC"]), seed=3, market="synthetic")


def opened(folder: Path, now: int = START) -> tuple[Exchange, SyntheticMarkets]:
    """An exchange whose markets are made by chance."""
    market = SyntheticMarket(SETUP.seed)
    exchange = Exchange.open(folder, SETUP, now, history_for=lambda symbol: market.history(symbol.name))
    if not exchange.venue.last_account_id:
        exchange.submit(c.OpenAccount(now, FUNDS, UNIT // 1000, UNIT // 1000))
    return exchange, SyntheticMarkets(exchange, market)


def run(markets: SyntheticMarkets, start: int, seconds: int) -> int:
    """Let the markets move for a while; when that ends."""
    for step in range(seconds * 4):
        markets.move(start + step * SECOND // 4)
    return start + seconds * SECOND


def mid(exchange: Exchange, symbol: str) -> int:
    """The middle of a symbol's book."""
    book = exchange.venue.market(symbol).book
    assert book.bids.best is not None
    assert book.asks.best is not None
    return (book.bids.best.price + book.asks.best.price) // 2


def test_every_book_is_deep_and_trades_from_the_first_second(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    run(markets, START, 20)
    for market in exchange.venue.markets.values():
        assert len(market.book.bids.levels) >= 20
        assert len(market.book.asks.levels) >= 20
        assert not market.book.is_crossed
        assert market.last_trade_id > TRADES_BEFORE + 5
    exchange.close()


def test_a_limit_order_waits_in_the_queue_and_is_filled_when_the_market_comes_to_it(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 5)
    best = exchange.venue.market("BTCUSDT").book.bids.best
    assert best is not None
    ahead = best.quantity
    bid = c.OrderSpec(enums.BUY, quantity=UNIT // 100, price=best.price)
    order = exchange.submit(c.PlaceOrder(now, 1, "BTCUSDT", bid))
    assert order.level is best
    assert best.oldest is not order
    assert best.quantity == ahead + order.left
    for _ in range(120):
        now = run(markets, now, 10)
        if not order.is_open:
            break
    assert order.status == enums.FILLED
    assert {fill.price for fill in order.fills or []} == {bid.price}
    assert all(fill.is_maker for fill in order.fills or [])
    exchange.close()


def test_a_market_order_larger_than_the_best_price_moves_the_book(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 5)
    before = exchange.venue.market("BTCUSDT").book.asks.best
    assert before is not None
    quantity = before.quantity * 3
    order = exchange.submit(c.PlaceOrder(now, 1, "BTCUSDT", c.OrderSpec(enums.BUY, enums.MARKET, quantity)))
    assert order.status == enums.FILLED
    assert len({fill.price for fill in order.fills or []}) > 1
    after = exchange.venue.market("BTCUSDT").book.asks.best
    assert after is not None
    assert after.price > before.price
    exchange.close()


def test_a_price_can_be_moved_to_and_stays_there(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 5)
    wanted = mid(exchange, "BTCUSDT") * 105 // 100 // 10**6 * 10**6
    markets.move_to("BTCUSDT", wanted, now)
    now = run(markets, now, 10)
    assert mid(exchange, "BTCUSDT") == pytest.approx(wanted, rel=0.003)
    run(markets, now, 60)
    assert mid(exchange, "BTCUSDT") == pytest.approx(wanted, rel=0.01)
    exchange.close()


def test_a_manual_market_keeps_only_what_accounts_place_until_the_maker_returns(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 5)
    far = mid(exchange, "BTCUSDT") // 2 // 10**6 * 10**6
    bid = c.OrderSpec(enums.BUY, quantity=UNIT // 100, price=far)
    order = exchange.submit(c.PlaceOrder(now, 1, "BTCUSDT", bid))
    markets.change(c.SetSource(now, "BTCUSDT", is_manual=True))
    now = run(markets, now, 5)
    book = exchange.venue.market("BTCUSDT").book
    assert [*book.bids.orders(), *book.asks.orders()] == [order]
    markets.change(c.SetSource(now, "BTCUSDT"))
    run(markets, now, 5)
    assert len(book.asks.levels) >= 20
    exchange.close()


def test_a_halted_market_stands_still_and_refuses_orders(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 5)
    exchange.submit(c.SetStatus(now, "BTCUSDT", enums.HALT))
    trades = exchange.venue.market("BTCUSDT").last_trade_id
    now = run(markets, now, 10)
    assert exchange.venue.market("BTCUSDT").last_trade_id == trades
    with pytest.raises(Exception, match="Market is closed"):
        exchange.submit(c.PlaceOrder(now, 1, "BTCUSDT", c.OrderSpec(enums.BUY, enums.MARKET, UNIT // 100)))
    exchange.submit(c.SetStatus(now, "BTCUSDT", enums.TRADING))
    run(markets, now, 10)
    assert exchange.venue.market("BTCUSDT").last_trade_id > trades
    exchange.close()


def test_a_restart_keeps_the_market_and_what_it_was_told(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 5)
    markets.change(c.SetSource(now, "ETHUSDT", volatility=3.0, trend=0.1))
    markets.move_to("BTCUSDT", mid(exchange, "BTCUSDT") * 2, now)
    now = run(markets, now, 30)
    before = whole_state(exchange)
    exchange.close()
    again, markets_again = opened(tmp_path, now)
    assert whole_state(again) == before
    # the same commands from here on as if there had been no restart
    other, other_markets = opened(tmp_path / "unbroken")
    reached = run(other_markets, START, 5)
    other_markets.change(c.SetSource(reached, "ETHUSDT", volatility=3.0, trend=0.1))
    other_markets.move_to("BTCUSDT", mid(other, "BTCUSDT") * 2, reached)
    reached = run(other_markets, reached, 30)
    assert whole_state(other) == before
    run(markets_again, now, 10)
    run(other_markets, reached, 10)
    assert whole_state(again) == whole_state(other)
    again.close()
    other.close()


def test_two_years_of_candles_are_there_at_once_and_meet_the_first_trade(tmp_path: Path) -> None:
    exchange, markets = opened(tmp_path)
    now = run(markets, START, 90)
    candles = exchange.records["BTCUSDT"].candles
    old = candles.query("1d", now, start=START - 730 * DAY, limit=1000)
    assert len(old) >= 730
    recent = candles.query("1m", now, limit=30)
    assert len(recent) == 30
    for earlier, later in pairwise(recent):
        assert later.open_time == earlier.open_time + MINUTE
        assert later.open == pytest.approx(earlier.close, rel=0.002)
        assert later.low <= min(later.open, later.close)
        assert later.high >= max(later.open, later.close)
    exchange.close()
