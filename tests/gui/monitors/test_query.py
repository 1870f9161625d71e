"""What a typed filter lets through."""

from __future__ import annotations

import pytest
from vnpy.trader.constant import Direction

from tests.gui.monitors.samples import order
from veighna_ext.widgets.monitors.cell_text import clock, text_of
from veighna_ext.widgets.monitors.columns import columns_like
from veighna_ext.widgets.monitors.query import Query
from veighna_ext.widgets.monitors.tables import OrderMonitor

COLUMNS = columns_like(OrderMonitor.stock_headers, OrderMonitor.kinds)
TEXTS = [text_of(column, lambda _symbol: 2) for column in COLUMNS]


def passes(text: str) -> bool:
    return Query(text, COLUMNS, TEXTS)(order(17, price=1234.5, symbol="rb2610"))


@pytest.mark.parametrize(
    "text", ["rb2610", "RB26", "o17", "mock", "sse", "1234.50", "34.5", "rb limit", "long mock"]
)
def test_every_word_found_somewhere_passes(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize("text", ["rb2611", "rb2610 short", "1234.51", "xyz rb2610", "1234.500"])
def test_a_word_found_nowhere_does_not_pass(text: str) -> None:
    assert not passes(text)


def test_a_named_column_is_the_only_one_searched() -> None:
    assert passes("symbol:rb")
    assert not passes("symbol:mock")
    assert passes("direction:long gateway:mock")
    assert not passes("price:17")


def test_a_label_names_a_column_too() -> None:
    label = next(column.label for column in COLUMNS if column.field == "gateway_name")
    assert passes(f"{label.split()[0]}:mock")


def test_a_time_is_found_by_what_looks_like_one() -> None:
    assert passes(clock(order(17).datetime)[:8])
    assert not passes("23:59:59")


def test_an_order_without_direction_can_be_filtered() -> None:
    bare = order(1)
    bare.direction = None
    assert not Query("long", COLUMNS, TEXTS)(bare)
    assert Query("600519", COLUMNS, TEXTS)(bare)
    assert Query(str(Direction.LONG.value), COLUMNS, TEXTS)(order(1))


def test_a_longer_word_narrows_and_another_one_does_not() -> None:
    first = Query("rb", COLUMNS, TEXTS)
    assert Query("rb2", COLUMNS, TEXTS).narrows(first)
    assert Query("rb sse", COLUMNS, TEXTS).narrows(first)
    assert not Query("r", COLUMNS, TEXTS).narrows(first)
    assert not Query("rb2", COLUMNS[:3], TEXTS[:3]).narrows(first)
    assert not Query("symbol:rb", COLUMNS, TEXTS).narrows(Query("symbol:r", COLUMNS, TEXTS))
