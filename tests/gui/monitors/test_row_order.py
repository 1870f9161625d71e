"""A RowOrder is always what sorting everything again would give."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veighna_ext.widgets.monitors import row_order
from veighna_ext.widgets.monitors.row_order import RowOrder

Ranks = st.dictionaries(st.integers(0, 60), st.integers(0, 5), max_size=60)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_order, "BLOCK", 4)


@given(Ranks, st.randoms(use_true_random=False))
def test_rows_added_in_any_order_stand_sorted_by_rank_then_arrival(
    ranks: dict[int, int], chance: random.Random
) -> None:
    order, numbers = RowOrder(ranks), list(ranks)
    chance.shuffle(numbers)
    for number in numbers:
        order.add(number)
    expected = sorted(ranks, key=lambda number: (ranks[number], number))
    assert list(order) == expected
    assert [order.position(number) for number in expected] == list(range(len(expected)))
    assert all(len(block) <= 2 * row_order.BLOCK for block in order._blocks)


@given(Ranks, st.data())
def test_rows_taken_out_leave_the_rest_in_order(ranks: dict[int, int], data: st.DataObject) -> None:
    expected = sorted(ranks, key=lambda number: (ranks[number], number))
    order = RowOrder(ranks, expected)
    for number in data.draw(st.lists(st.sampled_from(expected), unique=True)) if expected else []:
        order.remove(number)
        expected.remove(number)
    assert list(order) == expected
    assert len(order) == len(expected)


@given(st.integers(0, 50), st.integers(-5, 55), st.integers(-5, 55))
def test_a_part_is_what_a_slice_of_a_list_would_be(count: int, start: int, stop: int) -> None:
    order = RowOrder(None, range(count))
    assert order.part(start, stop) == list(range(count))[max(start, 0):max(stop, 0)]


@given(Ranks.filter(bool), st.integers(0, 6), st.data())
def test_a_row_keeps_its_place_exactly_when_sorting_again_would_leave_it_there(
    ranks: dict[int, int], new: int, data: st.DataObject
) -> None:
    before = sorted(ranks, key=lambda number: (ranks[number], number))
    number = data.draw(st.sampled_from(before))
    changed = {**ranks, number: new}
    after = sorted(changed, key=lambda other: (changed[other], other))
    assert RowOrder(ranks, before).keeps_place(number, new) == (before == after)


def test_a_row_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="7"):
        RowOrder(None, [1, 2]).remove(7)
