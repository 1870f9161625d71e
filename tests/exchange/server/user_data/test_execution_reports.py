"""Execution reports as they go over the wire, field by field as in Binance's documents."""

from __future__ import annotations

import pytest

from tests.exchange.engine.scenario import Exchange, Trader, order, pair
from tests.exchange.server.user_data.told import LATER, executions, told, written

ALWAYS = [*"eEscSofqpPFgCxXrilzLnNTtIwmMOZYQV"]
"""The fields without a condition, in their order."""
PREVENTED = [*"vABuU", "Cs", "pl", "pL", "pY"]


@pytest.fixture
def exchange() -> Exchange:
    """A market whose last price is 40,000."""
    exchange = Exchange()
    exchange.trades("40000")
    return exchange


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    """Who listens."""
    return exchange.trader(BTC="10", USDT="100000").listens()


def test_the_market_order_of_the_faq_is_told_as_the_faq_tells_it() -> None:
    exchange = Exchange(pair("LTCBNB"))
    for _ in range(2):
        exchange.trader(LTC="2").limit("SELL", "2", at="1")
    buyer = exchange.trader(taker="0.0005", LTC="3007.1174567", BNB="1000.11865670").listens()
    placed = buyer.market("BUY", "6", name="8LGC97RRgNPVQk979VIhjt")
    new, first, second, expired = executions(buyer)

    time = placed.order.time // 1000
    assert new == {
        "e": "executionReport",
        "E": LATER // 1000,
        "s": "LTCBNB",
        "c": "8LGC97RRgNPVQk979VIhjt",
        "S": "BUY",
        "o": "MARKET",
        "f": "GTC",
        "q": "6.00000000",
        "p": "0.00000000",
        "P": "0.00000000",
        "F": "0.00000000",
        "g": -1,
        "C": "",
        "x": "NEW",
        "X": "NEW",
        "r": "NONE",
        "i": placed.id,
        "l": "0.00000000",
        "z": "0.00000000",
        "L": "0.00000000",
        "n": "0",
        "N": None,
        "T": time,
        "t": -1,
        "I": new["I"],
        "w": True,
        "m": False,
        "M": False,
        "O": time,
        "Z": "0.00000000",
        "Y": "0.00000000",
        "Q": "0.00000000",
        "W": time,
        "V": "NONE",
    }
    traded = {"x": "TRADE", "X": "PARTIALLY_FILLED", "l": "2.00000000", "L": "1.00000000", "w": False}
    traded |= {"M": True, "Y": "2.00000000", "n": "0.00100000", "N": "LTC"}
    assert first == new | traded | {"z": "2.00000000", "t": 0, "I": first["I"], "Z": "2.00000000"}
    assert second == new | traded | {"z": "4.00000000", "t": 1, "I": second["I"], "Z": "4.00000000"}
    ended = {"x": "EXPIRED", "X": "EXPIRED", "z": "4.00000000", "w": False, "Z": "4.00000000"}
    assert expired == new | ended | {"I": expired["I"], "eR": "INSUFFICIENT_LIQUIDITY"}
    assert new["I"] < first["I"] < second["I"] < expired["I"]


def test_fields_come_in_the_order_of_the_documents(exchange: Exchange, trader: Trader) -> None:
    trader.limit("SELL", "1", at="41000")
    trader.stop_loss("SELL", "1", stop="39000", name="waits")
    resting, waiting = executions(trader)

    at_work = [*ALWAYS]
    at_work.insert(at_work.index("V"), "W")
    assert list(resting) == at_work
    assert list(waiting) == ALWAYS


def test_an_order_that_waits_has_no_working_time_until_it_is_triggered(
    exchange: Exchange, trader: Trader
) -> None:
    trader.stop_loss_limit("SELL", "1", stop="39000", at="38000", name="waits")
    (waiting,) = executions(trader)
    assert (waiting["P"], waiting["p"], waiting["w"]) == ("39000.00000000", "38000.00000000", False)
    assert "W" not in waiting

    exchange.trades("39000")
    (triggered,) = executions(trader)
    assert (triggered["x"], triggered["X"], triggered["w"]) == ("NEW", "NEW", True)
    assert triggered["W"] == triggered["T"] > triggered["O"]


def test_a_maker_is_told_that_it_was_the_maker_and_what_it_paid(exchange: Exchange) -> None:
    maker = exchange.trader(maker="0.001", BTC="2").listens()
    maker.limit("SELL", "2", at="41000", name="maker")
    told(maker)
    exchange.trader().limit("BUY", "0.5", at="41000")
    (trade,) = executions(maker)

    assert (trade["x"], trade["X"], trade["m"], trade["M"], trade["w"]) == (
        "TRADE", "PARTIALLY_FILLED", True, True, True,
    )  # fmt: skip
    assert (trade["l"], trade["L"], trade["Y"]) == ("0.50000000", "41000.00000000", "20500.00000000")
    assert (trade["z"], trade["Z"], trade["q"]) == ("0.50000000", "20500.00000000", "2.00000000")
    assert (trade["n"], trade["N"]) == ("20.50000000", "USDT")
    assert trade["t"] == exchange.venue.market("BTCUSDT").last_trade_id


def test_a_trade_without_commission_still_names_its_asset(exchange: Exchange, trader: Trader) -> None:
    exchange.trader().limit("SELL", "1", at="41000")
    trader.limit("BUY", "1", at="41000")
    _, trade = executions(trader)

    assert (trade["n"], trade["N"]) == ("0.00000000", "BTC")


def test_an_order_worth_an_amount_tells_the_amount_and_the_quantity_it_came_to(
    exchange: Exchange, trader: Trader
) -> None:
    exchange.trader().limit("SELL", "1", at="40000")
    trader.market("BUY", worth="20000")
    new, trade = executions(trader)

    assert (new["Q"], new["q"], new["p"]) == ("20000.00000000", "0.50000000", "0.00000000")
    assert (trade["X"], trade["Z"], trade["f"]) == ("FILLED", "20000.00000000", "GTC")


def test_a_cancel_names_itself_first_and_then_the_order(trader: Trader) -> None:
    placed = trader.limit("BUY", "1", at="39000", name="order")
    told(trader)
    trader.cancel(placed, cancel_name="cancel")
    (canceled,) = executions(trader)

    assert (canceled["c"], canceled["C"]) == ("cancel", "order")
    assert (canceled["x"], canceled["X"], canceled["w"], canceled["t"]) == ("CANCELED", "CANCELED", False, -1)
    assert canceled["i"] == placed.id


def test_an_amended_order_is_replaced_and_keeps_its_number(trader: Trader) -> None:
    placed = trader.limit("BUY", "2", at="39000", name="old")
    told(trader)
    trader.amend(placed, "1", new_name="new")
    (replaced,) = executions(trader)

    assert (replaced["x"], replaced["X"], replaced["i"]) == ("REPLACED", "NEW", placed.id)
    assert (replaced["c"], replaced["C"], replaced["q"]) == ("new", "old", "1.00000000")


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("WOULD_MATCH_IMMEDIATELY", order("LIMIT_MAKER", "BUY", "1", at="41000", name="new")),
        ("INSUFFICIENT_BALANCES", order("LIMIT", "BUY", "100", at="41000", name="new")),
        ("STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY", order("STOP_LOSS", "BUY", "1", stop="39000", name="new")),
    ],
)
def test_a_rejected_order_has_a_reason_and_no_number(
    exchange: Exchange, trader: Trader, reason: str, wrong: object
) -> None:
    exchange.trader().limit("SELL", "1", at="41000")
    old = trader.limit("BUY", "1", at="39000", name="old")
    told(trader)
    trader.replace(old, wrong)  # type: ignore[arg-type]
    canceled, rejected = executions(trader)

    assert canceled["r"] == "NONE"
    assert (rejected["x"], rejected["X"], rejected["r"]) == ("REJECTED", "REJECTED", reason)
    assert (rejected["i"], rejected["c"], rejected["w"]) == (-1, "new", False)


@pytest.mark.parametrize(
    ("tif", "reason"), [("IOC", "UNFILLED_IOC_QUANTITY_EXPIRED"), ("FOK", "UNFILLED_FOK_ORDER_EXPIRED")]
)
def test_an_expired_order_tells_why(trader: Trader, tif: str, reason: str) -> None:
    trader.limit("BUY", "1", at="1", tif=tif)
    new, expired = executions(trader)

    assert new["f"] == tif
    assert "eR" not in new
    assert (expired["x"], expired["X"], expired["eR"]) == ("EXPIRED", "EXPIRED", reason)


def test_a_prevented_trade_is_told_with_what_would_have_been_traded(
    exchange: Exchange, trader: Trader
) -> None:
    maker = trader.limit("SELL", "1", at="41000", name="maker")
    told(trader)
    taker = trader.limit("BUY", "2", at="42000", stp="EXPIRE_BOTH", name="taker")
    _, first, second = executions(trader)

    for report, own, other, quantity in ((first, maker, taker, "1"), (second, taker, maker, "2")):
        assert (report["x"], report["X"], report["i"]) == ("TRADE_PREVENTION", "EXPIRED_IN_MATCH", own.id)
        assert {name: report[name] for name in PREVENTED} == {
            "v": 0,
            "A": f"{quantity}.00000000",
            "B": f"{quantity}.00000000",
            "u": -1,
            "U": other.id,
            "Cs": "BTCUSDT",
            "pl": "1.00000000",
            "pL": "41000.00000000",
            "pY": "41000.00000000",
        }
    assert (first["V"], second["V"]) == ("NONE", "EXPIRE_BOTH")
    order_of_fields = list(first)
    assert order_of_fields.index("v") == order_of_fields.index("t") + 1
    assert "eR" not in first


def test_a_trade_prevented_within_a_group_names_the_group_and_the_others_order(exchange: Exchange) -> None:
    maker = exchange.trader().becomes(trade_group=7).listens()
    taker = exchange.trader().becomes(trade_group=7).listens()
    resting = maker.limit("SELL", "3", at="41000")
    exchange.venue.news.take()
    taken = taker.limit("BUY", "1", at="41000", stp="EXPIRE_TAKER")
    _, prevented = executions(taker)

    assert (prevented["u"], prevented["U"], prevented["i"]) == (7, resting.id, taken.id)
    assert (prevented["A"], prevented["pl"]) == ("1.00000000", "1.00000000")


def test_matches_that_were_moved_out_of_memory_do_not_confuse_later_ones(
    exchange: Exchange, trader: Trader
) -> None:
    market = exchange.venue.market("BTCUSDT")
    for price in ("41000", "42000"):
        trader.limit("SELL", "1", at=price)
        told(trader)
        trader.limit("BUY", "1", at=price, stp="EXPIRE_BOTH")
        prevented = executions(trader)[-1]
        assert (prevented["pL"], prevented["v"]) == (f"{price}.00000000", market.moved_matches)
        market.moved_matches += 1
        market.prevented.clear()


def test_what_was_prevented_adds_up_while_an_order_lives(exchange: Exchange, trader: Trader) -> None:
    trader.limit("SELL", "5", at="41000", name="maker")
    told(trader)
    for quantity in ("2", "1"):
        trader.limit("BUY", quantity, at="41000", stp="DECREMENT")
    reports = [each for each in executions(trader) if each["c"] == "maker"]
    assert [(each["A"], each["B"], each["X"], each["v"]) for each in reports] == [
        ("2.00000000", "2.00000000", "NEW", 0),
        ("3.00000000", "1.00000000", "NEW", 1),
    ]

    exchange.trader().limit("BUY", "2", at="41000")
    (trade,) = executions(trader)
    assert (trade["x"], trade["A"], trade["v"]) == ("TRADE", "3.00000000", 1)
    assert not {"B", "U", "Cs", "pl", "pL", "pY"} & set(trade)


def test_only_trailing_orders_have_a_delta_and_the_time_they_began_to_follow(
    exchange: Exchange, trader: Trader
) -> None:
    trader.stop_loss("SELL", "1", stop="39000", trailing=700, name="later")
    trader.stop_loss("SELL", "1", trailing=200, name="at once")
    later, at_once = executions(trader)
    assert (later["d"], at_once["d"]) == (700, 200)
    assert "D" not in later
    assert at_once["D"] == at_once["T"]
    assert list(at_once)[list(at_once).index("P") + 1] == "d"

    exchange.trades("39000")
    trader.cancel(name="later")
    canceled = executions(trader)[-1]
    assert later["T"] < canceled["D"] < canceled["T"]


def test_only_orders_of_a_strategy_name_it(trader: Trader) -> None:
    trader.limit("BUY", "1", at="1", strategy=(37, 1_000_000))
    trader.limit("BUY", "1", at="2")
    marked, plain = executions(trader)

    assert (marked["j"], marked["J"]) == (37, 1_000_000)
    assert not {"j", "J"} & set(plain)


def test_an_order_of_a_list_names_the_list(trader: Trader) -> None:
    placed = trader.oco(
        order("LIMIT_MAKER", "SELL", "5", at="41000", name="above"),
        order("STOP_LOSS_LIMIT", "SELL", "5", stop="39000", at="38000", name="below"),
    )
    assert {each["g"] for each in executions(trader)} == {placed.id}


def test_an_iceberg_tells_what_it_shows(trader: Trader) -> None:
    trader.limit("BUY", "1", at="39000", iceberg="0.1")
    (report,) = executions(trader)

    assert report["F"] == "0.10000000"


def test_times_are_milliseconds_or_microseconds_as_the_connection_wants(trader: Trader) -> None:
    trader.stop_loss("SELL", "1", trailing=700)
    trader.limit("SELL", "1", at="41000")
    venue_reports = trader.reports()
    trader.exchange.venue.news.reports.extend(venue_reports)
    in_milliseconds = executions(trader)
    trader.exchange.venue.news.reports.extend(venue_reports)
    in_microseconds = executions(trader, time_divisor=1)

    for coarse, fine in zip(in_milliseconds, in_microseconds, strict=True):
        times = {name for name in coarse if coarse[name] != fine[name]}
        assert times == {"E", "T", "O", "D" if "D" in fine else "W"}
        for name in times:
            assert coarse[name] == fine[name] // 1000


def test_reports_are_as_small_as_json_can_be(trader: Trader) -> None:
    trader.limit("SELL", "1", at="41000")

    for text in written(trader):
        assert b" " not in text
        assert text.isascii()
