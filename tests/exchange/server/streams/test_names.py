"""What a stream name asks for, and which names a URL carries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veighna_ext.exchange.server.streams.names import (
    EAST_ASIA,
    Wanted,
    from_url,
    is_combined,
    is_well_formed,
    parse,
    time_divisor,
)
from veighna_ext.exchange.statistics.intervals import INTERVALS


@pytest.mark.parametrize(
    "kind",
    ["aggTrade", "trade", "blockTrade", "bookTicker", "miniTicker", "ticker", "avgPrice", "referencePrice",
     "ticker_1h", "ticker_4h", "ticker_1d"],
)  # fmt: skip
def test_a_symbol_and_a_kind_make_a_stream(kind: str) -> None:
    assert parse(f"bnbbtc@{kind}") == Wanted(kind, "BNBBTC")


@pytest.mark.parametrize("interval", INTERVALS)
def test_candles_come_in_every_interval_and_in_two_time_zones(interval: str) -> None:
    every = 1000 if interval == "1s" else 2000
    assert parse(f"btcusdt@kline_{interval}") == Wanted("kline", "BTCUSDT", interval, every_ms=every)
    shifted = Wanted("kline", "BTCUSDT", interval, EAST_ASIA, every_ms=every)
    assert parse(f"btcusdt@kline_{interval}@+08:00") == shifted


@pytest.mark.parametrize(
    ("name", "levels", "every"),
    [
        ("depth", 0, 1000), ("depth@100ms", 0, 100), ("depth@1000ms", 0, 1000),
        ("depth5", 5, 1000), ("depth10@100ms", 10, 100), ("depth20@1000ms", 20, 1000),
    ],
)  # fmt: skip
def test_the_book_comes_whole_or_in_part_and_at_two_speeds(name: str, levels: int, every: int) -> None:
    assert parse(f"btcusdt@{name}") == Wanted("depth", "BTCUSDT", levels=levels, every_ms=every)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("!miniTicker@arr", "miniTicker"), ("!ticker@arr", "ticker"), ("!bookTicker", "bookTicker"),
     ("!ticker_1h@arr", "ticker_1h"), ("!ticker_4h@arr", "ticker_4h"), ("!ticker_1d@arr", "ticker_1d")],
)  # fmt: skip
def test_all_markets_come_together_by_names_of_their_own(name: str, kind: str) -> None:
    assert parse(name) == Wanted(kind)


@pytest.mark.parametrize(
    "name",
    ["0", "btcusdt", "@trade", "BTCUSDT@trade", "btcusdt@bookticker", "btcusdt@kline_2m",
     "btcusdt@kline_1m@+09:00", "btcusdt@depth7", "btcusdt@depth@50ms", "btcusdt@ticker_2h", "!trade@arr",
     "btcusdt@trade@100ms"],
)  # fmt: skip
def test_other_names_are_well_formed_but_no_stream_of_the_market(name: str) -> None:
    assert is_well_formed(name)
    assert parse(name) is None


@pytest.mark.parametrize("name", ["", "not a stream", 'btc"usdt', "a/b", "a\nb", "x" * 201])
def test_some_texts_cannot_be_names(name: str) -> None:
    assert not is_well_formed(name)


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/", {}, []),
        ("/ws", {}, []),
        ("/ws/btcusdt@trade", {}, ["btcusdt@trade"]),
        ("/ws/a@trade/b@depth", {}, ["a@trade", "b@depth"]),
        ("/ws/0", {}, ["0"]),
        ("/stream", {}, []),
        ("/stream", {"streams": "a@trade/b@kline_1m"}, ["a@trade", "b@kline_1m"]),
        ("/ws/btcusdt%40kline_1m%40%2B08%3A00", {}, ["btcusdt@kline_1m@+08:00"]),
        ("/ws/btcusdt@kline_1m@+08:00", {}, ["btcusdt@kline_1m@+08:00"]),
        # a query's plus is a blank for whoever decodes it
        ("/stream", {"streams": "btcusdt@kline_1m@ 08:00/!miniTicker@arr"},
         ["btcusdt@kline_1m@+08:00", "!miniTicker@arr"]),
        ("/stream", {"streams": ""}, []),
        ("/ws/two words/b@trade", {}, ["b@trade"]),
        ("/ws", {"streams": "a@trade"}, []),
    ],
)  # fmt: skip
def test_a_url_names_streams_in_its_path_or_its_query(
    path: str, query: dict[str, str], found: list[str]
) -> None:
    assert from_url(path, query) == found


@pytest.mark.parametrize(
    ("path", "combined"),
    [("/", False), ("/ws", False), ("/ws/stream", False), ("/stream", True), ("/stream/", True)],
)
def test_only_the_stream_path_combines(path: str, combined: bool) -> None:
    assert is_combined(path) is combined


@pytest.mark.parametrize(
    ("unit", "divisor"),
    [("MICROSECOND", 1), ("microsecond", 1), ("MILLISECOND", 1000), ("millisecond", 1000), ("", 1000)],
)
def test_a_url_may_ask_for_microseconds(unit: str, divisor: int) -> None:
    assert time_divisor({"timeUnit": unit}) == divisor
    assert time_divisor({}) == 1000


@settings(deadline=None)
@given(st.text(), st.text())
def test_whatever_a_url_says_only_names_come_out_of_it(path: str, streams: str) -> None:
    assert all(map(is_well_formed, from_url("/ws/" + path, {})))
    assert all(map(is_well_formed, from_url("/stream", {"streams": streams})))
