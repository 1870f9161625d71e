"""Numbered changes of the book, and the copy of it a client keeps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from veighna_ext.exchange.enums import BUY, SELL
from veighna_ext.exchange.statistics import BookTicker, DepthDiff, DepthUpdates, joined_diffs

changes = st.tuples(st.sampled_from([BUY, SELL]), st.integers(1, 6), st.integers(0, 3))
batches = st.lists(st.lists(changes, max_size=8), min_size=1, max_size=12)
Book = dict[tuple[int, int], int]


def collecting() -> DepthUpdates:
    """Depth with a listener."""
    depth = DepthUpdates()
    depth.collect(True)
    return depth


def apply(book: Book, diff: DepthDiff) -> None:
    """Change a copy as Binance tells its clients to."""
    for side, levels in ((BUY, diff.bids), (SELL, diff.asks)):
        for price, quantity in levels:
            if quantity:
                book[side, price] = quantity
            else:
                book.pop((side, price), None)


@given(batches, st.data())
def test_a_client_that_follows_binances_recipe_holds_the_book(
    batches: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    depth = DepthUpdates()
    book: Book = {}
    buffered: list[DepthDiff] = []
    listens_from = data.draw(st.integers(0, len(batches) - 1))
    snapshot_after = data.draw(st.integers(listens_from, len(batches) - 1))
    copy: Book = {}
    held = -1
    for number, batch in enumerate(batches):
        if number == listens_from:
            depth.collect(True)
        for side, price, quantity in batch:
            depth.level_changed(side, price, quantity)
            book[side, price] = quantity
            if not quantity:
                del book[side, price]
        if number == snapshot_after:
            copy, held = dict(book), depth.update_id
        if data.draw(st.booleans()) or number == len(batches) - 1:
            diff = depth.drain()
            if diff is not None:
                buffered.append(diff)
    for diff in buffered:
        if diff.last_id <= held:
            continue
        assert diff.first_id <= held + 1
        apply(copy, diff)
        held = diff.last_id
    assert (copy, held) == (book, depth.update_id)


@given(batches)
def test_each_diff_begins_right_after_the_last(batches: list[list[tuple[int, int, int]]]) -> None:
    depth = collecting()
    last = 0
    for batch in batches:
        for change in batch:
            depth.level_changed(*change)
        diff = depth.drain()
        if diff is None:
            assert not batch
        else:
            assert (diff.first_id, diff.last_id) == (last + 1, last + len(batch))
            assert {price for price, _ in diff.bids} == {price for side, price, _ in batch if side == BUY}
            assert {price for price, _ in diff.asks} == {price for side, price, _ in batch if side == SELL}
            last = diff.last_id


@given(batches)
def test_joined_diffs_tell_what_one_longer_wait_would_have(batches: list[list[tuple[int, int, int]]]) -> None:
    often, seldom = collecting(), collecting()
    diffs = []
    for batch in batches:
        for change in batch:
            often.level_changed(*change)
            seldom.level_changed(*change)
        diff = often.drain()
        if diff is not None:
            diffs.append(diff)
    assert joined_diffs(diffs) == seldom.drain()


def test_levels_come_best_first_with_their_newest_quantity() -> None:
    depth = collecting()
    for side, price, quantity in [(BUY, 9, 5), (BUY, 10, 6), (SELL, 12, 7), (SELL, 11, 8), (BUY, 9, 0)]:
        depth.level_changed(side, price, quantity)
    assert depth.drain() == DepthDiff(1, 5, [(10, 6), (9, 0)], [(11, 8), (12, 7)])
    assert depth.drain() is None


def test_without_a_listener_changes_are_numbered_but_not_collected() -> None:
    depth = DepthUpdates()
    depth.level_changed(BUY, 10, 1)
    assert (depth.update_id, depth.drain()) == (1, None)
    depth.collect(True)
    depth.level_changed(BUY, 10, 2)
    assert depth.drain() == DepthDiff(2, 2, [(10, 2)], [])
    depth.collect(False)
    depth.level_changed(BUY, 10, 3)
    assert depth.drain() is None


def test_best_prices_are_told_only_when_they_change() -> None:
    depth = DepthUpdates()
    assert depth.best_changed(0, 0, 0, 0) is None
    depth.level_changed(BUY, 10, 1)
    assert depth.best_changed(10, 1, 0, 0) == BookTicker(1, 10, 1, 0, 0)
    depth.level_changed(BUY, 8, 1)
    assert depth.best_changed(10, 1, 0, 0) is None
    depth.level_changed(BUY, 10, 2)
    assert depth.best_changed(10, 2, 0, 0) == BookTicker(3, 10, 2, 0, 0)


def test_a_restart_goes_on_counting() -> None:
    depth = collecting()
    depth.level_changed(BUY, 10, 1)
    again = collecting()
    again.restore(depth.update_id)
    assert again.drain() is None
    again.level_changed(BUY, 10, 2)
    assert again.drain() == DepthDiff(2, 2, [(10, 2)], [])
