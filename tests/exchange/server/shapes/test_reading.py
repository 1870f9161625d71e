"""What does not have its shape is not let through."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.exchange.server.shapes.events import ExecutionReport
from tests.exchange.server.shapes.market_data import Kline, Trade
from tests.exchange.server.shapes.orders import Cancelled, Full, Result
from tests.exchange.server.shapes.reading import Misshapen, read

TRADE = {
    "id": 1,
    "price": "4.00000100",
    "qty": "12.00000000",
    "quoteQty": "48.00001200",
    "time": 1_700_000_000_000,
    "isBuyerMaker": True,
    "isBestMatch": True,
}
ORDER = {
    "symbol": "BTCUSDT",
    "orderId": 28,
    "orderListId": -1,
    "clientOrderId": "6gCrw2kRUAF9CvJDGP16IP",
    "transactTime": 1_700_000_000_000,
    "price": "1.00000000",
    "origQty": "10.00000000",
    "executedQty": "0.00000000",
    "origQuoteOrderQty": "0.00000000",
    "cummulativeQuoteQty": "0.00000000",
    "status": "NEW",
    "timeInForce": "GTC",
    "type": "LIMIT",
    "side": "SELL",
    "workingTime": 1_700_000_000_000,
    "selfTradePreventionMode": "NONE",
}
REPORT = {
    "e": "executionReport", "E": 1_700_000_000_000, "s": "BTCUSDT", "c": "mine", "S": "BUY", "o": "LIMIT",
    "f": "GTC", "q": "1.00000000", "p": "1.00000000", "P": "0.00000000", "F": "0.00000000", "g": -1, "C": "",
    "x": "NEW", "X": "NEW", "r": "NONE", "i": 1, "l": "0.00000000", "z": "0.00000000", "L": "0.00000000",
    "n": "0", "N": None, "T": 1_700_000_000_000, "t": -1, "I": 1, "w": True, "m": False, "M": False,
    "O": 1_700_000_000_000, "Z": "0.00000000", "Y": "0.00000000", "Q": "0.00000000", "W": 1_700_000_000_000,
    "V": "NONE",
}  # fmt: skip


def text(value: Any) -> bytes:
    """A value as it comes."""
    return json.dumps(value).encode()


@pytest.mark.parametrize(("form", "sample"), [(Trade, TRADE), (Result, ORDER), (ExecutionReport, REPORT)])
def test_a_proper_answer_is_read(form: Any, sample: dict[str, Any]) -> None:
    assert read(text(sample), form)


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": 4.000001},
        {"price": "4.000001"},
        {"price": "4.0000010"},
        {"price": "-4.00000100"},
        {"price": None},
        {"id": "1"},
        {"id": 1.0},
        {"id": -1},
        {"time": 1_700_000_000},
        {"time": 1_700_000_000_000_000},
        {"isBuyerMaker": "true"},
        {"isBuyerMaker": 1},
        {"isBuyer": True},
    ],
    ids=str,
)
def test_a_field_of_another_kind_is_not(wrong: dict[str, Any]) -> None:
    with pytest.raises(Misshapen):
        read(text(TRADE | wrong), Trade)


@pytest.mark.parametrize("name", TRADE)
def test_a_missing_field_is_noticed(name: str) -> None:
    with pytest.raises(Misshapen):
        read(text({each: value for each, value in TRADE.items() if each != name}), Trade)


def test_a_field_that_comes_twice_is_noticed() -> None:
    with pytest.raises(Misshapen, match="twice"):
        read(text(TRADE).replace(b"{", b'{"id": 1, '), Trade)


def test_a_time_in_the_other_unit_is_noticed_wherever_it_is() -> None:
    kline = [1, "1.00000000", "1.00000000", "1.00000000", "1.00000000", "1.00000000", 2, "1.00000000", 3,
             "1.00000000", "1.00000000", "0"]  # fmt: skip
    kline[0], kline[6] = 1_700_000_000_000, 1_700_000_059_999
    assert read(text([kline]), list[Kline])
    with pytest.raises(Misshapen, match="unit"):
        read(text([kline]), list[Kline], in_microseconds=True)
    kline[6] = 1_700_000_059_999_999
    with pytest.raises(Misshapen, match="unit"):
        read(text([kline]), list[Kline])


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "EXPIRED"},
        {"expiryReason": "OCO_TRIGGER"},
        {"stopPrice": "1.00000000"},
        {"type": "STOP_LOSS_LIMIT"},
        {"trailingDelta": 10},
        {"workingTime": -1},
        {"status": "PENDING_NEW"},
        {"status": "EXPIRED_IN_MATCH"},
        {"status": "PENDING_CANCEL"},
        {"type": "STOP"},
    ],
    ids=str,
)
def test_fields_that_do_not_go_together_are_noticed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Misshapen):
        read(text(ORDER | wrong), Result)


def test_each_answer_has_fields_of_its_own() -> None:
    for form in (Full, Cancelled):
        with pytest.raises(Misshapen):
            read(text(ORDER), form)
    assert read(text(ORDER | {"fills": []}), Full)
    with pytest.raises(Misshapen):
        read(text(ORDER | {"fills": [], "executedQty": "1.00000000"}), Full)


@pytest.mark.parametrize(
    "wrong",
    [
        {"x": "TRADE"},
        {"t": 5},
        {"N": "BNB"},
        {"n": "0.00000000"},
        {"X": "EXPIRED"},
        {"eR": "OCO_TRIGGER"},
        {"x": "CANCELED", "X": "CANCELED"},
        {"C": "mine"},
        {"x": "REJECTED", "X": "REJECTED"},
        {"m": True},
        {"v": 1},
        {"A": "1.00000000"},
        {"B": "1.00000000"},
        {"d": 10},
    ],
    ids=str,
)
def test_a_report_that_contradicts_itself_is_noticed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Misshapen):
        read(text(REPORT | wrong), ExecutionReport)
