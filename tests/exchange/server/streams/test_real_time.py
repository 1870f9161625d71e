"""Trades and best prices, as they happen."""

from __future__ import annotations

from tests.exchange.exchanges import START
from tests.exchange.server.streams.watching import SECOND, Watched
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, parse_amount


def test_a_trade_is_told_once_it_is_on_disk_and_not_before(market: Watched) -> None:
    client = market.listen("btcusdt@trade")
    market.venue.quotes("BTCUSDT", (enums.SELL, "40000", "1"))
    market.venue.hit("BTCUSDT", enums.BUY, "0.25")
    assert client.take() == []
    market.commit()
    assert client.take() == [
        {
            "e": "trade", "E": START // 1000, "s": "BTCUSDT", "t": 0, "p": "40000.00000000",
            "q": "0.25000000", "T": START // 1000, "m": False, "M": True,
        }
    ]  # fmt: skip


def test_trades_before_a_client_came_are_not_told(market: Watched) -> None:
    market.trade("40000")
    client = market.listen("btcusdt@trade", "btcusdt@aggTrade")
    market.commit()
    assert client.take() == []
    market.trade("40001", bought=False)
    assert [(event["e"], event["p"], event["m"]) for event in client.take()] == [
        ("trade", "40001.00000000", True),
        ("aggTrade", "40001.00000000", True),
    ]


def test_what_one_order_trades_at_one_price_is_one_aggregate(market: Watched) -> None:
    client = market.listen("btcusdt@aggTrade")
    trades = market.listen("btcusdt@trade")
    for number in (1, 2):
        spec = c.OrderSpec(enums.SELL, enums.LIMIT, UNIT, parse_amount("40000"))
        market.venue.exchange.submit(c.PlaceOrder(START, number, "BTCUSDT", spec))
    market.venue.quotes("BTCUSDT", (enums.SELL, "40001", "1"))
    market.venue.hit("BTCUSDT", enums.BUY, "2.5")
    market.commit()
    assert [event["t"] for event in trades.take()] == [0, 1, 2]
    assert [(each["a"], each["p"], each["q"], each["f"], each["l"]) for each in client.take()] == [
        (0, "40000.00000000", "2.00000000", 0, 1),
        (1, "40001.00000000", "0.50000000", 2, 2),
    ]


def test_best_prices_are_told_when_they_change_and_only_then(market: Watched) -> None:
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"), (enums.SELL, "40010", "3"))
    market.commit()
    client = market.listen("btcusdt@bookTicker")
    market.commit()
    assert client.take() == []
    market.venue.quotes("BTCUSDT", (enums.BUY, "39980", "5"))
    market.commit()
    assert client.take() == []
    market.venue.quotes("BTCUSDT", (enums.SELL, "40010", "2.5"))
    market.commit()
    (event,) = client.take()
    assert event == {
        "u": market.venue.exchange.depths["BTCUSDT"].update_id, "s": "BTCUSDT", "b": "39990.00000000",
        "B": "2.00000000", "a": "40010.00000000", "A": "2.50000000",
    }  # fmt: skip
    market.venue.quotes("BTCUSDT", (enums.SELL, "40010", "0"))
    market.commit()
    (event,) = client.take()
    assert (event["a"], event["A"]) == ("0.00000000", "0.00000000")


def test_an_iceberg_shows_only_its_tip(market: Watched) -> None:
    client = market.listen("btcusdt@bookTicker", "btcusdt@depth5@100ms", "btcusdt@depth@100ms")
    spec = c.OrderSpec(enums.BUY, enums.LIMIT, UNIT, parse_amount("39000"), iceberg=UNIT // 10)
    market.venue.exchange.submit(c.PlaceOrder(START, 1, "BTCUSDT", spec))
    market.beat()
    best, *others = client.take()
    assert best["B"] == "0.10000000"
    level = ["39000.00000000", "0.10000000"]
    assert [each.get("bids", each.get("b")) for each in others] == [[level], [level]]


def test_all_best_prices_come_by_one_stream(market: Watched) -> None:
    client = market.listen("!bookTicker")
    market.venue.quotes("BNBUSDT", (enums.BUY, "600", "1"))
    market.commit()
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "1"))
    market.commit()
    assert [event["s"] for event in client.take()] == ["BNBUSDT", "BTCUSDT"]
    client.unsubscribe("!bookTicker")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"))
    market.commit()
    assert client.take() == []


def test_a_clients_events_keep_their_order_and_leave_in_one_write(market: Watched) -> None:
    client = market.listen("btcusdt@bookTicker", "btcusdt@trade", "bnbusdt@trade")
    market.venue.quotes("BTCUSDT", (enums.SELL, "40000", "1"))
    market.venue.hit("BTCUSDT", enums.BUY, "0.25")
    market.venue.quotes("BNBUSDT", (enums.SELL, "600", "1"))
    market.venue.hit("BNBUSDT", enums.BUY, "0.5")
    market.commit()
    assert len(client.writes) == 1
    assert [(event["s"], "t" in event) for event in client.take()] == [
        ("BTCUSDT", True),
        ("BTCUSDT", False),
        ("BNBUSDT", True),
    ]


def test_listeners_of_one_form_get_the_very_same_bytes(market: Watched) -> None:
    clients = [market.listen("btcusdt@trade") for _ in range(3)]
    market.trade("40000")
    first, second, third = (client.writes[0] for client in clients)
    assert first is second is third


def test_who_left_is_not_sent_anything(market: Watched) -> None:
    client, other = market.listen("btcusdt@trade", "btcusdt@depth@100ms"), market.listen("btcusdt@trade")
    client.leave()
    market.trade("40000")
    market.beat()
    assert client.writes == []
    assert len(other.take()) == 1
    assert len(market.streams) == 1


def test_a_client_that_changed_its_mind_before_the_first_event_gets_none(market: Watched) -> None:
    other = market.listen("btcusdt@depth5@100ms")
    market.beat()
    client = market.listen("btcusdt@depth5@100ms")
    client.unsubscribe("btcusdt@depth5@100ms")
    market.beat()
    assert client.take() == []
    assert len(other.take()) == 1


def test_many_clients_get_an_event_with_the_same_beat(market: Watched) -> None:
    clients = [market.listen("btcusdt@depth5@100ms") for _ in range(100)]
    market.beat()
    assert [len(client.take()) for client in clients] == [1] * 100


def test_while_nobody_listens_nothing_is_collected_or_followed(market: Watched) -> None:
    client = market.listen("btcusdt@depth@100ms", "btcusdt@trade", "!miniTicker@arr", "btcusdt@kline_1m")
    is_idle = [market.streams.is_idle]
    client.leave()
    assert [*is_idle, market.streams.is_idle] == [False, True]
    market.trade("40000")
    market.pass_time(3)
    assert market.venue.exchange.depths["BTCUSDT"].drain() is None
    later = market.listen("btcusdt@depth@100ms", "btcusdt@trade")
    market.venue.clock.now += SECOND
    market.beat()
    assert later.take() == []
