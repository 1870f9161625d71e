"""Markets are moved, frozen, shaken and halted while the exchange runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.control.outside import Outside, serving, serving_synthetic
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.statistics.intervals import SECOND


def run(outside: Outside, seconds: int, start: int | None = None) -> int:
    """Let the markets move for a while; when that ends."""
    start = outside.live.real_now() if start is None else start
    for step in range(seconds * 2):
        outside.live.source.move(start + step * SECOND // 2)
    return start + seconds * SECOND


async def middle(outside: Outside, symbol: str = "BTCUSDT") -> float:
    """The middle of a symbol's book, as it is told."""
    market = await outside.get(f"/market/{symbol}")
    return (parse_amount(market["bid"]) + parse_amount(market["ask"])) / 2 / UNIT


async def test_a_price_is_gone_to_and_kept() -> None:
    async with serving_synthetic() as outside:
        wanted = round(await middle(outside) * 1.25)
        await outside.do("POST", "/market/BTCUSDT", {"price": str(wanted)})
        run(outside, 8)
        assert await middle(outside) == pytest.approx(wanted, rel=0.003)


async def test_a_shock_is_a_part_of_the_price_and_may_fade() -> None:
    async with serving_synthetic() as outside:
        before = await middle(outside)
        await outside.do("POST", "/market/BTCUSDT", {"shock": -0.1, "half_life_s": 5})
        now = run(outside, 3)
        assert await middle(outside) == pytest.approx(before * 0.93, rel=0.03)
        run(outside, 60, now)
        assert await middle(outside) == pytest.approx(before, rel=0.01)


async def test_a_cross_follows_its_legs_and_can_be_moved_itself() -> None:
    async with serving_synthetic() as outside:
        before = await middle(outside, "ETHBTC")
        await outside.do("POST", "/market/ETHUSDT", {"shock": 0.5})
        now = run(outside, 5)
        assert await middle(outside, "ETHBTC") == pytest.approx(before * 1.5, rel=0.01)
        await outside.do("POST", "/market/ETHBTC", {"shock": 1})
        run(outside, 5, now)
        assert await middle(outside, "ETHBTC") == pytest.approx(before * 3, rel=0.02)


async def test_volatility_and_trend_stay_when_something_else_is_changed() -> None:
    async with serving_synthetic() as outside:
        path = "/market/BTCUSDT"

        async def told(body: dict[str, Any]) -> Any:
            return (await outside.do("POST", path, body))["source"]

        assert await told({"volatility": 3}) == {"kind": "synthetic", "volatility": 3, "trend": 0}
        assert await told({"trend": -0.5}) == {"kind": "synthetic", "volatility": 3, "trend": -0.5}
        assert await told({"shock": 0.01}) == {"kind": "synthetic", "volatility": 3, "trend": -0.5}
        assert (await told({"mode": "manual"}))["kind"] == "manual"
        assert await told({"mode": "synthetic"}) == {"kind": "synthetic", "volatility": 3, "trend": -0.5}
        assert (await outside.get("/status"))["symbols"]["ETHUSDT"]["source"]["volatility"] == 1


async def test_in_a_manual_market_only_what_accounts_place_is_left() -> None:
    async with serving_synthetic() as outside:
        bid = c.OrderSpec(enums.BUY, quantity=UNIT // 100, price=60_000 * UNIT)
        outside.live.submit(c.PlaceOrder(outside.live.now(), 1, "BTCUSDT", bid))
        told = await outside.do("POST", "/market/BTCUSDT", {"mode": "manual"})
        assert (told["bid"], told["ask"]) == ("60000.00000000", None)
        now = run(outside, 3)
        assert (await outside.get("/market/BTCUSDT"))["ask"] is None
        await outside.do("POST", "/market/BTCUSDT", {"mode": "synthetic"})
        run(outside, 3, now)
        assert (await outside.get("/market/BTCUSDT"))["ask"] is not None


async def test_nobody_trades_a_halted_symbol_until_it_is_resumed() -> None:
    async with serving_synthetic() as outside:
        order = c.OrderSpec(enums.BUY, enums.MARKET, UNIT // 100)
        assert (await outside.do("POST", "/market/BTCUSDT", {"halt": True}))["status"] == "HALT"
        trades = outside.venue.market("BTCUSDT").last_trade_id
        now = run(outside, 3)
        assert outside.venue.market("BTCUSDT").last_trade_id == trades
        with pytest.raises(Refused, match="Market is closed"):
            outside.live.submit(c.PlaceOrder(outside.live.now(), 1, "BTCUSDT", order))
        assert (await outside.do("POST", "/market/BTCUSDT", {"halt": False}))["status"] == "TRADING"
        run(outside, 3, now)
        outside.live.submit(c.PlaceOrder(outside.live.now(), 1, "BTCUSDT", order))


async def test_symbols_are_listed_with_the_rules_they_trade_by() -> None:
    async with serving() as outside:
        btc, bnb = await outside.get("/symbols")
        assert (btc["symbol"], bnb["symbol"]) == ("BTCUSDT", "BNBUSDT")
        assert (btc["base"], btc["quote"], btc["status"]) == ("BTC", "USDT", "TRADING")
        assert (btc["tick"], btc["step"], btc["min_notional"]) == ("0.01000000", "0.00001000", "5.00000000")


async def test_a_change_that_no_market_can_honour_is_not_journalled() -> None:
    async with serving_synthetic() as outside:
        source, now = outside.live.source, outside.live.now()
        before = b"".join(outside.exchange.state())
        with pytest.raises(ValueError, match="volatility"):
            source.change(c.SetSource(now, "BTCUSDT", volatility=1000))  # type: ignore[attr-defined]
        with pytest.raises(Refused, match="Invalid symbol"):
            source.change(c.SetSource(now, "XUSDT"))  # type: ignore[attr-defined]
        assert b"".join(outside.exchange.state()) == before
