"""A tape takes the market's place while the exchange runs, and gives it back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.market.replay.tapes import NEW_YEAR, SECOND, agg_file, trade
from tests.exchange.server.control.outside import Outside, serving, serving_synthetic
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.listing import listed
from veighna_ext.exchange.market.replay import ReplayMarket, TapePlayer, open_tape
from veighna_ext.exchange.markets import ReplayedMarket
from veighna_ext.exchange.server.live import wall_clock
from veighna_ext.exchange.server.opening import open_exchange
from veighna_ext.exchange.server.options import Options

PRICES = [str(94_000 + number) for number in range(60)]


@pytest.fixture
def tape(tmp_path: Path) -> str:
    """A minute of BTCUSDT with a trade each second, each a dollar higher."""
    trades = [trade(second, price, "0.5", sold=second % 2 == 0) for second, price in enumerate(PRICES)]
    return str(agg_file(tmp_path / "BTCUSDT-aggTrades-2025-01-01.csv", trades))


def play(outside: Outside, seconds: float = 0) -> None:
    """Let real time pass for the tape."""
    outside.live.source.move(outside.live.real_now() + round(seconds * SECOND))


def book(outside: Outside, symbol: str = "BTCUSDT") -> Any:
    """What the house and everybody else have resting."""
    market = outside.venue.market(symbol)
    return [*market.book.bids.orders(), *market.book.asks.orders()]


async def test_a_tape_takes_the_place_of_a_synthetic_market(tape: str) -> None:
    async with serving_synthetic() as outside:
        told = await outside.do("POST", "/replay", {"file": tape, "speed": 5})
        assert (told["symbol"], told["kind"], told["file"]) == ("BTCUSDT", "aggTrades", Path(tape).name)
        assert (told["speed"], told["paused"], told["ended"]) == (5, False, False)
        assert told["first_time"] == NEW_YEAR // 1000
        assert book(outside) == book(outside, "ETHUSDT") == []
        play(outside, 2)
        status = await outside.get("/status")
        assert status["market"] == "replay"
        assert parse_amount(status["symbols"]["BTCUSDT"]["last"]) >= 94_009 * UNIT
        assert status["symbols"]["BTCUSDT"]["source"]["kind"] == "replay"
        assert status["symbols"]["ETHUSDT"]["source"]["kind"] == "manual"
        assert status["replay"]["file"] == told["file"]
        assert NEW_YEAR // 1000 <= status["clock"]["exchange"] < NEW_YEAR // 1000 + 60_000
        assert status["clock"]["machine"] > status["clock"]["exchange"]


async def test_orders_of_accounts_stay_and_are_filled_by_the_tape(tape: str) -> None:
    async with serving() as outside:
        ask = c.OrderSpec(enums.SELL, quantity=UNIT // 100, price=94_030 * UNIT)
        order = outside.live.submit(c.PlaceOrder(outside.live.now(), 1, "BTCUSDT", ask))
        await outside.do("POST", "/replay", {"file": tape})
        play(outside, 20)
        assert order.status == enums.NEW
        play(outside, 60)
        assert order.status == enums.FILLED


async def test_what_the_market_cannot_be_told_meanwhile_is_refused(tape: str) -> None:
    async with serving() as outside:
        await outside.do("POST", "/replay", {"file": tape})
        for symbol, sentence in (
            ("BTCUSDT", "BTCUSDT is played from a tape, which alone decides its price; end the replay first"),
            ("BNBUSDT", "while BTCUSDT is played from a tape, the book of BNBUSDT is what accounts place"),
        ):
            for body in ({"price": "64000"}, {"volatility": 2}, {"mode": "manual"}):
                field = next(iter(body))
                refusal = await outside.refusal("POST", f"/market/{symbol}", body)
                assert refusal == (409, f"{field}: {sentence}", field)
        assert (await outside.do("POST", "/market/BTCUSDT", {"halt": True}))["status"] == "HALT"


async def test_a_paused_tape_stands_until_it_is_resumed(tape: str) -> None:
    async with serving() as outside:
        await outside.do("POST", "/replay", {"file": tape})
        paused = await outside.do("POST", "/replay/pause")
        assert paused["paused"]
        play(outside, 3600)
        assert (await outside.get("/replay"))["time"] == paused["time"]
        resumed = await outside.do("POST", "/replay/resume")
        assert (resumed["paused"], resumed["ended"]) == (False, False)
        play(outside, 3600)
        assert (await outside.get("/replay"))["ended"]


async def test_speed_is_a_number_or_all_it_can(tape: str) -> None:
    async with serving() as outside:
        await outside.do("POST", "/replay", {"file": tape, "speed": 0.5})
        assert (await outside.do("POST", "/replay/speed", {"speed": 1000}))["speed"] == 1000
        assert (await outside.do("POST", "/replay/speed", {"speed": "max"}))["speed"] == "max"
        play(outside)
        assert (await outside.get("/replay"))["ended"]
        for speed in (0, -1, 1_000_001):
            status, message, field = await outside.refusal("POST", "/replay/speed", {"speed": speed})
            assert (status, field) == (400, "speed")
            assert message.startswith("speed: tape seconds per real second, above 0 and at most 1000000")
            again = await outside.refusal("POST", "/replay", {"file": tape, "speed": speed})
            assert again[1] == message


@pytest.mark.parametrize(
    "time",
    [
        (NEW_YEAR + 40 * SECOND) // 1000,
        "2025-01-01T00:00:40Z",
        "2025-01-01T08:00:40+08:00",
        "2025-01-01 00:00:40",
    ],
)
async def test_a_tape_goes_on_from_any_time_however_it_is_written(tape: str, time: int | str) -> None:
    async with serving() as outside:
        await outside.do("POST", "/replay", {"file": tape})
        play(outside, 3)
        told = await outside.do("POST", "/replay/seek", {"time": time})
        assert told["time"] == NEW_YEAR // 1000 + 40_000
        assert book(outside) == []
        play(outside)
        assert outside.venue.market("BTCUSDT").last_price >= 94_040 * UNIT
        assert (await outside.do("POST", "/replay/seek", {"time": 0}))["time"] == NEW_YEAR // 1000
        play(outside)
        assert outside.venue.market("BTCUSDT").last_price == 94_000 * UNIT


async def test_a_tape_may_begin_in_its_middle_and_again_at_its_end(tape: str) -> None:
    async with serving() as outside:
        body = {"file": tape, "start": "2025-01-01T00:00:50", "loop": True, "speed": "max"}
        told = await outside.do("POST", "/replay", body)
        assert (told["time"], told["loop"], told["laps"]) == (NEW_YEAR // 1000 + 50_000, True, 0)
        play(outside)
        told = await outside.get("/replay")
        assert told["laps"] > 0
        assert not told["ended"]


async def test_the_market_before_comes_back_when_the_replay_is_ended(tape: str) -> None:
    async with serving_synthetic() as outside:
        source = outside.live.source
        await outside.do("POST", "/replay", {"file": tape})
        play(outside, 10)
        # another tape in between changes nothing about where the way back leads
        await outside.do("POST", "/replay", {"file": tape, "start": "2025-01-01T00:00:30Z"})
        play(outside, 1)
        assert book(outside)
        await outside.do("DELETE", "/replay")
        assert outside.live.source is source
        assert book(outside) == []
        play(outside, 2)
        assert (await outside.get("/market/BTCUSDT"))["bid"] is not None
        assert (await outside.get("/status"))["market"] == "synthetic"


async def test_without_a_replay_there_is_nothing_to_drive() -> None:
    async with serving() as outside:
        calls = [("GET", "", None), ("DELETE", "", None), ("POST", "/pause", None), ("POST", "/resume", None),
                 ("POST", "/seek", {"time": 0}), ("POST", "/speed", {"speed": 1})]  # fmt: skip
        for method, path, body in calls:
            assert await outside.refusal(method, "/replay" + path, body) == (
                409,
                "No replay is running; POST /mock/v1/replay with the file of a tape starts one.",
                None,
            )


async def test_a_tape_of_a_symbol_that_is_not_listed_is_refused(tape: str, tmp_path: Path) -> None:
    async with serving() as outside:
        renamed = Path(tape).rename(tmp_path / "SOLUSDT-aggTrades-2025-01-01.csv")  # noqa: ASYNC240
        status, message, field = await outside.refusal("POST", "/replay", {"file": str(renamed)})
        assert (status, field) == (409, "symbol")
        assert message == (
            "symbol: the tape is of SOLUSDT, which this exchange does not list; "
            "start the exchange with --market replay:FILE, or name one that it lists"
        )
        told = await outside.do("POST", "/replay", {"file": str(renamed), "symbol": "btcusdt"})
        assert told["symbol"] == "BTCUSDT"


async def test_an_exchange_started_to_play_a_tape_has_no_other_market_to_go_back_to(tape: str) -> None:
    setup = Setup(listed(["BTCUSDT"]), seed=7, market="replay")
    exchange = Exchange.in_memory(setup, NEW_YEAR)
    player = TapePlayer(open_tape(tape), wall_clock())
    rules = setup.symbols[0].filters
    source = ReplayedMarket(exchange, ReplayMarket(player, rules.tick, rules.step))
    async with serving(exchange, source) as outside:
        assert (await outside.get("/status"))["market"] == "replay"
        refusal = await outside.refusal("DELETE", "/replay")
        assert (
            refusal[1] == "This exchange was started to play a tape: there is no other market to go back to."
        )
        assert (await outside.do("POST", "/replay/pause"))["paused"]


def test_an_exchange_started_to_play_a_tape_begins_with_it(tape: str) -> None:
    now = wall_clock()
    opened = open_exchange(Options(market=f"replay:{tape}"), now)
    assert opened.source.time(now) == NEW_YEAR
    assert opened.source.time(now + 3 * SECOND) == NEW_YEAR
    opened.source.move(now + 3 * SECOND)
    assert opened.exchange.venue.market("BTCUSDT").last_price == 94_003 * UNIT
    assert opened.source.time(now + 3 * SECOND) == NEW_YEAR + 3 * SECOND


async def test_while_a_tape_is_wound_the_clock_stands_and_the_exchange_answers(tape: str) -> None:
    async with serving() as outside:
        await outside.do("POST", "/replay", {"file": tape, "start": "2025-01-01T00:00:20Z", "speed": 0.001})
        moments = [NEW_YEAR // 1000 + 1000 * second for second in range(40)]
        seeks = [outside.do("POST", "/replay/seek", {"time": moment}) for moment in moments]
        looks = [outside.get("/status") for _ in moments]
        told = await asyncio.gather(*(each for pair in zip(seeks, looks, strict=True) for each in pair))
        assert {each["time"] for each in told[::2]} == set(moments)
        assert {each["market"] for each in told[1::2]} == {"replay"}
        assert {each["replay"]["time"] for each in told[1::2]} <= set(moments)
