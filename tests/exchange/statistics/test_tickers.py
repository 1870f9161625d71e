"""Price change statistics."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.markets import BEGIN, record_of, shifts, trades
from tests.exchange.statistics.reference import DAY, HOUR, MINUTE, Made, moment
from veighna_ext.exchange.amounts import UNIT, parse_amount
from veighna_ext.exchange.statistics import Ticker, format_percent, parse_window
from veighna_ext.exchange.statistics.tickers import BadWindow, average_price, percent_change

windows = st.sampled_from(["1m", "2m", "59m", "1h", "4h", "23h", "1d", "7d"])


def expected(made: list[Made], open_time: int, close_time: int) -> Ticker:
    """The ticker of the minutes from the one of the open time on."""
    first_minute = open_time // MINUTE * MINUTE
    before = [trade.price for trade in made if trade.time < first_minute]
    inside = [trade for trade in made if trade.time >= first_minute]
    previous = before[-1] if before else 0
    if not inside:
        return Ticker(0, 0, 0, previous, previous, 0, 0, 0, 0, 0, 0, open_time, close_time, -1, -1, 0)
    opened, last = inside[0], inside[-1]
    return Ticker(
        price_change=last.price - opened.price,
        price_change_percent=reference.nearest(Fraction(100_000 * (last.price - opened.price), opened.price)),
        weighted_average_price=reference.average_price(inside),
        previous_close=previous,
        last_price=last.price,
        last_quantity=last.quantity,
        open=opened.price,
        high=max(trade.price for trade in inside),
        low=min(trade.price for trade in inside),
        volume=sum(trade.quantity for trade in inside),
        quote_volume=sum(trade.price * trade.quantity // UNIT for trade in inside),
        open_time=open_time,
        close_time=close_time,
        first_id=opened.trade_id,
        last_id=last.trade_id,
        trades=len(inside),
    )


@settings(max_examples=100)
@given(trades(), windows, shifts, st.integers(0, 2 * DAY))
def test_every_ticker_is_what_the_trades_add_up_to(
    made: list[Made], window: str, shift: int, later: int
) -> None:
    now = (made[-1].time if made else BEGIN) + later
    tickers = record_of(made).tickers
    assert tickers.last_day(now) == expected(made, now - DAY, now)
    opens = (now - parse_window(window)) // MINUTE * MINUTE
    assert tickers.rolling(parse_window(window), now) == expected(made, opens, now)
    day = reference.open_of("1d", now, shift)
    assert tickers.trading_day(now, shift) == expected(made, day, day + DAY - 1)


def test_a_rolling_window_opens_on_a_minute_as_in_binances_example() -> None:
    ticker = record_of([]).tickers.rolling(parse_window("1d"), 1641287867099_000)
    assert (ticker.open_time, ticker.close_time) == (1641201420000_000, 1641287867099_000)


def test_a_trading_day_is_the_day_of_its_time_zone() -> None:
    made = [
        Made(0, moment("2024-05-01 15:59"), 10 * UNIT, UNIT, False, None),
        Made(1, moment("2024-05-01 16:01"), 20 * UNIT, UNIT, False, None),
    ]
    tickers = record_of(made).tickers
    now = moment("2024-05-01 17:00")
    assert tickers.trading_day(now).trades == 2
    shanghai = tickers.trading_day(now, 8 * HOUR)
    assert (shanghai.trades, shanghai.open, shanghai.first_id) == (1, 20 * UNIT, 1)
    assert shanghai.open_time == moment("2024-05-01 16:00")
    assert shanghai.close_time == moment("2024-05-02 16:00") - 1


def test_yesterdays_trades_leave_the_24_hours() -> None:
    made = [
        Made(0, moment("2024-05-01 12:00:30"), 10 * UNIT, UNIT, False, None),
        Made(1, moment("2024-05-01 18:00:30"), 30 * UNIT, UNIT, False, None),
        Made(2, moment("2024-05-02 06:00:30"), 20 * UNIT, UNIT, False, None),
    ]
    tickers = record_of(made).tickers
    early = tickers.last_day(moment("2024-05-02 12:00:45"))
    assert (early.open, early.trades, early.previous_close) == (10 * UNIT, 3, 0)
    late = tickers.last_day(moment("2024-05-02 12:01"))
    assert (late.open, late.trades, late.previous_close) == (30 * UNIT, 2, 10 * UNIT)
    assert format_percent(late.price_change_percent) == "-33.333"


@pytest.mark.parametrize(
    ("opened", "last", "text"),
    [
        ("9.00000000", "1.00000000", "-88.889"),
        ("20825.27000000", "20671.14000000", "-0.740"),
        ("0.01036170", "0.01044700", "0.823"),
        ("210.00000000", "212.60000000", "1.238"),
        ("99.00000000", "4.00000200", "-95.960"),
        ("5", "5", "0.000"),
        ("200000", "200001", "0.001"),
        ("200000", "199999", "-0.001"),
        ("1", "251", "25000.000"),
        ("0", "1", "0.000"),
    ],
)
def test_percentages_have_three_decimals_as_in_binances_examples(opened: str, last: str, text: str) -> None:
    assert format_percent(percent_change(parse_amount(opened), parse_amount(last))) == text


@pytest.mark.parametrize(
    ("quote", "volume", "average"),
    [
        ("1502240.91155513", "72.65112300", "20677.46305250"),
        ("485217905.04210480", "18495.35066000", "26234.58803036"),
        ("59488753.54750000", "280709.58900000", "211.92276958"),
        ("487", "187", "2.60427807"),
        ("1.73858301", "166.67", "0.01043129"),
        ("0", "0", "0"),
    ],
)
def test_average_prices_are_rounded_as_in_binances_examples(quote: str, volume: str, average: str) -> None:
    assert average_price(parse_amount(quote), parse_amount(volume)) == parse_amount(average)


@pytest.mark.parametrize(
    ("text", "minutes"), [("1m", 1), ("59m", 59), ("1h", 60), ("23h", 1380), ("7d", 10080)]
)
def test_window_sizes(text: str, minutes: int) -> None:
    assert parse_window(text) == minutes * MINUTE


@pytest.mark.parametrize("text", ["60m", "24h", "8d", "0m", "01h", "1d2h", "", "1w", "1M", "5"])
def test_other_window_sizes_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadWindow, match="1m to 59m"):
        parse_window(text)
